"""The ranking without one kind of source, as an edition has stored it, beside the published one."""

from typing import NamedTuple

from portal.published.subjects import Subject
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


def has_without(edition: Edition, source: str) -> bool:
    """Whether the edition was computed without a kind of source as well: its method says so, no row has to be read."""
    return source in edition.method.get("robustness", {}).get("without", ()) and not edition.registers_only


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
