"""How to cite any page of the site: a page with three forms, and each as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from portal.addresses.links import Links
from portal.frame.citation import TYPES, citation_of
from portal.published.address import addressed
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
