"""The search: a page of results, and suggestions while typing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.finding.page import results, suggestions_of
from portal.published.search import find
from portal.serving.cache import released


@released(parameters=["q"])
def search(request: HttpRequest) -> HttpResponse:
    """Answer a question with everything that fits."""
    question = _question(request)
    return render(request, "finding/results.html", {"page": results(question, find(question)), "query": question})


@released(parameters=["q"])
def suggestions(request: HttpRequest) -> HttpResponse:
    """Give at most eight suggestions as list options."""
    found = find(_question(request), most=8, unfinished=True)
    return render(request, "components/suggestions.html", {"suggestions": suggestions_of(found)})


def _question(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()  # no HTML may hold a NUL, and no text of PostgreSQL
