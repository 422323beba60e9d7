"""Pictures of maps, charts and cards at addresses that stay: SVG and PNG, made on the server."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

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
from portal.pictures.svg import picture_answer, png_apart, sent
from portal.published import Municipality
from portal.published.edition import ShownEdition
from portal.published.municipalities import municipality_or_404
from portal.published.ranking import PARAMETERS, ask_strictly
from portal.published.subjects import subject
from portal.serving.cache import released
from rankings.pinned import previewed

DRAWN = {"kort": map_of, "fordeling": distribution_svg}


@released(parameters=PARAMETERS, strict=True)
@of_an_edition
def ranking(
    request: HttpRequest, shown: ShownEdition, what: str, ending: str, level: str, code: str = ""
) -> HttpResponse:
    """Draw a ranking's map or distribution: the very rows that the page with the same filters shows."""
    answer = ask_strictly(shown, subject(level, code), request.GET, children=False)
    return picture_answer(DRAWN[what](answer), ending)


@of_an_edition
def indicator_development(_request: HttpRequest, shown: ShownEdition, ending: str, code: str) -> HttpResponse:
    """Draw an indicator's median over the years."""
    return picture_answer(median_svg(shown, subject("indicator", code)), ending)


@of_an_edition
def municipality_development(_request: HttpRequest, shown: ShownEdition, ending: str, slug: str) -> HttpResponse:
    """Draw a municipality's places over the editions."""
    return picture_answer(municipality_development_svg(shown, get_object_or_404(Municipality, slug=slug)), ending)


@released(parameters=["kommune", "mod"], strict=True)
@of_an_edition
def comparison(request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Draw the places of those who are compared over the editions."""
    return picture_answer(comparison_svg(shown, request.GET), ending)


@released(parameters=["x", "y", "kommune"], strict=True)
@of_an_edition
def scatter(request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Draw two indicators against each other."""
    return picture_answer(scatter_svg(shown, request.GET), ending)


@of_an_edition
def card(_request: HttpRequest, shown: ShownEdition, ending: str, slug: str) -> HttpResponse:
    """Draw a municipality's card, 1200 × 630, as a shared link shows it."""
    municipality = municipality_or_404(slug)
    if ending == "svg" or previewed() is not None:
        return picture_answer(card_svg(shown.edition, municipality, shown.said), ending)
    return sent(kept_card(shown.edition, municipality, shown.said, draw=png_apart), "image/png")


@of_an_edition
def municipality_square_picture(_request: HttpRequest, shown: ShownEdition, ending: str, slug: str) -> HttpResponse:
    """Draw a municipality's place as a square."""
    return picture_answer(municipality_square(shown, municipality_or_404(slug)), ending)


@released(parameters=PARAMETERS, strict=True)
@of_an_edition
def square(request: HttpRequest, shown: ShownEdition, ending: str, level: str, code: str = "") -> HttpResponse:
    """Draw a ranking's sentence as a square, of the very rows that the page with the same filters shows."""
    answer = ask_strictly(shown, subject(level, code), request.GET, children=False)
    return picture_answer(subject_square(answer), ending)
