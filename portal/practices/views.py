"""Practices for readers: the list, one, its figures, whom to call, the yearly page, the embed, the feed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed

from portal.downloads.files import file_answer
from portal.frame.of_an_edition import framed_by_anyone, of_an_edition, with_or_without_edition
from portal.practices.exchange import exchange_page, whom_page
from portal.practices.files import figures_of_an_aim, practices_table
from portal.practices.listing import PARAMETERS, practices_feed, practices_page
from portal.practices.method import method_page
from portal.practices.page import practice_page
from portal.published.edition import ShownEdition
from portal.serving.cache import released

SECTION = {"section": "practices"}


@released(parameters=PARAMETERS)
@of_an_edition
def practices(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """List the practices, by theme, target group, what is known, what was found."""
    return render(request, "practices/list.html", {"page": practices_page(shown, request.GET), **SECTION})


@released(parameters=PARAMETERS)
@of_an_edition
def files(request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Give the rows of the list as a file."""
    return file_answer(practices_table(shown, request.GET), ending)


@of_an_edition
def practice(request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Show one practice: what is known of the method, and what was measured here."""
    return render(request, "practices/practice.html", {"page": practice_page(shown, slug), **SECTION})


@of_an_edition
def figures(_request: HttpRequest, shown: ShownEdition, slug: str, code: str) -> HttpResponse:
    """Give the figures of one verdict, as the command reads them."""
    return figures_of_an_aim(shown, slug, code)


@framed_by_anyone
@of_an_edition
def embed(request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Show a practice in another site's frame: both axes, and the chart."""
    return render(request, "practices/embed.html", {"page": practice_page(shown, slug)})


@released(parameters=["kommune"])
@of_an_edition
def whom_to_ask(request: HttpRequest, shown: ShownEdition, code: str) -> HttpResponse:
    """Show who does better under the same conditions, and whom to call."""
    return render(request, "practices/whom.html", {"page": whom_page(shown, code, request.GET), **SECTION})


@of_an_edition
def exchange(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Show how many asked, were answered, used it, and got nowhere."""
    return render(request, "practices/exchange.html", {"page": exchange_page(shown), **SECTION})


@with_or_without_edition
def method(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Explain the two axes, how the verdict is computed, and how often it is right."""
    return render(request, "practices/method.html", {"page": method_page(), **SECTION})


@with_or_without_edition
def feed(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Give the Atom feed of practices published and withdrawn."""
    return HttpResponse(practices_feed(request.path), content_type=Atom1Feed.content_type)
