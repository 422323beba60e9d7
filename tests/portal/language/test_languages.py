"""Danish and English are both complete, each at its own addresses, and no page mixes them."""

import csv
import re
from collections import Counter

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils.translation import gettext, override, pgettext

from indicators.models import Municipality
from portal.api.danish import SAID
from portal.language import data_names
from portal.management.commands.demo import NOTES
from tests import addresses, spoken
from tests.addresses import Address
from tests.markup import Markup, text_of
from tests.visited import visited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_unchanged")]

FILES = [address for address in addresses.every() if not address.edition]
PAGES = [address for address in FILES if not re.search(r"\.\w+$", address.path)]
SPEAKING = [*PAGES, *(address for address in FILES if address.path.endswith((".json", ".atom", ".svg", ".png")))]
OTHER = {"da": "en", "en": "da"}
PARTS = ("embed-", "suggestions", "oembed")  # no pages of their own: they have no twin to name
# Their heading is a name.
NAMED_ALIKE = {
    "municipality",
    "provision",
    "press",
    "press-municipality",
    "embed-municipality",
    "oembed",
    "trace",
    "api-docs",
}
NOT_THERE = {"/en/nothing/", "/en/municipality/atlantis/"}
GIVEN = re.compile(r"<[^>]*>")  # the part of a route that a row of the data fills
ADDRESS_WORDS = (
    "practices da samlet nr score kommune kommunegruppe indbyggere op ned vis tabel kort fordeling temaer indikatorer"
)
CODES = {
    "api-docs": spoken.words_of([ADDRESS_WORDS, *SAID]) | {"audit", "gaps", "landsdel", "pairs", "sted", "tilbud"}
}  # stand in addresses
CODES |= {
    name: {"housing", "first"} for name in ("practices", "practice", "feed-practices", "practices-method")
}  # a name


def test_every_text_that_the_site_asks_for_is_in_the_catalogue() -> None:
    known = {text.key for text in spoken.texts()}
    assert {key[1]: file for key, file in spoken.asked_for().items() if key not in known} == {}


def test_every_danish_text_has_an_english_one_that_a_person_has_seen() -> None:
    assert [text.danish[0] for text in spoken.texts() if text.fuzzy or not all(text.english)] == []
    assert len(spoken.texts()) > 900


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    wrong = {
        text.danish[0]: english
        for text in spoken.texts()
        for english in text.english
        if Counter(spoken.GAP.findall(english)) != Counter(spoken.GAP.findall(text.danish[-1]))
    }
    assert wrong == {}


def test_the_compiled_catalogue_is_the_one_that_is_committed() -> None:
    for text in spoken.texts():
        with override("en"):
            assert _translated(text) == text.english[0]
        with override("da"):  # a Danish text is no English text of a package, which would be translated back
            assert _translated(text) == text.danish[0]


def _translated(text: spoken.Text) -> str:
    return pgettext(text.context, text.danish[0]) if text.context else gettext(text.danish[0])


def test_names_that_come_from_the_data_are_translated() -> None:
    rows = Municipality.objects.values_list("region__name", "kommunegruppe")
    assert {region for region, _group in rows} | {"Region Østdanmark"} == set(data_names.REGIONS)
    assert {group for _region, group in rows} == set(data_names.GROUPS)
    assert set(spoken.column("original_2014.csv", "area")) == set(data_names.AREAS_OF_2014)
    with override("en"):
        assert gettext("Region Sjælland") == "Region Zealand"
        assert gettext("Landkommuner") == "Rural municipalities"


@pytest.mark.parametrize("address", SPEAKING, ids=str)
def test_a_page_speaks_one_language(address: Address) -> None:
    found = visited(address.path.replace(".png", ".svg"))  # the same picture, with words that can be read
    if found.is_html:
        said = spoken.spoken(found.page, address.language)
    else:
        said = spoken.spoken_in_file(found.body.decode(), found.headers["Content-Type"])
    foreign = spoken.words_only_in(OTHER[address.language]) - CODES.get(address.name, set())
    assert {word: text.strip()[:200] for text in said for word in sorted(spoken.words_of([text]) & foreign)} == {}


@pytest.mark.parametrize(
    "path",
    [
        "/en/nothing/",
        "/en/municipality/atlantis/",
        "/en/search/?q=zzzzqq",
        "/en/search/?q=copenhagen",
        "/en/search/suggestions/?q=aar",
        "/en/@2025.1/municipality/aarhus/",
        "/en/@2025.2/",
        "/en/2024/ranking/theme/tidlig-forebyggelse/?vis=fordeling",
        "/en/ranking/?region=nowhere",
        "/en/ranking/?gruppe=Landkommuner&sorter=aendring&retning=ned&kolonner=temaer",
        "/en/ranking/?vis=kort",
        "/en/compare/?kommune=aarhus&kommune=fanoe",
        "/en/compare/?kommune=aarhus&mod=gruppe",
        "/en/correlation/?x=b-omgoerelse&y=b-neet&kommune=aarhus",
        "/en/your-own-index/?kommune=aarhus",
    ],
)
def test_a_state_of_an_english_page_is_english_too(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.status_code == (404 if path in NOT_THERE else 200)
    page = Markup(answer.content.decode())
    found = {text for text in spoken.spoken(page, "en") if spoken.words_of([text]) & spoken.words_only_in("da")}
    assert found == set()


@pytest.mark.parametrize("every", [9, pytest.param(1, marks=pytest.mark.full)])
def test_every_municipality_is_described_in_english(every: int) -> None:
    danish = spoken.words_only_in("da")
    for slug in Municipality.objects.in_danish_order().values_list("slug", flat=True)[::every]:
        found = visited(f"/en/municipality/{slug}/")
        assert found.status == 200, slug
        page = found.page
        assert not spoken.words_of([page.title, page.description]) & danish, slug


def test_the_words_that_give_a_language_away_are_many_and_plain() -> None:
    assert {"kommune", "tal", "er", "ikke", "med"} <= spoken.words_only_in("da")
    assert {"municipality", "figures", "and", "the", "not", "with"} <= spoken.words_only_in("en")


@pytest.mark.parametrize("address", [one for one in PAGES if not f"{one.name}-".startswith(PARTS)], ids=str)
def test_both_languages_of_a_page_lead_to_each_other(address: Address) -> None:
    page = visited(address.path).page
    alternates = {link.get("hreflang"): link.get("href", "") for link in page.all("link") if link.get("hreflang")}
    assert page.one("html").get("lang") == address.language
    assert _path(alternates[address.language]) == address.path
    other = _path(alternates[OTHER[address.language]])
    with override(OTHER[address.language]):
        assert resolve(other).url_name == address.name
    back = visited(other).page
    assert address.path in [_path(link.get("href", "")) for link in back.all("link") if link.get("hreflang")]
    assert back.one("html").get("lang") == OTHER[address.language]


def _path(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def test_english_addresses_have_no_danish_words() -> None:
    with override("en"):
        for one in FILES:
            if one.language == "en":
                route = resolve(one.path).route.removeprefix("en/")
                assert not spoken.words_of([GIVEN.sub(" ", route)]) & spoken.words_only_in("da"), route


def test_no_english_address_hides_another() -> None:
    with override("en"):
        found = {one.name: resolve(one.path).url_name for one in PAGES if one.language == "en"}
    assert {name: answering for name, answering in found.items() if name != answering} == {}


def test_the_method_is_told_in_both_languages(client: Client) -> None:
    told = {language: Markup(client.get(path).content.decode()).text for language, path in _addresses_of("method")}
    assert "Known weaknesses" in told["en"]
    assert "Known weaknesses" not in told["da"]


def _addresses_of(name: str) -> list[tuple[str, str]]:
    return [(one.language, one.path) for one in PAGES if one.name == name]


def test_an_original_of_2014_is_told_with_english_areas(client: Client) -> None:
    page = Markup(client.get("/en/editions/2014/").content.decode())
    assert {row[1] for row in page.rows} == {
        "Overall",
        "Vulnerable children and young people",
        "Disability",
        "Vulnerable adults",
    }


def test_numbers_and_dates_follow_the_language(client: Client) -> None:
    danish, english = (Markup(client.get(path).content.decode()) for _lang, path in sorted(_addresses_of("ranking")))
    assert re.search(r"\b\d\d,\d\b", danish.text)
    assert not re.search(r"\b\d\d,\d\b", english.text)
    assert re.search(r"\b\d\d\.\d\b", english.text)
    assert "Published 1 October" in Markup(client.get("/en/").content.decode()).text


def test_what_is_new_in_a_demo_edition_is_as_many_sentences_in_both_languages() -> None:
    assert [year for year, (da, en) in NOTES.items() if da.count(". ") != en.count(". ")] == []


def test_the_sitemap_pairs_every_page_with_its_twin(client: Client) -> None:
    source = client.get("/sitemap.xml").content.decode()
    pairs = re.findall(
        r"<loc>([^<]*)</loc>.*?hreflang=\"da\" href=\"([^\"]*)\".*?hreflang=\"en\" href=\"([^\"]*)\"", source
    )
    assert len(pairs) == source.count("<url>") > 400
    for own, danish, english in pairs:
        assert own in {danish, english}
        assert "/en/" in english
        assert "/en/" not in danish


def test_a_file_of_an_english_page_has_english_heads_and_notes(client: Client) -> None:
    answer = client.get(f"{reverse('ranking')}".replace("/rangliste/", "/en/ranking.csv"))
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert {"edition", "municipality", "rank"} <= set(rows[0])
    assert rows[1][-1] == "Demo data: the figures are invented"


def test_a_heading_of_every_page_differs_between_the_languages_unless_it_is_a_name() -> None:
    heads: dict[str, set[str]] = {}
    for one in PAGES:
        for head in visited(one.path).page.all("h1"):
            heads.setdefault(one.name, set()).add(text_of(head))
    assert len(heads) > 15
    assert {name for name, found in heads.items() if len(found) == 1} <= NAMED_ALIKE


@pytest.mark.parametrize(
    "address",
    [
        "/en/trail/2026.1-175-b-tidligt-forebyg/",
        "/en/ranking/indicator/b-tidligt-forebyg/map.svg",
        "/api/v1/measurements?indicator=b-tidligt-forebyg&lang=en&page_size=1",
        "/api/v1/indicators/b-tidligt-forebyg?lang=en",
    ],
)
def test_a_unit_is_said_in_the_language_of_the_address(client: Client, address: str) -> None:
    text = client.get(address).text
    assert "per 1,000 aged 0-17" in text
    assert "pr. 1.000 0-17" not in text


def test_the_api_names_a_source_in_the_language_asked_for(client: Client) -> None:
    danish, english = (client.get(f"/api/v1/indicators/b-tidligt-forebyg?lang={one}").json() for one in ("da", "en"))
    assert danish["source"] == "Danmarks Statistik, Statistikbanken"
    assert english["source"] == "Statistics Denmark, StatBank"
