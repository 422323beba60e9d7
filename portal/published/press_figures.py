"""An edition's figures and those of the edition before it, read once for one sheet or for all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from indicators.conditions import known_conditions
from indicators.models import Area, Indicator, SeriesBreak
from portal.published.proofs import doubts_in
from rankings.engine.evidence import Doubts
from rankings.models import Criterion, Edition, Explanation, Level, Placement, Spread
from rankings.models.editions import EditionQuerySet

Key = tuple[str, int | None]
OVERALL: Key = (str(Level.OVERALL), None)
PlacementRow = Mapping[int, Mapping[Key, Placement]]


@dataclass(frozen=True)
class Figures:
    """Placements by municipality and subject, now and before; spreads, indicators, breaks.

    ``before`` is empty for the first edition. The municipalities are those that were asked for; ``everyone`` holds the
    overall placements of all. ``years`` are the indicators' data years, by the indicator's key.
    """

    edition: Edition
    previous: Edition | None
    now: PlacementRow
    before: PlacementRow
    everyone: Sequence[Placement]
    spreads: Mapping[Key, Spread]
    spreads_before: Mapping[Key, Spread]
    indicators: Sequence[Indicator]
    years: Mapping[int, int]
    years_before: Mapping[int, int]
    breaks: Mapping[int, Sequence[int]]

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The edition's areas, in order."""
        return tuple(dict.fromkeys(one.theme.area for one in self.indicators if one.theme))

    @cached_property
    def conditions(self) -> dict[int, dict[str, tuple[float, int]]]:
        """The known conditions of every municipality."""
        return known_conditions(self.edition.year)

    @cached_property
    def explanations(self) -> dict[int, Explanation]:
        """Why the placements moved, of the municipalities that were asked for: only their own sheets need it."""
        rows = Explanation.objects.filter(edition=self.edition, compared_with=self.previous, municipality__in=self.now)
        return {row.municipality_id: row for row in rows}

    @cached_property
    def editions(self) -> tuple[Edition, ...]:
        """The editions of earlier years that were public when this one was, oldest first, and this one."""
        newest = {one.year: one for one in _earlier(self.edition).order_by("revision")}
        return (*(newest[year] for year in sorted(newest)), self.edition)

    @cached_property
    def doubted(self) -> Doubts:
        """The reasons against the edition's values."""
        return doubts_in(self.edition)

    @cached_property
    def means(self) -> dict[int, float]:
        """The overall score over the last three editions of one method, of those who have all three."""
        three = [one for one in self.editions[-3:] if one.method_version == self.edition.method_version]
        rows = Placement.objects.filter(edition__in=three, printed__isnull=False).overall()
        scores: dict[int, list[float]] = defaultdict(list)
        for municipality, score in rows.values_list("municipality_id", "printed"):
            scores[municipality].append(score or 0.0)
        return {one: sum(each) / 3 for one, each in scores.items() if len(each) == 3}

    @property
    def comparable(self) -> bool:
        """Whether the edition before was made by the same method."""
        return self.previous is None or self.previous.method_version == self.edition.method_version

    def broken_in(self, indicator: Indicator) -> int | None:
        """The year of the newest break between an indicator's data years; None where there is none."""
        since, until = self.years_before.get(indicator.pk), self.years.get(indicator.pk)
        if since is None or until is None:
            return None
        return max((year for year in self.breaks.get(indicator.pk, ()) if since < year <= until), default=None)


def _earlier(edition: Edition) -> EditionQuerySet:
    earlier = Edition.objects.ever_published().comparable_to(edition).filter(year__lt=edition.year)
    if edition.published_at is not None:
        earlier = earlier.filter(published_at__lte=edition.published_at)
    return earlier.defer("robustness")


EVERYTHING = Q()
NATIONAL = Q(level__in=[Level.OVERALL, Level.AREA])


def figures_of(edition: Edition, wanted: Q = EVERYTHING, *, against: Edition | None = None) -> Figures:
    """Read an edition. ``wanted`` narrows the placements: one municipality's, one indicator's, NATIONAL.

    ``against``: what a current page holds it against (`ShownEdition.previous`); else what is stored with the edition,
    which is what a pinned sheet and a draft's go by, whatever was corrected since.
    """
    previous = against or edition.compared_with
    everyone = Placement.objects.of(edition).overall().select_related("municipality").in_rank_order()
    criteria = Indicator.objects.filter(criterion__edition=edition).select_related("theme__area", "source")
    breaks: dict[int, list[int]] = defaultdict(list)
    for one in SeriesBreak.objects.order_by("year"):
        breaks[one.indicator_id].append(one.year)
    return Figures(
        edition=edition,
        previous=previous,
        now=_placed(edition, wanted),
        before=_placed(previous, wanted) if previous else {},
        everyone=tuple(everyone),
        spreads=_spreads(edition),
        spreads_before=_spreads(previous) if previous else {},
        indicators=tuple(criteria.order_by("position")),
        years=_years(edition),
        years_before=_years(previous) if previous else {},
        breaks=breaks,
    )


def _years(edition: Edition) -> dict[int, int]:
    rows = Criterion.objects.of(edition).for_indicators()
    return {row.indicator_id: row.data_year for row in rows if row.indicator_id and row.data_year}


def _placed(edition: Edition, wanted: Q) -> PlacementRow:
    found: dict[int, dict[Key, Placement]] = defaultdict(dict)
    for row in Placement.objects.of(edition).filter(wanted).iterator():
        found[row.municipality_id][row.level, row.area_id or row.theme_id or row.indicator_id] = row
    return found


def _spreads(edition: Edition) -> dict[Key, Spread]:
    rows = Spread.objects.filter(edition=edition)
    return {(row.level, row.area_id or row.theme_id or row.indicator_id): row for row in rows}
