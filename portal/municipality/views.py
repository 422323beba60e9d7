"""All municipalities, and one."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from portal.addresses.links import Links
from portal.components.developments import development_figure
from portal.frame.of_an_edition import of_an_edition
from portal.municipality.page import municipalities_page, municipality_page
from portal.published import Municipality
from portal.published.edition import ShownEdition


@of_an_edition
def municipalities(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """List all municipalities by region, in Danish order."""
    return render(request, "municipality/list.html", {"page": municipalities_page(shown), "section": "municipalities"})


@of_an_edition
def municipality(request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Show one municipality in one edition."""
    page = municipality_page(shown, slug, Links(shown.prefix))
    return render(request, "municipality/municipality.html", {"page": page, "section": "municipalities"})


@of_an_edition
def development(_request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Give the Plotly figure of a municipality's ranks over the editions."""
    row = get_object_or_404(Municipality, slug=slug)
    return JsonResponse(development_figure(shown, row))
