"""Where the need is greatest, beside what is done: pages and files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.downloads.files import file_answer
from portal.frame.of_an_edition import embedded, framed_by_anyone, of_an_edition
from portal.need.page import needs_embed, needs_page, needs_picture, needs_table, pair_embed, pair_page, pair_picture
from portal.pictures.svg import picture_answer
from portal.published.edition import ShownEdition


@of_an_edition
def needs(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Show where the need is greatest, the declared pairs, and the year's focus."""
    return render(request, "need/needs.html", {"page": needs_page(shown), "section": "indicators"})


@of_an_edition
def pair(request: HttpRequest, shown: ShownEdition, code: str) -> HttpResponse:
    """Show a need beside the help, a dot for each municipality."""
    return render(request, "need/pair.html", {"page": pair_page(shown, code), "section": "indicators"})


@of_an_edition
def needs_file(_request: HttpRequest, shown: ShownEdition, ending: str, code: str = "") -> HttpResponse:
    """Give the rows of a pair, or of all of them."""
    return file_answer(needs_table(shown, code), ending)


@of_an_edition
def needs_drawn(_request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Draw the themes by level as SVG or PNG."""
    return picture_answer(needs_picture(shown), ending)


@framed_by_anyone
@of_an_edition
def needs_embedded(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Show the themes by level inside another site."""
    return embedded(request, needs_embed(shown))


@of_an_edition
def pair_drawn(_request: HttpRequest, shown: ShownEdition, code: str, ending: str) -> HttpResponse:
    """Draw a pair as SVG or PNG."""
    return picture_answer(pair_picture(shown, code), ending)


@framed_by_anyone
@of_an_edition
def pair_embedded(request: HttpRequest, shown: ShownEdition, code: str) -> HttpResponse:
    """Show a pair inside another site."""
    return embedded(request, pair_embed(shown, code))
