"""Numbers as text: what a reader sees of every figure on the site."""

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from indicators.upload.cells import Missing
from portal.frame.citation import citation_of
from portal.language import formatting
from portal.published.edition import ShownEdition
from rankings.engine import rank as engine_rank
from rankings.models import Edition

printable = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
decimals = st.integers(min_value=0, max_value=2)


@pytest.mark.parametrize(
    ("value", "places", "danish", "english"),
    [
        (63.42, 1, "63,4", "63.4"),
        (43601, 0, "43.601", "43,601"),
        (3427, 0, "3.427", "3,427"),
        (-1.2, 1, "−1,2", "−1.2"),
        (1234567.891, 2, "1.234.567,89", "1,234,567.89"),
        (-0.04, 1, "0,0", "0.0"),
        (64.25, 1, "64,3", "64.3"),
        (-64.25, 1, "−64,3", "−64.3"),
        (2.675, 2, "2,68", "2.68"),
        (64.24999999999999, 1, "64,3", "64.3"),
        (64.2499, 1, "64,2", "64.2"),
    ],
)
def test_a_number_is_written_as_the_language_writes_it(value: float, places: int, danish: str, english: str) -> None:
    assert formatting.number(value, places, "da") == danish
    assert formatting.number(value, places, "en") == english


@given(st.integers(min_value=-(10**9), max_value=10**9), decimals)
def test_halves_are_rounded_away_from_zero_on_the_decimal_number(thousandths: int, places: int) -> None:
    value = Decimal(thousandths) / 1000
    expected = value.quantize(Decimal(10) ** -places, ROUND_HALF_UP)
    assert formatting.rounded(float(value), places) == float(expected)


@given(printable, decimals)
def test_a_printed_number_is_the_number_that_the_engine_ranks(value: float, places: int) -> None:
    assert formatting.rounded(value, places) == float(engine_rank.rounded(np.array([value]), places)[0])


@given(printable, decimals)
def test_a_written_number_reads_back_as_the_rounded_one(value: float, places: int) -> None:
    for language, thousands, point in (("da", ".", ","), ("en", ",", ".")):
        text = formatting.number(value, places, language)
        assert re.fullmatch(r"−?\d{1,3}([.,]\d{3})*([.,]\d{1,2})?", text)
        read = float(text.replace(thousands, "").replace(point, ".").replace("−", "-"))
        assert math.isclose(read, formatting.rounded(value, places), rel_tol=1e-12)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_missing_value_is_never_written_as_a_number(value: float) -> None:
    with pytest.raises(ValueError, match="no number"):
        formatting.number(value, 1, "da")


@pytest.mark.parametrize(
    ("value", "unit", "places", "language", "text"),
    [
        (12.4, "%", 1, "da", "12,4\u00a0%"),
        (12.4, "%", 1, "en", "12.4%"),
        (3.5, "børn pr. anbragt barn", 1, "da", "3,5 børn pr. anbragt barn"),
        (2.94, "score 1-5", 1, "da", "2,9 (1–5)"),
        (1, "ja=1/nej=0", 0, "da", "ja"),
        (0, "ja=1/nej=0", 0, "da", "nej"),
        (1.0, "yes=1/no=0", 0, "en", "yes"),
        (0.625, "ja=1/nej=0", 0, "da", "0,63"),
        (43601, "", 0, "da", "43.601"),
    ],
)
def test_a_value_stands_with_its_unit(value: float, unit: str, places: int, language: str, text: str) -> None:
    assert formatting.with_unit(value, unit, places, language) == text


def test_shares_differ_by_percentage_points() -> None:
    assert formatting.difference(2.1, "%", 1, "da") == "+2,1 procentpoint"
    assert formatting.difference(-2.1, "%", 1, "en") == "−2.1 percentage points"
    assert formatting.difference(-3, "dage", 0, "da") == "−3 dage"
    assert formatting.difference(0.04, "score 1-5", 1, "da") == "0,0"


def test_a_place_never_stands_without_its_n_and_a_shared_place_is_said_to_be_shared() -> None:
    assert f"{formatting.rank(4, language='da')} {formatting.of(97, 'da')}" == "Nr. 4 af 97"
    assert formatting.rank(12, 14, "da") == "Delt nr. 12 (12–14)"
    assert formatting.rank(12, 14, "en") == "Joint no. 12 (12–14)"
    assert formatting.rank(4, 4, "da") == "Nr. 4"
    assert formatting.rank_in_text(12, 14, "da") == "nr. 12–14"
    assert formatting.rank_in_text(4, language="en") == "no. 4"


def test_how_sure_a_place_is_is_said_in_words() -> None:
    assert formatting.rank_interval(2, 9, "da") == "mellem nr. 2 og 9"
    assert formatting.rank_interval(1, 1, "da") == "på nr. 1"
    assert formatting.rank_interval(2, 9, "en") == "between no. 2 and 9"


@pytest.mark.parametrize(
    ("before", "now", "danish", "english"),
    [
        (5, 4, "1 plads frem", "1 place up"),
        (4, 7, "3 pladser tilbage", "3 places down"),
        (4, 4, "samme plads", "same place"),
    ],
)
def test_a_smaller_place_is_a_move_forward(before: int, now: int, danish: str, english: str) -> None:
    assert formatting.rank_change(before, now, "da") == danish
    assert formatting.rank_change(before, now, "en") == english


def test_lists_ranges_years_and_counts() -> None:
    assert formatting.joined([], "da") == ""
    assert formatting.joined(["a"], "da") == "a"
    assert formatting.joined(["a", "b"], "da") == "a og b"
    assert formatting.joined(["a", "b", "c"], "en") == "a, b and c"
    assert formatting.number_range(3.04, 3.01, 1, "da") == "3,0"
    assert formatting.number_range(1200, 3400, 0, "da") == "1.200–3.400"
    assert formatting.years(2022, 2026) == "2022–2026"
    assert formatting.years(2026, 2026) == "2026"
    assert formatting.count(1, "kommune", "kommuner", "da") == "1 kommune"
    assert formatting.count(43601, "indbygger", "indbyggere", "da") == "43.601 indbyggere"


def test_signs_are_written_for_changes_and_never_for_nothing() -> None:
    assert formatting.signed(3.2, 1, "da") == "+3,2"
    assert formatting.signed(-3.2, 1, "da") == "−3,2"
    assert formatting.signed(0.01, 1, "da") == "0,0"


def test_dates_and_times() -> None:
    assert formatting.date(dt.date(2024, 1, 1), "da") == "1. januar 2024"
    assert formatting.date(dt.date(2024, 12, 31), "en") == "31 December 2024"
    when = dt.datetime(2024, 1, 1, 8, 5, tzinfo=dt.UTC)
    assert formatting.moment(when, "da") == "1. januar 2024 kl. 9.05"
    assert formatting.moment(when, "en") == "1 January 2024 at 09:05"
    summer = dt.datetime(2024, 6, 30, 23, 30, tzinfo=dt.UTC)
    assert formatting.moment(summer, "da") == "1. juli 2024 kl. 1.30"  # as clocks in Denmark show it


def test_a_day_begins_when_it_does_in_denmark() -> None:
    just_after_midnight = dt.datetime(2026, 9, 30, 22, 5, tzinfo=dt.UTC)
    assert formatting.day(just_after_midnight, "da") == "1. oktober 2026"
    assert formatting.day(None) == ""
    edition = Edition(year=2026, published_at=just_after_midnight)
    shown = ShownEdition(edition, (), (edition,), "")
    cited = citation_of(shown, "Rødovre", "https://example.dk/@2026.1/kommune/roedovre/")
    assert "date = {2026-10-01}" in cited.bibtex
    assert "DA  - 2026/10/01" in cited.ris
    assert "(1. oktober 2026)" in cited.text
    assert Edition(year=2027).published_on == ""


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_kind_of_missing_has_words_of_its_own(language: str) -> None:
    words = [formatting.missing(kind, language) for kind in Missing]
    assert len(set(words)) == len(Missing)
    with pytest.raises(KeyError):
        formatting.missing("unheard of", language)


def test_every_direction_is_said_in_words() -> None:
    assert formatting.direction("lower_is_better", "da") == "lavere er bedre"
    assert formatting.direction("higher_is_better", "en") == "higher is better"
    assert formatting.direction("neutral", "da") == "hverken godt eller dårligt"
    with pytest.raises(KeyError):
        formatting.direction("", "da")


def test_without_a_language_the_active_one_is_used() -> None:
    with override("en"):
        assert formatting.score(63.4) == "63.4"
    with override("da"):
        assert formatting.score(63.4) == "63,4"
        assert formatting.unit_name("ja=1/nej=0") == "ja eller nej"


@pytest.mark.parametrize(
    ("which", "danish", "english"),
    [
        ("higher_is_better", "højere er bedre", "higher is better"),
        ("lower_is_better", "lavere er bedre", "lower is better"),
        ("neutral", "hverken godt eller dårligt", "neither good nor bad"),
    ],
)
def test_a_direction_is_said_the_right_way_round(which: str, danish: str, english: str) -> None:
    assert (formatting.direction(which, "da"), formatting.direction(which, "en")) == (danish, english)
