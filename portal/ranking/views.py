"""The rankings as pages; portal.downloads.views gives the very same rows as files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.frame.mine import mine_of
from portal.frame.of_an_edition import of_an_edition
from portal.published.edition import ShownEdition
from portal.published.ranking import PARAMETERS, ask
from portal.published.subjects import subject
from portal.ranking.page import ranking_page, without_link, without_page
from portal.serving.cache import released


@released(parameters=PARAMETERS)
@of_an_edition
def ranking(request: HttpRequest, shown: ShownEdition, level: str = "overall", code: str = "") -> HttpResponse:
    """Show a ranking as table, map or distribution."""
    answer = ask(shown, subject(level, code), request.GET)
    page = ranking_page(answer, request.GET, request.path, mine_of(request))
    page["without"] = without_link(shown, answer.subject)
    return render(request, "ranking/ranking.html", {"page": page, "section": "ranking"})


@released(parameters=())
@of_an_edition
def without(request: HttpRequest, shown: ShownEdition, level: str = "overall", code: str = "") -> HttpResponse:
    """Show a ranking without the administrations' own answers."""
    page = without_page(shown, subject(level, code))
    return render(request, "ranking/without.html", {"page": page, "section": "ranking"})
