"""Pages of text: method, about, editions, accessibility."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.frame.of_an_edition import of_an_edition, with_or_without_edition
from portal.published.edition import ShownEdition
from portal.serving.cache import released
from portal.texts.page import (
    calendar_page,
    coverage_page,
    editions_page,
    method_page,
    original_page,
    prose_page,
    terms_page,
    withdrawn_page,
)
from portal.texts.reading import further, reading_page


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
    return render(request, "texts/about.html", {"page": further("about"), "section": ""})


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


@with_or_without_edition
def use(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Tell how the index is used: citizen, journalist, council, administration."""
    return _text(request, "use")


@with_or_without_edition
def questions(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Answer what is often asked."""
    return _text(request, "questions")


@with_or_without_edition
def words(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Explain the words."""
    return _text(request, "words")


@with_or_without_edition
def what_can_i_do(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Say whom a citizen can ask, and how to complain."""
    return _text(request, "help")


def _text(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "texts/prose.html", {"page": prose_page(name), "section": ""})


@released(parameters=["kommune"])
@of_an_edition
def reading(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Teach how the index is read, in two minutes."""
    return render(request, "texts/reading.html", {"page": reading_page(shown, request.GET), "section": "method"})


@of_an_edition
def coverage(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Show which figures exist."""
    return render(request, "texts/coverage.html", {"page": coverage_page(shown), "section": "indicators"})


@of_an_edition
def calendar(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Say when the next figures come, as far as that is known."""
    return render(request, "texts/calendar.html", {"page": calendar_page(shown), "section": ""})
