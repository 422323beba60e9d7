"""Walks every address in every language and in three editions, and every link of every kind of page."""

import html
import re
from functools import cache
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import override

from indicators.models import Indicator, Municipality
from tests import addresses
from tests.addresses import Address
from tests.markup import Markup
from tests.visited import Visited, visited

pytestmark = pytest.mark.django_db

WHOLE_EDITION = ("/hele-udgaven.", "/whole-edition.")
ELSEWHERE = ("/static/", "/oembed", f"/{settings.WORKBENCH_PATH}/")  # the workbench has walks of its own
FRAGMENTS = {"suggestions"}  # part of a page
FRAMED = {"embed-preview", "embed-parent"}  # the two that only speak of embeds
HEADING = re.compile(rb"<h1[^>]*>(.*?)</h1>", re.DOTALL)
EVERY_TENTH = slice(None, None, 10)  # what is looked at each day; make test-all looks at all


def _param(address: Address) -> object:
    """An older edition in English is the newest one's page with another edition's bar: a sweep."""
    sweeps = [pytest.mark.full] if address.edition and address.language == "en" else []
    return pytest.param(address, marks=sweeps, id=str(address))


@pytest.mark.parametrize("address", [_param(one) for one in addresses.every()])
def test_every_page_is_whole(address: Address) -> None:
    found = visited(address.path)
    assert found.status == 200
    assert found.headers["Content-Language"] == address.language
    _is_careful(found, is_embed=address.name.partition("-")[0] == "embed" and address.name not in FRAMED)
    if address.name in FRAGMENTS or not found.is_html:
        assert found.body
        return
    page = found.page
    assert page.faults() == []
    assert page.one("html").get("lang") == address.language
    assert [link for link in page.links if _leads_nowhere(link)] == []


@pytest.mark.parametrize("which", [EVERY_TENTH, pytest.param(slice(None), marks=pytest.mark.full)], ids=str)
def test_a_municipality_has_a_whole_page_of_its_own_name(which: slice) -> None:
    names = dict(list(Municipality.objects.order_by("slug").values_list("slug", "name"))[which])
    assert len(names) >= 10
    assert {slug: _heading(f"/kommune/{slug}/") for slug in names} == names
    assert _faults_of([f"/kommune/{slug}/" for slug in names]) == {}


@pytest.mark.parametrize("which", [EVERY_TENTH, pytest.param(slice(None), marks=pytest.mark.full)], ids=str)
def test_an_indicator_has_a_whole_page_of_its_own(which: slice) -> None:
    codes = list(Indicator.objects.of_the_index().order_by("code").values_list("code", flat=True))[which]
    paths = [f"/indikator/{code}/" for code in codes]
    assert len({_heading(path) for path in paths}) == len(paths) >= 10
    assert _faults_of(paths) == {}


@pytest.mark.parametrize("language", ["da", pytest.param("en", marks=pytest.mark.full)])
def test_every_kind_of_link_answers(language: str) -> None:
    kinds: dict[tuple[str, str, frozenset[str]], str] = {}
    for address in addresses.every():
        if address.language == language and not address.edition:
            found = visited(address.path)
            for link in found.page.links if found.is_html else ():
                if link.startswith(("/", "?")) and not link.startswith(ELSEWHERE) and not _is_drawn(link):
                    kinds.setdefault(_kind(link, address.path), _absolute(link, address.path))
    assert len(kinds) > 60
    statuses = {path: visited(path).status for path in kinds.values()}
    assert {path: status for path, status in statuses.items() if status != 200} == {}


@pytest.mark.parametrize(
    "path", ["/kommune/atlantis/", "/indikator/nej/", "/1999/", "/@2025.9/", "/findes-ikke/", "/en/nothing/"]
)
def test_what_is_not_there_says_so_on_a_whole_page_with_a_search_field(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    page = Markup(answer.content.decode())
    assert page.faults() == []
    assert any(field.get("name") == "q" for field in page.all("input"))


def _is_careful(found: Visited, *, is_embed: bool) -> None:
    """No cookie, no inline code, and nobody but an embed may be framed."""
    policy = found.headers["Content-Security-Policy"]
    assert not found.sets_cookie
    assert "Cookie" not in found.headers.get("Vary", "")
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    # Each by itself: a browser that knows the policy asks no more for the older header.
    assert ("frame-ancestors *" in policy) is is_embed
    assert ("X-Frame-Options" not in found.headers) is is_embed


def _heading(path: str) -> str:
    """What the page that answers is headed with; the page that says that nothing is there is none."""
    found = visited(path)
    assert found.status == 200, path
    heading = HEADING.search(found.body)
    assert heading, path
    return html.unescape(heading[1].decode()).strip()


def _faults_of(paths: list[str]) -> dict[str, list[str]]:
    found = {path: visited(path) for path in paths}
    assert {path: one.status for path, one in found.items() if one.status != 200} == {}
    faults = {path: one.page.faults() for path, one in found.items()}
    return {path: said for path, said in faults.items() if said}


def _absolute(link: str, page: str) -> str:
    return f"{page}{link}" if link.startswith("?") else link


def _kind(link: str, page: str) -> tuple[str, str, frozenset[str]]:
    """What is asked of the site: a page of this name, of this edition, with these fields."""
    parts = urlsplit(_absolute(link, page))
    match = _resolved(parts.path)
    fields = frozenset(field.partition("=")[0] for field in parts.query.split("&"))
    return match.url_name or "", match.kwargs.get("edition", ""), fields


def _is_drawn(link: str) -> bool:
    """Slow to make, and every one of them is asked for by its address above."""
    path = urlsplit(link).path
    return path.endswith((".pdf", ".png", ".zip", ".parquet")) or any(name in path for name in WHOLE_EDITION)


@cache
def _leads_nowhere(link: str) -> bool:
    parts = urlsplit(link)
    path = parts.path
    if parts.scheme:
        return parts.scheme not in {"https", "http", "mailto"}
    if not path.startswith("/"):
        return bool(path)
    if path.startswith("/static/"):
        return finders.find(path.removeprefix("/static/")) is None
    try:
        _resolved(path)
    except Resolver404:
        return True
    return False


@cache
def _resolved(path: str) -> ResolverMatch:
    with override("en" if path.startswith("/en/") else "da"):  # as the middleware does
        return resolve(path)
