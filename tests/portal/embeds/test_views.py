"""What others embed: live or pinned, without a cookie, with the page's own rows. That no other page may be framed is
proved on the walk of them all (tests/test_every_page.py)."""

import re
from collections.abc import Mapping

import pytest
from django.test import Client

from tests.markup import Markup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_unchanged")]
EMBEDS = (
    "/indlejr/kort/",
    "/indlejr/fordeling/omraade/voksne/",
    "/indlejr/rangliste/tema/socialpsykiatri/",
    "/indlejr/kort/indikator/b-omgoerelse/",
    "/indlejr/kommune/roedovre/",
    "/indlejr/udvikling/kommune/roedovre/",
    "/indlejr/udvikling/indikator/b-omgoerelse/",
)


def _may_be_framed(headers: Mapping[str, str]) -> bool:
    return "frame-ancestors *" in headers["Content-Security-Policy"] and "X-Frame-Options" not in headers


@pytest.mark.parametrize("path", EMBEDS)
def test_an_embed_may_be_framed_by_anyone_and_sets_no_cookie(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert _may_be_framed(answer.headers)
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies
    page = Markup(answer.content.decode())
    assert page.faults() == []
    assert "Demodata:" in page.text
    assert "udgave 2026.1" in page.text


def test_a_live_embed_is_the_newest_and_a_pinned_one_says_when_there_is_a_newer(client: Client) -> None:
    for follows in ("/indlejr/kort/", "/2025/indlejr/kort/"):  # a year's embed shows the newest of its year
        assert "Der er en nyere udgave" not in client.get(follows).content.decode()
    old = Markup(client.get("/@2025.1/indlejr/kommune/roedovre/").content.decode()).text
    assert "udgave 2025.1" in old
    assert "Der er en nyere udgave: 2026.1" in old


def test_an_embedded_ranking_has_the_rows_and_numbers_of_the_page_with_the_same_filters(client: Client) -> None:
    query = "?region=1084&sorter=kommune"
    embed = Markup(client.get(f"/indlejr/rangliste/{query}").content.decode())
    rows = [re.sub(r"\s+", " ", "".join(row.itertext())).strip() for row in embed.all("tr")[1:]]
    answer = client.get(f"/rangliste.csv{query}").content.decode("utf-8-sig").splitlines()
    assert len(rows) == len(answer) - 1
    assert any("Rødovre" in row for row in rows)


@pytest.mark.parametrize(
    ("ours", "embed"),
    [
        ("/kommune/roedovre/", "/indlejr/kommune/roedovre/"),
        ("/@2025.1/kommune/roedovre/", "/@2025.1/indlejr/kommune/roedovre/"),
        ("/rangliste/?region=1084", "/indlejr/rangliste/?region=1084"),
        ("/rangliste/omraade/voksne/?vis=kort", "/indlejr/kort/omraade/voksne/"),
        ("/indikator/b-omgoerelse/", "/indlejr/kort/indikator/b-omgoerelse/"),
        ("/", "/indlejr/kort/"),
        ("/indlejr/fordeling/", "/indlejr/fordeling/"),
    ],
)
def test_oembed_gives_the_embed_of_a_page_live_or_pinned_as_its_address(client: Client, ours: str, embed: str) -> None:
    answer = client.get("/oembed", {"url": f"http://127.0.0.1:8000{ours}"}).json()
    assert answer["type"] == "rich"
    assert answer["version"] == "1.0"
    assert f'src="http://127.0.0.1:8000{embed}"' in answer["html"]
    assert client.get(embed).status_code == 200


def test_oembed_keeps_the_size_that_is_asked_for(client: Client) -> None:
    answer = client.get("/oembed", {"url": "/kommune/roedovre/", "maxwidth": "300", "maxheight": "200"}).json()
    assert (answer["width"], answer["height"]) == (300, 200)
    assert answer["thumbnail_url"].endswith("/kommune/roedovre/kort.png")


def test_oembed_refuses_what_it_cannot_give(client: Client) -> None:
    assert client.get("/oembed", {"url": "/kommune/roedovre/", "format": "xml"}).status_code == 501
    for url in ("https://example.org/", "/metode/", "/findes-ikke/", ""):
        assert client.get("/oembed", {"url": url}).status_code == 404


def test_an_address_with_a_script_in_it_is_written_as_text(client: Client) -> None:
    html = client.get("/oembed", {"url": '/rangliste/?region="><script>'}).json()["html"]
    assert "<script>" not in html
    assert html.count('"') % 2 == 0


@pytest.mark.parametrize("kind", ["kort", "fordeling", "rangliste", "udvikling", "kommune", "forloeb"])
@pytest.mark.parametrize("pinned", ["0", "1"])
def test_the_preview_shows_what_its_code_embeds(client: Client, kind: str, pinned: str) -> None:
    answer = client.get("/indlejr/", {"hvad": kind, "fast": pinned})
    page = Markup(answer.content.decode())
    frame = page.one("iframe").get("src") or ""
    assert frame.startswith("/@2026.1/indlejr/" if pinned == "1" else "/indlejr/")
    assert f'src="http://127.0.0.1:8000{frame}"' in page.text
    assert client.get(frame).status_code == 200
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_the_script_for_the_parent_may_be_loaded_by_any_page(client: Client) -> None:
    answer = client.get("/indlejr.js")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert b"socialt-indeks:height" in answer.content
