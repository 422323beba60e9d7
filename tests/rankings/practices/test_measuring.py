"""Målt her: computed with an edition by one rule, recomputed here by the command, and refused where it must be."""

import csv
import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from indicators.models import Municipality, SeriesBreak
from rankings.engine import before_after
from rankings.models import Criterion, Edition, Level, Placement
from rankings.practices.figures import Figures
from rankings.practices.models import (
    Aim,
    Assessment,
    Knowledge,
    MeasuredHere,
    NoVerdict,
    Practice,
    PracticeState,
    Verdict,
)
from rankings.practices.services import assessing, measuring
from rankings.services.editions import correct_edition
from tests.filled_in import steward
from tests.rankings.practices import people
from tests.rankings.practices.people import EARLY, NOW

pytestmark = pytest.mark.django_db


def measured(practice: Practice, code: str = people.CODE) -> MeasuredHere:
    return MeasuredHere.objects.get(edition__year=2026, aim__practice=practice, aim__indicator__code=code)


def the_file(folder: Path, indicator: str, years: list[int]) -> Path:
    """What a reader downloads: a row a municipality, a column an edition."""
    path = folder / "data.csv"
    editions = {one.year: one for one in Edition.objects.published()}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["unit", *years])
        for municipality in Municipality.objects.order_by("code"):
            rows = Placement.objects.filter(municipality=municipality, indicator__code=indicator)
            found = {row.edition_id: row.value for row in rows}
            values = [found[editions[year].pk] for year in years]
            writer.writerow([municipality.code, *("" if value is None else repr(value) for value in values)])
    return path


def test_every_verdict_of_the_demo_is_what_the_command_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = MeasuredHere.objects.filter(p__isnull=False, edition__year=2026)
    assert len(rows) > 4
    for row in rows.select_related("aim__indicator", "municipality"):
        path = the_file(tmp_path, row.aim.indicator.code, [*row.years_before, *row.years_after])
        names = [",".join(map(str, years)) for years in (row.years_before, row.years_after)]
        before_after.main([str(path), "--unit", row.municipality.code, "--before", names[0], "--after", names[1],
                           "--direction", row.aim.direction])  # fmt: skip
        said = json.loads(capsys.readouterr().out)
        assert (said["p"], said["n"], said["preliminary"]) == (row.p, row.n, row.preliminary)
        assert said["residual"] == row.residual


def test_the_demo_has_every_verdict_that_a_reader_may_meet() -> None:
    rows = MeasuredHere.objects.filter(edition__year=2026)
    invented = rows.filter(aim__practice__is_demo=True)
    assert set(invented.values_list("verdict", flat=True)) == set(Verdict.values)
    assert invented.standing_out().filter(preliminary=True, aim__direction="lower_is_better").exists()
    assert set(rows.exclude(reason="").values_list("reason", flat=True)) >= {"not_collected", "described_afterwards"}
    titles = Practice.objects.filter(is_demo=True).values_list("title", flat=True)
    assert len(titles) >= 7
    assert all(title.startswith("Opdigtet") for title in titles)


def test_what_is_registered_when_its_figures_exist_never_gets_a_verdict() -> None:
    first = Placement.objects.filter(
        edition__year=2026, edition__state="published", indicator__code=people.CODE, measurement__isnull=False
    ).values_list("upload__applied_at", flat=True)[0]
    assert first is not None
    in_time = people.published(first - dt.timedelta(seconds=1))
    too_late = people.published(first)
    assert measured(in_time).verdict != Verdict.CANNOT_BE_COMPUTED
    assert (measured(too_late).reason, measured(too_late).p) == (NoVerdict.DESCRIBED_AFTERWARDS, None)


def test_a_figure_corrected_after_the_registration_was_known_before_it() -> None:
    """b-omgoerelse of 2025 was corrected in November 2025; it existed in September."""
    practice = people.published(
        dt.datetime(2025, 10, 20, tzinfo=dt.UTC), aims=("b-lav-trivsel",), started_on=dt.date(2024, 1, 8)
    )
    figures = Figures.up_to(Edition.objects.published().get(year=2026), {people.indicator("b-omgoerelse").pk})
    assert figures.known_when(people.indicator("b-omgoerelse").pk, 2025, dt.datetime(2025, 10, 20, tzinfo=dt.UTC))
    assert practice.state == PracticeState.PUBLISHED


@pytest.mark.parametrize(
    ("code", "started", "reason"),
    [
        ("b-tidligt-forebyg", dt.date(2025, 1, 8), NoVerdict.SERIES_BREAK),
        ("v-hjemloese", dt.date(2025, 1, 8), NoVerdict.NOT_COLLECTED),
        (people.CODE, None, NoVerdict.NO_START),
        (people.CODE, dt.date(2024, 1, 8), NoVerdict.NONE_BEFORE),
        ("h-udredning-vum", dt.date(2025, 1, 8), NoVerdict.NONE_BEFORE),
    ],
)
def test_what_cannot_be_asked_of_the_figures_has_its_reason(
    code: str, started: dt.date | None, reason: NoVerdict
) -> None:
    row = measured(people.published(aims=(code,), started_on=started), code)
    assert (row.verdict, row.reason, row.p, row.residual) == (Verdict.CANNOT_BE_COMPUTED, reason, None, None)


def test_a_break_before_both_editions_breaks_nothing() -> None:
    SeriesBreak.objects.create(indicator=people.indicator(), year=2023, note_da="a", note_en="b")
    assert measured(people.published()).verdict != Verdict.CANNOT_BE_COMPUTED
    SeriesBreak.objects.create(indicator=people.indicator(), year=2025, note_da="a", note_en="b")
    assert measured(people.published()).reason == NoVerdict.SERIES_BREAK


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("suppressed", NoVerdict.SUPPRESSED), ("not_reported", NoVerdict.MISSING), ("not_applicable", NoVerdict.MISSING)],
)
def test_a_figure_that_the_place_lacks_is_said_by_its_kind(kind: str, reason: NoVerdict) -> None:
    lacking = Placement.objects.filter(
        edition__year=2026, level=Level.INDICATOR, missing=kind, indicator__theme__isnull=False
    )
    for row in lacking.exclude(indicator__direction="neutral").select_related("indicator", "municipality"):
        practice = people.assessed(aims=(row.indicator.code,)) if row.indicator else None
        assert practice is not None
        practice.municipalities.set([row.municipality])
        assessing.publish_practice(practice=practice, by=people.publisher(), now=EARLY)
        found = measured(practice, practice.aims.get().indicator.code)
        if found.reason == reason:
            return
    pytest.fail(f"no figure is {kind}")


def test_holm_counts_all_aims_of_the_practice_in_all_its_municipalities() -> None:
    practice = people.assessed(aims=(people.CODE, "b-lav-trivsel", "b-neet"))
    practice.municipalities.set(Municipality.objects.filter(code__in=["101", "147", "657"]))
    assessing.publish_practice(practice=practice, by=people.publisher(), now=EARLY)
    rows = list(MeasuredHere.objects.filter(edition__year=2026, aim__practice=practice, p__isnull=False))
    assert len(rows) == 9
    raw = [row.p or 0.0 for row in rows]
    smallest = min(range(9), key=raw.__getitem__)
    assert rows[smallest].p_adjusted == pytest.approx(min(1.0, 9 * raw[smallest]))
    for row in rows:
        assert row.p_adjusted is not None
        assert (row.verdict == Verdict.NOT_DISTINGUISHABLE) == (row.p_adjusted > 0.05)


def test_a_correction_measures_anew_and_leaves_what_was_published() -> None:
    before = list(MeasuredHere.objects.filter(edition__year=2026).order_by("pk").values())
    revision = correct_edition(year=2026, reason="Prøve.", by=steward(), now=NOW)
    assert (
        list(MeasuredHere.objects.filter(edition__year=2026, edition__state="published").order_by("pk").values())
        == before
    )
    own = MeasuredHere.objects.of(revision)
    assert {row["aim_id"] for row in own.values()} == {row["aim_id"] for row in before}
    assert measuring.measure_edition(edition=revision) == len(before)


def test_unpublished_practices_are_not_measured_and_no_verdict_is_in_the_index() -> None:
    assert not MeasuredHere.objects.filter(aim__practice__published_at__isnull=True).exists()
    fields = {field.name for field in Placement._meta.get_fields()}
    assert "practice" not in fields


@pytest.mark.full
def test_the_verdicts_of_five_hundred_practices_take_two_seconds_at_most() -> None:
    five_hundred()
    revision = correct_edition(year=2026, reason="Prøve.", by=steward(), now=NOW)
    began = time.process_time()
    written = measuring.measure_edition(edition=revision)
    assert written >= 1_000
    assert time.process_time() - began < 2


def five_hundred() -> None:
    """500 practices of two aims, written as rows: what is measured here is not the way to publication."""
    common: dict[str, Any] = {
        "organisation": people.organisation(), "summary": "x", "done": "x", "took": "x", "failed": "x",
        "maturity": "trial", "started_on": dt.date(2025, 1, 8), "state": "assessing", "drafted_by": people.respondent(),
        "drafted_at": EARLY, "submitted_by": people.approver(), "submitted_at": EARLY,
    }  # fmt: skip
    rows = Practice.objects.bulk_create([Practice(slug=f"mange-{n}", title=f"Mange {n}", **common) for n in range(500)])
    places = list(Municipality.objects.all())
    through = Practice.municipalities.through
    through.objects.bulk_create(
        [through(practice_id=row.pk, municipality_id=places[n % 98].pk) for n, row in enumerate(rows)]
    )
    codes = Criterion.objects.of(Edition.objects.published().get(year=2026)).for_indicators()
    chosen = [one.indicator for one in codes.exclude(direction="neutral").select_related("indicator")]
    random = np.random.default_rng(1)
    Aim.objects.bulk_create(
        [
            Aim(practice=row, indicator=chosen[i], direction=chosen[i].direction, from_edition=2026,
                registered_at=EARLY, registered_by=people.respondent())
            for row in rows
            for i in random.choice(len(chosen), 2, replace=False).tolist()
        ]
    )  # fmt: skip
    Assessment.objects.bulk_create(
        [
            Assessment(practice=row, editor=editor, organisation=editor.memberships.get().organisation,
                       owner=row.organisation, knowledge=Knowledge.DESCRIBED, reason="x", at=EARLY)
            for editor in people.editors()
            for row in rows
        ]
    )  # fmt: skip
    with transaction.atomic():
        Practice.objects.filter(slug__startswith="mange-").update(
            state="published", knowledge="described", published_by=people.publisher(), published_at=NOW,
            confirmed_on=NOW.date(),
        )  # fmt: skip
