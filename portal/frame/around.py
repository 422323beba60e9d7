"""What stands round every page for those who take it with them: how to cite it, embed it, show it as a link."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest

from portal.addresses.links import Links
from portal.published.edition import Shown

DRAWN = ("ranking", "area", "theme", "indicator")


@dataclass(frozen=True, slots=True)
class Around:
    """Addresses about a page; "" where there is none. ``feed`` is the Atom feed of what the page is about."""

    cite: str
    oembed: str
    image: str
    feed: str


def around(request: HttpRequest, found: Shown) -> Around:
    """The addresses about the page of a request. Costs no query."""
    match = request.resolver_match
    name = match.url_name or "" if match else ""
    kwargs = {key: str(value) for key, value in match.kwargs.items()} if match else {}
    path = request.get_full_path()
    return Around(
        cite=f"{Links().to('cite')}?side={quote(path, safe='/@')}",
        oembed=_oembed(name, path),
        image=_image(Links(found.prefix), name, kwargs),
        feed=_feed(name, kwargs),
    )


def _oembed(name: str, path: str) -> str:
    can = name in {"home", "municipality", "area", "theme", "indicator"} or name.startswith("ranking")
    return f"{settings.SITE_ADDRESS}/oembed?url={quote(settings.SITE_ADDRESS + path, safe='')}" if can else ""


def _image(links: Links, name: str, kwargs: dict[str, str]) -> str:
    """The picture of a shared link: a municipality's card, else the map of what the page is about."""
    if "slug" in kwargs and name.endswith("municipality"):
        return settings.SITE_ADDRESS + links.of("picture-municipality", slug=kwargs["slug"], ending="png")
    level = name.rpartition("-")[2]
    code = kwargs.get("code") or kwargs.get("slug")
    if level in DRAWN[1:] and code:
        return settings.SITE_ADDRESS + links.of(f"picture-{level}", code=code, what="kort", ending="png")
    return settings.SITE_ADDRESS + links.of("picture", what="kort", ending="png")


def _feed(name: str, kwargs: dict[str, str]) -> str:
    if name.endswith("municipality") and "slug" in kwargs:
        return Links().to("feed-municipality", "slug", kwargs["slug"])
    if name.endswith("indicator") and "code" in kwargs:
        return Links().to("feed-indicator", "code", kwargs["code"])
    return Links().to("feed-editions")
