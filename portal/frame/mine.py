"""The reader's own municipality: which the address names by ``?min=<slug>``, and which every link carries on.

It is no part of any question: rooms never see it among the parameters, so files, pictures, citations and canonical
addresses are without it. A page marks ``request.mine``; that the links of a page keep it is done here, once, to the
finished HTML. Nothing is remembered but in the address, and by static/js/mine.js where the reader asks for it.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.links import Link
from portal.markup import with_rows_marked
from portal.published import Municipality
from portal.published.edition import ShownEdition
from portal.published.municipalities import municipalities, municipality_called
from portal.serving.cache import A_SLUG, MINE, READING, marks_mine

LINK = re.compile(r'(\s(?:data-)?href=")(?=[/?])([^"#]*)(#[^"]*)?"')
FORM = re.compile(r'<form\b(?=[^>]*\bmethod="get")[^>]*>')
ELSEWHERE = ("//", settings.STATIC_URL, f"/{settings.ADMIN_PATH}/", "/api/", "/indlejr/", "/en/embed/", "/sundhed/")


class MyMunicipality:
    """Middleware, the innermost: takes ``min`` out of the question, gives the request ``mine``, carries it on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        response = self._get_response(request)
        mine: Municipality | None = getattr(request, "mine", None)
        if mine and not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = carried(response.content.decode(), mine.slug).encode()
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: object, _words: object) -> None:
        """Find who is meant, where the answer is a page of ours."""
        match = request.resolver_match
        name = match.url_name or "" if match else ""
        if request.method in READING and hasattr(view, "released") and marks_mine(request.path_info, name):
            slug = _taken_out(request)
            request.mine = municipality_called(slug) if A_SLUG.fullmatch(slug) else None  # type: ignore[attr-defined]


def _taken_out(request: HttpRequest) -> str:
    """The slug that the address names; the request is from now on as if it named none."""
    raw = request.META.get("QUERY_STRING", "")
    if MINE not in raw:
        return ""
    pairs = parse_qsl(raw, keep_blank_values=True)
    request.META["QUERY_STRING"] = urlencode([pair for pair in pairs if pair[0] != MINE])
    request.__dict__.pop("GET", None)
    return next((value for name, value in pairs if name == MINE), "")


def mine_of(request: HttpRequest) -> Municipality | None:
    """The reader's own municipality; None where none was chosen."""
    return getattr(request, "mine", None)


def carried(html: str, slug: str) -> str:
    """The same page with ``min`` in every link and form that leads to a page of ours, unless it says its own; a row of
    the municipality, in whatever table, is marked."""

    def link(found: re.Match[str]) -> str:
        path, _mark, query = found[2].partition("?")
        if (not path.endswith("/") and path) or path.startswith(ELSEWHERE) or f"{MINE}=" in query:
            return found[0]
        joined = "&amp;" if query else "?"
        return f'{found[1]}{found[2].removesuffix("?")}{joined}{MINE}={slug}{found[3] or ""}"'

    hidden = f'<input type="hidden" name="{MINE}" value="{slug}">'
    return with_rows_marked(FORM.sub(lambda found: found[0] + hidden, LINK.sub(link, html)), slug)


def mine_bar(request: HttpRequest, found: ShownEdition) -> dict[str, Any] | None:
    """What stands over every page of ours: who was chosen, or the way to choose; None where nothing can be marked."""
    if not hasattr(request, "mine"):
        return None
    mine, links = mine_of(request), Links(found.prefix)
    query = request.META.get("QUERY_STRING", "")
    here = f"?{query}&{MINE}=" if query else f"?{MINE}="
    choose = f"{reverse('mine')}?{urlencode({'side': request.get_full_path()}, quote_via=quote, safe='/@')}"
    match = request.resolver_match
    looked_at = match.kwargs.get("slug") if match and match.url_name == "municipality" else None
    return dict(
        slug=mine.slug if mine else "",
        name=mine.name if mine else "",
        url=links.municipality(mine.slug) if mine else "",
        drop_url=here,
        choose_url=choose,
        offer=f"{here}{looked_at}" if looked_at else "",
    )


A_PAGE = re.compile(r"/(?!/)[^\s\"<>\\]*")


def chooser_page(side: str) -> dict[str, Any]:
    """All municipalities, each leading to the page the reader came from, marked."""
    back = side if A_PAGE.fullmatch(side) else Links().home()
    joined = "&" if "?" in back else "?"
    rows = tuple(Link(one.name, f"{back}{joined}{MINE}={one.slug}") for one in municipalities())
    return dict(title=_("Vælg din kommune"), municipalities=rows, back=back)
