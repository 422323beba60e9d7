"""The values of a checked file go into the measurements: in one step, overwriting nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from indicators.models import Measurement, Upload
from indicators.upload.cells import Cell

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


def apply_cells(
    upload: Upload, cells: Iterable[Cell], indicators: Mapping[str, int], municipalities: Mapping[str, int]
) -> Applied:
    """Write the cells of a file as current measurements of ``upload``, inside the caller's transaction.

    Cells that say what is already known change nothing. Earlier figures stay, marked as superseded.
    ``indicators`` and ``municipalities`` give the primary keys of the codes; a code without one raises KeyError.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE indicators_measurement IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(_INCOMING)
        with cursor.copy(f"COPY incoming ({_INCOMING_COLUMNS}) FROM STDIN") as copy:
            for cell in cells:
                copy.write_row(
                    (
                        indicators[cell.indicator],
                        municipalities[cell.municipality],
                        cell.year,
                        cell.value,
                        cell.missing or "",
                        cell.provisional,
                        cell.sheet or "",
                        cell.row,
                        cell.column,
                    )
                )
        cursor.execute(_FORGET_UNCHANGED)
        unchanged = cursor.rowcount
        cursor.execute(_SUPERSEDE, [upload.pk])
        changed = cursor.rowcount
        cursor.execute(_INSERT, [upload.pk])
        added = cursor.rowcount - changed
        cursor.execute("DROP TABLE incoming")
    return Applied(added, changed, unchanged)


def withdraw_cells(upload: Upload) -> int:
    """Undo what ``upload`` wrote and let the figures it superseded hold again; return how many it had written.

    The caller has made sure that no later upload touched the same cells. The withdrawn rows stay in the history.
    """
    own = Measurement.objects.current().from_upload(upload)
    withdrawn = own.update(is_current=False)
    upload.superseded_measurements.update(is_current=True, superseded_by=None)
    return withdrawn
