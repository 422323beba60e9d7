"""Municipalities side by side, and two indicators against each other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.comparing.page import comparison_page, placements_compared, refuse_unknown
from portal.comparing.scatter import pair_of, refuse_unknown_indicators, scatter_page
from portal.downloads.files import file_answer
from portal.downloads.tables import comparison_table, scatter_table
from portal.frame.of_an_edition import of_an_edition
from portal.published.edition import ShownEdition
from portal.published.subjects import catalogue
from portal.serving.cache import released

COMPARED = ["kommune", "mod", "gruppe", "navn", "sorter"]


@released(parameters=COMPARED)
@of_an_edition
def comparison(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Compare two to five municipalities, or one with its kommunegruppe."""
    page = comparison_page(shown, request.GET, request.path)
    return render(request, "comparing/comparison.html", {"page": page, "section": "comparison"})


@released(parameters=["x", "y", "kommune"])
@of_an_edition
def scatter(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Show two indicators against each other, a dot for each municipality."""
    page = scatter_page(shown, request.GET, request.path)
    return render(request, "comparing/scatter.html", {"page": page, "section": "indicators"})


@released(parameters=COMPARED, strict=True)
@of_an_edition
def comparison_file(request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Give everything of those who are compared, or of the municipality and its whole kommunegruppe."""
    refuse_unknown(request.GET)
    table = comparison_table(shown, placements_compared(request.GET), request.GET.urlencode())
    return file_answer(table, ending)


@released(parameters=["x", "y", "kommune"], strict=True)
@of_an_edition
def scatter_file(request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Give the values of both indicators."""
    indicators = catalogue(shown.edition)
    refuse_unknown_indicators(indicators, request.GET)
    x, y = pair_of(indicators, request.GET)
    return file_answer(scatter_table(shown, x.code, y.code, request.GET.urlencode()), ending)
