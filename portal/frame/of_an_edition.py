"""What every page's view does: find the edition, put the page in its frame; or in the frame of an embed, which others
may show in their own pages."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt

from portal.addresses import Links
from portal.components.links import Link
from portal.language import formatting
from portal.published.edition import NoEdition, ShownEdition, Withdrawn, edition_of_address
from portal.published.subjects import localised
from portal.serving.cache import released
from rankings.pinned import as_published

Rest = ParamSpec("Rest")
PageView = Callable[Concatenate[HttpRequest, ShownEdition, Rest], HttpResponse]
TextView = Callable[[HttpRequest, ShownEdition | None], HttpResponse]
AddressedView = Callable[..., HttpResponse]


def of_an_edition(view: PageView[Rest]) -> AddressedView:
    """Give a view the edition its address names; while nothing is published, say so kindly.

    The answer is kept until the release changes (portal.serving.cache): the view reads address and database only. Of
    the address's question it gets nothing unless @released(parameters=…) above this one names what it reads.
    """
    return _addressed(view, _not_yet)


def with_or_without_edition(view: TextView) -> AddressedView:
    """Give a page of text the edition as ``of_an_edition`` does, or None while nothing is published."""
    return _addressed(view, lambda request, _nothing: view(request, None))


def _addressed(
    view: Callable[..., HttpResponse], without: Callable[[HttpRequest, NoEdition], HttpResponse]
) -> AddressedView:
    @released(parameters=[])
    @wraps(view)
    def addressed(request: HttpRequest, *args: Any, edition: str = "", **kwargs: Any) -> HttpResponse:
        try:
            found = edition_of_address(edition)
        except NoEdition as nothing:
            return without(request, nothing)
        except Withdrawn as gone:
            return _gone(request, gone)
        request.shown = found  # type: ignore[attr-defined]
        with as_published(found.edition) if found.is_pinned else nullcontext():
            return view(request, found, *args, **kwargs)

    return addressed


def _gone(request: HttpRequest, gone: Withdrawn) -> HttpResponse:
    """Say on the page of a withdrawn edition since when and why; a file's address says it as text."""
    if not request.path.endswith("/"):
        raise gone
    context = {
        "section": "",
        "gone": gone.edition,
        "day": formatting.day(gone.edition.withdrawn_at),
        "why": localised(gone.edition, "withdrawn_because"),
    }
    return render(request, "texts/withdrawn.html", context, status=410)


def _not_yet(request: HttpRequest, nothing: NoEdition) -> HttpResponse:
    """Say kindly that nothing is published, and what can be read already; a file simply is not there."""
    if not request.path.endswith("/"):
        raise nothing
    links = Links()
    actions = [
        Link(_("Metode og usikkerhed"), links.to("method")),
        Link(_("Om Socialt Indeks"), links.to("about")),
        Link(_("Følg med"), links.to("follow")),
    ]
    return render(request, "texts/no_edition.html", {"section": "", "actions": actions})


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
