"""What a ranking page may say, and that its forms are of the very same rows."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils.translation import override

from portal.addresses import Links
from portal.components.subject import distribution_of, map_of
from portal.published.edition import edition_of_address
from portal.published.ranking import Answer, ask
from portal.published.subjects import OVERALL, every_subject, subject
from portal.ranking.page import ranking_page
from portal.ranking.table import ranking_table
from rankings.models import Edition, Explanation, Placement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _danish() -> Iterator[None]:
    with override("da"):
        yield


def _ask(state: str = "", prefix: str = "", what: Any = OVERALL) -> Answer:
    return ask(edition_of_address(prefix), what, QueryDict(state))


def _table(state: str = "", prefix: str = "", what: Any = OVERALL) -> Any:
    return ranking_table(_ask(state, prefix, what), QueryDict(state), Links(prefix))


def test_columns_are_the_areas_and_on_demand_the_themes() -> None:
    assert len(_ask().columns) == 3
    assert len(_ask("kolonner=temaer").columns) == 16


def test_an_areas_columns_are_its_themes_and_on_demand_its_indicators() -> None:
    area = subject("area", "handicap")
    assert {one.level for one in _ask(what=area).columns} == {"theme"}
    assert {one.level for one in _ask("kolonner=indikatorer", what=area).columns} == {"indicator"}


def test_columns_that_make_no_sense_there_are_the_usual_ones() -> None:
    assert len(_ask("kolonner=indikatorer").columns) == 3


def test_every_cell_has_a_figure_or_the_reason_why_not() -> None:
    for row in _table("kolonner=temaer").rows:
        place, where, score, *children = row.cells
        assert all(cell.text or cell.missing for cell in (place, where, *children))
        assert score.text or where.missing


def test_municipalities_picked_by_hand_are_the_rows_and_stay_in_every_link() -> None:
    state = "kommune=roedovre&kommune=varde"
    answer = _ask(state)
    assert {line.municipality.slug for line in answer.lines} == {"roedovre", "varde"}
    page = ranking_page(answer, QueryDict(state), "/rangliste/")
    links = [*(tab.url for tab in page["tabs"]), *(column.url for column in page["table"].columns if column.url)]
    assert links
    assert all("kommune=roedovre" in url and "kommune=varde" in url for url in links)
    assert all("kommune=varde" in edition.url for edition in page["editions"])


def test_the_map_holds_everyone_and_those_not_asked_for_are_pale() -> None:
    answer = _ask("region=1084")
    drawn = map_of(answer, Links())
    pale = {place.code for place in drawn.places if place.css == "aside"}
    assert pale == {line.municipality.code for line in answer.aside}
    assert len(drawn.places) == 98


def test_a_filter_leaves_places_and_n_as_they_are() -> None:
    everyone = {line.municipality.slug: line.placement.rank for line in _ask().lines}
    some = _ask("gruppe=Hovedstadskommuner")
    assert some.is_filtered
    assert {line.municipality.slug: everyone[line.municipality.slug] for line in some.lines} == {
        line.municipality.slug: line.placement.rank for line in some.lines
    }
    under = ranking_page(some, QueryDict("gruppe=Hovedstadskommuner"), "/")["under"]
    assert f"placeret af landets {some.lines[0].placement.n}" in under


def test_a_filter_of_nonsense_is_said_and_everyone_is_shown() -> None:
    answer = _ask("region=atlantis")
    assert answer.errors
    assert not answer.is_filtered


def test_a_shared_place_is_shown_as_what_it_spans_to_all_who_share_it() -> None:
    tied = {line.municipality.name: line.placement for line in _ask().lines if _is_shared(line.placement)}
    places = {row.name: row.lead.text for row in _table().rows if row.lead}
    assert tied
    assert {name: places[name] for name in tied} == {name: f"{own.rank}–{own.rank_last}" for name, own in tied.items()}


def _is_shared(own: Placement) -> bool:
    return bool(own.rank and own.rank_last != own.rank)


def test_the_line_of_a_row_holds_its_place_and_spans_its_interval() -> None:
    for line, row in zip(_ask().lines, _table().rows, strict=True):
        own, where = line.placement, row.cells[0]
        if own.rank is None or own.low is None or own.high is None:
            continue
        assert where.text == (f"{own.low}–{own.high}" if own.low != own.high else f"{own.low}")
        assert where.span
        start, width, at = float(where.span.start), float(where.span.width), float(where.span.at)
        assert start == pytest.approx((own.n - own.high) / (own.n - 1) * 100, abs=0.1)  # nr. 1 stands at the right end
        assert start + width == pytest.approx(max((own.n - own.low) / (own.n - 1) * 100, start + 0.5), abs=0.2)
        assert 0 <= at <= 100


def test_the_change_is_shown_on_demand_only_and_with_its_cause() -> None:
    assert "Ændring" not in [column.name for column in _table().columns]
    told = []
    for what in (OVERALL, *(one for one in every_subject(edition_of_address("").edition) if one.theme)):
        changes = {one.municipality.name: one.change for one in _ask("aendring=vis", what=what).lines if one.change}
        table = _table("aendring=vis", what=what)
        index = [column.name for column in table.columns].index("Ændring") - (2 if table.rows[0].lead else 1)
        moved = [(changes[row.name], row.cells[index]) for row in table.rows if row.cells[index].text not in {"", "0"}]
        told += [(change.clear, cell) for change, cell in moved]
    clear = [cell for is_clear, cell in told if is_clear]
    within = [cell for is_clear, cell in told if not is_clear]
    assert clear
    assert within
    assert [cell.note for cell in clear if not re.match(r"fra nr\. .+, især ", cell.note) or "muted" in cell.css] == []
    assert [cell.note for cell in within if "fra nr." not in cell.note or "muted" not in cell.css] == []
    assert [cell.note for cell in within if "især " in cell.note] == []  # no cause of what cannot be told from chance


@pytest.mark.parametrize(("level", "code"), [("area", "boern-og-unge"), ("theme", "tidlig-forebyggelse")])
def test_the_change_in_an_area_or_a_theme_has_its_cause_too(level: str, code: str) -> None:
    what = subject(level, code)
    explained_from = Placement.objects.filter(what.where, edition__year=2025, edition__revision=2, rank__isnull=False)
    before = {one: rank or 0 for one, rank in explained_from.values_list("municipality_id", "rank")}  # as corrected
    lines = _ask("aendring=vis", what=what).lines
    both = {one.municipality.pk: one for one in lines if one.municipality.pk in before and one.placement.rank}
    old = {one: 1 + sum(before[other] < before[one] for other in both) for one in both}
    now = {one: row.placement.rank or 0 for one, row in both.items()}
    new = {one: 1 + sum(now[other] < now[one] for other in both) for one in both}
    moves = {one: old[one] - new[one] for one in both}
    assert any(moves.values())
    assert {one: sum(row.causes.values()) for one, row in both.items()} == moves
    assert {one: row.change and row.change.places for one, row in both.items()} == moves


def _another_method_before() -> None:
    newest, previous = Edition.objects.published().newest_first()[:2]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # what is published refuses to change
        Edition.objects.filter(pk=previous.pk).update(method_version="0")
        Explanation.objects.filter(edition=newest).update(bridge_rank=None, bridge_last=None, bridge_n=None)
        Explanation.objects.filter(edition=newest, municipality__slug="roedovre").update(
            bridge_rank=50, bridge_last=51, bridge_n=95
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_across_methods_only_the_bridge_gives_a_change() -> None:
    _another_method_before()
    changes = {line.municipality.slug: line.change and line.change.places for line in _ask("aendring=vis").lines}
    assert changes.pop("roedovre") == 0  # counted among those that the bridge has: here it is alone
    assert set(changes.values()) == {None}


def test_across_methods_the_page_says_what_the_change_is_measured_against() -> None:
    _another_method_before()
    page = ranking_page(_ask("aendring=vis"), QueryDict("aendring=vis"), "/rangliste/")
    assert page["change_says"].startswith("Metoden er ændret.")


def test_across_methods_a_municipalitys_page_moves_by_the_bridge_alone(client: Client) -> None:
    _another_method_before()
    bridged = client.get("/kommune/roedovre/").content.decode()
    said = bridged.count("Efter den nye metode var kommunen nr. 50–51 af 95 i 2025")
    assert said == 3, "to machines, at the head and at the change"
    assert "målt sådan" not in bridged
    other = client.get("/kommune/varde/").content.decode()
    assert "så placeringerne kan ikke sammenlignes" in other


def test_two_to_five_rows_lead_to_a_comparison() -> None:
    state = "kommune=roedovre&kommune=varde"
    page = ranking_page(_ask(state), QueryDict(state), "/rangliste/")
    assert any("sammenlign" in link.url for link in page["actions"])


def test_what_is_read_aloud_names_rows_and_order() -> None:
    state = "gruppe=Hovedstadskommuner&sorter=score&retning=ned"
    answer = _ask(state)
    says = ranking_page(answer, QueryDict(state), "/")["says"]
    assert says == f"{len(answer.lines)} kommuner, sorteret efter score, højeste først"


def test_a_median_of_nothing_is_a_median_and_has_its_name() -> None:
    answer = _ask(what=subject("indicator", "b-omgoerelse"))
    answer.spreads["b-omgoerelse"].median = 0.0
    drawn = distribution_of(answer)
    assert drawn.median
    assert "midten 0,0\u00a0%" in [mark.text for mark in drawn.marks]
