"""A file of the register on its way in: received, checked, approved by a second person, taken back."""

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Action, Upload, UploadState
from indicators.provisions.models import Delivery, Provision, Table
from indicators.services.apply import NotAcceptedError, StaleCheckError, in_words
from indicators.services.log import name_of, record
from indicators.services.receive import FileOnDisk, FileToImport, UploadError, receive_upload
from indicators.services.report import key_of
from indicators.upload.checks import Severity

from .examining import Examined, examine
from .reporting import report_of
from .tables import SHAPES
from .writing import restore, write

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """What a file changed: rows that were new, that say something else, that were as before, that ended; and what a
    second source says otherwise, kept beside."""

    added: int
    changed: int
    unchanged: int
    ended: int
    beside: int


@transaction.atomic
def deliver(
    *,
    file: FileToImport | FileOnDisk,
    table: Table,
    source: str,
    by: User,
    now: dt.datetime,
    is_demo: bool = False,
) -> Delivery:
    """Keep a file of the register as it came, and check it. ``source`` says whose statement it is: never empty.

    Raises UploadError for a file without a source, an empty or too large one, SameFileError for one that is here.
    """
    if not source.strip():
        raise UploadError(_("%(file)s: skriv, hvem filen kommer fra.") % {"file": file.name})
    upload = receive_upload(file=file, by=by, now=now, source=source, is_demo=is_demo)
    delivery = Delivery.objects.create(upload=upload, table=table, brought_by=by)
    return check_delivery(delivery=delivery, by=by, now=now)


@transaction.atomic
def check_delivery(*, delivery: Delivery, by: User, now: dt.datetime) -> Delivery:
    """Read the stored file again and store the report: it is checked, or refused. May be repeated until applied."""
    delivery = _locked(delivery)
    upload = delivery.upload
    _refuse_finished(upload)
    try:
        found = examine(delivery, today=_day(now))
    except UploadError as error:
        upload.report = {"unreadable": str(error), "checked_at": now.isoformat(), "checked_by": str(by)}
        upload.state = UploadState.REFUSED
    else:
        upload.report = report_of(found, by=str(by), now=now)
        upload.state = UploadState.REFUSED if found.of(Severity.REFUSAL) else UploadState.CHECKED
    upload.save(update_fields=["report", "state"])
    details = {"state": upload.state, "table": delivery.table, "findings": upload.report.get("finding_counts", {})}
    record(action=Action.UPLOAD_CHECKED, what=name_of(upload), by=by, now=now, details=details)
    return delivery


@transaction.atomic
def approve_delivery(
    *, delivery: Delivery, accepted: Mapping[str, str] | None = None, by: User, now: dt.datetime, origin: str = ""
) -> Written:
    """Write a checked file's rows, all or none, in the name of a second person.

    ``accepted`` gives a reason for each warning, by its key in the report. Raises UploadError where ``by`` brought the
    file, or where it is not checked without refusals; StaleCheckError where the register has changed since the check;
    NotAcceptedError for a warning without a reason.
    """
    delivery = _locked(delivery)
    upload = delivery.upload
    if upload.state != UploadState.CHECKED:
        message = _("%(file)s er %(state)s. Kun en fil, der er tjekket uden afvisninger, kan indlæses.")
        raise UploadError(message % {"file": upload.name, "state": upload.get_state_display()})
    if by == delivery.brought_by:
        message = _("%(who)s har selv bragt %(file)s. En anden skal godkende den.")
        raise UploadError(message % {"who": by, "file": upload.name})
    _lock_register()
    found = examine(delivery, today=_day(now))
    _refuse_what_is_in_the_way(upload, found, accepted or {})
    write(delivery, found)
    written = Written(len(found.added), len(found.changed), found.unchanged, len(found.ended), len(found.aside))
    _note(delivery, found, written, accepted or {}, by=by, now=now, origin=origin)
    return written


def _refuse_what_is_in_the_way(upload: Upload, found: Examined, accepted: Mapping[str, str]) -> None:
    if refusals := found.of(Severity.REFUSAL):
        raise UploadError("\n".join(in_words(upload, finding) for finding in refusals))
    if upload.report.get("seen") != found.seen:
        message = _("%(file)s: registeret er ændret, siden filen blev tjekket. Tjek den igen.")
        raise StaleCheckError(message % {"file": upload.name})
    lacking = [each for each in found.of(Severity.WARNING) if not accepted.get(key_of(each), "").strip()]
    if lacking:
        told = [_("Der mangler et ja med en begrundelse til %(count)d af advarslerne:") % {"count": len(lacking)}]
        raise NotAcceptedError("\n".join(told + [in_words(upload, finding) for finding in lacking]), lacking)


def _note(
    delivery: Delivery,
    found: Examined,
    written: Written,
    accepted: Mapping[str, str],
    *,
    by: User,
    now: dt.datetime,
    origin: str,
) -> None:
    upload = delivery.upload
    keys = {key_of(finding) for finding in found.of(Severity.WARNING)}
    reasons = {key: reason.strip() for key, reason in accepted.items() if key in keys}
    upload.report = report_of(found, by=str(by), now=now) | {"accepted": reasons}
    upload.state, upload.applied_by, upload.applied_at = UploadState.APPLIED, by, now
    upload.save(update_fields=["state", "applied_by", "applied_at", "report"])
    delivery.approved_by = by
    delivery.save(update_fields=["approved_by"])
    counts = {name: getattr(written, name) for name in Written.__slots__}
    details = {**counts, "table": delivery.table, "accepted": reasons}
    record(action=Action.UPLOAD_APPLIED, what=name_of(upload), by=by, now=now, origin=origin, details=details)
    log.info("Upload %s (%s) approved by %s: %s", upload.pk, upload.name, by, written)


@transaction.atomic
def take_back_delivery(*, delivery: Delivery, reason: str, by: User, now: dt.datetime, origin: str = "") -> int:
    """Undo what a file wrote and let what it superseded hold again; return how many rows it had written.

    A provision that the file made protected stays so. Raises UploadError without a reason, and where a later file
    stands on the same rows.
    """
    delivery = _locked(delivery)
    upload = delivery.upload
    if upload.state != UploadState.APPLIED:
        message = _("%(file)s er %(state)s. Kun en indlæst fil kan tages tilbage.")
        raise UploadError(message % {"file": upload.name, "state": upload.get_state_display()})
    if not reason.strip():
        raise UploadError(_("Skriv, hvorfor filen tages tilbage."))
    _lock_register()
    _refuse_later(delivery)
    withdrawn = restore(delivery)
    upload.state, upload.taken_back_by, upload.taken_back_at = UploadState.TAKEN_BACK, by, now
    upload.save(update_fields=["state", "taken_back_by", "taken_back_at"])
    details = {"withdrawn": withdrawn, "table": delivery.table, "reason": reason.strip()}
    record(action=Action.UPLOAD_TAKEN_BACK, what=name_of(upload), by=by, now=now, origin=origin, details=details)
    return withdrawn


def _refuse_later(delivery: Delivery) -> None:
    """A file on whose rows a later one stands cannot go first; nor can one whose provisions other tables speak of."""
    upload = delivery.upload
    rows = SHAPES[delivery.table].model._default_manager.filter(upload=upload, superseded_by__isnull=False)
    later = Upload.objects.filter(pk__in=rows.values("superseded_by")).newest_first().first()
    if later is not None:
        message = _(
            "%(file)s kan ikke tages tilbage, for »%(later)s« (indberetning %(number)d) står på den. Tag den først."
        )
        raise UploadError(message % {"file": upload.name, "later": later.name, "number": later.pk})


def _locked(delivery: Delivery) -> Delivery:
    Upload.objects.select_for_update().get(pk=delivery.upload_id)
    return Delivery.objects.select_related("upload", "brought_by").get(pk=delivery.pk)


def _refuse_finished(upload: Upload) -> None:
    if upload.state in {UploadState.APPLIED, UploadState.TAKEN_BACK}:
        message = _("%(file)s er %(state)s og kan ikke ændres.")
        raise UploadError(message % {"file": upload.name, "state": upload.get_state_display()})


def _lock_register() -> None:
    """Let nobody else write in the register until this transaction ends; readers go on."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Provision._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def _day(now: dt.datetime) -> dt.date:
    """The day in Denmark."""
    return timezone.localtime(now).date()
