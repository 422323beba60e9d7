"""Danish clock times, the nights when the clock changes among them, and working days against a list written by hand."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.danish import COPENHAGEN, NoSuchTimeError, at_clock, danish, days_before, working_days_after

SUMMER, WINTER = dt.date(2026, 3, 29), dt.date(2026, 10, 25)  # the clock goes forward, and back
DAYS = st.dates(dt.date(2025, 1, 1), dt.date(2030, 12, 31))
# Kalender 2026 and 2027: nytår, skærtorsdag, langfredag, 2. påskedag, Kristi himmelfart, 2. pinsedag, juledage.
HOLIDAYS = {
    "2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-14", "2026-05-25", "2026-12-25", "2026-12-26",
    "2027-01-01", "2027-03-25", "2027-03-26", "2027-03-29", "2027-05-06", "2027-05-17", "2027-12-25", "2027-12-26",
}  # fmt: skip


def test_noon_is_an_hour_earlier_in_utc_when_it_is_summer() -> None:
    assert at_clock(SUMMER - dt.timedelta(days=1), dt.time(12)) == dt.datetime(2026, 3, 28, 11, tzinfo=dt.UTC)
    assert at_clock(SUMMER, dt.time(12)) == dt.datetime(2026, 3, 29, 10, tzinfo=dt.UTC)


def test_a_deadline_in_the_hour_that_comes_twice_is_the_later_one() -> None:
    assert at_clock(WINTER, dt.time(2, 30)) == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)


def test_an_hour_that_is_left_out_is_refused_by_name() -> None:
    with pytest.raises(NoSuchTimeError, match=r"02\.30 findes ikke den 29\.03\.2026"):
        at_clock(SUMMER, dt.time(2, 30))


def test_three_days_before_is_the_same_time_on_the_clock_though_an_hour_is_missing() -> None:
    closes = at_clock(SUMMER + dt.timedelta(days=1), dt.time(12))
    before = days_before(closes, 3)
    assert danish(before).strftime("%d.%m. %H:%M") == "27.03. 12:00"
    assert closes - before == dt.timedelta(days=3, hours=-1)


@given(DAYS, st.times(), st.integers(0, 30))
def test_days_before_keeps_the_wall_clock(day: dt.date, time: dt.time, days: int) -> None:
    try:
        moment = at_clock(day, time)
        there = at_clock(day - dt.timedelta(days=days), time)
    except NoSuchTimeError:
        return
    assert days_before(moment, days) == there


@given(st.dates(dt.date(2026, 1, 1), dt.date(2027, 11, 30)), st.integers(0, 20))
def test_working_days_are_those_of_the_calendar(day: dt.date, count: int) -> None:
    end = working_days_after(day, count)
    between = [day + dt.timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(one.weekday() < 5 and one.isoformat() not in HOLIDAYS for one in between) == count
    assert not count or (end.weekday() < 5 and end.isoformat() not in HOLIDAYS)


def test_store_bededag_is_a_working_day_since_2024() -> None:
    assert working_days_after(dt.date(2026, 4, 30), 1) == dt.date(2026, 5, 1)  # the fourth Friday after Easter
    assert working_days_after(dt.date(2023, 5, 4), 1) == dt.date(2023, 5, 8)


def test_the_zone_is_that_of_copenhagen() -> None:
    assert str(COPENHAGEN) == "Europe/Copenhagen"
