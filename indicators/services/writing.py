"""The one place where measurements are written: by COPY, overwriting nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection

from indicators.models import Indicator, Municipality, Upload
from indicators.upload.cells import Cells

from .compare import Progress

_INCOMING = """
CREATE TEMPORARY TABLE incoming (
    indicator_id bigint, municipality_id bigint, year smallint, value double precision, missing text,
    provisional boolean, sheet text, "row" integer, "column" text
) ON COMMIT DROP
"""
_INCOMING_COLUMNS = 'indicator_id, municipality_id, year, value, missing, provisional, sheet, "row", "column"'
_FORGET_UNCHANGED = """
DELETE FROM incoming USING indicators_measurement AS known
WHERE known.is_current AND known.indicator_id = incoming.indicator_id AND known.year = incoming.year
  AND known.municipality_id = incoming.municipality_id AND known.value IS NOT DISTINCT FROM incoming.value
  AND known.missing = incoming.missing AND known.provisional = incoming.provisional
"""
_SUPERSEDE = """
UPDATE indicators_measurement AS known SET is_current = false, superseded_by_id = %s
FROM incoming
WHERE known.is_current AND known.indicator_id = incoming.indicator_id AND known.year = incoming.year
  AND known.municipality_id = incoming.municipality_id
"""
_INSERT = f"""
INSERT INTO indicators_measurement ({_INCOMING_COLUMNS}, upload_id, is_current)
SELECT {_INCOMING_COLUMNS}, %s, true FROM incoming
"""  # noqa: S608  two constants of this module


@dataclass(frozen=True, slots=True)
class Applied:
    """What an upload changed: cells that were new, that got another figure, that were as before."""

    added: int
    changed: int
    unchanged: int


def lock_figures() -> None:
    """Let nobody else write measurements until this transaction ends; readers go on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE indicators_measurement IN SHARE ROW EXCLUSIVE MODE")


def write_cells(upload: Upload, cells: Cells, progress: Progress | None) -> Applied:
    """Write the cells of a file as current measurements of ``upload``, inside the caller's transaction.

    Cells that say what is already known change nothing. Earlier figures stay, marked as superseded.
    """
    tell = progress or (lambda _step, _share: None)
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    municipalities = dict(Municipality.objects.values_list("code", "pk"))
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        with cursor.copy(f"COPY incoming ({_INCOMING_COLUMNS}) FROM STDIN") as copy:
            for done, row in enumerate(_rows(cells, indicators, municipalities)):
                copy.write_row(row)
                if done % 20_000 == 0:
                    tell("writing", 0.5 * done / len(cells))
        cursor.execute("ANALYZE incoming")
        cursor.execute(_FORGET_UNCHANGED)
        unchanged = cursor.rowcount
        tell("writing", 0.6)
        cursor.execute(_SUPERSEDE, [upload.pk])
        changed = cursor.rowcount
        tell("writing", 0.7)
        cursor.execute(_INSERT, [upload.pk])
        added = cursor.rowcount - changed
        cursor.execute("DROP TABLE incoming")
        tell("writing", 1.0)
    return Applied(added, changed, unchanged)


def _rows(
    cells: Cells, indicators: Mapping[str, int], municipalities: Mapping[str, int]
) -> Iterator[tuple[object, ...]]:
    for cell in cells:
        yield (
            indicators[cell.indicator],
            municipalities[cell.municipality],
            cell.year,
            cell.value,
            cell.missing or "",
            cell.provisional,
            (cell.sheet or "")[:100],
            cell.row,
            cell.column[:100],
        )
