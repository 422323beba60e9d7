"""Pictures of maps, charts and cards at addresses that stay: SVG and PNG, made on the server."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.embeds.pictures import (
    card_svg,
    comparison_svg,
    distribution_svg,
    kept_card,
    map_of,
    median_svg,
    municipality_development_svg,
    municipality_square,
    scatter_svg,
    subject_square,
)
from portal.frame.of_an_edition import of_an_edition
from portal.pictures.svg import marked, png_of
from portal.published import Municipality
from portal.published.edition import ShownEdition
from portal.published.municipality import municipality_or_404
from portal.published.ranking import PARAMETERS, ask_strictly
from portal.published.subjects import subject
from portal.serving.cache import released
from rankings.previewed import previewed

DRAWN = {"kort": map_of, "fordeling": distribution_svg}


@released(parameters=PARAMETERS, strict=True)
@of_an_edition
def ranking(
    request: HttpRequest, shown: ShownEdition, what: str, ending: str, level: str, code: str = ""
) -> HttpResponse:
    """Draw a ranking's map or distribution: the very rows that the page with the same filters shows."""
    answer = ask_strictly(shown, subject(level, code), request.GET, children=False)
    return _picture(DRAWN[what](answer), ending)


@of_an_edition
def indicator_development(_request: HttpRequest, shown: ShownEdition, ending: str, code: str) -> HttpResponse:
    """Draw an indicator's median over the years."""
    return _picture(median_svg(shown, subject("indicator", code)), ending)


@of_an_edition
def municipality_development(_request: HttpRequest, shown: ShownEdition, ending: str, slug: str) -> HttpResponse:
    """Draw a municipality's places over the editions."""
    return _picture(municipality_development_svg(shown, get_object_or_404(Municipality, slug=slug)), ending)


@released(parameters=["kommune", "mod"], strict=True)
@of_an_edition
def comparison(request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Draw the places of those who are compared over the editions."""
    return _picture(comparison_svg(shown, request.GET), ending)


@released(parameters=["x", "y", "kommune"], strict=True)
@of_an_edition
def scatter(request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Draw two indicators against each other."""
    return _picture(scatter_svg(shown, request.GET), ending)


@of_an_edition
def card(_request: HttpRequest, shown: ShownEdition, ending: str, slug: str) -> HttpResponse:
    """Draw a municipality's card, 1200 × 630, as a shared link shows it."""
    municipality = municipality_or_404(slug)
    if ending == "svg" or previewed() is not None:
        return _picture(card_svg(shown.edition, municipality, shown.said), ending)
    return _sent(kept_card(shown.edition, municipality, shown.said), "image/png")


@of_an_edition
def municipality_square_picture(_request: HttpRequest, shown: ShownEdition, ending: str, slug: str) -> HttpResponse:
    """Draw a municipality's place as a square."""
    return _picture(municipality_square(shown, municipality_or_404(slug)), ending)


@released(parameters=PARAMETERS, strict=True)
@of_an_edition
def square(request: HttpRequest, shown: ShownEdition, ending: str, level: str, code: str = "") -> HttpResponse:
    """Draw a ranking's sentence as a square, of the very rows that the page with the same filters shows."""
    answer = ask_strictly(shown, subject(level, code), request.GET, children=False)
    return _picture(subject_square(answer), ending)


def _picture(drawn: str, ending: str) -> HttpResponse:
    if previewed() is not None:  # a picture travels without its page: it says itself what it is
        drawn = marked(drawn, _("KLADDE"))
    if ending == "svg":
        return _sent(drawn.encode(), "image/svg+xml")
    return _sent(png_of(drawn), "image/png")


def _sent(content: bytes, kind: str) -> HttpResponse:
    """A picture that any page may show: that is what it is for."""
    response = HttpResponse(content, content_type=kind)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    return response
