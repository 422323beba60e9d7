"""Municipalities side by side, and two indicators against each other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.caching import released
from portal.catalogue import catalogue
from portal.downloads.answering import file_answer
from portal.downloads.tables import comparison_table, scatter_table
from portal.presenters.comparison import comparison_page, placements_compared
from portal.presenters.scatter import pair_of, scatter_page
from portal.shown import Shown
from portal.views.pages import of_an_edition


@released(parameters=["kommune", "mod"])
@of_an_edition
def comparison(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Compare two to five municipalities, or one with its kommunegruppe."""
    page = comparison_page(shown, request.GET, request.path)
    return render(request, "comparisons/comparison.html", {"page": page, "section": "municipalities"})


@released(parameters=["x", "y", "kommune"])
@of_an_edition
def scatter(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Show two indicators against each other, a dot for each municipality."""
    page = scatter_page(shown, request.GET, request.path)
    return render(request, "comparisons/scatter.html", {"page": page, "section": "indicators"})


@released(parameters=["kommune", "mod"])
@of_an_edition
def comparison_file(request: HttpRequest, shown: Shown, ending: str) -> HttpResponse:
    """Give everything of those who are compared, or of the municipality and its whole kommunegruppe."""
    table = comparison_table(shown, placements_compared(request.GET), request.GET.urlencode())
    return file_answer(table, ending)


@released(parameters=["x", "y", "kommune"])
@of_an_edition
def scatter_file(request: HttpRequest, shown: Shown, ending: str) -> HttpResponse:
    """Give the values of both indicators."""
    x, y = pair_of(catalogue(shown.edition), request.GET)
    return file_answer(scatter_table(shown, x.code, y.code, request.GET.urlencode()), ending)
