"""Pages of text: method, about, editions, accessibility."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.frame.of_an_edition import with_or_without_edition
from portal.published.edition import ShownEdition
from portal.texts.page import editions_page, method_page, original_page, terms_page, withdrawn_page


@with_or_without_edition
def method(request: HttpRequest, shown: ShownEdition | None) -> HttpResponse:
    """Explain the method in words, and the weights and the uncertainty of an edition where there is one."""
    return render(request, "texts/method.html", {"page": method_page(shown), "section": "method"})


@with_or_without_edition
def editions(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """List every edition and correction."""
    return render(request, "texts/editions.html", {"page": editions_page(), "gone": withdrawn_page(), "section": ""})


@with_or_without_edition
def original(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Show what is known of the original index of 2014: facts, whatever the figures of the shown edition are."""
    return render(request, "texts/original.html", {"page": original_page(), "section": "", "demo": False})


@with_or_without_edition
def about(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Say what this is and who makes it."""
    return render(request, "texts/about.html", {"section": ""})


@with_or_without_edition
def accessibility(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """State how accessible the site is, true to what was tested."""
    return render(request, "texts/accessibility.html", {"section": ""})


@with_or_without_edition
def terms(request: HttpRequest, shown: ShownEdition | None) -> HttpResponse:
    """Show the licence, the attribution to copy, the sources' own terms."""
    return render(request, "texts/terms.html", {"page": terms_page(shown), "section": ""})


@with_or_without_edition
def privacy(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Say what is known of readers, followers and those who log in, and for how long."""
    return render(request, "texts/privacy.html", {"section": ""})
