"""Pages that explain: what they say is what the edition says, and every way they show can be walked."""

import csv
import re
from io import StringIO

import pytest
from django.test import Client
from django.urls import resolve
from django.utils.translation import override

from rankings.models import Edition, Level, Placement
from tests.visited import visited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_unchanged")]

TEXTS = ("/metode/", "/brug/", "/spoergsmaal/", "/ord/", "/hvad-kan-jeg-goere/")
TEXTS_IN_ENGLISH = ("/en/method/", "/en/how-to-use/", "/en/questions/", "/en/words/", "/en/what-can-i-do/")


@pytest.mark.parametrize("path", [*TEXTS, *TEXTS_IN_ENGLISH])
def test_every_link_of_a_text_leads_somewhere(path: str) -> None:
    html = visited(path).body.decode()
    text = html[html.index("<article") : html.index("</article>")]
    ids = set(re.findall(r'id="([^"]+)"', text))
    links = set(re.findall(r'href="([^"]+)"', text))
    assert {link for link in links if link.startswith("#") and link[1:] not in ids} == set()
    own = {link for link in links if link.startswith("/")}
    assert len(own) > 3
    for link in own:
        page, _hash, anchor = link.partition("#")
        with override("en" if page.startswith("/en/") else "da"):
            resolve(page)
        assert page.startswith("/en/") == path.startswith("/en/")
        assert not anchor or f'id="{anchor}"' in visited(page).body.decode(), link


def test_two_minutes_show_the_place_of_the_municipality_that_was_asked_for(client: Client) -> None:
    own = Placement.objects.overall().get(edition=_newest(), municipality__slug="roedovre")
    text = client.get("/laes-indekset/", {"kommune": "rødovre"}).content.decode()
    assert f"af {own.n}" in text
    assert f"mellem nr. {own.low} og {own.high}" in text
    assert f"med scoren {own.printed:.1f}".replace(".", ",") in text
    by_code = client.get("/laes-indekset/", {"kommune": own.municipality.code}).content.decode()
    assert "Hvor Rødovre ligger" in text
    assert "Hvor Rødovre ligger" in by_code


def test_two_minutes_without_a_known_municipality_say_that_another_is_the_example(client: Client) -> None:
    assert re.search(r"Indtil du vælger, er \w+ eksemplet", client.get("/laes-indekset/").content.decode())
    unknown = client.get("/laes-indekset/", {"kommune": "atlantis"}).content.decode()
    assert "Den kommune kender vi ikke" in unknown
    assert "aria-invalid" in unknown


def test_two_minutes_of_a_municipality_without_a_place_give_the_reason(client: Client) -> None:
    unplaced = Placement.objects.overall().filter(edition=_newest(), rank=None).select_related("municipality")[0]
    text = client.get("/laes-indekset/", {"kommune": unplaced.municipality.slug}).content.decode()
    assert "har ikke noget samlet nummer" in text
    assert "der kræves 60 %" in text


def test_the_coverage_file_counts_the_figures_that_the_edition_has(client: Client) -> None:
    rows = _rows(client, "/daekning.plain.csv")
    edition = _newest()
    own = next(row for row in rows if row["edition"] == edition.release and row["subject"] == "b-omgoerelse")
    figures = Placement.objects.filter(edition=edition, level=Level.INDICATOR, indicator__code="b-omgoerelse")
    assert int(own["with_value"]) == figures.filter(missing="").count()
    assert int(own["municipalities"]) == figures.count()
    kinds = sum(int(count) for count in re.findall(r": (\d+)", own["missing_kinds"]))
    assert kinds == figures.exclude(missing="").count()


def test_a_break_stands_where_the_years_of_the_figures_cross_it(client: Client) -> None:
    rows = [row for row in _rows(client, "/daekning.plain.csv") if row["subject"] == "b-tidligt-forebyg"]
    broken = [int(row["data_year"]) for row in rows if row["series_break"]]
    assert broken == [min(int(row["data_year"]) for row in rows if int(row["data_year"]) >= 2024)]


def test_the_file_of_all_editions_has_the_corrected_one_and_says_that_it_was_replaced(client: Client) -> None:
    rows = _rows(client, "/indikator/b-tidligt-forebyg/alle-udgaver.plain.csv")
    replaced = {row["edition"]: row["replaced"] for row in rows}
    assert replaced["2025.1"] == "true"
    assert replaced["2025.2"] == "false"
    assert {row["edition"] for row in rows if row["series_break"]} < set(replaced)


def _newest() -> Edition:
    return Edition.objects.published().newest_first()[0]


def _rows(client: Client, path: str) -> list[dict[str, str]]:
    text = client.get(path).content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))
