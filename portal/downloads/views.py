"""Files: what a page shows, and whole editions."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from portal.downloads.files import file_answer
from portal.downloads.page import downloads_page, stored_answer
from portal.downloads.tables import (
    catalogue_table,
    coverage_table,
    history_table,
    indicator_table,
    municipality_table,
    ranking_table,
)
from portal.frame.of_an_edition import of_an_edition
from portal.published import Municipality
from portal.published.edition import ShownEdition, edition_of_address
from portal.published.ranking import PARAMETERS, ask_strictly
from portal.published.subjects import indicator_or_404, subject
from portal.serving.cache import preflight, refuse_parameters, released


@of_an_edition
def downloads(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Say where every figure can be had, with the number of rows at every button."""
    return render(request, "downloads/downloads.html", {"page": downloads_page(shown), "section": ""})


@released(parameters=PARAMETERS, strict=True)
@of_an_edition
def ranking(
    request: HttpRequest, shown: ShownEdition, ending: str, level: str = "overall", code: str = ""
) -> HttpResponse:
    """Give the rows of a ranking page as a file, in the order of the page."""
    answer = ask_strictly(shown, subject(level, code), request.GET)
    return file_answer(ranking_table(answer, request.GET.urlencode()), ending)


@of_an_edition
def municipality(_request: HttpRequest, shown: ShownEdition, slug: str, ending: str) -> HttpResponse:
    """Give all placements and values of a municipality."""
    return file_answer(municipality_table(shown, get_object_or_404(Municipality, slug=slug)), ending)


@of_an_edition
def indicator(_request: HttpRequest, shown: ShownEdition, code: str, ending: str) -> HttpResponse:
    """Give an indicator's values and placements in every edition up to this one."""
    row = indicator_or_404(code)
    return file_answer(indicator_table(shown, row), ending)


@of_an_edition
def catalogue(_request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Give the areas, themes and indicators of an edition."""
    return file_answer(catalogue_table(shown), ending)


@of_an_edition
def history(_request: HttpRequest, shown: ShownEdition, code: str, ending: str) -> HttpResponse:
    """Give an indicator in every revision that was ever public, breaks marked."""
    return file_answer(history_table(shown, indicator_or_404(code)), ending)


@of_an_edition
def coverage(_request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Give how many municipalities have a figure of each indicator in each edition."""
    return file_answer(coverage_table(shown), ending)


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def whole(request: HttpRequest, ending: str, edition: str = "") -> HttpResponseBase:
    """Stream a file of a whole edition; not kept among the finished pages, because it is a file already."""
    if request.method == "OPTIONS":
        return preflight()
    refuse_parameters(request)
    pinned = edition.startswith("@")
    return stored_answer(request, edition_of_address(edition).edition, ending, pinned=pinned)
