"""Pictures carry their words with them, in our own font, and show the numbers that the page shows."""

import struct
import threading
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client

from portal.pictures import svg
from portal.pictures.svg import element, picture, png_apart, png_of, text
from portal.serving import middleware
from tests.markup import Markup

PICTURES = (
    "/rangliste/kort",
    "/rangliste/fordeling",
    "/rangliste/omraade/voksne/kort",
    "/rangliste/tema/socialpsykiatri/fordeling",
    "/rangliste/indikator/b-omgoerelse/kort",
    "/indikator/b-omgoerelse/udvikling",
    "/kommune/roedovre/udvikling",
    "/kommune/roedovre/kort",
    "/sammenlign",
    "/sammenhaeng",
)
STATES = {"/sammenlign": "?kommune=roedovre&kommune=laesoe", "/sammenhaeng": "?kommune=aeroe"}
SVG = "{http://www.w3.org/2000/svg}"


def _xml(source: str | bytes) -> ET.Element:
    return ET.fromstring(source)  # noqa: S314  made by ourselves


def _size(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.django_db
@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_says_title_edition_address_and_that_the_data_are_invented(client: Client, path: str) -> None:
    answer = client.get(f"{path}.svg{STATES.get(path, '')}")
    root = _xml(answer.content)
    words = " ".join(one.text or "" for one in root.iter(f"{SVG}text"))
    assert "Socialt Indeks, udgave 2026.1 (1. oktober 2026)" in words
    assert "/@2026.1/" in words
    assert "DEMODATA: tallene er opdigtede" in words
    assert root.find(f"{SVG}title") is not None
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("path", PICTURES)
def test_the_same_picture_is_there_as_png(client: Client, path: str) -> None:
    root = _xml(client.get(f"{path}.svg{STATES.get(path, '')}").content)
    assert _size(client.get(f"{path}.png{STATES.get(path, '')}").content) == (
        int(root.get("width") or 0),
        int(root.get("height") or 0),
    )


@pytest.mark.django_db
def test_a_picture_needs_no_style_sheet_and_runs_nothing(client: Client) -> None:
    for path in PICTURES:
        source = client.get(f"{path}.svg{STATES.get(path, '')}").content.decode()
        for unwanted in ("<style", "style=", "class=", "<script", "href="):
            assert unwanted not in source


@pytest.mark.django_db
def test_the_card_is_of_the_size_that_shared_links_want_and_is_kept(client: Client) -> None:
    first = client.get("/kommune/odder/kort.png").content
    assert _size(first) == (1200, 630)
    kept = Path(settings.MEDIA_ROOT) / "cards" / "2026.1" / "da" / "odder.png"
    assert kept.read_bytes() == first


@pytest.mark.django_db
def test_an_indicators_picture_names_its_source_and_its_direction(client: Client) -> None:
    words = client.get("/rangliste/indikator/b-omgoerelse/kort.svg").content.decode()
    assert "Kilde:" in words
    assert "lavere er bedre" in words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/rangliste/fordeling", ("dårligst", "score (0–100, højere er bedre)", "bedst")),
        ("/rangliste/indikator/b-omgoerelse/fordeling", ("dårligst", "% (lavere er bedre)", "bedst")),
        ("/rangliste/indikator/b-aaben-raadgivning/fordeling", ("nej", "ja", "ja eller nej (ja er bedst)")),
        ("/rangliste/indikator/b-underrettede-andel/fordeling", ("lavest", "%", "højest")),
        ("/en/ranking/indicator/b-omgoerelse/distribution", ("worst", "% (lower is better)", "best")),
    ],
)
def test_a_distributions_picture_says_which_end_is_best_and_what_is_measured(
    client: Client, path: str, said: tuple[str, ...]
) -> None:
    texts = [one.text or "" for one in _xml(client.get(f"{path}.svg").content).iter(f"{SVG}text")]
    assert set(said) <= set(texts)
    neutral = "højest" in said
    assert ("bedst" in texts or "best" in texts) is not neutral
    assert any("uden placering" in text for text in texts) is neutral


@pytest.mark.django_db
def test_a_developments_picture_says_where_its_axis_is_cut_and_writes_a_long_unit_once(client: Client) -> None:
    cut = client.get("/indikator/b-tidligt-forebyg/udvikling.svg").content.decode()
    assert "Den lodrette akse begynder ikke ved 0." in cut
    said, at_its_end = [one.text or "" for one in _xml(cut).iter(f"{SVG}text") if "0-17-årige" in (one.text or "")]
    assert said.startswith("Medianen af alle kommuner")
    assert at_its_end.startswith("Median 4")
    answers = client.get("/indikator/b-aaben-raadgivning/udvikling.svg").content.decode()
    assert "begynder ikke" not in answers
    assert {"ja", "nej"} <= {one.text for one in _xml(answers).iter(f"{SVG}text")}


@pytest.mark.django_db
def test_a_picture_of_what_is_chosen_shows_that_and_leads_back_to_it(client: Client) -> None:
    compared = client.get("/sammenlign.svg?kommune=roedovre&kommune=varde").content.decode()
    assert "Rødovre og Varde: placering i hver udgave" in compared
    assert "/@2026.1/sammenlign/?kommune=roedovre&amp;kommune=varde" in compared
    crossed = client.get("/en/correlation.svg?x=b-neet&y=b-omgoerelse&kommune=varde").content.decode()
    assert {"Varde"} <= {one.text for one in _xml(crossed).iter(f"{SVG}text") if one.get("font-weight") == "700"}
    assert "lower is better" in crossed
    assert client.get("/sammenlign.png").status_code == client.get("/sammenlign.svg?kommune=nej").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sammenlign/?kommune=roedovre&kommune=varde", "/en/correlation/?x=b-neet"])
def test_a_comparison_and_a_scatter_offer_themselves_as_pictures(client: Client, path: str) -> None:
    offered = [link for link in Markup(client.get(path).content.decode()).links if ".png?" in link or ".svg?" in link]
    assert len(offered) == 2
    for link in offered:
        assert path.partition("?")[2] in link
        assert client.get(link).status_code == 200


@pytest.mark.django_db
def test_a_ranks_picture_says_how_unsure_ranks_are(client: Client) -> None:
    assert "i 9 af 10 beregninger" in client.get("/rangliste/kort.svg").content.decode()
    assert "mellem nr." in client.get("/kommune/roedovre/kort.svg").content.decode()


@pytest.mark.django_db
def test_a_filtered_picture_says_that_it_is_one(client: Client) -> None:
    assert "af 98 kommuner vises" in client.get("/rangliste/kort.svg?region=1084").content.decode()


@pytest.mark.django_db
def test_a_pinned_picture_is_the_same_bytes_again(client: Client) -> None:
    path = "/@2025.1/rangliste/kort.png"
    assert client.get(path).content == client.get(path).content


def test_text_is_drawn_with_our_font_on_a_machine_that_has_none() -> None:
    blank = png_of(picture(300, 60, "x"))
    drawn = png_of(picture(300, 60, "x", text(10, 40, "Rødovre, Ærø, Århus", size=30)))
    assert len(drawn) > len(blank) + 500


def test_drawn_apart_it_is_the_same_picture_and_its_cost_is_known_here() -> None:
    drawn = picture(300, 60, "x", text(10, 40, "Rødovre, Ærø, Århus", size=30))
    middleware.taken_elsewhere()
    assert png_apart(drawn) == png_of(drawn)
    assert 0 < middleware.taken_elsewhere() < 30
    assert middleware.taken_elsewhere() == 0
    with pytest.raises(RuntimeError):
        png_apart("<no picture")


def test_other_threads_go_on_while_a_picture_is_drawn() -> None:
    """The library keeps Python's lock: drawn in this process, the thread would not count once in between."""
    many = [text(10 + n % 40, 40 + n, "Rødovre, Ærø, Århus", size=30) for n in range(400)]
    drawn, counted, stop = picture(1200, 900, "x", *many), [0], threading.Event()

    def count() -> None:
        while not stop.wait(0.001):
            counted[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    png_apart(drawn)
    stop.set()
    thread.join()
    assert counted[0] > 10


def test_what_is_written_into_a_picture_cannot_break_it() -> None:
    source = picture(10, 10, "<b>&", text(0, 0, "<script>&\"'", size=10), element("path", d='"><x'))
    root = _xml(source)
    assert root.findtext(f"{SVG}title") == "<b>&"
    assert [one.text for one in root.iter(f"{SVG}text")] == ["<script>&\"'"]


def test_a_wide_text_is_measured_wider_and_broken_into_lines_that_fit() -> None:
    assert svg.width("mmmm", 20) > svg.width("iiii", 20) > 0
    lines = svg.wrapped("Tidligere anbragte med ungdomsuddannelse som 25-årige", 20, 200)
    assert len(lines) > 1
    assert all(svg.width(line, 20) <= 200 for line in lines)
    short = svg.wrapped("Tidligere anbragte med ungdomsuddannelse som 25-årige", 20, 250, most=1)
    assert short[0].endswith("…")
