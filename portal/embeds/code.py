"""The code to paste for one of our embeds, and the oEmbed answer about any of our pages."""

from dataclasses import dataclass
from html import escape
from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.embeds.page import HEIGHTS
from portal.published.address import Addressed


@dataclass(frozen=True, slots=True)
class Embed:
    """An embed's address, its height, and the code to copy."""

    path: str
    title: str
    height: int

    @property
    def url(self) -> str:
        """The full address."""
        return f"{settings.SITE_ADDRESS}{self.path}"

    @property
    def code(self) -> str:
        """The HTML to paste. The script only sets the height; without it the frame keeps the one given."""
        return (
            f'<iframe src="{escape(self.url)}" title="{escape(self.title)}" width="100%" height="{self.height}" '
            f'style="border:0;max-width:720px" loading="lazy"></iframe>\n'
            f'<script src="{escape(settings.SITE_ADDRESS)}/indlejr.js" async></script>'
        )


def embed_of(page: Addressed) -> Embed:
    """The embed that belongs to one of our pages, live or pinned as its address is. Http404 for other pages."""
    name, kwargs = embed_name(page)
    path = Links(page.shown.prefix).of(name, **kwargs)
    query = page.query.copy()
    query.pop("vis", None)
    state = f"?{query.urlencode()}" if query else ""
    what = kwargs.get("what", "udvikling" if name.endswith("development") else "kommune")
    return Embed(f"{path}{state}", f"{page.title} – Socialt Indeks", HEIGHTS[what])


def embed_name(page: Addressed) -> tuple[str, dict[str, Any]]:
    """The name and arguments of a page's embed in the address book. Http404 for a page without one."""
    kwargs, name = page.kwargs, page.name
    if name.startswith("embed") and name != "embed-preview":
        return name, {key: value for key, value in kwargs.items() if key in {"what", "code", "slug"}}
    if name in {"municipality", "press-municipality"}:
        return "embed-municipality", {"slug": kwargs["slug"]}
    if name in {"home", "press"}:
        return "embed", {"what": "kort"}
    if name in {"area", "theme", "indicator", "press-indicator"}:
        level = name.removeprefix("press-")
        return f"embed-{level}", {"what": "kort", "code": kwargs.get("code") or kwargs["slug"]}
    if name == "ranking" or (name.startswith("ranking-") and not name.endswith("csv")):
        what = {"kort": "kort", "fordeling": "fordeling"}.get(page.query.get("vis", ""), "rangliste")
        code = {"code": kwargs["code"]} if "code" in kwargs else {}
        return name.replace("ranking", "embed"), {"what": what, **code}
    raise Http404(_("Siden kan ikke indlejres."))


def oembed(page: Addressed, *, most_width: int, most_height: int) -> dict[str, Any]:
    """The oEmbed answer (rich) for a page; width and height hold the consumer's limits."""
    embed = embed_of(page)
    size = {"width": min(720, most_width), "height": min(embed.height, most_height)}
    html = (
        f'<iframe src="{escape(embed.url)}" title="{escape(embed.title)}" width="{size["width"]}" '
        f'height="{size["height"]}" style="border:0;max-width:100%" loading="lazy"></iframe>'
    )
    answer: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Socialt Indeks",
        "provider_url": f"{settings.SITE_ADDRESS}/",
        "title": page.title,
        "html": html,
        "cache_age": 3600,
        **size,
    }
    if "slug" in page.kwargs and page.name in {"municipality", "press-municipality", "embed-municipality"}:
        card = Links(page.shown.prefix).of("picture-municipality", slug=page.kwargs["slug"], ending="png")
        answer |= {"thumbnail_url": f"{settings.SITE_ADDRESS}{card}", "thumbnail_width": 1200, "thumbnail_height": 630}
    return answer
