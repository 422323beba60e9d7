"""The ranking without one kind of source, as an edition has stored it, beside the published one."""

from typing import NamedTuple

from portal.published.subjects import Subject
from portal.serving.release import shared_in_release
from rankings.models import Edition, Placement, VariantPlacement

ADMINISTRATIONS = "survey_managers"


class VariantLine(NamedTuple):
    """A municipality's place without a kind of source, and the published one it stands beside."""

    name: str
    slug: str
    code: str
    rank: int | None
    rank_last: int | None
    n: int
    printed: float | None
    low: int | None
    high: int | None
    coverage: float
    published: int | None = None
    published_last: int | None = None
    published_n: int = 0


@shared_in_release
def subjects_without(edition: Edition, source: str) -> frozenset[tuple[str, int | None]]:
    """What the edition has a ranking of without a kind of source: keys as `Subject.key` gives them.

    A theme that is made of nothing else has none.
    """
    rows = VariantPlacement.objects.filter(edition=edition, source=source)
    return frozenset((level, area or theme) for level, area, theme in rows.values_list(*_KEY).distinct())


_KEY = ("level", "area_id", "theme_id")


def variant_lines(edition: Edition, source: str, subject: Subject) -> list[VariantLine]:
    """Everybody's place in a subject without a kind of source, best first, the unranked last; empty where none is."""
    published = {
        row[0]: row[1:]
        for row in Placement.objects.of(edition)
        .filter(subject.where)
        .values_list("municipality__code", "rank", "rank_last", "n")
    }
    rows = (
        VariantPlacement.objects.filter(subject.where, edition=edition, source=source)
        .order_by("municipality__sort_key")
        .values_list(*(_COLUMNS.get(name, name) for name in VariantLine._fields[:10]))
    )
    lines = [VariantLine(*row, *published.get(row[2], ())) for row in rows]
    return sorted(lines, key=lambda line: (line.rank is None, line.rank or 0))


_COLUMNS = {"name": "municipality__name", "slug": "municipality__slug", "code": "municipality__code"}
