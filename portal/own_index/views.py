"""Dit eget indeks."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from portal.downloads.files import file_answer
from portal.frame.of_an_edition import of_an_edition
from portal.own_index.page import (
    nothing_left,
    own_index_page,
    own_index_table,
    refuse_unknown_weights,
    slug_of,
    weights_of,
)
from portal.published.edition import ShownEdition
from portal.serving.cache import released
from portal.serving.middleware import Refused
from rankings.engine.specification import SpecificationError


@released()
@of_an_edition
def own_index(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Rank with the reader's weights; a sent form becomes an address with only what differs."""
    weights, _criteria = weights_of(shown, request.GET)
    asked = request.GET.get("kommune", "")
    chosen = slug_of(asked)
    short = weights.as_query(chosen or asked)
    as_sent = len(request.GET) > len(weights.changed) + 1 or (chosen and chosen != asked)
    if not weights.error and as_sent:
        return HttpResponseRedirect(f"{request.path}?{short}" if short else request.path)
    page = own_index_page(shown, request.GET, request.path)
    return render(request, "own_index/own_index.html", {"page": page, "section": "ranking"})


@released()
@of_an_edition
def download(request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Give the same rows as a file, stamped as the reader's own."""
    refuse_unknown_weights(shown, request.GET)
    try:
        return file_answer(own_index_table(shown, request.GET), ending)
    except SpecificationError as error:
        raise Refused(nothing_left()) from error
