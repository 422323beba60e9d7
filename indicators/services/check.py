"""Checking a file that came in, and correcting how it is read. Nothing of the figures changes here."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.models import Action, SourceReading, Upload, UploadState
from indicators.upload.checks import Severity
from indicators.upload.headings import role_of
from indicators.upload.reading import ReadingOptions

from .compare import Examination, Progress, examine, keep_reading, stands_on
from .log import name_of, record
from .receive import UploadError, takes_long
from .report import report_of

_OF_ONE_FILE = {"indicator", "year", "sheet", "columns", "answers"}
_KEPT_ANSWERS = ("period:", "unit:", "words:", "trailing_minus")
"""The kinds of answers that hold for every file with the same head."""
_WORTH_KEEPING = 2_000
"""So many figures are kept until they are applied, so that the file is read once; fewer are read again as quickly."""


@transaction.atomic
def check_upload(
    *, upload: Upload, by: User, now: dt.datetime, origin: str = "", progress: Progress | None = None
) -> Upload:
    """Read the stored file and store the report: then it is checked, or refused. May be repeated until it is applied.

    A file that is no table is refused with the reason as its report. Raises UploadError for one that is applied.
    """
    upload = open_for_work(upload)
    remembered, stood_on = None, stands_on(now)  # before the figures are read: what changes meanwhile is another
    try:
        examination = examine(upload, now=now, progress=progress)
        if not upload.report and (remembered := _recall(upload, examination.reading.head)) is not None:
            examination = examine(upload, now=now, progress=progress)
    except UploadError as error:
        upload.report = {"unreadable": str(error), "checked_at": now.isoformat(), "checked_by": str(by)}
        upload.state = UploadState.REFUSED
    else:
        keep_report(upload, examination, by=by, now=now, remembered=remembered)
        if len(examination.reading.cells) >= _WORTH_KEEPING or takes_long(upload):
            keep_reading(upload, examination.reading, stood_on)
    upload.save(update_fields=["report", "state", "options"])
    record(
        action=Action.UPLOAD_CHECKED,
        what=name_of(upload),
        by=by,
        now=now,
        origin=origin,
        details={
            "state": upload.state,
            "options": upload.options,
            "findings": upload.report.get("finding_counts", {}),
        },
    )
    return upload


def open_for_work(upload: Upload) -> Upload:
    """Lock an upload's row. Raises UploadError where it has been applied or taken back already."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state in {UploadState.APPLIED, UploadState.TAKEN_BACK, UploadState.DISCARDED}:
        message = _("%(file)s er %(state)s og kan ikke ændres.")
        raise UploadError(message % {"file": upload.name, "state": upload.get_state_display()})
    if hasattr(upload, "delivery"):  # a file of the register of services has a road of its own
        raise UploadError(_("%(file)s er en fil med tilbud og ikke med tal.") % {"file": upload.name})
    return upload


def keep_report(
    upload: Upload, examination: Examination, *, by: User, now: dt.datetime, remembered: dict[str, object] | None = None
) -> None:
    """Set an upload's report and state from what was found; the caller saves. What was remembered, and the answers that
    a person has begun to give, stay in it."""
    kept = {name: upload.report[name] for name in ("remembered", "answers") if name in upload.report}
    upload.report = (
        kept | report_of(examination, now=now, by=str(by)) | ({"remembered": remembered} if remembered else {})
    )
    upload.state = UploadState.REFUSED if examination.of(Severity.REFUSAL) else UploadState.CHECKED


@transaction.atomic
def correct_reading(
    *,
    upload: Upload,
    options: ReadingOptions,
    source: str | None = None,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> Upload:
    """Set how a file is to be read, and remember it for the next file of its source. The caller has it checked again.

    What belongs to one file only (its indicator, its year, its sheet) is not remembered; nothing reaches another head.
    """
    upload = open_for_work(upload)
    upload.options = options.as_json()
    upload.state = UploadState.RECEIVED
    if source is not None:
        upload.source = source.strip()[:100]
    upload.save(update_fields=["options", "source", "state"])
    _remember(upload, options)
    record(
        action=Action.READING_CORRECTED,
        what=name_of(upload),
        by=by,
        now=now,
        origin=origin,
        details={"options": upload.options, "source": upload.source},
    )
    return upload


@transaction.atomic
def keep_answers(*, upload: Upload, answers: Mapping[str, str], by: User, now: dt.datetime) -> Upload:
    """Keep the answers to warnings that a person has begun to give, so that no failed attempt loses them.

    Nothing is kept for a file that has gone in or was thrown away meanwhile.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state not in {UploadState.RECEIVED, UploadState.CHECKED, UploadState.REFUSED}:
        return upload
    upload.report = upload.report | {"answers": {"by": str(by), "at": now.isoformat(), "reasons": dict(answers)}}
    upload.save(update_fields=["report"])
    return upload


def _head(head: str) -> str:
    return hashlib.sha256(head.encode()).hexdigest()


def _recall(upload: Upload, head: str) -> dict[str, object] | None:
    """Fill what a person left open with what is remembered of this source and this head; what it was and whence, None
    where nothing is. The indicator and the year are never remembered."""
    kept = SourceReading.objects.filter(source=upload.source, head=_head(head)).select_related("upload").first()
    if not upload.source or kept is None:
        return None
    own = ReadingOptions.from_json(upload.options).as_json()
    merged = {**kept.options, **own}
    for name in ("columns", "answers"):
        both = {**kept.options.get(name, {}), **own.get(name, {})}
        merged |= {name: both} if both else {}
    if merged == own:
        return None
    upload.options = merged
    name, at = (kept.upload.name, kept.upload.uploaded_at.isoformat()) if kept.upload else ("", "")
    return {"name": name, "at": at, "options": kept.options}


def _remember(upload: Upload, options: ReadingOptions) -> None:
    """Remember a corrected reading for the next file of its source with the same head."""
    head = upload.report.get("head")
    if not upload.source or head is None:
        return
    worth = _worth_remembering(options)
    SourceReading.objects.update_or_create(
        source=upload.source, head=_head(head), defaults={"options": worth, "upload": upload}
    )


def _worth_remembering(options: ReadingOptions) -> dict[str, object]:
    """What may help the next file: how it is written, never which indicator or year. A heading that only says "Andel"
    names no indicator either, whatever it stood for this time."""
    chosen = {name: value for name, value in options.as_json().items() if name not in _OF_ONE_FILE}
    chosen |= {
        "columns": {
            head: use for head, use in options.columns.items() if "@" not in use and _names_something(head, use)
        },
        "answers": {key: use for key, use in options.answers.items() if key.startswith(_KEPT_ANSWERS)},
    }
    return {name: value for name, value in chosen.items() if value}


def _names_something(heading: str, use: str) -> bool:
    return not use or use.startswith("=") or role_of(heading) is None
