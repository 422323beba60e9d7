"""What a correction changed: every value and every place, held against the revision it replaced."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

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


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that is another in a later revision; None where one of the two has it not at all."""

    before: Placement | None
    after: Placement | None

    @property
    def either(self) -> Placement:
        """One of the two, for its names."""
        found = self.after or self.before
        if found is None:
            msg = "A difference needs a number."
            raise ValueError(msg)
        return found

    @property
    def is_interval_only(self) -> bool:
        """Whether value, score and place are the same, and only how sure the place is has changed."""
        return _printed(self.before)[:-2] == _printed(self.after)[:-2]


PRINTED = ("rank", "rank_last", "n", "printed", "value", "missing", "low", "high")


def _printed(row: Placement | None) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in PRINTED) if row else (None,) * len(PRINTED)


def differences(before: Edition, after: Edition, only: Q) -> list[Difference]:
    """Which of some numbers are printed otherwise in another revision of the year, overall first, in Danish order."""
    columns = ("pk", "edition_id", "municipality_id", "level", "area_id", "theme_id", "indicator_id", *PRINTED)
    rows = Placement.objects.filter(only, edition__in=[before, after])
    found: dict[tuple[Any, ...], dict[int, tuple[int, tuple[Any, ...]]]] = {}
    for pk, edition, *subject, rank, last, n, score, value, missing, low, high in rows.values_list(*columns):
        printed = (rank, last, n, score, value, missing, low, high)
        found.setdefault(tuple(subject), {})[edition] = (pk, printed)
    unlike = [one for one in found.values() if len({printed for _pk, printed in one.values()}) > 1 or len(one) == 1]
    names = ("municipality", "area", "theme", "indicator")
    kept = rows.select_related(*names).in_bulk([pk for one in unlike for pk, _printed in one.values()])
    pairs = [
        Difference(*(kept[one[edition.pk][0]] if edition.pk in one else None for edition in (before, after)))
        for one in unlike
    ]
    return sorted(pairs, key=lambda one: (LEVELS.index(Level(one.either.level)), one.either.municipality.sort_key,
                                          one.either.pk))  # fmt: skip


LEVELS = [Level.OVERALL, Level.AREA, Level.THEME, Level.INDICATOR]


def newest_revision(edition: Edition) -> Edition:
    """The revision of an edition's year that holds now."""
    public = Edition.objects.ever_published().filter(year=edition.year).defer("robustness")
    return public.order_by("-revision").first() or edition
