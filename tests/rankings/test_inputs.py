"""What was computed from the same is not computed again; whatever goes in, another sum comes out."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from rankings.inputs import OWN, READ, inputs_of, read_by
from rankings.models import Edition, Placement
from rankings.pinned import as_published
from rankings.services.computing import compute_edition
from rankings.services.editions import prepare_edition, publish_edition
from tests.filled_in import NOW, imported, publisher, steward

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_prepared")]
LATER = NOW + dt.timedelta(hours=1)
DERIVED = {"rankings_placement", "before", "auth_user"}  # its own are summed by edition_checksum, public ones frozen
CHANGES = {
    "rankings_edition": "UPDATE rankings_edition SET registers_only = NOT registers_only WHERE year = 2026",
    "indicators_measurement": "UPDATE indicators_measurement SET value = value + 1 WHERE id = (SELECT max("
    "measurement_id) FROM rankings_placement WHERE value IS NOT NULL AND edition_id = {pk})",
    "indicators_upload": "UPDATE indicators_upload SET is_demo = NOT is_demo WHERE id = (SELECT max(upload_id) "
    "FROM rankings_placement WHERE edition_id = {pk})",
    "indicators_municipality": "UPDATE public.indicators_municipality SET area_km2 = area_km2 + 1 WHERE code = '101'",
    "indicators_area": "UPDATE indicators_area SET position = position + 100 WHERE position = 1",
    "indicators_theme": "UPDATE indicators_theme SET name_en = name_en || '!' WHERE position = 1",
    "indicators_indicator": "UPDATE public.indicators_indicator SET decimals = decimals + 1 WHERE code LIKE 'b-omg%'",
    "indicators_contextfigure": "UPDATE indicators_measurement SET value = value + 1 WHERE id = (SELECT max(m.id) "
    "FROM indicators_measurement m JOIN indicators_indicator i ON i.id = m.indicator_id "
    "WHERE i.role = 'context' AND m.is_current)",
    "indicators_seriesbreak": "DELETE FROM indicators_seriesbreak",
    "practices_practice": "UPDATE practices_practice SET started_on = started_on - 400 WHERE started_on IS NOT NULL",
    "practices_practice_municipalities": "DELETE FROM practices_practice_municipalities",
    "practices_aim": "UPDATE practices_aim SET registered_at = registered_at - interval '1 day'",
    "rankings_criterion": "UPDATE rankings_criterion SET weight = weight * 2 WHERE edition_id = {pk} AND weight > 0",
    "rankings_spread": "UPDATE rankings_spread SET median = median + 1 WHERE edition_id = {pk}",
    "rankings_variantplacement": "UPDATE rankings_variantplacement SET score = score / 2 WHERE edition_id = {pk}",
    "rankings_explanation": "UPDATE rankings_explanation SET lift = '[]' WHERE edition_id = {pk}",
    "rankings_audit": "UPDATE rankings_audit SET findings = '{{}}' WHERE edition_id = {pk}",
    "practices_measuredhere": "DELETE FROM practices_measuredhere WHERE edition_id = {pk}",
}


def prepare() -> None:
    """The next year's draft with a new figure, by the steward."""
    imported("101;København;b-omgoerelse;2027;12,5;")
    prepare_edition(year=2027, by=steward(), now=NOW, draws=300)


def draft() -> Edition:
    return Edition.objects.get(year=2027)


def published() -> Edition:
    return publish_edition(edition=draft(), by=publisher(), now=LATER, unheard_because="En prøve uden høring.")


@contextmanager
def by_hand(sql: str) -> Iterator[None]:
    """A change past the triggers that refuse it, undone afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql.format(pk=draft().pk))
            assert cursor.rowcount > 0
        yield
        transaction.set_rollback(True)


def test_a_change_of_anything_that_went_in_or_was_stored_changes_the_sum() -> None:
    edition = draft()
    with as_published(edition):
        assert inputs_of(edition) == edition.inputs
        for table in READ | OWN:
            with by_hand(CHANGES[table]):
                assert inputs_of(edition) != edition.inputs, table


def test_all_that_a_computation_reads_is_in_the_sum() -> None:
    with CaptureQueriesContext(connection) as queries:
        compute_edition(edition=draft(), by=steward(), now=NOW)
    read = {
        name
        for query in queries.captured_queries
        if "encode(sha256" not in query["sql"]  # the sum itself
        for name in re.findall(r'(?:FROM|JOIN)\s+"?([a-z_]+)"?', query["sql"])
    }
    assert "indicators_measurement" in read
    assert read - DERIVED <= set(READ | OWN)


def test_what_was_computed_from_the_same_is_published_as_it_lay_there() -> None:
    before = list(Placement.objects.of(draft()).order_by("pk").values_list())
    edition = published()
    assert (edition.is_open, edition.published_at, edition.computed_at) == (False, LATER, NOW)
    assert list(Placement.objects.of(edition).order_by("pk").values_list()) == before


def test_what_was_computed_by_other_code_is_computed_again_and_published_where_it_comes_out_the_same() -> None:
    Edition.objects.filter(year=2027).update(inputs="0" * 64)
    sum_before = draft().checksum
    edition = published()
    assert (edition.computed_at, edition.checksum) == (LATER, sum_before)


def test_a_stored_figure_that_somebody_has_changed_by_hand_is_not_published() -> None:
    right = dict(Placement.objects.of(draft()).overall().values_list("municipality", "rank"))
    Placement.objects.of(draft()).overall().filter(rank=2).update(rank=1, low=1)
    assert dict(Placement.objects.of(published()).overall().values_list("municipality", "rank")) == right


def test_figures_that_come_in_while_it_is_computed_are_missed_by_the_sum() -> None:
    """What is read is summed up before the computation reads anything."""
    edition = draft()
    with as_published(edition):
        begun = read_by(edition)
        imported("147;Frederiksberg;b-omgoerelse;2027;77,7;", name="senere.csv")
        assert inputs_of(edition, begun) == edition.inputs != inputs_of(edition)
