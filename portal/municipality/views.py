"""All municipalities, and one."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from portal.addresses import Links
from portal.components.developments import development_figure
from portal.downloads.files import file_answer
from portal.frame.of_an_edition import of_an_edition
from portal.municipality.in_short import in_short_page
from portal.municipality.learning import lessons_file, lessons_page
from portal.municipality.lists import level_and_trend_page
from portal.municipality.one_page import one_page
from portal.municipality.over_time import SECOND, figure_page
from portal.municipality.page import municipalities_page, municipality_page
from portal.municipality.peers import CONDITIONS, own_peers_page
from portal.pictures.pdf import NoPango
from portal.published import Municipality
from portal.published.edition import ShownEdition
from portal.serving.cache import released


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


@of_an_edition
def lessons(request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Show who does better under like conditions, for every figure that pulls the municipality down."""
    page = lessons_page(shown, slug, Links(shown.prefix))
    return render(request, "municipality/lessons.html", {"page": page, "section": "municipalities"})


@of_an_edition
def lessons_as_file(_request: HttpRequest, shown: ShownEdition, slug: str, ending: str) -> HttpResponse:
    """Give the same as a file."""
    return file_answer(lessons_file(shown, slug), ending)


@of_an_edition
def level_and_trend(request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Show where its figures stand and where they are going."""
    page = level_and_trend_page(shown, slug, Links(shown.prefix))
    return render(request, "municipality/level_and_trend.html", {"page": page, "section": "municipalities"})


@released(parameters=CONDITIONS)
@of_an_edition
def own_peers(request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Show who is like it by conditions that the reader weighs."""
    page = own_peers_page(shown, slug, request.GET, Links(shown.prefix))
    return render(request, "municipality/own_peers.html", {"page": page, "section": "municipalities"})


@released(parameters=[SECOND])
@of_an_edition
def figure(request: HttpRequest, shown: ShownEdition, slug: str, code: str) -> HttpResponse:
    """Show one indicator over the years for a municipality, perhaps beside a second one."""
    page = figure_page(shown, slug, code, request.GET.get(SECOND, ""))
    return render(request, "municipality/figure.html", {"page": page, "section": "municipalities"})


@of_an_edition
def one_page_pdf(_request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Give the municipality on one sheet of paper."""
    try:
        content, name = one_page(shown, slug)
    except NoPango as missing:
        return HttpResponse(f"{missing}\n", status=501, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@of_an_edition
def in_short(request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Show a municipality in plain language."""
    page = in_short_page(shown, slug, Links(shown.prefix))
    return render(request, "municipality/in_short.html", {"page": page, "section": "municipalities"})
