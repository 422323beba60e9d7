"""The documentation page of the API; the API itself is portal.api."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.api.docs import api_page
from portal.frame.of_an_edition import with_or_without_edition
from portal.published.edition import ShownEdition


@with_or_without_edition
def docs(request: HttpRequest, shown: ShownEdition | None) -> HttpResponse:
    """Explain the API from its own OpenAPI document, without a script or a style of others."""
    return render(request, "api/docs.html", {"page": api_page(shown), "section": ""})
