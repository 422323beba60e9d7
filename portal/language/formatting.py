"""The only place where a number becomes Danish or English text.

Every function takes ``language`` ("da" or "en"); left out, it is the language that Django has active. Nothing here
uses Django's own localisation: a page has some hundred numbers, and Python's format does them in a tenth of the time.

Rounding is the engine's (``rankings.engine.rank``), half away from zero on the decimal number the float stands for: a
printed score and a ranked score cannot disagree. A missing value is no number:
NaN and infinity raise ValueError, and a kind of missing has words of its own (``missing``).
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language

from rankings.engine.rank import as_printed


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words around numbers."""

    yes: str
    no: str
    yes_or_no: str
    percent: str
    percentage_points: str
    rank: str
    rank_first: str
    shared_first: str
    of: str
    between: str
    alone: str
    place: str
    places: str
    up: str
    down: str
    same_place: str
    conjunction: str
    day_ending: str
    clock: str
    months: tuple[str, ...]
    missing: Mapping[str, str]
    direction: Mapping[str, str]


DANISH = Words(
    yes="ja",
    no="nej",
    yes_or_no="ja eller nej",
    percent="\u00a0%",
    percentage_points="procentpoint",
    rank="nr.",
    rank_first="Nr.",
    shared_first="Delt nr.",
    of="af",
    between="mellem nr. {} og {}",
    alone="på nr. {}",
    place="plads",
    places="pladser",
    up="frem",
    down="tilbage",
    same_place="samme plads",
    conjunction="og",
    day_ending=".",
    clock="kl. {hour}.{minute:02}",
    months=(
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ),
    missing={
        "not_reported": "ikke indberettet",
        "suppressed": "for få til at vise",
        "not_applicable": "ikke relevant her",
        "not_collected": "ikke opgjort i år",
        "not_available": "ikke opgjort",
        "unanswered": "ubesvaret",
        "dont_know": "ved ikke",
        "not_approved": "ikke godkendt",
        "too_few_answers": "for få svar",
    },
    direction={
        "higher_is_better": "højere er bedre",
        "lower_is_better": "lavere er bedre",
        "neutral": "hverken godt eller dårligt",
    },
)

ENGLISH = Words(
    yes="yes",
    no="no",
    yes_or_no="yes or no",
    percent="%",
    percentage_points="percentage points",
    rank="no.",
    rank_first="No.",
    shared_first="Joint no.",
    of="of",
    between="between no. {} and {}",
    alone="at no. {}",
    place="place",
    places="places",
    up="up",
    down="down",
    same_place="same place",
    conjunction="and",
    day_ending="",
    clock="at {hour:02}:{minute:02}",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    missing={
        "not_reported": "not reported",
        "suppressed": "too few to show",
        "not_applicable": "not relevant here",
        "not_collected": "not counted this year",
        "not_available": "not available",
        "unanswered": "unanswered",
        "dont_know": "don't know",
        "not_approved": "not approved",
        "too_few_answers": "too few answers",
    },
    direction={
        "higher_is_better": "higher is better",
        "lower_is_better": "lower is better",
        "neutral": "neither good nor bad",
    },
)

WORDS: Mapping[str, Words] = {"da": DANISH, "en": ENGLISH}


_TO_DANISH = str.maketrans(",.-", ".,−")
_TO_ENGLISH = str.maketrans("-", "−")
_YES_NO_UNITS = frozenset({"ja=1/nej=0", "yes=1/no=0"})
_SCALE_UNITS = frozenset({"score 1-5", "score 1–5"})


def _words(language: str | None) -> Words:
    code = language or get_language() or "da"
    return WORDS["en" if code.startswith("en") else "da"]


def rounded(value: float, decimals: int = 0) -> float:
    """Round half away from zero, as the engine does. Never minus zero. Raises ValueError for NaN and infinity."""
    if not math.isfinite(value):
        msg = f"A missing value is no number and cannot be printed as one: {value}"
        raise ValueError(msg)
    return as_printed(value, decimals)


def number(value: float, decimals: int = 0, language: str | None = None) -> str:
    """Write 43601 as "43.601", 63.42 with one decimal as "63,4", −1.2 as "−1,2" with a real minus."""
    return _number(value, decimals, _words(language) is DANISH)


@lru_cache(maxsize=32_768)  # a number stands on several pages, and on some more than once
def _number(value: float, decimals: int, danish: bool) -> str:  # noqa: FBT001  part of the key
    return f"{rounded(value, decimals):,.{decimals}f}".translate(_TO_DANISH if danish else _TO_ENGLISH)


def exact(value: float, language: str | None = None) -> str:
    """Write a number with every digit it was reported with, "12,3456", for the proof of what was rounded elsewhere."""
    decimals = next((places for places in range(11) if rounded(value, places) == value), 10)
    return number(value, decimals, language)


def signed(value: float, decimals: int = 0, language: str | None = None) -> str:
    """Write a change with its sign, "+3,2" or "−1,2"; what rounds to zero has none."""
    text = number(value, decimals, language)
    return f"+{text}" if rounded(value, decimals) > 0 else text


def score(value: float, language: str | None = None) -> str:
    """Write a score with the one decimal it is ranked by: "63,4"."""
    return number(value, 1, language)


def count(amount: int, one: str, many: str, language: str | None = None) -> str:
    """Write an amount with its noun: "1 kommune", "43.601 indbyggere"."""
    return f"{number(amount, 0, language)} {one if amount == 1 else many}"


def with_unit(value: float, unit: str, decimals: int, language: str | None = None) -> str:
    """Write a value with its unit: "12,4 %", "3,5 børn pr. anbragt barn", "2,9 (1–5)", "ja".

    ``unit`` is the indicator's unit in the language asked for. A mean of yes and no is written as a number.
    """
    if unit in _YES_NO_UNITS:
        words = _words(language)
        if value in (0, 1):
            return words.yes if value else words.no
        return number(value, max(decimals, 2), language)
    if unit == "%":
        return percent(value, decimals, language)
    text = number(value, decimals, language)
    if unit in _SCALE_UNITS:
        return f"{text} (1–5)"
    return f"{text} {unit}" if unit else text


def percent(value: float, decimals: int = 0, language: str | None = None) -> str:
    """Write a share in per cent: "12,4 %" in Danish, "12.4%" in English."""
    words = _words(language)
    return f"{_number(value, decimals, words is DANISH)}{words.percent}"


def share(value: float, *thresholds: float, language: str | None = None) -> str:
    """Write a share as a percentage without its sign, with as few decimals as keep it on its side of each threshold.

    0.5992 beside 0.6 is "59,9", never "60": a number that is printed beside what it was compared with must still hold.
    """
    return beside(100 * value, 0, *(rounded(100 * one, 6) for one in thresholds), language=language)


def beside(value: float, decimals: int, *thresholds: float, language: str | None = None) -> str:
    """Write a number with so many decimals, or as few more as keep it on its side of each threshold."""
    for more in range(decimals, 6):
        printed = rounded(value, more)
        if all((printed < one) == (value < one) for one in thresholds):
            return number(printed, more, language)
    return number(value, 6, language)


def share_percent(value: float, *thresholds: float, language: str | None = None) -> str:
    """Write a share with its sign, so that it holds beside each threshold (see `share`)."""
    return f"{share(value, *thresholds, language=language)}{_words(language).percent}"


def is_long(unit: str) -> bool:
    """Whether a unit is words, too long to repeat in every cell of a row: "pr. 1.000 indbyggere"."""
    return bool(unit) and unit != "%" and unit not in _YES_NO_UNITS | _SCALE_UNITS


def unit_name(unit: str, language: str | None = None) -> str:
    """Name a unit where it stands alone, at the head of a column: "%", "ja eller nej", "score 1–5"."""
    if unit in _YES_NO_UNITS:
        words = _words(language)
        return words.yes_or_no
    return "score 1–5" if unit in _SCALE_UNITS else unit


def is_yes_no(unit: str) -> bool:
    """Whether a unit is yes or no, which has no distance to write."""
    return unit in _YES_NO_UNITS


def difference(value: float, unit: str, decimals: int, language: str | None = None) -> str:
    """Write a difference of two values: "+2,1 procentpoint", "−3 dage". Shares differ by percentage points."""
    text = signed(value, decimals, language)
    if unit == "%":
        return f"{text} {_words(language).percentage_points}"
    if unit in _YES_NO_UNITS or unit in _SCALE_UNITS or not unit:
        return text
    return f"{text} {unit}"


def number_range(low: float, high: float, decimals: int = 0, language: str | None = None) -> str:
    """Write a range with a dash, "12–14"; one number when both ends print the same."""
    first, last = number(low, decimals, language), number(high, decimals, language)
    return first if first == last else f"{first}–{last}"


def years(first: int, last: int) -> str:
    """Write years: "2022–2026", "2026". A year never has a separator."""
    return str(first) if first == last else f"{first}–{last}"


def rank(place: int, last: int | None = None, language: str | None = None) -> str:
    """Write a place to stand first on a line: "Nr. 4"; shared by ties "Delt nr. 12 (12–14)".

    ``last`` is the last place of the ties (12 and 14 for three that share 12–14). Follow it with ``of``.
    """
    words = _words(language)
    if last is None or last == place:
        return f"{words.rank_first} {place}"
    return f"{words.shared_first} {place} ({place}–{last})"


def rank_in_text(place: int, last: int | None = None, language: str | None = None) -> str:
    """Write a place inside a line or a cell: "nr. 4", shared "nr. 12–14"."""
    word = _words(language).rank
    return f"{word} {place}" if last is None or last == place else f"{word} {place}–{last}"


def rank_word(language: str | None = None) -> str:
    """The word before a place, "nr.": for a column whose head already says it."""
    return _words(language).rank


def of(n: int, language: str | None = None) -> str:
    """Write how many were ranked, "af 97": what never is left out after a place."""
    return f"{_words(language).of} {n}"


def rank_interval(low: int, high: int, language: str | None = None) -> str:
    """Write how sure a place is: "mellem nr. 2 og 9", "på nr. 2" where both are one."""
    words = _words(language)
    return words.between.format(low, high) if low != high else words.alone.format(low)


def rank_change(before: int, now: int, language: str | None = None) -> str:
    """Write a move between editions: "3 pladser frem", "1 plads tilbage", "samme plads"."""
    words = _words(language)
    moved = before - now
    if moved == 0:
        return words.same_place
    noun = words.place if abs(moved) == 1 else words.places
    return f"{abs(moved)} {noun} {words.up if moved > 0 else words.down}"


def quoted(text: str, language: str | None = None) -> str:
    """Write a name in quotation marks: "»Tilsyn«", "“Supervision”"."""
    return f"»{text}«" if _words(language) is WORDS["da"] else f"“{text}”"


def joined(items: Sequence[str], language: str | None = None) -> str:
    """Write a list: "a", "a og b", "a, b og c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {_words(language).conjunction} {items[-1]}"


def date(day: dt.date, language: str | None = None) -> str:
    """Write a date: "1. januar 2024", "1 January 2024"."""
    words = _words(language)
    return f"{day.day}{words.day_ending} {words.months[day.month - 1]} {day.year}"


def day(when: dt.datetime | None, language: str | None = None) -> str:
    """Write the day of a time as it is in Denmark: an hour before midnight UTC is the day after. "" for None."""
    return date(timezone.localdate(when), language) if when else ""


def moment(when: dt.datetime, language: str | None = None) -> str:
    """Write a time as clocks in Denmark show it: "1. januar 2024 kl. 9.05", "1 January 2024 at 09:05"."""
    words, here = _words(language), timezone.localtime(when)
    return f"{date(here, language)} {words.clock.format(hour=here.hour, minute=here.minute)}"


def missing(kind: str, language: str | None = None) -> str:
    """Say a kind of missing (``indicators.upload.cells.Missing``) in words. Raises KeyError for an unknown kind."""
    return _words(language).missing[kind]


def direction(which: str, language: str | None = None) -> str:
    """Say which way is good: "højere er bedre". ``which`` is an indicator's direction; KeyError for any other."""
    return _words(language).direction[which]
