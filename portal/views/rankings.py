"""The rankings, as page and as file: the very same rows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.presenters.ranking import ranking_csv, ranking_page
from portal.ranking import ask
from portal.shown import Shown
from portal.subjects import subject
from portal.views.pages import of_an_edition


@of_an_edition
def ranking(request: HttpRequest, shown: Shown, level: str = "overall", code: str = "") -> HttpResponse:
    """Show a ranking as table, map or distribution."""
    answer = ask(shown, subject(level, code), request.GET)
    page = ranking_page(answer, request.GET, request.path)
    return render(request, "rankings/ranking.html", {"page": page, "section": "ranking"})


@of_an_edition
def download(request: HttpRequest, shown: Shown, level: str = "overall", code: str = "") -> HttpResponse:
    """Give the same rows as CSV, readable by Danish Excel."""
    answer = ask(shown, subject(level, code), request.GET)
    name = f"socialt-indeks-{shown.edition.release}-{answer.subject.code}{'-demodata' * shown.edition.is_demo}.csv"
    response = HttpResponse(ranking_csv(answer), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
