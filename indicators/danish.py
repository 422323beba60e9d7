"""What is Danish about letters and clocks: sorting, searching, and days and hours as Danes count them."""

import datetime as dt
import functools
import re
import unicodedata
from zoneinfo import ZoneInfo

import holidays

_LAST_LETTERS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y"})
_SOUNDS = (("aa", "a"), ("å", "a"), ("ae", "a"), ("æ", "a"), ("ä", "a"), ("oe", "o"), ("ø", "o"), ("ö", "o"))
_KOMMUNE = re.compile(r"\b(kommunes?|municipality|municipal|city|regions?kommune)\b")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


# The order of names is a plain text, compared byte by byte (collation "C"): no embedded PostgreSQL has ICU and bare
# Debian has no da_DK locale.
def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def sort_key(name: str) -> str:
    """A text that sorts bytewise as Danes sort: æ, ø, å after z, "aa" as å, hyphens as spaces."""
    text = unicodedata.normalize("NFC", name).casefold().replace("-", " ").replace("aa", "å")
    return "".join(letter if letter in "{|}" else _without_accents(letter) for letter in text.translate(_LAST_LETTERS))


def search_key(text: str) -> str:
    """A folded text under which the spellings of one name meet: Aarhus, Århus and Arhus; Ærø, Aeroe and Aro.

    Case, accents, hyphens and the word "kommune" fall away. Both the stored name and the question are folded.
    """
    folded = _KOMMUNE.sub(" ", unicodedata.normalize("NFC", text).casefold())
    for sound, letter in _SOUNDS:
        folded = folded.replace(sound, letter)
    return _NOT_WORD.sub(" ", _without_accents(folded)).strip()


COPENHAGEN = ZoneInfo("Europe/Copenhagen")
"""The clock on the wall: Django's settings have no say here. A day has 23 or 25 hours on the two nights the clock
changes, so "three days before" is asked of the calendar and this clock, never of hours."""


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
