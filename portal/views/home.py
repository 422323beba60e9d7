"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.caching import released
from portal.presenters.home import home_page
from portal.shown import Shown
from portal.views.pages import of_an_edition


@released(parameters=["omraade"])
@of_an_edition
def home(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Answer "how does my municipality stand": search, map, areas."""
    page = home_page(shown, area=request.GET.get("omraade", ""))
    return render(request, "home.html", {"page": page, "section": ""})
