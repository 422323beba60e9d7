"""Long work waits in the database and is done by `manage.py work`, which tells how far it is and can be stopped.

Whoever works on a job holds an advisory lock on its number, on a connection of its own. PostgreSQL frees the lock
the moment that process or machine is gone, so a killed worker's job is taken up by the next: at once, never by two.
The job's end is written in the same transaction as its work: a job is done exactly when its work is.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping
from smtplib import SMTPException
from textwrap import shorten
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Action, Job, JobKind, JobState, Upload

from .apply import apply_upload
from .check import check_upload
from .compare import Progress
from .log import name_of, record
from .receive import UploadError

log = logging.getLogger(__name__)

CHANNEL = "upload_jobs"
LOCKS = 5_014
MOST_ATTEMPTS = 3
_TELL_EVERY = 0.25
_SHARES: dict[str, dict[str, tuple[float, float]]] = {
    JobKind.CHECK: {"reading": (0.0, 0.75), "checking": (0.75, 1.0)},
    JobKind.APPLY: {"reading": (0.0, 0.45), "checking": (0.45, 0.6), "writing": (0.6, 1.0)},
}
"""Where each step begins and ends in the whole, by the time they took with a million rows."""
Control = psycopg.Connection[Any]
FollowUp = Callable[[str, Progress, dt.datetime], str]
"""Does what follows a publication: release, progress and time give what is said of it."""
NONE: Mapping[str, FollowUp] = {}


class CancelledError(Exception):
    """Somebody asked for the work to stop; its transaction is rolled back."""


@transaction.atomic
def enqueue(
    *,
    upload: Upload,
    kind: JobKind,
    accepted: Mapping[str, str] | None = None,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> Job:
    """Have a worker do a long step. Where one is waiting or running for this upload already, that one is returned."""
    Upload.objects.select_for_update().get(pk=upload.pk)
    unfinished = Job.objects.unfinished().filter(upload=upload).first()
    if unfinished is not None:
        return unfinished
    job = Job.objects.create(
        upload=upload, kind=kind, accepted=dict(accepted or {}), asked_by=by, asked_at=now, origin=origin[:100]
    )
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
    return job


@transaction.atomic
def enqueue_follow_up(
    *,
    kind: str,
    about: str,
    by: User,
    not_before: dt.datetime | None = None,
    accepted: Mapping[str, str] | None = None,
    origin: str = "",
) -> Job:
    """Have a worker do what follows a publication, once it is committed; ``about`` is the edition's release.

    It waits from this very moment: the day of publication that the demo invents would have it wait for months.
    ``not_before``: it waits for that time; two of one kind and release never wait for a time at once.
    """
    job = Job.objects.create(
        kind=kind, about=about, asked_by=by, asked_at=timezone.now(), not_before=not_before,
        accepted=dict(accepted or {}), origin=origin[:100],
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
    return job


@transaction.atomic
def ask_to_cancel(*, job: Job, by: User, now: dt.datetime, origin: str = "") -> None:
    """Stop a job: at once where it waits, at its next step where it runs. A finished one stays as it is."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.state not in {JobState.WAITING, JobState.RUNNING}:
        return
    if job.state == JobState.WAITING:
        job.state, job.ended_at, job.message = JobState.CANCELLED, now, _("Afbrudt, før arbejdet begyndte.")
    job.cancel_asked = True
    job.save(update_fields=["state", "ended_at", "message", "cancel_asked"])
    record(
        action=Action.JOB_CANCELLED,
        what=name_of(job.upload) if job.upload else f"edition {job.about}",
        by=by,
        now=now,
        origin=origin,
    )


def control_connection() -> Control:
    """A connection outside of Django's transactions, for locks, progress and being woken."""
    control: Control = psycopg.connect(**connection.get_connection_params(), autocommit=True)
    control.execute(f"LISTEN {CHANNEL}")
    return control


def work_on_next(
    control: Control, *, follow_ups: Mapping[str, FollowUp] = NONE, clock: Callable[[], dt.datetime] = timezone.now
) -> bool:
    """Do the oldest job that nobody works on; False where there is none.

    ``follow_ups`` are what the caller knows how to do after a publication, by their kinds.
    """
    for pk in list(Job.objects.unfinished().due(clock()).order_by("asked_at", "pk").values_list("pk", flat=True)):
        if not _one(control, "SELECT pg_try_advisory_lock(%s, %s)", LOCKS, pk):
            continue
        try:
            job = Job.objects.unfinished().select_related("upload", "asked_by").filter(pk=pk).first()
            if job is not None:
                _work_on(job, control, follow_ups, clock)
                return True
        finally:
            control.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, pk])
    return False


def _work_on(job: Job, control: Control, follow_ups: Mapping[str, FollowUp], clock: Callable[[], dt.datetime]) -> None:
    if job.attempts >= MOST_ATTEMPTS:
        _end(
            job,
            JobState.FAILED,
            _("Arbejdet blev afbrudt %(count)d gange uden at blive færdigt.") % {"count": job.attempts},
            clock(),
        )
        return
    control.execute("UPDATE indicators_job SET state = 'running', attempts = attempts + 1 WHERE id = %s", [job.pk])
    try:
        if job.upload is None:
            # No transaction: a letter that has gone is noted, whatever becomes of the next.
            _end(job, JobState.DONE, _follow_up(follow_ups, job, _progress(job, control), clock()), clock())
        else:
            with transaction.atomic():
                message = _do(job, job.upload, _progress(job, control), clock())
                _end(job, JobState.DONE, message, clock())
    except CancelledError:
        _end(job, JobState.CANCELLED, _("Afbrudt. Intet er ændret."), clock())
    except UploadError as error:
        _end(job, JobState.FAILED, str(error), clock())
    except (psycopg.OperationalError, OperationalError, InterfaceError, ConnectionError):
        raise  # the server is away, or it gave way to another: the job is unfinished, and taken up again
    except MemoryError:
        log.error("Job %s needs more memory than UPLOAD_MEMORY", job.pk)  # noqa: TRY400  where it ran out says nothing
        _end(job, JobState.FAILED, _("Filen kræver for meget hukommelse. Del den, eller gem den som CSV."), clock())
    except Exception:
        log.exception("Job %s failed", job.pk)
        _end(job, JobState.FAILED, _("Uventet fejl; den står i driftsloggen. Intet er ændret."), clock())
    _tell_by_mail(Job.objects.select_related("upload", "asked_by").get(pk=job.pk))


def _follow_up(follow_ups: Mapping[str, FollowUp], job: Job, progress: Progress, now: dt.datetime) -> str:
    if job.kind not in follow_ups:
        raise UploadError(_("Dette arbejde kender arbejderen ikke: %(kind)s.") % {"kind": job.kind})
    return follow_ups[job.kind](job.about, progress, now)


def _do(job: Job, upload: Upload, progress: Progress, now: dt.datetime) -> str:
    by, origin = job.asked_by, job.origin
    if job.kind == JobKind.CHECK:
        upload = check_upload(upload=upload, by=by, now=now, origin=origin, progress=progress)
        return _("%(file)s er %(state)s.") % {"file": upload.name, "state": upload.get_state_display()}
    done = apply_upload(upload=upload, accepted=job.accepted, by=by, now=now, origin=origin, progress=progress)
    return _("%(file)s er indlæst: %(added)d nye tal, %(changed)d ændrede, %(unchanged)d som før.") % {
        "file": upload.name,
        "added": done.added,
        "changed": done.changed,
        "unchanged": done.unchanged,
    }


def _progress(job: Job, control: Control) -> Progress:
    told = 0.0

    def tell(step: str, share: float) -> None:
        nonlocal told
        if time.monotonic() - told < _TELL_EVERY:
            return
        told = time.monotonic()
        begin, end = _SHARES.get(job.kind, {}).get(step, (0.0, 1.0))
        whole = min(begin + (end - begin) * share, 1.0)
        update = "UPDATE indicators_job SET step = %s, share = greatest(share, %s) WHERE id = %s RETURNING cancel_asked"
        if _one(control, update, step, whole, job.pk):
            raise CancelledError

    return tell


def _one(control: Control, query: str, *values: object) -> Any:
    row = control.execute(query, values).fetchone()
    return row[0] if row else None


def _end(job: Job, state: JobState, message: str, now: dt.datetime) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state, message=message, ended_at=now, **({"share": 1.0} if state == JobState.DONE else {})
    )


def _tell_by_mail(job: Job) -> None:
    """A letter to whoever asked and has an address; the message stands on the upload's page too."""
    if job.asked_by.email:
        told = job.message if job.about in job.message else f"{job.about}: {job.message}"
        what = job.upload.name if job.upload else shorten(told, 70, placeholder=" …")
        subject = _("Socialt Indeks: %(file)s") % {"file": what}
        try:
            send_mail(subject, job.message, settings.DEFAULT_FROM_EMAIL, [job.asked_by.email])
        except (SMTPException, OSError) as error:
            log.warning("No letter about job %s: %s", job.pk, error)
