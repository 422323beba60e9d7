"""What a correction changed: every value and every place, held against the revision it replaced."""

from dataclasses import dataclass
from typing import Any

from indicators.models import Indicator, Municipality
from portal.serving.release import shared_in_release
from rankings.models import Edition, Level, Placement

Key = tuple[int, str, int | None]
Said = list[Any]  # rank, last of the shared places, printed score


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """An indicator's value in a municipality before and after; None where it had no measurement."""

    municipality: Municipality
    indicator: Indicator
    before: Placement | None
    after: Placement | None


@dataclass(frozen=True, slots=True)
class ChangedRank:
    """A placement whose place or printed score is another after the correction."""

    before: Placement
    after: Placement


@dataclass(frozen=True, slots=True)
class Revision:
    """A correction: the values that were put right and the ranks that moved with them."""

    edition: Edition
    replaced: Edition
    values: tuple[ChangedValue, ...]
    ranks: tuple[ChangedRank, ...]

    @property
    def overall(self) -> tuple[ChangedRank, ...]:
        """The changed places of the whole index, in Danish order."""
        return tuple(one for one in self.ranks if one.after.level == Level.OVERALL)


@shared_in_release
def revision(edition: Edition) -> Revision | None:
    """Hold a revision against the one before it, in four queries; None for a first revision."""
    if edition.revision == 1:
        return None
    replaced = Edition.objects.ever_published().filter(year=edition.year, revision__lt=edition.revision)
    before = replaced.order_by("-revision").defer("robustness").first()
    return Revision(edition, before, _values(before, edition), _ranks(before, edition)) if before else None


def _values(before: Edition, after: Edition) -> tuple[ChangedValue, ...]:
    old = {(row.municipality_id, row.indicator_id): row for row in _unlike(before, after)}
    new = {(row.municipality_id, row.indicator_id): row for row in _unlike(after, before)}
    changed = []
    for key in {**new, **old}:
        row = new.get(key) or old[key]
        if row.indicator is not None:
            changed.append(ChangedValue(row.municipality, row.indicator, old.get(key), new.get(key)))
    return tuple(sorted(changed, key=lambda one: (one.indicator.position, one.municipality.sort_key)))


def _unlike(edition: Edition, other: Edition) -> list[Placement]:
    """An edition's indicator placements that stand on a measurement the other one does not have."""
    known = Placement.objects.of(other).filter(measurement__isnull=False).values("measurement")
    return list(
        Placement.objects.of(edition)
        .filter(level=Level.INDICATOR, measurement__isnull=False)
        .exclude(measurement__in=known)
        .select_related("municipality", "indicator")
    )


def _ranks(before: Edition, after: Edition) -> tuple[ChangedRank, ...]:
    """First what stands there, of all; then the rows themselves, of the few that moved."""
    columns = ("pk", "edition_id", "municipality_id", "level", "area_id", "theme_id", "rank", "rank_last", "printed")
    rows = Placement.objects.filter(edition__in=[before, after]).exclude(level=Level.INDICATOR)
    old: dict[Key, tuple[int, Said]] = {}
    new: dict[Key, tuple[int, Said]] = {}
    for pk, edition, municipality, level, area, theme, *said in rows.values_list(*columns):
        (old if edition == before.pk else new)[municipality, level, area or theme] = (pk, said)
    moved = {pk: old[key][0] for key, (pk, said) in new.items() if key in old and old[key][1] != said}
    found = rows.select_related("municipality", "area", "theme").in_bulk([*moved, *moved.values()])
    changed = [ChangedRank(found[earlier], found[later]) for later, earlier in moved.items()]
    return tuple(sorted(changed, key=lambda one: (one.after.municipality.sort_key, one.after.pk)))
