"""The rankings as pages; portal.views.downloads gives the very same rows as files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.caching import released
from portal.presenters.ranking import ranking_page
from portal.ranking import PARAMETERS, ask
from portal.shown import Shown
from portal.subjects import subject
from portal.views.pages import of_an_edition


@released(parameters=PARAMETERS)
@of_an_edition
def ranking(request: HttpRequest, shown: Shown, level: str = "overall", code: str = "") -> HttpResponse:
    """Show a ranking as table, map or distribution."""
    answer = ask(shown, subject(level, code), request.GET)
    page = ranking_page(answer, request.GET, request.path)
    return render(request, "rankings/ranking.html", {"page": page, "section": "ranking"})
