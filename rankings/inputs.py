"""What a computation is made from, as one sum: what was computed from the same need not be computed again.

Everything that `rankings.services.computing` reads is in it: the figures that hold with their uploads, the edition and
its criteria, the catalogue and the conditions as the edition reads them, the breaks, the public editions it is compared
with (their own figures are frozen), the aims and when their figures came in; and the code itself with its arithmetic.
What it stored and `edition_checksum` does not sum up is in it as well, so that a draft which somebody has changed by
hand is another. A table that the computation begins to read is added here; tests/rankings/test_inputs.py finds it.
"""

import hashlib
import platform
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection

from rankings.models import Edition

EDITIONS = """
    SELECT (year, revision, method, method_version, registers_only)::text FROM rankings_edition WHERE id = %(edition)s
    UNION ALL
    SELECT (id, year, revision, state, registers_only, method, method_version, compared_with_id)::text
    FROM rankings_edition WHERE id <> %(edition)s AND state NOT IN ('draft', 'hearing')"""
FIGURES = """
    SELECT c.id::text || ' ' || encode(sha256(convert_to(string_agg(m::text, E'\\n' ORDER BY m.id), 'UTF8')), 'hex')
    FROM rankings_criterion c
    JOIN indicators_measurement m ON m.indicator_id = c.indicator_id AND m.year = c.data_year AND m.is_current
    WHERE c.edition_id = %(edition)s GROUP BY c.id"""
UPLOADS = """
    SELECT DISTINCT (u.id, u.is_demo)::text
    FROM rankings_criterion c
    JOIN indicators_measurement m ON m.indicator_id = c.indicator_id AND m.year = c.data_year AND m.is_current
    JOIN indicators_upload u ON u.id = m.upload_id
    WHERE c.edition_id = %(edition)s"""
FIRST_KNOWN = """
    SELECT (m.indicator_id, m.year, min(u.applied_at))::text
    FROM indicators_measurement m JOIN indicators_upload u ON u.id = m.upload_id
    WHERE u.applied_at IS NOT NULL AND (m.indicator_id, m.year) IN (
        SELECT c.indicator_id, c.data_year FROM rankings_criterion c
        WHERE c.indicator_id IN (SELECT indicator_id FROM practices_aim))
    GROUP BY m.indicator_id, m.year"""
READ = {
    "rankings_edition": EDITIONS,
    "indicators_measurement": FIGURES,
    "indicators_upload": f"{UPLOADS} UNION ALL {FIRST_KNOWN}",
    "indicators_municipality": "SELECT t::text FROM indicators_municipality t",
    "indicators_area": "SELECT t::text FROM indicators_area t",
    "indicators_theme": "SELECT t::text FROM indicators_theme t",
    "indicators_indicator": "SELECT t::text FROM indicators_indicator t",
    "indicators_contextfigure": "SELECT t::text FROM indicators_contextfigure t WHERE year <= %(year)s",
    "indicators_seriesbreak": "SELECT t::text FROM indicators_seriesbreak t",
    "practices_practice": "SELECT t::text FROM practices_practice t",
    "practices_practice_municipalities": "SELECT t::text FROM practices_practice_municipalities t",
    "practices_aim": "SELECT t::text FROM practices_aim t",
}
OWN = {
    table: f"SELECT t::text FROM {table} t WHERE edition_id = %(edition)s"  # noqa: S608  our own tables
    for table in (
        "rankings_criterion", "rankings_spread", "rankings_variantplacement", "rankings_explanation", "rankings_audit",
        "practices_measuredhere",
    )
}  # fmt: skip
_SUM = "encode(sha256(convert_to(string_agg(line, E'\\n' ORDER BY line COLLATE \"C\"), 'UTF8')), 'hex')"


def _code() -> str:
    """A sum over the code and the shipped data of both packages that a computation runs through, and its arithmetic."""
    digest = hashlib.sha256(f"{np.__version__} {platform.python_version()}".encode())
    for package in ("indicators", "rankings"):
        for path in sorted((Path(settings.BASE_DIR) / package).rglob("*")):
            if path.suffix in {".py", ".csv", ".json"}:
                digest.update(path.relative_to(settings.BASE_DIR).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


CODE = _code()  # as this process has it: asked later, a newer version might lie there already


def read_by(edition: Edition) -> str:
    """The sum of what an edition's computation reads that is not its own. Ask it inside `as_published(edition)`, and
    before anything is read: what comes in meanwhile is then not in it, and will be missed."""
    return _summed(READ, edition)


def inputs_of(edition: Edition, read: str | None = None) -> str:
    """The sum of what an edition was computed from (``read`` of it as it was when that began, else as it is now), with
    its own criteria and what was stored beside its placements. Ask it inside `as_published(edition)`."""
    parts = CODE, read or read_by(edition), _summed(OWN, edition)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _summed(parts: dict[str, str], edition: Edition) -> str:
    query = " UNION ALL ".join(
        f"(SELECT '{table} ' || coalesce({_SUM}, '') FROM ({lines}) AS lines (line))"  # noqa: S608  our own tables
        for table, lines in parts.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"edition": edition.pk, "year": edition.year})
        return "\n".join(sorted(line for (line,) in cursor.fetchall()))
