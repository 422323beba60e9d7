"""The published figures of some indicators over the editions, as arrays: what verdicts and peers are computed from."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models import Min
from numpy.typing import NDArray

from indicators.copying import in_groups
from indicators.models import Measurement
from indicators.upload.cells import Missing
from rankings.engine.before_after import MOST_EDITIONS
from rankings.engine.evidence import is_unusable
from rankings.engine.matrix import Floats
from rankings.models import Criterion, Edition, Level, Placement
from rankings.practices.models import NoVerdict

Key = tuple[int, int]  # indicator (primary key), edition (year)


@dataclass(frozen=True)
class Figures:
    """Values of municipalities (lines) by indicator and edition, in the indicator's unit, NaN = missing.

    ``edition`` is the newest; of each earlier year it is the revision that is public. ``data_years`` says of which year
    an edition's figures are, ``directions`` which way was good in the newest, ``unusable`` by indicator the lines whose
    value in it one should not act on.
    """

    edition: Edition
    years: tuple[int, ...]
    line_of: dict[int, int]
    values: dict[Key, Floats]
    missing: dict[tuple[int, int, int], str]
    data_years: dict[Key, int]
    directions: dict[int, str]
    unusable: dict[int, NDArray[np.int64]]

    @classmethod
    def up_to(cls, edition: Edition, indicators: Collection[int]) -> "Figures":
        """The figures of some indicators in an edition and in the public ones of earlier years. Three queries."""
        earlier = Edition.objects.published().filter(year__lt=edition.year)
        year_of = dict(earlier.values_list("pk", "year")) | {edition.pk: edition.year}
        criteria = Criterion.objects.for_indicators().filter(edition__in=year_of, indicator__in=indicators)
        known = list(criteria.values_list("edition_id", "indicator_id", "data_year", "direction"))
        data_years = {(indicator, year_of[key]): year or 0 for key, indicator, year, _way in known}
        directions = {indicator: way for key, indicator, _year, way in known if key == edition.pk}
        rows = Placement.objects.filter(edition__in=year_of, level=Level.INDICATOR, indicator__in=indicators)
        by = ("indicator_id", "edition_id", "missing")
        groups = list(in_groups(rows, by, whole=("municipality_id", "doubts"), real=("value",)))
        everyone = np.unique(np.concatenate([who for _key, (who, *_columns) in groups])) if groups else np.zeros(0, int)
        line_of = {key: line for line, key in enumerate(everyone.tolist())}
        values = {key: np.full(len(line_of), np.nan) for key in data_years}
        missing: dict[tuple[int, int, int], str] = {}
        unusable: dict[int, NDArray[np.int64]] = {}
        for (indicator, key, kind), (who, doubts, value) in groups:
            if kind:
                missing |= dict.fromkeys(((indicator, year_of[key], one) for one in who.tolist()), kind)
            else:
                lines = np.searchsorted(everyone, who)
                values[indicator, year_of[key]][lines] = value
                if key == edition.pk:
                    bad = [one for one in np.unique(doubts).tolist() if is_unusable(one)]
                    unusable[indicator] = lines[np.isin(doubts, bad)]
        return cls(edition, tuple(sorted(year_of.values())), line_of, values, missing, data_years, directions, unusable)

    @cached_property
    def known_at(self) -> dict[Key, dt.datetime]:
        """By indicator and data year, when figures first came in. One query, asked only where verdicts are computed."""
        return _first_known({key for key, _year in self.data_years}, set(self.data_years.values()))

    def data_year(self, indicator: int, edition: int) -> int:
        """Of which year an edition's figures are; 0 where it has none."""
        return self.data_years.get((indicator, edition), 0)

    def is_fresh(self, indicator: int, edition: int) -> bool:
        """Whether an edition brought new figures: of one counted every second year, every second edition repeats."""
        earlier = [self.data_year(indicator, year) for year in self.years if year < edition]
        return self.data_year(indicator, edition) > max(earlier, default=0)

    def fresh_before(self, indicator: int, start: int) -> list[int]:
        """The last editions with new figures whose year lies before the one in which something began."""
        found = [year for year in self.years if year < start and self.is_fresh(indicator, year)]
        return found[-MOST_EDITIONS:]

    def fresh_after(self, indicator: int, expected: int, start: int) -> list[int]:
        """The first editions with new figures from the expected one on, of years in which it had begun."""
        found = [
            year
            for year in self.years
            if year >= expected and self.is_fresh(indicator, year) and self.data_year(indicator, year) >= start
        ]
        return found[:MOST_EDITIONS]

    def table(self, indicator: int, editions: Sequence[int]) -> Floats:
        """Municipalities × editions."""
        return np.column_stack([self.values[indicator, year] for year in editions])

    def known_when(self, indicator: int, edition: int, moment: dt.datetime) -> bool:
        """Whether the figures of an edition existed here already at a moment."""
        first = self.known_at.get((indicator, self.data_year(indicator, edition)))
        return first is not None and first <= moment

    def why_missing(self, indicator: int, municipality: int, editions: Sequence[int]) -> NoVerdict:
        """Why a municipality lacks a figure in one of some editions: the last one that it lacks says it."""
        kinds = [self.missing.get((indicator, year, municipality), "") for year in editions]
        kind = next((kind for kind in reversed(kinds) if kind), "")
        known = {Missing.SUPPRESSED: NoVerdict.SUPPRESSED, Missing.NOT_COLLECTED: NoVerdict.NOT_COLLECTED}
        return {str(key): value for key, value in known.items()}.get(kind, NoVerdict.MISSING)


def _first_known(indicators: Collection[int], years: Collection[int]) -> dict[Key, dt.datetime]:
    found = Measurement.objects.filter(indicator__in=indicators, year__in=years, upload__applied_at__isnull=False)
    rows = found.values_list("indicator_id", "year").annotate(Min("upload__applied_at"))
    return {(indicator, year): at for indicator, year, at in rows}
