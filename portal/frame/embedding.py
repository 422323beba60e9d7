"""What others may show in their own pages: the frame of an embed, and what its page and its picture are called."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from portal.addresses import Links
from portal.components.links import Link
from portal.published.edition import ShownEdition

View = Callable[..., HttpResponseBase]


def framed_by_anyone(view: View) -> View:
    """Let any page show this one in a frame. No other view of the site may be framed."""

    @wraps(view)
    def open_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return csp_replace({"frame-ancestors": ["*"]})(xframe_options_exempt(open_view))


def embedded(request: HttpRequest, page: dict[str, Any]) -> HttpResponse:
    """An embed's light page: one thing (map, chart, lines, table, answer or scatter), its source, the way on."""
    return render(request, "embeds/embed.html", {"page": page})


def newer(shown: ShownEdition) -> str:
    """That there is a newer edition, where the address is pinned to an older one."""
    if shown.is_newest or not shown.prefix.startswith("@"):
        return ""
    return _("Der er en nyere udgave: %(release)s") % {"release": shown.newest.release}


def taken_along(name: str, shown: ShownEdition, *, drawn: bool = True, **arguments: str) -> dict[str, Any]:
    """A page's picture, as the files there are of it, and its embed: what components/take_picture.html shows."""
    links = Links(shown.prefix)
    endings = ("png", "svg") if drawn else ()
    return dict(
        files=tuple(Link(one.upper(), links.of(f"picture-{name}", ending=one, **arguments)) for one in endings),
        embed=links.of(f"embed-{name}", **arguments),
    )
