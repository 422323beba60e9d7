"""What others may do with our data, and what we know of our readers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.frame.of_an_edition import with_or_without_edition
from portal.published.edition import Shown
from portal.texts.terms import terms_page


@with_or_without_edition
def terms(request: HttpRequest, shown: Shown | None) -> HttpResponse:
    """Show the licence, the attribution to copy, the sources' own terms."""
    return render(request, "texts/terms.html", {"page": terms_page(shown), "section": ""})


@with_or_without_edition
def privacy(request: HttpRequest, _shown: Shown | None) -> HttpResponse:
    """Say what is known of readers, followers and those who log in, and for how long."""
    return render(request, "texts/privacy.html", {"section": ""})
