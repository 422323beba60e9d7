"""The clock of Copenhagen: a stated time, days before it, working days after it. No Django: settings have no say here.

A day has 23 or 25 hours on the two nights the clock changes, so "three days before" is asked of the calendar and the
clock on the wall, never of hours.
"""

import datetime as dt
import functools
from zoneinfo import ZoneInfo

import holidays

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


class NoSuchTimeError(ValueError):
    """A clock time that does not come on that day: the hour that is left out when summer time begins."""


def at_clock(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment at which clocks in Denmark show a time on a day, in UTC; of an hour that comes twice, the second.

    A deadline is the later of two, so that nobody is cut off an hour early. Raises NoSuchTimeError.
    """
    wall = dt.datetime.combine(day, time.replace(tzinfo=None))
    moment = wall.replace(tzinfo=COPENHAGEN, fold=1).astimezone(dt.UTC)
    if moment.astimezone(COPENHAGEN).replace(tzinfo=None) != wall:
        msg = f"Klokken {time:%H.%M} findes ikke den {day:%d.%m.%Y}: uret stilles frem."
        raise NoSuchTimeError(msg)
    return moment


def danish(moment: dt.datetime) -> dt.datetime:
    """The same moment with the clock of Copenhagen."""
    return moment.astimezone(COPENHAGEN)


def days_before(moment: dt.datetime, days: int) -> dt.datetime:
    """The same clock time so many days before; where that time is left out that day, an hour earlier on the clock."""
    wall = danish(moment) - dt.timedelta(days=days)  # aware arithmetic is on the wall clock within one zone
    return wall.replace(fold=1).astimezone(dt.UTC)


@functools.cache
def _holidays() -> holidays.HolidayBase:
    """Denmark's public holidays, those with a law behind them: the library knows that store bededag ended."""
    return holidays.country_holidays("DK")


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday and no public holiday in Denmark."""
    return day.weekday() < 5 and day not in _holidays()


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The working day that comes ``count`` working days after a day; the day itself is not counted."""
    while count:
        day += dt.timedelta(days=1)
        count -= is_working_day(day)
    return day
