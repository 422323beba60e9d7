"""How to cite any page of the site, in three forms; and which municipality is the reader's own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from portal.addresses import Links
from portal.frame.citation import TYPES, citation_of
from portal.frame.mine import chooser_page
from portal.frame.of_an_edition import of_an_edition
from portal.published.address import addressed
from portal.published.edition import ShownEdition
from portal.serving.cache import released


def _page(request: HttpRequest) -> dict[str, Any]:
    found = addressed(request.GET.get("side") or Links().home())
    with override(found.language):
        return dict(title=found.title, citation=citation_of(found.shown, found.title, found.permalink))


@released(parameters=["side"])
def cite(request: HttpRequest) -> HttpResponse:
    """Show the three forms, for the page that ``side`` names."""
    return render(request, "frame/cite.html", {"page": _page(request), "section": ""})


@released(parameters=["side"])
def cite_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Give one form as a file."""
    page = _page(request)
    response = HttpResponse(page["citation"].form(ending), content_type=f"{TYPES[ending]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="socialt-indeks.{ending}"'
    return response


@released(parameters=["side"])
@of_an_edition
def choose_mine(request: HttpRequest, _shown: ShownEdition) -> HttpResponse:
    """Let the reader choose an own municipality, and go on on the page that ``side`` names."""
    page = chooser_page(request.GET.get("side", ""))
    return render(request, "frame/mine.html", {"page": page, "section": ""})
