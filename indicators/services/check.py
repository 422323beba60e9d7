"""Checking a file that came in, and correcting how it is read. Nothing of the figures changes here."""

import datetime as dt
import re

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.models import Action, SourceReading, Upload, UploadState
from indicators.upload.checks import Severity
from indicators.upload.reading import ReadingOptions

from .compare import Examination, Progress, examine, keep_cells
from .log import name_of, record
from .receive import UploadError, takes_long
from .report import report_of

_OF_ONE_FILE = {"year", "sheet"}
_ONLY_A_YEAR = re.compile(r".*@\d{4}")


@transaction.atomic
def check_upload(
    *, upload: Upload, by: User, now: dt.datetime, origin: str = "", progress: Progress | None = None
) -> Upload:
    """Read the stored file and store the report: then it is checked, or refused. May be repeated until it is applied.

    A file that is no table is refused with the reason as its report. Raises UploadError for one that is applied.
    """
    upload = open_for_work(upload)
    try:
        examination = examine(upload, now=now, progress=progress)
    except UploadError as error:
        upload.report = {"unreadable": str(error), "checked_at": now.isoformat(), "checked_by": str(by)}
        upload.state = UploadState.REFUSED
    else:
        keep_report(upload, examination, by=by, now=now)
        if takes_long(upload) and len(examination.reading.cells):
            keep_cells(upload, examination.reading.cells)
    upload.save(update_fields=["report", "state"])
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
    if upload.state in {UploadState.APPLIED, UploadState.TAKEN_BACK}:
        message = _("%(file)s er %(state)s og kan ikke ændres.")
        raise UploadError(message % {"file": upload.name, "state": upload.get_state_display()})
    if hasattr(upload, "delivery"):  # a file of the register of services has a road of its own
        raise UploadError(_("%(file)s er en fil med tilbud og ikke med tal.") % {"file": upload.name})
    return upload


def keep_report(upload: Upload, examination: Examination, *, by: User, now: dt.datetime) -> None:
    """Set an upload's report and state from what was found; the caller saves."""
    upload.report = report_of(examination, now=now, by=str(by))
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

    What belongs to one file only (its year, its sheet, a header that means a year) is not remembered.
    """
    upload = open_for_work(upload)
    upload.options = options.as_json()
    upload.state = UploadState.RECEIVED
    if source is not None:
        upload.source = source.strip()[:100]
    upload.save(update_fields=["options", "source", "state"])
    if upload.source:
        SourceReading.objects.update_or_create(source=upload.source, defaults={"options": _worth_remembering(options)})
    record(
        action=Action.READING_CORRECTED,
        what=name_of(upload),
        by=by,
        now=now,
        origin=origin,
        details={"options": upload.options, "source": upload.source},
    )
    return upload


def _worth_remembering(options: ReadingOptions) -> dict[str, object]:
    chosen = {name: value for name, value in options.as_json().items() if name not in _OF_ONE_FILE}
    columns = {header: use for header, use in options.columns.items() if not _ONLY_A_YEAR.fullmatch(use)}
    chosen.pop("columns", None)
    return chosen | ({"columns": columns} if columns else {})
