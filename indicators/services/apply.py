"""A checked file goes in: read again, checked again, and written in one step, or not at all.

Measurements are written here and nowhere else: by COPY, overwriting nothing. Files from the command line and for the
demo go all the way in one step (`import_files`).
"""

import datetime as dt
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from indicators.models import Action, Indicator, Measurement, Municipality, Upload, UploadState
from indicators.surveys.models import Wave
from indicators.upload.cells import KINDS, PROVISIONAL, STATE_BITS, Cells
from indicators.upload.checks import Finding, Severity
from indicators.upload.reading import Reading, ReadingOptions

from .check import keep_report, open_for_work
from .compare import Examination, Progress, examine, forget_reading, kept_check, pairs_of
from .log import name_of, record
from .receive import FileOnDisk, FileToImport, UploadError, receive_upload
from .report import key_of

log = logging.getLogger(__name__)

_INCOMING = """
CREATE TEMPORARY TABLE incoming (
    position integer, indicator_id bigint, municipality_id bigint, year smallint, number double precision,
    state smallint, "row" integer, "column" integer,
    asked integer, answered integer, low double precision, high double precision,
    "interval" text NOT NULL DEFAULT '', shown double precision
) ON COMMIT DROP
"""
_SENT = np.dtype(
    [("fields", ">i2")]
    + [
        part
        for name, kind in (
            ("position", ">i4"), ("indicator_id", ">i8"), ("municipality_id", ">i8"), ("year", ">i2"),
            ("number", ">f8"), ("state", ">i2"), ("row", ">i4"), ("column", ">i4"),
        )
        for part in ((f"{name} bytes", ">i4"), (name, kind))
    ]
)  # fmt: skip
"""A row of numbers as PostgreSQL's binary COPY takes it: how many fields, and before each how many bytes it has."""
_SENT_COLUMNS = 'position, indicator_id, municipality_id, year, number, state, "row", "column"'
_SENT_AT_ONCE = 50_000
_WORTH = """
CREATE TEMPORARY TABLE worth (position integer, asked integer, answered integer, low double precision,
    high double precision, "interval" text, shown double precision) ON COMMIT DROP
"""
_TAKE_WORTH = """
UPDATE incoming SET asked = worth.asked, answered = worth.answered, low = worth.low, high = worth.high,
    "interval" = worth."interval", shown = worth.shown
FROM worth WHERE worth.position = incoming.position; DROP TABLE worth
"""
_FORGET_UNCHANGED = f"""
DELETE FROM incoming USING indicators_measurement AS known, indicators_upload AS origin
WHERE origin.id = known.upload_id AND origin.is_demo = %(is_demo)s
  AND known.is_current AND known.indicator_id = incoming.indicator_id AND known.year = incoming.year
  AND known.municipality_id = incoming.municipality_id
  AND known.value IS NOT DISTINCT FROM NULLIF(incoming.number, 'NaN')
  AND known.missing = (%(kinds)s::text[])[(incoming.state & {STATE_BITS}) + 1]
  AND known.provisional = (incoming.state & {PROVISIONAL} <> 0)
  AND (known.asked, known.answered, known.low, known.high, known."interval", known.shown) IS NOT DISTINCT FROM
      (incoming.asked, incoming.answered, incoming.low, incoming.high, incoming."interval", incoming.shown)
"""  # noqa: S608  two numbers of this project
_SUPERSEDE = """
UPDATE indicators_measurement AS known SET is_current = false, superseded_by_id = %(upload)s
FROM incoming
WHERE known.is_current AND known.indicator_id = incoming.indicator_id AND known.year = incoming.year
  AND known.municipality_id = incoming.municipality_id
"""
_INSERT = f"""
INSERT INTO indicators_measurement
    (indicator_id, municipality_id, year, value, missing, provisional, sheet, "row", "column",
     asked, answered, low, high, "interval", shown, upload_id, is_current)
SELECT indicator_id, municipality_id, year, NULLIF(number, 'NaN'),
       (%(kinds)s::text[])[(state & {STATE_BITS}) + 1], state & {PROVISIONAL} <> 0, %(sheet)s, "row", heading,
       asked, answered, low, high, "interval", shown, %(upload)s, true
FROM incoming
JOIN unnest(%(headings)s::text[]) WITH ORDINALITY AS headings (heading, place) ON place = "column" + 1
"""  # noqa: S608  two numbers of this project


@dataclass(frozen=True, slots=True)
class Applied:
    """What an upload changed: cells that were new, that got another figure, that were as before."""

    added: int
    changed: int
    unchanged: int


class StaleCheckError(UploadError):
    """Figures that the file touches have changed since it was checked: it must be checked again."""


class NotAcceptedError(UploadError):
    """A warning has not been accepted with a reason. ``findings`` are those that still need a person's yes."""

    def __init__(self, message: str, findings: list[Finding]) -> None:
        super().__init__(message)
        self.findings = findings


@transaction.atomic
def apply_upload(
    *,
    upload: Upload,
    accepted: Mapping[str, str] | None = None,
    by: User,
    now: dt.datetime,
    origin: str = "",
    progress: Progress | None = None,
) -> Applied:
    """Read the stored file again, check it again and write its values as measurements: all of them, or nothing.

    ``accepted`` gives a person's reason for each warning, by the finding's key in the report. Raises StaleCheckError
    where others changed the same figures since the check, NotAcceptedError where a warning lacks its reason, and
    UploadError for everything else. The table is locked against other writers; readers see the old figures meanwhile.
    """
    upload = open_for_work(upload)
    if upload.state != UploadState.CHECKED:
        message = _("%(file)s er %(state)s. Kun en fil, der er tjekket uden afvisninger, kan indlæses.")
        raise UploadError(message % {"file": upload.name, "state": upload.get_state_display()})
    lock_figures()
    accepted = accepted or {}
    reading = kept_check(upload, now=now)
    if reading is None or not all(accepted.get(key, "").strip() for key in _warned_of(upload)):
        examination = examine(upload, now=now, progress=progress)
        refuse_refusals(upload, examination)
        _refuse_meanwhile(upload, examination)
        _refuse_unaccepted(upload, examination, accepted)
        keep_report(upload, examination, by=by, now=now)
        reading = examination.reading
    return _write(upload, reading, accepted, by=by, now=now, origin=origin, progress=progress)


@transaction.atomic
def check_and_apply(*, upload: Upload, by: User, now: dt.datetime, accept_warnings: bool = False) -> Applied:
    """Check a received file and apply it in the same step, with one reading. Raises as apply_upload does."""
    upload = open_for_work(upload)
    lock_figures()
    examination = examine(upload, now=now)
    refuse_refusals(upload, examination)
    reason = _("Accepteret på forhånd ved indlæsning fra kommandolinjen.")
    warnings = examination.of(Severity.WARNING)
    accepted = {key_of(finding): reason for finding in warnings} if accept_warnings else {}
    _refuse_unaccepted(upload, examination, accepted)
    keep_report(upload, examination, by=by, now=now)
    return _write(upload, examination.reading, accepted, by=by, now=now)


def _warned_of(upload: Upload) -> set[str]:
    """The keys of the warnings in an upload's report, which holds them all."""
    return {finding["key"] for finding in upload.report["findings"] if finding["severity"] == Severity.WARNING}


def refuse_refusals(upload: Upload, examination: Examination) -> None:
    """Raise UploadError with every refusal of a file, each with its place and what to do."""
    if refusals := examination.of(Severity.REFUSAL):
        raise UploadError("\n".join(in_words(upload, finding) for finding in refusals))


def in_words(upload: Upload, finding: Finding) -> str:
    """A finding as one line: file, place, reason, what to do."""
    sheet, row, column = finding.place
    place = [upload.name]
    place += [_("ark %(sheet)s") % {"sheet": sheet}] if sheet else []
    place += [_("række %(row)d") % {"row": row}] if row else []
    place += [_("kolonne %(column)s") % {"column": column}] if column else []
    return f"{', '.join(place)}: {finding.reason} {finding.advice}"


def _refuse_meanwhile(upload: Upload, examination: Examination) -> None:
    if upload.report.get("seen") == examination.seen:
        return
    since = dt.datetime.fromisoformat(upload.report["checked_at"])
    pairs = pairs_of(examination)
    touched = Q(measurements__indicator__code__in={code for code, _year in pairs})
    touched &= Q(measurements__year__in={year for _code, year in pairs})
    others = (
        Upload.objects.filter(Q(applied_at__gte=since) | Q(taken_back_at__gte=since), touched)
        .exclude(pk=upload.pk)
        .annotate(figures=Count("measurements"))
        .select_related("applied_by", "taken_back_by")
        .newest_first()
    )
    told = "; ".join(_in_the_meantime(other) for other in others) or _("andre har ændret i dem")
    message = _("%(file)s blev tjekket %(when)s. Siden er de samme tal ændret: %(told)s. Tjek filen igen.")
    when = f"{timezone.localtime(since):%d.%m.%Y %H:%M}"
    raise StaleCheckError(message % {"file": upload.name, "when": when, "told": told})


def _in_the_meantime(other: "Upload") -> str:
    back = other.taken_back_by is not None
    message = (
        _("%(who)s tog »%(file)s« tilbage (indberetning %(number)d, %(count)d tal)")
        if back
        else _("%(who)s indlæste »%(file)s« (indberetning %(number)d, %(count)d tal)")
    )
    who = other.taken_back_by if back else other.applied_by
    return message % {"who": who, "file": other.name, "number": other.pk, "count": other.measurements.count()}


def _refuse_unaccepted(upload: Upload, examination: Examination, accepted: Mapping[str, str]) -> None:
    lacking = [f for f in examination.of(Severity.WARNING) if not accepted.get(key_of(f), "").strip()]
    if lacking:
        told = [_("Der mangler et ja med en begrundelse til %(count)d af advarslerne:") % {"count": len(lacking)}]
        raise NotAcceptedError("\n".join(told + [in_words(upload, finding) for finding in lacking]), lacking)


def _remember_period_rule(upload: Upload, reading: Reading, *, by: User, now: dt.datetime) -> None:
    """The first time months or the like become years, the rule becomes the indicator's: it is printed with its source.
    Later another is a proposal."""
    if not reading.period_rule:
        return
    codes = [code for code in reading.cells.indicators if code]
    new = list(Indicator.objects.filter(code__in=codes, period_rule="").values_list("code", flat=True))
    Indicator.objects.filter(code__in=new).update(period_rule=reading.period_rule)
    for code in new:
        details = {"rule": reading.period_rule, "upload": upload.pk}
        record(action=Action.PERIOD_RULE_CHOSEN, what=f"indicator {code}", by=by, now=now, details=details)


def _write(
    upload: Upload,
    reading: Reading,
    accepted: Mapping[str, str],
    *,
    by: User,
    now: dt.datetime,
    origin: str = "",
    progress: Progress | None = None,
) -> Applied:
    """Write what was read; its report stands on the upload."""
    _refuse_twice(upload)
    _refuse_mixture(upload, set(reading.cells.indicators))
    applied = write_cells(upload, reading.cells, progress)
    _remember_period_rule(upload, reading, by=by, now=now)
    Wave.objects.whose_result_is(upload).update(upload=upload)  # from here a number leads back to what was asked
    warnings = _warned_of(upload)
    reasons = {key: reason.strip() for key, reason in accepted.items() if key in warnings}
    upload.report |= {
        "checked_at": now.isoformat(),
        "checked_by": str(by),
        "accepted": reasons,
        "added": applied.added,
        "changed": applied.changed,
        "unchanged": applied.unchanged,
    }
    upload.state, upload.applied_by, upload.applied_at = UploadState.APPLIED, by, now
    upload.save(update_fields=["state", "applied_by", "applied_at", "report"])
    counts = {"added": applied.added, "changed": applied.changed, "unchanged": applied.unchanged}
    record(
        action=Action.UPLOAD_APPLIED,
        what=name_of(upload),
        by=by,
        now=now,
        origin=origin,
        details={**counts, "accepted": reasons},
    )
    transaction.on_commit(lambda: forget_reading(upload))
    log.info("Upload %s (%s) applied by %s: %s", upload.pk, upload.name, by, applied)
    return applied


def _refuse_twice(upload: Upload) -> None:
    twin = Upload.objects.applied().filter(sha256=upload.sha256).exclude(pk=upload.pk).first()
    if twin is not None:
        message = _("%(file)s er allerede indlæst som indberetning %(number)d.")
        raise UploadError(message % {"file": upload.name, "number": twin.pk})


def _refuse_mixture(upload: Upload, indicators: set[str]) -> None:
    """Real and invented figures never stand beside each other: no rank could be told from them."""
    invented = Measurement.objects.are_invented()
    if invented is None or invented == upload.is_demo:
        return
    if not Indicator.objects.of_the_index().filter(code__in=indicators).exists():
        return
    message = (
        _("%(file)s har rigtige tal, og siden har opdigtede. De blandes ikke: lav en side uden demodata (make real).")
        if invented
        else _("%(file)s har opdigtede tal eller prøvetal, og siden har rigtige. De blandes ikke.")
    )
    raise UploadError(message % {"file": upload.name})


@transaction.atomic
def import_files(
    *,
    files: Sequence[FileToImport | FileOnDisk],
    by: User,
    now: dt.datetime,
    options: ReadingOptions | None = None,
    is_demo: bool | None = None,
    accept_warnings: bool = False,
) -> list[tuple[Upload, Applied]]:
    """Receive, check and apply files in one transaction: all of them, or none.

    Each is checked as an admin's upload is. Raises UploadError with every refusal of every file, and with every
    warning too unless they are accepted beforehand.
    """
    errors: list[str] = []
    done: list[tuple[Upload, Applied]] = []
    for file in files:
        try:
            upload = receive_upload(file=file, by=by, now=now, options=options, is_demo=is_demo)
            done.append((upload, check_and_apply(upload=upload, by=by, now=now, accept_warnings=accept_warnings)))
        except UploadError as error:
            errors.append(str(error))
    if errors:
        raise UploadError("\n".join(errors))
    return done


def lock_figures() -> None:
    """Let nobody else write measurements until this transaction ends; readers go on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE indicators_measurement IN SHARE ROW EXCLUSIVE MODE")


def write_cells(upload: Upload, cells: Cells, progress: Progress | None) -> Applied:
    """Write the cells of a file as current measurements of ``upload``, inside the caller's transaction.

    Cells that say what is already known change nothing. Earlier figures stay, marked as superseded.
    """
    tell = progress or (lambda _step, _share: None)
    told: dict[str, int | bool | str | list[str]] = {
        "upload": upload.pk,
        "is_demo": upload.is_demo,
        "sheet": (cells.sheet or "")[:100],
        "headings": [heading[:100] for heading in cells.columns],
        "kinds": ["", *map(str, KINDS)],
    }
    keys = dict(Indicator.objects.values_list("code", "pk"))
    indicators = np.array([keys[code] for code in cells.indicators], dtype=np.int64)
    municipalities = np.zeros(1 << 16, dtype=np.int64)
    for code, key in Municipality.objects.values_list("code", "pk"):
        municipalities[int(code)] = key  # a code without a municipality stays 0, and no row has that key
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
        with cursor.copy(f"COPY incoming ({_SENT_COLUMNS}) FROM STDIN (FORMAT binary)") as copy:
            copy.write(_BINARY_HEAD)
            for start, rows in _rows(cells, indicators, municipalities):
                copy.write(rows)
                tell("writing", 0.5 * start / len(cells))
            copy.write(_BINARY_END)
        if cells.worth:
            cursor.execute(_WORTH)
            with cursor.copy("COPY worth FROM STDIN") as copy:
                for position, worth in cells.worth.items():
                    copy.write_row((position, *worth))
            cursor.execute(_TAKE_WORTH)
        cursor.execute("ANALYZE incoming")
        cursor.execute(_FORGET_UNCHANGED, told)
        unchanged = cursor.rowcount
        tell("writing", 0.6)
        cursor.execute(_SUPERSEDE, told)
        changed = cursor.rowcount
        tell("writing", 0.7)
        cursor.execute(_INSERT, told)
        added = cursor.rowcount - changed
        cursor.execute("DROP TABLE incoming")
        tell("writing", 1.0)
    return Applied(added, changed, unchanged)


_BINARY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_BINARY_END = b"\xff\xff"


def _rows(
    cells: Cells, indicators: NDArray[np.int64], municipalities: NDArray[np.int64]
) -> Iterator[tuple[int, bytes]]:
    """The cells as rows of numbers, many at a time: a million of them one by one take longer than writing them."""
    for start in range(0, len(cells), _SENT_AT_ONCE):
        part = slice(start, start + _SENT_AT_ONCE)
        values = cells.values()[part]
        sent = np.empty(len(values), dtype=_SENT)
        sent["fields"] = len(_SENT_COLUMNS.split(","))
        for name in _SENT_COLUMNS.replace('"', "").split(", "):
            sent[f"{name} bytes"] = _SENT[name].itemsize
        sent["position"] = np.arange(start, start + len(values))
        sent["indicator_id"] = indicators[np.frombuffer(cells.indicator, np.uint16)[part]]
        sent["municipality_id"] = municipalities[np.frombuffer(cells.municipality, np.uint16)[part]]
        sent["number"] = values
        sent["year"], sent["state"] = np.frombuffer(cells.year, np.uint16)[part], cells.state[part]
        sent["row"], sent["column"] = cells.row[part], cells.column[part]
        yield start, sent.tobytes()
