"""What is new, as Atom and as a page of corrections."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from indicators.models import Indicator, Municipality
from portal.following.corrections import corrections_page
from portal.following.feeds import corrections_feed, editions_feed, indicator_feed, municipality_feed
from portal.frame.of_an_edition import with_or_without_edition
from portal.published.edition import Shown
from portal.serving.cache import released

ATOM = "application/atom+xml; charset=utf-8"


@released(parameters=[])
def editions(request: HttpRequest) -> HttpResponse:
    """Give the feed of editions and corrections."""
    return HttpResponse(editions_feed(request.path), content_type=ATOM)


@released(parameters=[])
def corrections_atom(request: HttpRequest) -> HttpResponse:
    """Give the feed of corrections."""
    return HttpResponse(corrections_feed(request.path), content_type=ATOM)


@released(parameters=[])
def municipality(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a municipality's feed."""
    return HttpResponse(municipality_feed(get_object_or_404(Municipality, slug=slug), request.path), content_type=ATOM)


@released(parameters=[])
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Give an indicator's feed."""
    row = get_object_or_404(Indicator.objects.of_the_index(), code=code)
    return HttpResponse(indicator_feed(row, request.path), content_type=ATOM)


@with_or_without_edition
def corrections(request: HttpRequest, _shown: Shown | None) -> HttpResponse:
    """Show every correction: each value before and after, why, and the ranks that moved."""
    return render(request, "following/corrections.html", {"page": corrections_page(), "section": ""})
