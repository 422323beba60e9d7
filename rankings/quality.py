"""How far every value of an edition can be acted on (`rankings.engine.evidence.grade`): what is known of it, gathered
in one place for files, API and pages."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from indicators.conditions import Known, known_conditions, people_of, per_person
from indicators.models import Indicator, Municipality, Upload
from rankings.engine.evidence import Doubts, packed_doubts, unpacked
from rankings.engine.matrix import NORMAL, Errors, Floats, Matrix
from rankings.loading import Loaded, measurements_of
from rankings.models import Edition, Level, Placement

OWN_WORD = "survey_managers"
ABOUT_GAPS = {"coverage_dropped", "only_gaps"}
"""Warnings that doubt what is not there: the values that are there are no worse for them."""
NINETY_FIVE = 2 * NORMAL
"""A 95 per cent interval is so many standard errors wide."""
Named = tuple[str | None, int | None, str | None]
Accepted = dict[int, Counter[Named]]

_FIGURES = ("municipality__code", "value", "provisional", "upload_id", "measurement__asked", "measurement__answered",
            "measurement__low", "measurement__high")  # fmt: skip
_WORTH = ("asked", "answered", "low", "high")
_NAMES = ("code", "value", "provisional", "upload", *_WORTH)


def doubts_anew(
    edition: Edition,
    indicators: Iterable[int] | None = None,
    *,
    year: int | None = None,
    known: Known | None = None,
) -> Doubts:
    """The reasons against an edition's values, worked out from what its placements refer to: they themselves know those
    that it was computed with (`PlacementQuerySet.doubted`). ``year``: when the values' age is counted, else the
    edition's; ``known``: the conditions of its year, where they are read already. Read inside `as_published`."""
    found = packed_anew(edition, indicators, year=year, known=known)
    return {key: unpacked(packed) for key, packed in found.items()}


def packed_anew(
    edition: Edition,
    indicators: Iterable[int] | None = None,
    *,
    year: int | None = None,
    known: Known | None = None,
) -> dict[tuple[int, int], int]:
    """`doubts_anew` as placements store them."""
    rows = Placement.objects.of(edition).filter(level=Level.INDICATOR, value__isnull=False)
    if indicators is not None:
        rows = rows.filter(indicator__in=list(indicators))
    groups: dict[tuple[int | None, int | None], list[tuple[Any, ...]]] = {}
    for indicator, of_year, *row in rows.values_list("indicator_id", "data_year", "municipality_id", *_FIGURES):
        groups.setdefault((indicator, of_year), []).append(tuple(row))
    judge = _Judge(edition.year, year, {row[4] for each in groups.values() for row in each}, known)
    asked = Indicator.objects.only("code", "unit", "person_base", "source_kind")
    asked_by_key = asked.in_bulk([key for key, _year in groups if key])
    found: dict[tuple[int, int], int] = {}
    for (key, of_year), each in groups.items():
        who, *columns = zip(*each, strict=True)
        indicator = asked_by_key[key or 0]
        packed = judge.against(indicator, of_year, who, dict(zip(_NAMES, map(_column, columns), strict=True)))
        found |= {(one, indicator.pk): doubt for one, doubt in zip(who, packed.tolist(), strict=True) if doubt}
    return found


def doubts_of_loaded(edition: Edition, loaded: Loaded) -> NDArray[np.int16]:
    """The reasons against the figures that an edition is computed from, municipalities × indicators, packed as
    `rankings.engine.evidence.unpacked` reads them. Read inside `as_published`."""
    codes = np.broadcast_to(np.array(loaded.matrix.units)[:, np.newaxis], loaded.upload.shape)
    figures = codes, loaded.matrix.values, loaded.provisional, loaded.upload, *_worth_of(loaded)
    keys = np.array([one.pk for one in loaded.municipalities])
    judge = _Judge(edition.year, None, np.unique(loaded.upload).tolist())
    packed = np.zeros(loaded.upload.shape, np.int16)
    for column, criterion in enumerate(loaded.criteria):
        there = ~np.isnan(loaded.matrix.values[:, column])
        if criterion.indicator is not None and there.any():
            columns = {name: figure[there, column] for name, figure in zip(_NAMES, figures, strict=True)}
            who = keys[there].tolist()
            packed[there, column] = judge.against(criterion.indicator, criterion.data_year, who, columns)
    return packed


def _worth_of(loaded: Loaded) -> Floats:
    """How many were asked and answered, and the intervals, as far as figures know them: four tables."""
    found = np.full((len(_WORTH), loaded.measurement.size), np.nan)
    known = measurements_of(loaded.criteria).filter(Q(low__isnull=False) | Q(asked__isnull=False))
    rows = list(known.values_list("pk", *_WORTH))
    if rows:
        keys, *columns = (np.array(one, dtype=float) for one in zip(*rows, strict=True))  # None becomes NaN
        places = np.full(int(max(loaded.measurement.max(), keys.max())) + 1, -1)
        places[loaded.measurement.ravel()] = np.arange(loaded.measurement.size)
        at = places[keys.astype(int)]
        found[:, at[at >= 0]] = np.array(columns)[:, at >= 0]
    return found.reshape(len(_WORTH), *loaded.measurement.shape)


class _Judge:
    """What doubts are judged by, read once: how many live where, which warnings were accepted, and in which year."""

    def __init__(self, edition: int, year: int | None, uploads: Iterable[int], known: Known | None = None) -> None:
        self._year = year or edition
        conditions = known_conditions(edition) if known is None else known
        self._people = {key: people_of(one) for key, one in conditions.items()}
        self._warned = accepted_warnings({one for one in uploads if one})

    def against(
        self, indicator: Indicator, of_year: int | None, who: Sequence[int], figures: Mapping[str, NDArray[Any]]
    ) -> NDArray[np.int16]:
        """What is held against an indicator's values, packed: those of ``who``, the columns by `_NAMES`."""
        distance = float(np.subtract(*np.percentile(figures["value"], [90, 10])))
        asked, width = figures["asked"], self._widths(indicator, who, figures)
        warnings = np.zeros(len(who), int)
        for place in np.flatnonzero(np.isin(figures["upload"], list(self._warned))).tolist():
            upload, code = int(figures["upload"][place]), str(figures["code"][place])
            warnings[place] = _warnings(self._warned[upload], indicator.code, of_year, code)
        return packed_doubts(
            interval=width / distance if distance > 0 else np.full(len(who), np.nan),
            response=figures["answered"] / np.where(asked > 0, asked, np.nan),
            provisional=figures["provisional"].astype(bool),
            age=self._year - (of_year or self._year),
            own_word=indicator.source_kind == OWN_WORD,
            warnings=warnings,
        )

    def _widths(self, indicator: Indicator, who: Sequence[int], figures: Mapping[str, NDArray[Any]]) -> Floats:
        """The widths of the intervals; by chance alone of a rate whose people are counted everywhere."""
        known: Floats = figures["high"] - figures["low"]
        whole = per_person(indicator.unit)
        people = [self._people.get(one, {}).get(indicator.person_base) for one in who] if whole else [None]
        if whole is None or None in people:
            return known
        return np.where(np.isnan(known), widths_of_rates(figures["value"], np.array(people, float), whole), known)


def _column(values: Sequence[Any]) -> NDArray[Any]:
    """Texts as they are; numbers as reals, NaN where there is none."""
    return np.array(values) if isinstance(values[0], str) else np.array(values, dtype=float)


def widths_of_rates(values: Floats, bases: Floats, whole: float) -> Floats:
    """How wide chance alone makes the 95 per cent interval of rates of so many people, in the rate's unit: ``whole`` is
    what the unit counts on (100 for per cent). NaN where nobody is counted."""
    share = np.clip(values / whole, 0.0, 1.0)
    spread: Floats = share * (1 - share) / np.where(bases > 0, bases, np.nan)
    return NINETY_FIVE * whole * spread**0.5


def widths_of(edition: Edition, matrix: Matrix, sampled: Errors | None) -> Errors | None:
    """The 95 per cent intervals of an edition's figures, as far as they are known: those of samples, and of rates whose
    people are counted. None where none is. Read inside `as_published`."""
    low, high = np.full((2, *matrix.values.shape), np.nan)
    line_of = {unit: line for line, unit in enumerate(matrix.units)}
    code_of = dict(Municipality.objects.values_list("pk", "code"))
    known = {code_of[key]: people_of(one) for key, one in known_conditions(edition.year).items() if key in code_of}
    for indicator in Indicator.objects.filter(code__in=matrix.codes):
        column, whole = matrix.position[indicator.code], per_person(indicator.unit)
        if whole:
            people = [known.get(unit, {}).get(indicator.person_base) for unit in matrix.units]
            values = matrix.values[:, column]
            half = widths_of_rates(values, np.array(people, float), whole) / 2
            low[:, column], high[:, column] = values - half, values + half
    if sampled is not None:
        cells = np.ix_([line_of[unit] for unit in sampled.units], [matrix.position[code] for code in sampled.codes])
        there = ~np.isnan(sampled.low)
        low[cells], high[cells] = np.where(there, sampled.low, low[cells]), np.where(there, sampled.high, high[cells])
    nothing = np.full_like(low, np.nan)
    return None if np.isnan(low).all() else Errors(matrix.units, matrix.codes, low, high, nothing, nothing)


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


def _warnings(of_upload: Counter[Named], indicator: str, year: int | None, municipality: str) -> int:
    return sum(
        of_upload[code, of_year, who]
        for code in (indicator, None)
        for of_year in (year, None)
        for who in (municipality, None)
    )
