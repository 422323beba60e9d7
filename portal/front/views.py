"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.frame.mine import mine_of
from portal.frame.of_an_edition import of_an_edition
from portal.front.page import home_page
from portal.published.edition import ShownEdition
from portal.serving.cache import released


@released(parameters=["omraade"])
@of_an_edition
def home(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Answer "how does my municipality stand": search, map, areas."""
    page = home_page(shown, area=request.GET.get("omraade", ""), mine=mine_of(request))
    return render(request, "front/home.html", {"page": page, "section": ""})
