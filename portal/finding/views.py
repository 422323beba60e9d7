"""The search: a page of results, and suggestions while typing."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from portal.finding.page import results, suggestions_of
from portal.frame.of_an_edition import of_an_edition
from portal.frame.search_engines import sitemap_entries
from portal.published.edition import ShownEdition
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


@of_an_edition
def sitemap(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """List every page of the newest edition in both languages."""
    entries = sitemap_entries(shown)
    return render(request, "finding/sitemap.xml", {"entries": entries}, content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    """Welcome everyone; the admin and endless combinations are nothing to index."""
    context = {"address": settings.SITE_ADDRESS, "admin": settings.ADMIN_PATH}
    return render(request, "finding/robots.txt", context, content_type="text/plain; charset=utf-8")


@of_an_edition
def llms(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Say in plain text what the site holds and how to quote it, for those who read with machines."""
    context = {"address": settings.SITE_ADDRESS, "shown": shown}
    return render(request, "finding/llms.txt", context, content_type="text/plain; charset=utf-8")


def manifest(_request: HttpRequest) -> JsonResponse:
    """Describe the site to a phone that keeps it on its front page."""
    return JsonResponse(
        {
            "name": "Socialt Indeks",
            "short_name": "Socialt Indeks",
            "description": _("Se hvordan din kommune ligger på det sociale område."),
            "lang": "da",
            "start_url": "/",
            "display": "browser",
            "background_color": "#ffffff",
            "theme_color": "#0a5566",
            "icons": [{"src": "/static/icons/favicon.svg", "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


def favicon(_request: HttpRequest) -> HttpResponse:
    """Lead those who ask at the usual place to the mark that pages name."""
    return HttpResponseRedirect(static("icons/favicon.svg"), headers={"Cache-Control": "public, max-age=86400"})
