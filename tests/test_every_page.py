"""Walks every address in every language and in three editions, and every link of every kind of page."""

from functools import cache
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import override

from indicators.models import Indicator, Municipality
from tests import addresses
from tests.addresses import Address
from tests.markup import Markup
from tests.visited import visited

pytestmark = pytest.mark.django_db

FRAGMENTS = {"suggestions"}  # part of a page


@pytest.mark.parametrize("address", addresses.every(), ids=str)
def test_every_page_is_whole(address: Address) -> None:
    found = visited(address.path)
    assert found.status == 200
    assert found.headers["Content-Language"] == address.language
    assert not found.sets_cookie
    if address.name in FRAGMENTS or not found.is_html:
        assert found.body
        return
    page = found.page
    assert page.faults() == []
    assert page.one("html").get("lang") == address.language
    assert [link for link in page.links if _leads_nowhere(link)] == []


@pytest.mark.parametrize("region", ["1081", "1082", "1083", "1084", "1085"])
def test_every_municipality_has_a_whole_page(region: str) -> None:
    slugs = Municipality.objects.filter(region__code=region).values_list("slug", flat=True)
    assert len(slugs) >= 11
    assert _faults_of([f"/kommune/{slug}/" for slug in slugs]) == {}


@pytest.mark.parametrize("area", ["b", "h", "v"])
def test_every_indicator_has_a_whole_page(area: str) -> None:
    codes = Indicator.objects.filter(theme__area__code=area).values_list("code", flat=True)
    assert len(codes) >= 32
    assert _faults_of([f"/indikator/{code}/" for code in codes]) == {}


@pytest.mark.parametrize("language", addresses.LANGUAGES)
def test_every_kind_of_link_answers(language: str) -> None:
    kinds: dict[tuple[str, str, frozenset[str]], str] = {}
    for address in addresses.every():
        if address.language == language and not address.edition:
            found = visited(address.path)
            for link in found.page.links if found.is_html else ():
                if link.startswith(("/", "?")) and not link.startswith(("/static/", "/oembed")) and not _is_drawn(link):
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


def _faults_of(paths: list[str]) -> dict[str, list[str]]:
    found = {path: visited(path).page.faults() for path in paths}
    return {path: faults for path, faults in found.items() if faults}


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
    return urlsplit(link).path.endswith((".pdf", ".png", ".zip", ".parquet"))


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
