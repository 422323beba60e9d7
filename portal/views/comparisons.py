"""Municipalities side by side, and two indicators against each other."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.presenters.comparison import comparison_page
from portal.presenters.scatter import scatter_page
from portal.shown import Shown
from portal.views.pages import of_an_edition


@of_an_edition
def comparison(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Compare two to five municipalities, or one with its kommunegruppe."""
    page = comparison_page(shown, request.GET, request.path)
    return render(request, "comparisons/comparison.html", {"page": page, "section": "municipalities"})


@of_an_edition
def scatter(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Show two indicators against each other, a dot for each municipality."""
    page = scatter_page(shown, request.GET, request.path)
    return render(request, "comparisons/scatter.html", {"page": page, "section": "indicators"})
