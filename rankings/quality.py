"""How far every value of an edition can be acted on (`rankings.engine.evidence.grade`): what is known of it, gathered
in one place for files, API and pages."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from indicators.conditions import Known, known_conditions, people_of, per_person
from indicators.models import Indicator, Municipality, Upload
from rankings.engine.evidence import UNUSABLE, doubts, graded
from rankings.engine.matrix import Errors, Matrix
from rankings.engine.sampling import NORMAL
from rankings.models import Edition, Level, Placement

OWN_WORD = "survey_managers"
ABOUT_GAPS = {"coverage_dropped", "only_gaps"}
"""Warnings that doubt what is not there: the values that are there are no worse for them."""
NINETY_FIVE = 2 * NORMAL
"""A 95 per cent interval is so many standard errors wide."""
Doubts = dict[tuple[int, int], dict[str, int]]
Unusable = frozenset[tuple[int, int | None]]
Accepted = dict[int, Counter[tuple[str | None, int | None, str | None]]]

_FIGURES = ("indicator_id", "municipality_id", "municipality__code", "value", "data_year", "provisional", "upload_id",
            "measurement__asked", "measurement__answered", "measurement__low", "measurement__high")  # fmt: skip


def doubts_of(
    edition: Edition,
    indicators: Iterable[int] | None = None,
    *,
    year: int | None = None,
    known: Known | None = None,
) -> Doubts:
    """The reasons against an edition's values, by the primary keys of municipality and indicator; a value that is not
    in it has none. ``year``: when the values' age is counted, else the edition's; ``known``: the conditions of its
    year, where they are read already. Read inside `as_published`."""
    rows = Placement.objects.of(edition).filter(level=Level.INDICATOR, value__isnull=False)
    if indicators is not None:
        rows = rows.filter(indicator__in=list(indicators))
    by_indicator: dict[Any, list[tuple[Any, ...]]] = {}
    for row in rows.values_list(*_FIGURES):
        by_indicator.setdefault(row[0], []).append(row)
    conditions = known_conditions(edition.year) if known is None else known
    people = {key: people_of(one) for key, one in conditions.items()}
    warned = accepted_warnings({row[6] for each in by_indicator.values() for row in each if row[6]})
    found: Doubts = {}
    for indicator in Indicator.objects.filter(pk__in=by_indicator.keys()):
        found |= _of_indicator(indicator, by_indicator[indicator.pk], people, warned, year or edition.year)
    return found


def _of_indicator(
    indicator: Indicator,
    rows: list[tuple[Any, ...]],
    known: Mapping[int, Mapping[str, float]],
    warned: Accepted,
    year: int,
) -> Doubts:
    distance = float(np.subtract(*np.percentile([row[3] for row in rows], [90, 10])))
    whole = per_person(indicator.unit)
    people = [known.get(row[1], {}).get(indicator.person_base) for row in rows]
    counted = people if whole is not None and None not in people else [None] * len(rows)
    found: Doubts = {}
    for row, base in zip(rows, counted, strict=True):
        _, municipality, code, value, of_year, provisional, upload, asked, answered, low, high = row
        width = None if low is None or high is None else high - low
        if width is None and base and whole:
            width = width_of_rate(value, base, whole)
        against = doubts(
            interval=None if width is None or distance <= 0 else width / distance,
            response=None if not asked or answered is None else answered / asked,
            provisional=provisional,
            age=year - (of_year or year),
            own_word=indicator.source_kind == OWN_WORD,
            warnings=_warnings(warned, upload, indicator.code, of_year, code),
        )
        if against:
            found[municipality, indicator.pk] = against
    return found


def width_of_rate(value: float, base: float, whole: float) -> float:
    """How wide chance alone makes the 95 per cent interval of a rate of so many people, in the rate's unit: ``whole``
    is what the unit counts on (100 for per cent)."""
    share = min(max(value / whole, 0.0), 1.0)
    return float(NINETY_FIVE * whole * (share * (1 - share) / base) ** 0.5)


def widths_of(edition: Edition, matrix: Matrix, sampled: Errors | None) -> Errors | None:
    """The 95 per cent intervals of an edition's figures, as far as they are known: those of samples, and of rates whose
    people are counted. None where none is. Read inside `as_published`."""
    low, high = np.full((2, *matrix.values.shape), np.nan)
    line_of = {unit: line for line, unit in enumerate(matrix.units)}
    code_of = dict(Municipality.objects.values_list("pk", "code"))
    known = {code_of[key]: people_of(one) for key, one in known_conditions(edition.year).items() if key in code_of}
    for indicator in Indicator.objects.filter(code__in=matrix.codes):
        column, whole = matrix.position[indicator.code], per_person(indicator.unit)
        for unit, line in line_of.items() if whole else ():
            value, base = float(matrix.values[line, column]), known.get(unit, {}).get(indicator.person_base)
            if whole and base and not np.isnan(value):
                half = width_of_rate(value, base, whole) / 2
                low[line, column], high[line, column] = value - half, value + half
    if sampled is not None:
        cells = np.ix_([line_of[unit] for unit in sampled.units], [matrix.position[code] for code in sampled.codes])
        there = ~np.isnan(sampled.low)
        low[cells], high[cells] = np.where(there, sampled.low, low[cells]), np.where(there, sampled.high, high[cells])
    nothing = np.full_like(low, np.nan)
    return None if np.isnan(low).all() else Errors(matrix.units, matrix.codes, low, high, nothing, nothing)


def unusable(found: Doubts) -> Unusable:
    """Which values one should not act on, by the primary keys of municipality and indicator."""
    return frozenset(key for key, against in found.items() if graded(against) == UNUSABLE)


def accepted_warnings(uploads: Iterable[int]) -> Accepted:
    """How many warnings were accepted when files were read: by upload those with any, and in it by indicator, year and
    municipality's code, each None where the warning names none and so doubts all."""
    reports = Upload.objects.filter(pk__in=list(uploads)).values_list("pk", "report__findings", "report__accepted")
    counted = [
        (upload, one)
        for upload, findings, accepted in reports
        for one in findings or ()
        if one["key"] in (accepted or {}) and one["rule"] not in ABOUT_GAPS
    ]
    # Reports from before the codes stood in them name the first eight.
    by_name = any("codes" not in one for _upload, one in counted)
    codes: dict[str, str] = dict(Municipality.objects.values_list("name", "code")) if by_name else {}
    found: Accepted = {}
    for upload, one in counted:
        named = one["codes"] if "codes" in one else [codes.get(name) for name in one["municipalities"]]
        for code in named or [None]:
            found.setdefault(upload, Counter())[one["indicator"], one["year"], code] += 1
    return found


def _warnings(warned: Accepted, upload: int | None, indicator: str, year: int | None, municipality: str) -> int:
    of_upload = warned.get(upload) if upload is not None else None
    if not of_upload:  # most have none, and a page asks ten thousand times
        return 0
    return sum(
        of_upload[code, of_year, who]
        for code in (indicator, None)
        for of_year in (year, None)
        for who in (municipality, None)
    )
