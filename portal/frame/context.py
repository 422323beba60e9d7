"""What every page's frame needs: edition, demo, the other language. Costs no query."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, override

from portal.addresses import Links
from portal.frame.mine import mine_bar
from portal.frame.search_engines import dataset, json_ld
from portal.published.edition import ShownEdition
from portal.published.subjects import localised


def site(request: HttpRequest) -> dict[str, object]:
    """The context of every template of a public page."""
    found: ShownEdition | None = getattr(request, "shown", None)
    ways = _ways(Links(found.prefix if found else ""))
    draft = getattr(request, "draft", None)
    frame: dict[str, object] = {
        "draft": draft,
        "languages": _languages(request),
        "LANGUAGE_CODE": get_language(),
        "ways": ways,
        "publisher": settings.PUBLISHER | {"press": settings.PRESS_CONTACT},
    }
    if found is None:
        return frame
    return frame | {
        "edition": found.edition,
        "newest": found.newest,
        "is_newest": found.is_newest,
        "newest_url": _in_newest(request, found),
        "corrected_url": _in_its_correction(request, found),
        "demo": found.edition.is_demo,
        "registers": localised(found.edition, "note") if found.edition.registers_only else "",
        "mine": mine_bar(request, found),
        "links": Links(found.prefix),
        "canonical": "" if draft else _canonical(request, found),
        "around": None if draft else around(request, found),  # a draft is not cited and not followed
        "dataset": SimpleLazyObject(lambda: json_ld(dataset(found))),
    }


WAYS = ("home", "municipalities", "ranking", "comparison", "indicators", "method", "press", "practices")


def _ways(links: Links) -> dict[str, str]:
    """The ways in of the page's head: they stay in the edition that is shown."""
    return {name: links.to(name) for name in WAYS}


def _languages(request: HttpRequest) -> list[dict[str, object]]:
    own = get_language() or "da"
    languages = []
    for code, name in (("da", "Dansk"), ("en", "English")):
        with override(own):
            url = translate_url(request.get_full_path_info(), code)
        languages.append(
            {"code": code, "name": name, "url": url, "address": settings.SITE_ADDRESS + url, "current": code == own}
        )
    return languages


def _canonical(request: HttpRequest, found: ShownEdition) -> str:
    """The one address a search engine should keep: short for the newest edition, the year's for an older one."""
    prefix = "" if found.is_newest else str(found.edition.year)
    if found.edition not in found.published:
        prefix = found.prefix
    path = request.path.replace(f"/{found.prefix}/", "/", 1) if found.prefix else request.path
    start = "/en/" if path.startswith("/en/") else "/"
    return settings.SITE_ADDRESS + (f"{start}{prefix}/{path.removeprefix(start)}" if prefix else path)


def _in_newest(request: HttpRequest, found: ShownEdition) -> str:
    """This very page without the edition in its address."""
    return request.get_full_path().replace(f"/{found.prefix}/", "/", 1) if found.prefix else ""


def _in_its_correction(request: HttpRequest, found: ShownEdition) -> str:
    """This very page in the revision that replaced the one shown; empty where none did."""
    if found.edition in found.published:
        return ""
    return request.get_full_path().replace(f"/{found.prefix}/", f"/{found.edition.year}/", 1)


DRAWN = ("ranking", "area", "theme", "indicator")


def around(request: HttpRequest, found: ShownEdition) -> dict[str, Any]:
    """The addresses about the page of a request. Costs no query."""
    match = request.resolver_match
    name = match.url_name or "" if match else ""
    kwargs = {key: str(value) for key, value in match.kwargs.items()} if match else {}
    path = request.get_full_path()
    return dict(
        cite=f"{Links().to('cite')}?side={quote(path, safe='/@')}",
        share=_share(name, path),
        oembed=_oembed(name, path),
        image=_image(Links(found.prefix), name, kwargs),
        feed=_feed(name, kwargs),
    )


def _share(name: str, path: str) -> str:
    """Where the page's figure can be shared; empty where it has none of its own."""
    can = name in {"home", "municipality", "area", "theme", "indicator"} or name.startswith("ranking")
    return f"{Links().to('share')}?side={quote(path, safe='/@')}" if can else ""


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
