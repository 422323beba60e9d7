import datetime as dt
import importlib

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client

from indicators.models import Area, Indicator, Municipality, SeriesBreak, Source, Theme
from rankings.models import Edition, Level, Placement
from rankings.services.editions import correct_edition, publish_edition
from tests import addresses
from tests.addresses import Address
from tests.filled_in import NOW, imported, publisher, steward
from tests.markup import Markup, body_of, text_of
from tests.visited import as_it_is_now, visited

pytestmark = pytest.mark.django_db
KEPT = importlib.import_module("rankings.migrations.0006_kept_catalogue").TABLES
DRAWN = (".png", ".svg", ".pdf", ".zip")
OF_THE_EDITION = [one for one in addresses.every("@2026.1") if one.edition and one.language == "da"]
PINNED = [
    "/@2026.1/rangliste/?indbyggere_fra=50000&sorter=indbyggere&gruppe=Landkommuner",
    "/@2026.1/rangliste/?kolonner=temaer&aendring=vis",
    "/@2026.1/sammenlign/?kommune=roedovre&mod=gruppe",
    "/@2026.1/rangliste/kort.svg",
    "/@2026.1/kommune/roedovre/kort.svg",
    "/@2026.1/presse.pdf",
    "/en/@2026.1/municipality/laesoe/",
    "/spor/2026.1-175-b-omgoerelse/",
    "/api/v1/indicators?edition=2026.1&page_size=200",
    "/api/v1/municipalities?edition=2026.1",
    "/api/v1/rankings?edition=2026.1&indbyggere_fra=50000",
    "/citer/?side=/@2026.1/indikator/b-omgoerelse/",
]  # fmt: skip
EACH = [*(one.path for one in OF_THE_EDITION), *PINNED]


def one_of_each_kind() -> list[str]:
    """Rankings, files, pictures and embeds of areas, themes and indicators are made by the same code: one of them."""
    kinds = {frozenset(one.name.split("-")) - {"area", "theme", "indicator"}: one.path for one in OF_THE_EDITION}
    return [*dict.fromkeys(kinds.values()), *PINNED]  # a file has two names where its page has


def page_of(client: Client, path: str) -> Markup:
    answer = client.get(path)
    assert answer.status_code == 200
    return Markup(answer.content.decode())


def figures_of(page: Markup) -> list[list[str]]:
    return [row[:4] for row in page.rows]


def test_a_short_address_shows_the_newest_edition(client: Client) -> None:
    assert figures_of(page_of(client, "/rangliste/")) == figures_of(page_of(client, "/2026/rangliste/"))
    assert "2026" in page_of(client, "/").text


def test_a_year_shows_its_newest_revision_and_a_pinned_address_its_own(client: Client) -> None:
    of_year, first, second = (
        figures_of(page_of(client, f"/{edition}/rangliste/indikator/b-omgoerelse/"))
        for edition in ("2025", "@2025.1", "@2025.2")
    )
    assert of_year == second
    assert first != second


@pytest.mark.parametrize("edition", ["2023", "2027", "@2026.2", "@2025.3", "@2024.0", "26", "2025.1", "@2025"])
@pytest.mark.parametrize("language", ["", "en/"])
def test_an_edition_that_never_was_is_not_found(client: Client, edition: str, language: str) -> None:
    assert client.get(f"/{language}{edition}/").status_code == 404


def test_an_older_edition_says_so_and_leads_to_this_very_page_in_the_newest(client: Client) -> None:
    page = page_of(client, "/2024/kommune/roedovre/")
    bar = page.by_class("edition-bar")[0]
    assert "2024" in text_of(bar)
    assert "/kommune/roedovre/" in [link.get("href") for link in bar.iter("a")]


def test_a_corrected_edition_says_so_and_leads_to_its_correction(client: Client) -> None:
    bar = page_of(client, "/@2025.1/kommune/roedovre/").by_class("edition-bar")[0]
    assert "rettet" in text_of(bar).lower()


@pytest.mark.parametrize("path", ["/2024/", "/@2025.1/", "/2024/kommune/roedovre/", "/@2025.1/rangliste/"])
def test_the_links_of_an_edition_stay_in_it(client: Client, path: str) -> None:
    edition = path.split("/")[1]
    links = [link.get("href", "") for link in page_of(client, path).one("main").iter("a")]
    taken = ("/hent", "/indlejr/", "/del/")  # what is taken away leads to the revision that stays
    municipalities = [link for link in links if "/kommune/" in link and "." not in link[9:]]
    municipalities = [link for link in municipalities if not any(part in link for part in taken)]
    assert municipalities
    assert [link for link in municipalities if not link.startswith(f"/{edition}/")] == []


def test_every_edition_and_every_correction_stands_in_the_archive_with_its_reason(client: Client) -> None:
    page = page_of(client, "/udgaver/")
    for year in (2024, 2025, 2026):
        assert str(year) in page.text
    assert "Tre kommuner havde talt hjemviste sager med som omgjorte" in page.text
    assert any("@2025.1" in link for link in page.links)


@pytest.mark.parametrize("pinned", [one_of_each_kind(), pytest.param(EACH, marks=pytest.mark.full)], ids=len)
def test_pinned_pages_stay_as_they_were_whatever_happens(client: Client, pinned: list[str]) -> None:
    before = {path: visited(path).body for path in pinned}
    newest = figures_of(page_of(client, "/rangliste/indikator/b-omgoerelse/"))
    imported("101;København;b-omgoerelse;2025;0,1;")
    draft = correct_edition(year=2026, reason="Talt forkert.", by=steward(), now=NOW)
    assert figures_of(page_of(client, "/rangliste/indikator/b-omgoerelse/")) == newest
    _another_catalogue()
    with as_it_is_now():
        assert [path for path in pinned if _bytes(client, path) != before[path]] == []
    publish_edition(edition=draft, by=publisher(), now=NOW + dt.timedelta(days=1), unheard_because="En prøve.")
    assert figures_of(page_of(client, "/rangliste/indikator/b-omgoerelse/")) != newest
    pages = [path for path in pinned if not path.startswith("/spor/")]  # a proof tells of later corrections
    with as_it_is_now():
        assert [path for path in pages if not _says_the_same(_bytes(client, path), before[path])] == []


def _bytes(client: Client, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return body_of(answer)


def _another_catalogue() -> None:
    """Rename, regroup, move and round everything anew, and double every population."""
    for model in (Indicator, Theme, Area):
        model.objects.update(name_da=Concat(Value("Ny "), "code"), name_en=Concat(Value("New "), "code"))
    other = Theme.objects.order_by("position").last()
    Indicator.objects.of_the_index().update(
        decimals=3, unit="ting", short_da="Ny", definition_da="Ny.", theme=other, source_table="NY"
    )
    Source.objects.update(terms_da="Nye vilkår.")
    SeriesBreak.objects.all().delete()
    Municipality.objects.update(kommunegruppe="Nye kommuner", landsdel="Ny", area_km2=1)
    imported(*(f"{code};;k-indbyggere;2025;{7 * int(code)};" for code in ("101", "151", "175", "825")))


def test_a_correction_is_computed_by_the_catalogue_of_what_it_corrects() -> None:
    _another_catalogue()
    draft = correct_edition(year=2026, reason="Intet er ændret.", by=steward(), now=NOW)
    publish_edition(edition=draft, by=publisher(), now=NOW + dt.timedelta(days=1), unheard_because="En prøve.")
    first, second = (
        list(
            Placement.objects.filter(edition__year=2026, edition__revision=revision)
            .order_by("municipality", "level", "area", "theme", "indicator")
            .values_list("rank", "printed", "low", "high", "coverage")
        )
        for revision in (1, 2)
    )
    assert first == second


def test_what_an_edition_keeps_has_the_columns_of_the_catalogue_and_is_never_changed() -> None:
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(
                "SELECT table_schema, array_agg((column_name, data_type)::text ORDER BY column_name) "
                "FROM information_schema.columns WHERE table_name = %s AND column_name <> 'edition_id' "
                "GROUP BY table_schema",
                [table],
            )
            columns = dict(cursor.fetchall())
            same = columns["public"] == columns["kept"] == columns["pinned"]
            assert same, f"a migration that alters {table} alters kept.{table} and pinned.{table} too"
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                cursor.execute(f"DELETE FROM kept.{table}")  # noqa: S608


def _says_the_same(now: bytes, before: bytes) -> bool:
    """A file byte for byte; of a page all that it says, but for what tells of newer editions."""
    return now == before or (b"<!doctype html>" in now[:50].lower() and _said(now) == _said(before))


def _said(content: bytes) -> str:
    page = Markup(content.decode())
    said = page.text.replace(" Der er en nyere udgave: 2026.2", "")
    for bar in page.by_class("edition-bar"):
        said = said.replace(text_of(bar), "")
    return said


def test_n_is_frozen_with_the_edition(client: Client) -> None:
    own = Placement.objects.get(edition__year=2024, level=Level.OVERALL, municipality__slug="roedovre")
    Municipality.objects.create(
        code="999",
        name="Nykommune",
        slug="nykommune",
        region=Municipality.objects.first().region,  # type: ignore[union-attr]
        landsdel="Fyn",
        kommunegruppe="Landkommuner",
        area_km2=1,
    )
    assert f"Nr. {own.rank} af {own.n}" in page_of(client, "/2024/kommune/roedovre/").text


@pytest.mark.usefixtures("_empty_site")
@pytest.mark.parametrize("path", ["/", "/kommune/roedovre/", "/rangliste/", "/udgaver/", "/metode/", "/en/"])
def test_a_site_without_an_edition_says_so_kindly(client: Client, path: str) -> None:
    page = page_of(client, path)
    assert page.faults() == []
    assert not Edition.objects.exists()


TEXTS = {"method", "editions", "original", "about", "accessibility", "terms", "privacy", "corrections", "api-docs"}
TEXTS |= {"definitions", "cited", "text-help", "text-questions", "text-use", "text-words"}
SERVICES = {"provisions", "provisions-gaps", "provisions-levels", "embed-provisions"}  # of a register, of no edition
WITHOUT_FIGURES = TEXTS | SERVICES | {"search", "suggestions", "follow", "practices-method"}
OF_A_FIGURE = {"trace", "cite", "figure-wrong", "share"}
OF_A_ROW = {"hearing-year", "provision", "surveys", "surveys-year"}  # an empty site has none: nothing is there


@pytest.mark.usefixtures("_empty_site")
def test_a_site_without_an_edition_has_its_texts_and_no_file_that_is_a_page(client: Client) -> None:
    with as_it_is_now():
        for address in addresses.every():
            if not address.edition:
                _is_a_text_or_says_so(client, address)


def _is_a_text_or_says_so(client: Client, address: Address) -> None:
    answer = client.get(address.path)
    is_page = address.path.endswith("/") and address.name not in OF_A_FIGURE | OF_A_ROW
    is_html = answer["Content-Type"].startswith("text/html")
    assert answer.status_code == (200 if is_page or not is_html else 404), address
    if is_page and "<title>" in (html := answer.content.decode()):
        markup = Markup(html)
        waiting = markup.title.startswith(("Ingen udgave endnu", "No edition yet"))
        assert waiting is (address.name not in WITHOUT_FIGURES), address
        assert markup.faults() == [], address


def test_with_one_edition_alone_nothing_is_compared_over_time(client: Client) -> None:
    page = page_of(client, "/2024/kommune/roedovre/")
    assert page.faults() == []
    assert "siden 20" not in page.text


@pytest.mark.parametrize(
    ("danish", "english"),
    [("/kommune/roedovre/", "/en/municipality/roedovre/"), ("/2024/rangliste/", "/en/2024/ranking/")],
)
def test_each_language_has_its_own_address_and_knows_the_other(client: Client, danish: str, english: str) -> None:
    for path, language in ((danish, "da"), (english, "en")):
        page = page_of(client, path)
        assert page.one("html").get("lang") == language
        alternates = {link.get("hreflang"): link.get("href", "") for link in page.all("link") if link.get("hreflang")}
        assert alternates["da"].endswith(danish)
        assert alternates["en"].endswith(english)


def test_the_language_is_that_of_the_address_and_of_nothing_else(client: Client) -> None:
    answer = client.get("/kommune/roedovre/", headers={"accept-language": "en"})
    assert answer["Content-Language"] == "da"
    assert "Accept-Language" not in answer.get("Vary", "")
