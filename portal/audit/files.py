"""The audit as files and for the API: a row for every part of the index, and a row for every pair."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.downloads.files import about_subjects
from portal.published.audits import Audited, audit_of
from portal.published.edition import ShownEdition
from rankings.bundle.formats import About, DataTable, Value, columns

PARTS = columns(
    "edition", "level", "subject", "subject_name", "nominal", "effective", "effective_share", "alpha", "clipped",
    "left_out_mean", "left_out_largest", "conditions_r2",
)  # fmt: skip
PAIRS = columns("edition", "level", "subject", "subject_name", "other", "other_name", "correlation", "units")


def parts_table(shown: ShownEdition) -> DataTable:
    """Every part of the index; no rows where the edition was never looked over."""
    return DataTable("eftersyn", PARTS, _about(shown, "audit"), lambda: part_rows(shown))


def pairs_table(shown: ShownEdition) -> DataTable:
    """Every pair of areas, of themes and of indicators."""
    return DataTable("eftersyn-par", PAIRS, _about(shown, "audit"), lambda: pair_rows(shown))


def _about(shown: ShownEdition, name: str) -> About:
    def address(links: Links) -> str:
        return links.to(name)

    return about_subjects(shown, _("Er indekset sundt?"), address, ())


def part_rows(shown: ShownEdition) -> Iterator[tuple[Value, ...]]:
    """Rows of PARTS, from the whole down to the indicators."""
    of = audit_of(shown)
    for code in of.subjects if of else ():
        yield (shown.edition.release, *_named(of, code), *_found(of, code))  # type: ignore[arg-type]


def _found(of: Audited, code: str) -> tuple[Value, ...]:
    found = of.findings
    influence, moved = found["influence"].get(code, {}), found["left_out"].get(code, {})
    return (
        influence.get("nominal"), influence.get("effective"), influence.get("effective_share"),
        found["alpha"].get(code), found["clipped"].get(code), moved.get("mean"), moved.get("largest"),
        found.get("conditions", {}).get(code),
    )  # fmt: skip


def _named(of: Audited, code: str) -> tuple[str, str, str]:
    subject = of.subjects[code]
    return str(subject.level), subject.code, subject.name


def pair_rows(shown: ShownEdition) -> Iterator[tuple[Value, ...]]:
    """Rows of PAIRS: areas and themes, then indicators."""
    of = audit_of(shown)
    for a, b, r, n in (*of.findings.get("nodes", ()), *of.findings["correlations"]) if of else ():
        if of and a in of.subjects and b in of.subjects:
            yield (shown.edition.release, *_named(of, a), *_named(of, b)[1:], r, n)
