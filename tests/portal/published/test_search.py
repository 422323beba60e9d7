import pytest
from django.test import Client

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
