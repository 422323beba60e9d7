"""What every page's frame needs: edition, demo, the other language. Costs no query."""

from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, override

from portal.links import Links
from portal.shown import Shown


def site(request: HttpRequest) -> dict[str, object]:
    """The context of every template of a public page."""
    found: Shown | None = getattr(request, "shown", None)
    frame: dict[str, object] = {"languages": _languages(request), "LANGUAGE_CODE": get_language()}
    if found is None:
        return frame
    return frame | {
        "edition": found.edition,
        "newest": found.newest,
        "is_newest": found.is_newest,
        "newest_url": _in_newest(request, found),
        "demo": found.edition.is_demo,
        "links": Links(found.prefix),
    }


def _languages(request: HttpRequest) -> list[dict[str, object]]:
    own = get_language() or "da"
    languages = []
    for code, name in (("da", "Dansk"), ("en", "English")):
        with override(own):
            url = translate_url(request.get_full_path(), code)
        languages.append({"code": code, "name": name, "url": url, "current": code == own})
    return languages


def _in_newest(request: HttpRequest, found: Shown) -> str:
    """This very page without the edition in its address."""
    return request.get_full_path().replace(f"/{found.prefix}/", "/", 1) if found.prefix else ""
