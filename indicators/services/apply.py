"""A checked file goes in: read again, checked again, and written in one step, or not at all.

Measurements are written here and nowhere else: by COPY, overwriting nothing. Files from the command line and for the
demo go all the way in one step (`import_files`).
"""

import datetime as dt
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Action, Indicator, Measurement, Municipality, Upload, UploadState
from indicators.surveys.models import Wave
from indicators.upload.cells import Cells
from indicators.upload.checks import Finding, Severity
from indicators.upload.reading import Reading, ReadingOptions

from .check import keep_report, open_for_work
from .compare import Examination, Progress, examine, pairs_of
from .log import name_of, record
from .receive import FileOnDisk, FileToImport, UploadError, receive_upload
from .report import key_of

log = logging.getLogger(__name__)

_INCOMING = """
CREATE TEMPORARY TABLE incoming (
    indicator_id bigint, municipality_id bigint, year smallint, value double precision, missing text,
    provisional boolean, sheet text, "row" integer, "column" text,
    asked integer, answered integer, low double precision, high double precision, "interval" text,
    shown double precision
) ON COMMIT DROP
"""
_INCOMING_COLUMNS = (
    'indicator_id, municipality_id, year, value, missing, provisional, sheet, "row", "column", '
    'asked, answered, low, high, "interval", shown'
)
_FORGET_UNCHANGED = """
DELETE FROM incoming USING indicators_measurement AS known, indicators_upload AS origin
WHERE origin.id = known.upload_id AND origin.is_demo = %s
  AND known.is_current AND known.indicator_id = incoming.indicator_id AND known.year = incoming.year
  AND known.municipality_id = incoming.municipality_id AND known.value IS NOT DISTINCT FROM incoming.value
  AND known.missing = incoming.missing AND known.provisional = incoming.provisional
  AND (known.asked, known.answered, known.low, known.high, known."interval", known.shown) IS NOT DISTINCT FROM
      (incoming.asked, incoming.answered, incoming.low, incoming.high, incoming."interval", incoming.shown)
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
    examination = examine(upload, now=now, progress=progress)
    refuse_refusals(upload, examination)
    _refuse_meanwhile(upload, examination)
    _refuse_unaccepted(upload, examination, accepted or {})
    return _write(upload, examination, accepted or {}, by=by, now=now, origin=origin, progress=progress)


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
    return _write(upload, examination, accepted, by=by, now=now)


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
        told = [_("%(count)d advarsler mangler et ja med en begrundelse:") % {"count": len(lacking)}]
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
    examination: Examination,
    accepted: Mapping[str, str],
    *,
    by: User,
    now: dt.datetime,
    origin: str = "",
    progress: Progress | None = None,
) -> Applied:
    _refuse_twice(upload)
    _refuse_mixture(upload, set(examination.reading.cells.indicators))
    applied = write_cells(upload, examination.reading.cells, progress)
    keep_report(upload, examination, by=by, now=now)
    _remember_period_rule(upload, examination.reading, by=by, now=now)
    Wave.objects.whose_result_is(upload).update(upload=upload)  # from here a number leads back to what was asked
    warnings = {key_of(finding) for finding in examination.of(Severity.WARNING)}
    reasons = {key: reason.strip() for key, reason in accepted.items() if key in warnings}
    upload.report |= {
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
        cursor.execute(_FORGET_UNCHANGED, [upload.is_demo])
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
            *cell.worth,
        )
