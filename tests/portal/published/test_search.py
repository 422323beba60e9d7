import csv
import re

import pytest
from django.test import Client

from indicators.citizens_words import subjects_called
from indicators.danish import search_key
from indicators.models import Indicator, Municipality, Theme
from indicators.postcodes_and_neighbours import neighbours_of
from indicators.services.catalogue import DATA as SHIPPED
from portal.published.search import find
from rankings.models import Edition, Placement
from tests.markup import Markup, text_of

pytestmark = pytest.mark.django_db

SPELLINGS = {
    "aarhus": ["Aarhus", "Århus", "Arhus", "aarhus kommune", "ÅRHUS", "Aarhus'", "Aarhuss", "Århus Kommunes"],
    "aeroe": ["Ærø", "Aeroe", "Aro", "ærø", "Ærøs"],
    "hoeje-taastrup": ["Høje Taastrup", "Hoje-Tåstrup", "Høje-Tåstrup", "hoeje taastrup", "Høje Tåstrup Kommune"],
    "nordfyns": ["Nordfyn", "Nordfyns", "Nordfyns Kommune"],
    "roedovre": ["Rodovre", "Rødovre", "Roedovre", "Rødovres", "Rødover", "Rødovr", "rødovre kommune", "Rødorve"],
    "koebenhavn": ["Kobenhavn", "Copenhagen", "kbh", "København", "Koebenhavn", "Københavns Kommune", "Københvn"],
    "broenderslev": ["Brønderslev-Dronninglund", "Brønderslev", "Bronderslev", "Brønderlsev"],
    "soenderborg": ["Sonderborg", "Sønderbog", "Sønderborg"],
    "frederikshavn": ["Frederkshavn", "Skagen"],
    "faaborg-midtfyn": ["Fåborg-Midtfyn", "Faaborg Midtfyn", "Faaborg", "Ringe"],
    "lyngby-taarbaek": ["Lyngby", "Lyngby-Tårbæk", "Lyngby Taarbæk", "Lyngby-Taarbaek"],
    "guldborgsund": ["Nykøbing Falster", "Nykøbing F", "Sakskøbing"],
    "aabenraa": ["Åbenrå", "Aabenraa", "Abenra"],
    "laesoe": ["Læsø", "Laeso", "Laesoe", "Leasø"],
    "esbjerg": ["Esbjerg", "Ribe"],
    "helsingoer": ["Elsinore", "Helsingor"],
    "aalborg": ["Aalbrog", "Ålbrog"],
    "skive": ["Skve"],
    "koege": ["Køge Bugt"],
}
SPELLINGS |= {
    "faaborg-midtfyn": ["midtfyn", "Fåborg-Midtfyn", "Faaborg Midtfyn", "Faaborg", "Ringe"],
    "ringkoebing-skjern": ["Skjern", "ringkøbing"],
    "hoeje-taastrup": ["Tåstrup", "taastrup", "Høje Taastrup", "Hoje-Tåstrup", "Høje Tåstrup Kommune"],
    "lyngby-taarbaek": ["Tårbæk", "Lyngby", "Lyngby-Tårbæk", "Lyngby Taarbæk", "Lyngby-Taarbaek"],
    "koebenhavn": ["101", "0101", "1050", "1799", "Kobenhavn", "Copenhagen", "kbh", "Københavns Kommune", "Københvn"],
    "aarhus": ["751", "0751", "8000", "8000 Aarhus C", "Aarhus", "Århus", "Arhus", "ÅRHUS", "Århus Kommunes"],
    "frederiksberg": ["147", "1800", "2000"],
    "thisted": ["7700", "787"],
}
SHARED_POSTCODES = ["2700", "2970", "4180", "6960", "7680", "8300"]
NOT_THERE = ["Brabrand", "Christiansø", "Gellerup", "Nordby", "Vejlby", "Viby", "Thy", "Lund", "Stockholm"]
ASKED = [(question, slug) for slug, questions in SPELLINGS.items() for question in questions]


def results_of(client: Client, question: str, before: str = "/soeg/") -> Markup:
    answer = client.get(before, {"q": question})
    assert answer.status_code == 200
    return Markup(answer.content.decode())


def options_of(client: Client, question: str) -> list[tuple[str, str]]:
    """Address and text of every suggestion."""
    answer = client.get("/soeg/forslag/", {"q": question})
    assert answer.status_code == 200
    fragment = Markup(f"<!doctype html><title>x</title><ul>{answer.content.decode()}</ul>")
    return [(option.get("data-href", ""), text_of(option)) for option in fragment.all("li")]


@pytest.mark.parametrize(("question", "slug"), ASKED)
def test_a_municipality_is_found_however_it_is_spelt(client: Client, question: str, slug: str) -> None:
    suggested = [address for address, _text in options_of(client, question)]
    assert suggested[:1] == [f"/kommune/{slug}/"]


@pytest.mark.parametrize(("question", "slug"), [(questions[-1], slug) for slug, questions in SPELLINGS.items()])
def test_the_page_of_results_has_what_is_suggested(client: Client, question: str, slug: str) -> None:
    main = results_of(client, question).one("main")
    links = [link.get("href", "") for link in main.iter("a")]
    assert [link for link in links if link.startswith("/kommune/")][:1] == [f"/kommune/{slug}/"]


@pytest.mark.parametrize("question", NOT_THERE)
def test_a_place_that_is_not_known_is_not_answered_by_one_spelt_much_like_it(client: Client, question: str) -> None:
    page = results_of(client, question)
    assert f"Vi fandt ikke noget om »{question}«" in page.text
    assert [link.get("href") for link in page.one("main").iter("a") if "/kommune/" in link.get("href", "")] == []


@pytest.mark.parametrize(("question", "slug"), [("Skag", "frederikshavn"), ("Hasle", "faxe"), ("Rødov", "roedovre")])
def test_while_somebody_types_a_beginning_is_enough(client: Client, question: str, slug: str) -> None:
    assert f"/kommune/{slug}/" in [address for address, _text in options_of(client, question)]


@pytest.mark.parametrize("question", ["Odence", "Assns", "Hjøring", "Langelnd", "Høng"])
def test_a_misspelt_municipality_brings_no_indicator_that_only_sounds_like_it(client: Client, question: str) -> None:
    assert "/indikator/" not in "".join(address for address, _text in options_of(client, question))


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("omgørelse", "/indikator/b-omgoerelse/"),
        ("hjemløse", "/indikator/v-hjemloese/"),
        ("hjemløshed", "/tema/hjemloeshed-og-bolig/"),
        ("handicap", "/omraade/handicap/"),
        ("omgjorte afgørelser", "/indikator/b-omgoerelse/"),
        ("misbrug", "/tema/misbrugsbehandling/"),
    ],
)
def test_themes_areas_and_indicators_are_found_too(client: Client, question: str, address: str) -> None:
    assert address in results_of(client, question).links
    assert address in [link for link, _text in options_of(client, question)]


def test_the_english_search_answers_with_english_pages(client: Client) -> None:
    page = results_of(client, "homelessness", "/en/search/")
    assert page.one("html").get("lang") == "en"
    main = [link.get("href", "") for link in page.one("main").iter("a")]
    assert main
    assert all(link.startswith(("/en/", "#")) for link in main)


def test_a_name_found_by_another_name_says_by_which(client: Client) -> None:
    assert "Skagen" in text_of(results_of(client, "Skagen").one("main")).replace("»Skagen«", "", 1)


@pytest.mark.parametrize("question", ["qwxzyk", "1234567", "%%%", "___", "🙂", "\x00", "x" * 5000])
def test_a_question_that_nothing_fits_gets_a_kind_answer(client: Client, question: str) -> None:
    page = results_of(client, question)
    assert page.faults() == []
    assert {"/kommuner/", "/indikatorer/"} <= set(page.links)
    assert options_of(client, question) == []


@pytest.mark.parametrize("question", ["", "   "])
def test_no_question_gives_the_field_and_no_suggestions(client: Client, question: str) -> None:
    page = results_of(client, question)
    assert page.faults() == []
    assert options_of(client, question) == []


def test_suggestions_are_at_most_eight_options_and_no_page(client: Client) -> None:
    assert 2 <= len(options_of(client, "s")) <= 8
    answer = client.get("/soeg/forslag/", {"q": "s"}).content.decode()
    assert "<html" not in answer
    assert answer.count('role="option"') == len(options_of(client, "s"))


def test_what_was_asked_stays_in_the_field_and_is_escaped(client: Client) -> None:
    page = results_of(client, '"><script>alert(1)</script>')
    fields = [field.get("value") for field in page.all("input") if field.get("name") == "q"]
    assert fields
    assert set(fields) == {'"><script>alert(1)</script>'}
    assert page.faults() == []


def test_a_single_letter_finds_what_begins_with_it(client: Client) -> None:
    addresses = [address for address, _text in options_of(client, "s")]
    assert addresses
    assert all(address.startswith("/kommune/s") for address in addresses if address.startswith("/kommune/"))


@pytest.mark.parametrize(("question", "first"), [
    ("aa", ["Aabenraa", "Aalborg", "Aarhus"]),
    ("å", ["Aabenraa", "Aalborg", "Aarhus"]),
    ("Å", ["Aabenraa", "Aalborg", "Aarhus"]),
    ("år", ["Aarhus"]),
    ("æ", ["Ærø"]),
    ("ær", ["Ærø"]),
    ("a", ["Albertslund", "Allerød", "Assens"]),
    ("o", ["Odder", "Odense", "Odsherred"]),
])  # fmt: skip
def test_what_begins_so_in_danish_comes_before_what_only_sounds_so(
    client: Client, question: str, first: list[str]
) -> None:
    said = [text for _address, text in options_of(client, question)]
    assert [text.partition(" nr. ")[0] for text in said[: len(first)]] == first
    assert all(re.search(r" nr\. \d+.* af \d+ · .*nr\. ", text) for text in said[: len(first)])


def test_every_municipality_is_found_by_its_code_with_and_without_the_zero_before_it() -> None:
    for municipality in Municipality.objects.order_by("code")[::7]:
        for question in (municipality.code, f"0{municipality.code}"):
            assert find(question).municipalities[0][0] == municipality


def test_every_postcode_leads_to_the_municipality_that_has_most_of_it_and_then_to_the_others() -> None:
    with (SHIPPED / "postcodes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for postcode in sorted({row["postcode"] for row in rows})[::97] + SHARED_POSTCODES:
        parts = sorted((row for row in rows if row["postcode"] == postcode), key=lambda row: -float(row["share"]))
        found = find(postcode).municipalities
        assert {one.code for one, _by, _fit in found} == {row["code"] for row in parts}, postcode
        assert found[0][0].code == parts[0]["code"], postcode
        assert all(by == f"{postcode} {parts[0]['name']}" for _one, by, _fit in found), postcode


WORDS = {
    "kriminalitet": ["skole-og-trivsel", "b-kriminalitet-15-17"],
    "barn med handicap": ["boern-med-handicap-og-deres-familier", "h-boern-indsatser"],
    "børn med handicap": ["boern-med-handicap-og-deres-familier"],
    "autisme": ["boern-med-handicap-og-deres-familier", "h-boern-indsatser"],
    "autist": ["boern-med-handicap-og-deres-familier"],
    "ADHD": ["boern-med-handicap-og-deres-familier", "socialpsykiatri"],
    "BPA": ["sagsbehandling-og-retssikkerhed", "h-omgoerelse-bpa"],
    "klage": ["sagsbehandling-og-retssikkerhed", "faglighed-og-retssikkerhed", "h-omgoerelse-voksne"],
    "klager": ["sagsbehandling-og-retssikkerhed"],
    "klage over kommunen": ["sagsbehandling-og-retssikkerhed"],
    "specialskole": ["skole-og-trivsel", "b-medl-skolesamarbejde"],
    "specialskoler": ["skole-og-trivsel"],
    "aflastning": ["boern-med-handicap-og-deres-familier", "h-boern-indsatser"],
    "plejefamilie": ["anbringelser-og-stabilitet", "b-anbragt-familiepleje"],
    "tvangsfjernelse": ["anbringelser-og-stabilitet"],
    "psykisk syg": ["socialpsykiatri"],
    "narkoman": ["misbrugsbehandling", "v-stof-garanti"],
    "herberg": ["hjemloeshed-og-bolig", "v-herberg-varighed"],
    "botilbud": ["bolig-og-stoette-i-hverdagen", "h-botilbud-ventetid"],
    "handicapbil": ["sagsbehandling-og-retssikkerhed", "h-bil-sagstid"],
    "STU": ["uddannelse-job-og-aktivitet", "h-stu-rettidig"],
    "autism": ["boern-med-handicap-og-deres-familier"],
    "respite care": ["boern-med-handicap-og-deres-familier"],
    "complaint": ["sagsbehandling-og-retssikkerhed"],
    "special school": ["skole-og-trivsel"],
}


@pytest.mark.parametrize(("question", "codes"), WORDS.items())
def test_the_words_that_citizens_use_lead_to_what_we_call_otherwise(question: str, codes: list[str]) -> None:
    found = find(question)
    assert set(codes) <= {row.code for row in found.themes} | {row.code for row in found.indicators}


def test_the_page_of_results_and_the_english_one_show_what_citizens_words_lead_to(client: Client) -> None:
    assert "/tema/boern-med-handicap-og-deres-familier/" in results_of(client, "autisme").links
    english = "".join(results_of(client, "respite care", "/en/search/").links)
    assert "boern-med-handicap-og-deres-familier" in english


def test_every_theme_is_found_by_each_of_its_own_words_in_both_languages() -> None:
    with (SHIPPED / "citizens_words.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    themes, indicators = set(Theme.objects.values_list("code", flat=True)), Indicator.objects.of_the_index()
    assert themes <= {row["code"] for row in rows}
    assert {row["code"] for row in rows} <= themes | set(indicators.values_list("code", flat=True))
    for row in rows:
        for language in ("words_da", "words_en"):
            words = [word.strip() for word in row[language].split(";")]
            assert all(words), row["code"]
            assert len(set(words)) == len(words), row["code"]
            assert all(row["code"] in subjects_called(search_key(word)) for word in words), row["code"]


@pytest.mark.parametrize(("question", "level", "code"), [
    ("hjørring handicap", "area", "handicap"),
    ("handicap hjørring", "area", "handicap"),
    ("Handicap i Hjørring", "area", "handicap"),
    ("hjøring handicap", "area", "handicap"),
    ("hjørring kommune misbrug", "theme", "misbrugsbehandling"),
    ("hjørring autisme", "theme", "bolig-og-stoette-i-hverdagen"),
    ("Hirtshals hjemløse", "indicator", "v-hjemloese"),
])  # fmt: skip
def test_a_municipality_with_a_subject_is_answered_with_its_place_in_it(
    client: Client, question: str, level: str, code: str
) -> None:
    edition = Edition.objects.published().order_by("-year")[0]
    where = {"area": "area__slug"}.get(level, f"{level}__code")
    row = Placement.objects.of(edition).get(level=level, municipality__slug="hjoerring", **{where: code})
    wanted = f"nr. {row.rank}" if row.rank_last == row.rank else f"nr. {row.rank}–{row.rank_last}"
    answers = [text for address, text in options_of(client, question) if address.startswith("/kommune/hjoerring/")]
    assert [text for text in answers if f"{wanted} af {row.n}" in text.replace("\xa0", " ")], answers
    assert options_of(client, question)[0][0].startswith("/kommune/hjoerring/")


@pytest.mark.parametrize(("question", "pair"), [
    ("roskilde mod greve", ["roskilde", "greve"]),
    ("Greve vs Roskilde", ["greve", "roskilde"]),
    ("høje taastrup eller ærø", ["hoeje-taastrup", "aeroe"]),
    ("Århus mod Københvn", ["aarhus", "koebenhavn"]),
])  # fmt: skip
def test_two_municipalities_against_each_other_are_offered_as_a_comparison_with_their_places(
    client: Client, question: str, pair: list[str]
) -> None:
    address, text = options_of(client, question)[0]
    assert address == f"/sammenlign/?kommune={pair[0]}&kommune={pair[1]}"
    edition = Edition.objects.published().order_by("-year")[0]
    for slug in pair:
        row = Placement.objects.of(edition).overall().get(municipality__slug=slug)
        assert row.rank is None or f"nr. {row.rank}" in text.replace("\xa0", " ")
    assert client.get(address).status_code == 200


def test_neighbours_are_those_who_meet_on_land_both_ways() -> None:
    assert neighbours_of("147") == {"101"}
    codes = set(Municipality.objects.values_list("code", flat=True))
    assert sum(len(neighbours_of(code)) for code in codes) == 2 * 186
    for code in codes:
        assert neighbours_of(code) <= codes - {code}
        assert all(code in neighbours_of(other) for other in neighbours_of(code))
    islands = {"400", "482", "492", "563", "741", "773", "825"}
    assert {code for code in codes if not neighbours_of(code)} == islands
