"""What the worker does by itself at the publishers: seldom, never twice, not where the figures could not be used."""

import datetime as dt
from typing import Any

import pytest

from indicators.models import Job
from indicators.sources.models import Fetch, SourceTable
from indicators.upload.cells import Cell, Cells, Missing
from portal.desk.fetching import LOOK_EVERY, ask_when_due, letter_about
from rankings.models import Placement
from rankings.restating import restated_by
from tests.filled_in import NOW

pytestmark = pytest.mark.django_db
A_STAND_IN = {"statbank": "http://127.0.0.1:9/v1"}


def _looked(at: dt.datetime) -> None:
    SourceTable.objects.update(looked_at=at)


def test_the_worker_looks_once_a_month_and_asks_for_it_once(settings: Any) -> None:
    settings.SOURCE_URLS = A_STAND_IN
    _looked(NOW - LOOK_EVERY + dt.timedelta(hours=1))
    assert ask_when_due(NOW) == ""
    _looked(NOW - LOOK_EVERY)
    assert ask_when_due(NOW) == "look"
    Job.objects.update(asked_at=NOW)
    assert ask_when_due(NOW + dt.timedelta(hours=1)) == ""  # also where it failed for want of a network
    assert ask_when_due(NOW + dt.timedelta(days=1)) == "look"


def test_once_a_year_it_fetches_everything(settings: Any) -> None:
    settings.SOURCE_URLS = A_STAND_IN
    _looked(NOW - LOOK_EVERY)
    from indicators.sources.services import robot  # noqa: PLC0415

    Fetch.objects.update(asked_by=robot(), asked_at=NOW - dt.timedelta(days=365))
    assert ask_when_due(NOW) == "fetch"


def test_a_demo_does_not_ask_the_publisher_itself(settings: Any) -> None:
    settings.SOURCE_URLS = {}
    _looked(NOW - 2 * LOOK_EVERY)
    assert ask_when_due(NOW) == ""
    assert not Job.objects.exists()


def _file_with(**changed: float | None) -> Cells:
    """The figures of b-neet as the newest edition has them, some of them changed."""
    placed = Placement.objects.filter(edition__year=2026, indicator__code="b-neet", value__isnull=False)
    cells = Cells(sheet=None, columns=("vaerdi",))
    for code, value in placed.values_list("municipality__code", "value"):
        new = changed.get(f"k{code}", value)
        missing = None if new is not None else Missing.NOT_AVAILABLE
        cells.add(Cell(code, 2025, "b-neet", new, missing, False, None, 2, "vaerdi"))
    return cells


def test_figures_as_they_are_printed_restate_nothing() -> None:
    assert restated_by(_file_with()) == []
    value = Placement.objects.get(edition__year=2026, indicator__code="b-neet", municipality__code="461").value
    assert restated_by(_file_with(k461=(value or 0) + 0.0001)) == []  # nothing that is printed


def test_a_restated_figure_is_told_old_and_new_with_those_who_would_move() -> None:
    middle = Placement.objects.filter(edition__year=2026, edition__state="published", level="overall", rank__gte=48)
    placed = middle.select_related("municipality").order_by("rank")[0]  # whose neighbours are near enough to pass it
    who, code = placed.municipality.name, placed.municipality.code
    [one] = restated_by(_file_with(**{f"k{code}": 40.0}))
    [(name, old, new)] = one.figures
    assert (name, new, one.edition.release) == (who, 40.0, "2026.1")
    assert old == Placement.objects.get(edition=one.edition, indicator=one.indicator, municipality__name=who).value
    moved = {municipality: (before, after) for municipality, before, after in one.moves}
    assert moved[who][1] > moved[who][0]  # lower is better here
    ranks = dict(
        Placement.objects.of(one.edition).overall().exclude(rank=None).values_list("municipality__name", "rank")
    )
    assert all(ranks[municipality] == before for municipality, (before, _after) in moved.items())
    row = Fetch.objects.filter(indicator=one.indicator).first()
    assert row is not None
    letter = letter_about(one, row)
    assert "har rettet 1 tal, der er trykt" in letter
    assert "→ 40,0" in letter
