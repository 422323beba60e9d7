"""The demo's survey figures: made by waves, the administrations' as invented, the members' as k of n."""

import math

import pytest

from indicators.demo.figures import invent
from indicators.demo.waves import members_of
from indicators.demo.world import indicators, municipalities
from indicators.models import Measurement
from indicators.services.take_back import take_back_upload
from indicators.surveys.models import Frame, Instrument, SurveyFigure, Wave
from tests.filled_in import NOW, steward
from tests.world import EDITIONS, NEWEST

pytestmark = pytest.mark.django_db


def test_administrations_values_are_the_invented_ones_to_the_last_digit() -> None:
    who, what = municipalities(), indicators()
    wanted = {
        (m.code, i.code, year.edition): float(year.values[line, column])
        for year in invent(who, what, EDITIONS)
        for column, i in enumerate(what)
        if i.source_kind == "survey_managers" and year.included[column]
        for line, m in enumerate(who)
        if not math.isnan(year.values[line, column])
    }
    rows = Measurement.objects.current().filter(indicator__source_kind="survey_managers", value__isnull=False)
    found = {
        (code, indicator, year): value
        for code, indicator, year, value in rows.values_list("municipality__code", "indicator__code", "year", "value")
    }
    assert found.keys() == wanted.keys()
    assert {key for key in found if found[key] != pytest.approx(wanted[key], abs=1e-6, rel=0)} == set()


def test_96_administrations_approve_one_does_not_and_one_is_silent() -> None:
    frames = Frame.objects.filter(wave__instrument=Instrument.ADMINISTRATIONS, wave__year=NEWEST)
    assert frames.filter(approved_at__isnull=False).count() == 96
    missing = Measurement.objects.current().filter(year=NEWEST, indicator__source_kind="survey_managers")
    kinds = {
        kind: missing.filter(missing=kind).values("municipality").distinct().count()
        for kind in ("unanswered", "not_approved")
    }
    assert kinds == {"unanswered": 1, "not_approved": 1}


def test_members_figures_are_shown_and_ranked_by_the_rules_and_kept_with_their_measurements() -> None:
    sizes = {members_of(m) for m in municipalities()}
    assert (min(sizes), max(sizes)) == (3, 400)
    figures = SurveyFigure.objects.filter(wave__year=NEWEST, wave__instrument=Instrument.MEMBERS)
    assert figures.count() == 98 * 11
    for figure in figures.select_related("question__indicator", "municipality"):
        measurement = Measurement.objects.current().get(
            indicator=figure.question.indicator, municipality=figure.municipality, year=NEWEST
        )
        assert (measurement.asked, measurement.answered) == (figure.asked, figure.answered)
        assert (measurement.low, measurement.high) == (figure.low, figure.high)
        assert measurement.value == (figure.estimate if figure.ranked else None)
        assert measurement.shown == (None if figure.ranked else figure.estimate)
        assert (figure.estimate is not None) == (figure.answered >= 10)
        assert figure.ranked == (figure.answered >= 20 and figure.answered >= 0.3 * figure.asked)


def test_the_result_of_a_wave_is_the_file_that_came_in() -> None:
    for wave in Wave.objects.closed():
        assert Measurement.objects.filter(upload__sha256=wave.result_sha256, year=wave.year).exists()


def test_a_wave_knows_the_file_that_its_result_went_in_as_until_that_is_taken_back() -> None:
    waves = Wave.objects.closed().select_related("upload")
    assert waves
    for wave in waves:
        assert wave.upload is not None
        assert wave.upload.sha256 == wave.result_sha256
    newest = max(waves, key=lambda wave: (wave.year, wave.instrument))
    assert newest.upload is not None
    take_back_upload(upload=newest.upload, by=steward(), now=NOW, reason="En prøve.")
    newest.refresh_from_db()
    assert newest.upload is None
