"""Indicators, themes and areas."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from portal.components.developments import median_figure
from portal.components.strips import symbols
from portal.downloads.files import file_answer
from portal.frame.mine import mine_of
from portal.frame.of_an_edition import embedded, framed_by_anyone, of_an_edition
from portal.indicator.page import indicator_page
from portal.indicator.subjects import area_page, indicators_page, theme_page
from portal.indicator.worth_page import worth_embed, worth_page, worth_picture, worth_table
from portal.pictures.svg import picture_answer
from portal.published.edition import ShownEdition
from portal.published.subjects import subject


@of_an_edition
def indicators(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """List the indicators of an edition under their themes."""
    return render(request, "indicator/list.html", {"page": indicators_page(shown), "section": "indicators"})


@of_an_edition
def indicator(request: HttpRequest, shown: ShownEdition, code: str) -> HttpResponse:
    """Show one indicator: what it is, how it lies, who stands where."""
    page = indicator_page(shown, subject("indicator", code), mine_of(request))
    return render(request, "indicator/indicator.html", {"page": page, "section": "indicators"})


@of_an_edition
def development(_request: HttpRequest, shown: ShownEdition, code: str) -> HttpResponse:
    """Give the Plotly figure of an indicator's national median over the years."""
    return JsonResponse(median_figure(shown, subject("indicator", code)))


@of_an_edition
def worth(request: HttpRequest, shown: ShownEdition, code: str) -> HttpResponse:
    """Show what an indicator's figures are worth: spread over time, chance, what could be expected, quality."""
    page = worth_page(shown, subject("indicator", code))
    return render(request, "indicator/worth.html", {"page": page, "section": "indicators"})


@of_an_edition
def worth_file(_request: HttpRequest, shown: ShownEdition, code: str, ending: str) -> HttpResponse:
    """Give what each municipality's figure is worth."""
    return file_answer(worth_table(shown, subject("indicator", code)), ending)


@of_an_edition
def worth_drawn(_request: HttpRequest, shown: ShownEdition, code: str, ending: str) -> HttpResponse:
    """Draw an indicator's funnel as SVG or PNG."""
    return picture_answer(worth_picture(shown, subject("indicator", code)), ending)


@framed_by_anyone
@of_an_edition
def worth_embedded(request: HttpRequest, shown: ShownEdition, code: str) -> HttpResponse:
    """Show what an indicator's figures are worth inside another site."""
    return embedded(request, worth_embed(shown, subject("indicator", code)))


@of_an_edition
def area(request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Show one area: its themes, its map, its ranking."""
    page = area_page(shown, subject("area", slug), mine_of(request))
    return render(request, "indicator/subject.html", {"page": page, "section": "indicators"})


@of_an_edition
def theme(request: HttpRequest, shown: ShownEdition, code: str) -> HttpResponse:
    """Show one theme: its indicators, its map, its ranking."""
    page = theme_page(shown, subject("theme", code), mine_of(request))
    return render(request, "indicator/subject.html", {"page": page, "section": "indicators"})


@of_an_edition
def strips(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Give the edition's strips as one SVG sprite, cached by the browser."""
    response = render(request, "components/strips.svg", {"symbols": symbols(shown)}, content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=3600"
    return response
