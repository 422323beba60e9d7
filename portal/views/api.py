"""The documentation page of the API; the API itself is portal.api."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.presenters.api_docs import api_page
from portal.shown import Shown
from portal.views.pages import with_or_without_edition


@with_or_without_edition
def docs(request: HttpRequest, shown: Shown | None) -> HttpResponse:
    """Explain the API from its own OpenAPI document, without a script or a style of others."""
    return render(request, "api/docs.html", {"page": api_page(shown), "section": ""})
