"""Dit eget indeks."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render

from portal.presenters.own_index import own_index_csv, own_index_page
from portal.presenters.weight_fields import weights_of
from portal.shown import Shown
from portal.views.pages import of_an_edition
from rankings.engine.specification import SpecificationError


@of_an_edition
def own_index(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Rank with the reader's weights; a sent form becomes an address with only what differs."""
    weights, _criteria = weights_of(shown, request.GET)
    short = weights.as_query(request.GET.get("kommune", ""))
    if not weights.error and len(request.GET) > len(weights.changed) + 1:
        return HttpResponseRedirect(f"{request.path}?{short}" if short else request.path)
    page = own_index_page(shown, request.GET, request.path)
    return render(request, "rankings/own_index.html", {"page": page, "section": "ranking"})


@of_an_edition
def download(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Give the same rows as CSV, stamped as the reader's own."""
    try:
        response = HttpResponse(own_index_csv(shown, request.GET), content_type="text/csv; charset=utf-8")
    except SpecificationError as error:
        return HttpResponseBadRequest(str(error), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="socialt-indeks-{shown.edition.release}-dine-vaegte.csv"'
    return response
