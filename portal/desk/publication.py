"""The worker computes and publishes, now or at a stated Danish time; an edition is withdrawn in an emergency."""

import datetime as dt

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.admin.uploads import address, person
from indicators.danish import NoSuchTimeError, at_clock, danish
from indicators.models import Action, Job, JobState
from indicators.services.compare import Progress
from indicators.services.log import record
from indicators.services.queue import FollowUp, ask_to_cancel, enqueue_follow_up
from indicators.services.receive import UploadError
from portal.desk.drafts import since_my_look
from portal.desk.readiness import COMPUTING, KIND, job_of, readiness, stops
from portal.language import formatting
from portal.publishing import publish
from rankings.bundle.writing import write_edition
from rankings.hearing.publication import was_not_heard
from rankings.models import Edition
from rankings.services.computing import EditionError
from rankings.services.editions import renew_edition, withdraw_edition

VIEW, PUBLISH, COMPUTE = "rankings.view_edition", "rankings.publish_edition", "rankings.compute_edition"


@transaction.atomic
def plan_publication(
    *,
    edition: Edition,
    at: dt.datetime | None,
    seen: str,
    by: User,
    now: dt.datetime,
    origin: str = "",
    unheard_because: str = "",
) -> Job:
    """Have the worker publish what ``seen`` is the sum of: at a stated time, or (``at`` None) as soon as it can.

    ``unheard_because``: why no municipality was asked, in public, where a year's first revision was not heard.
    Raises EditionError where something stops it now, for a time that is past, and where it is planned already. At its
    time everything is asked again: what has changed by then is not published.
    """
    if at is not None and at <= now:
        raise EditionError(_("Tidspunktet er forbi. Vælg et senere, eller udgiv nu."))
    if seen != edition.checksum:
        raise EditionError(_("Kladden er beregnet igen, siden du så den. Se den nye beregning."))
    if found := stops(readiness(edition, by, now)):
        raise EditionError(_("Udgivelsen er spærret: %(why)s.") % {"why": "; ".join(one.words for one in found)})
    if was_not_heard(edition) and not unheard_because.strip():
        raise EditionError(_("Skriv, hvorfor ingen kommune har været i høring. Offentligheden ser begrundelsen."))
    accepted = {"seen": seen, "unheard_because": unheard_because.strip()}
    try:
        with transaction.atomic():
            job = enqueue_follow_up(
                kind=KIND, about=edition.release, by=by, not_before=at or now, accepted=accepted, origin=origin
            )
    except IntegrityError as error:
        raise EditionError(_("Udgivelsen er allerede bestilt. Afbestil den først.")) from error
    details = {"at": (at or now).isoformat(), "checksum": seen}
    what = f"edition {edition.release}"
    record(action=Action.PUBLICATION_PLANNED, what=what, by=by, now=now, origin=origin, details=details)
    return job


def publish_as_planned(about: str, progress: Progress, now: dt.datetime) -> str:
    """What the worker does when the time has come. Raises UploadError in words where it may not be done any more."""
    job, edition = _job_and_edition(KIND, about)
    if edition.is_open:
        progress("publishing", 0.1)
        edition = _published(edition, job, job.asked_by, now)
    progress("files", 0.8)
    write_edition(edition)  # its files are fixed from now on; a reader's first download need not wait
    return _("Udgave %(release)s er offentlig, og dens filer er skrevet.") % {"release": about}


def _job_and_edition(kind: str, about: str) -> tuple[Job, Edition]:
    job = Job.objects.unfinished().select_related("asked_by").get(kind=kind, about=about)
    year, _dot, revision = about.partition(".")
    edition = Edition.objects.filter(year=year, revision=revision).first()
    if edition is None:
        raise UploadError(_("Kladden %(release)s findes ikke mere.") % {"release": about})
    return job, edition


def _published(edition: Edition, job: Job, by: User, now: dt.datetime) -> Edition:
    if not (by.is_active and by.has_perm(PUBLISH)):
        raise UploadError(_("%(who)s må ikke længere udgive.") % {"who": by})
    try:
        seen, because = (job.accepted.get(name, "") for name in ("seen", "unheard_because"))
        return publish(edition=edition, by=by, now=now, origin=job.origin, seen=seen, unheard_because=because)
    except EditionError as error:
        raise UploadError(str(error)) from error


def order_computation(*, edition: Edition, by: User, now: dt.datetime, origin: str = "") -> None:
    """Have the worker compute an open edition again; where that is waiting or running already, it is enough."""
    try:
        with transaction.atomic():  # a stated time: the database keeps two of one edition from waiting at once
            enqueue_follow_up(kind=COMPUTING, about=edition.release, by=by, not_before=now, origin=origin)
    except IntegrityError:
        return


def compute_as_ordered(about: str, progress: Progress, now: dt.datetime) -> str:
    """What the worker does then. Raises UploadError in words where it may not be done any more."""
    job, edition = _job_and_edition(COMPUTING, about)
    if not (job.asked_by.is_active and job.asked_by.has_perm(COMPUTE)):
        raise UploadError(_("%(who)s må ikke længere beregne.") % {"who": job.asked_by})
    try:
        renew_edition(edition=edition, by=job.asked_by, now=now, origin=job.origin, progress=progress)
    except (EditionError, ValueError) as error:
        raise UploadError(str(error)) from error
    return _("Udgaven er beregnet igen af de tal, der gælder nu.")


EDITION_WORK: dict[str, FollowUp] = {KIND: publish_as_planned, COMPUTING: compute_as_ordered}
"""What the worker does with an edition before it is public, by the kind of the job."""


def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """The page from which an edition is published: what stops it and who can help, what changed, when it is to be."""
    by, now, edition = person(request, VIEW), timezone.now(), get_object_or_404(Edition, pk=pk)
    if not edition.is_open:
        return redirect("admin:rankings_edition_change", pk)
    points = readiness(edition, by, now)
    found, job = stops(points), job_of(edition, KIND)
    return _show(
        request,
        "admin/desk/publication.html",
        title=_("Udgiv %(release)s") % {"release": edition.release},
        edition=edition,
        points=points,
        stopping=found,
        counts=[sum(point.weight == weight for point in points) for weight in ("stops", "look", "fine")],
        job=job,
        at=formatting.moment(danish(job.not_before)) if job and job.not_before else "",
        is_ordered=job is not None and job.state in {JobState.WAITING, JobState.RUNNING},
        is_at_work=job is not None and is_at_work(job, now),
        since_look=since_my_look(edition, by),
        may_publish=by.has_perm(PUBLISH),
        asks_why=was_not_heard(edition),
        typed=request.POST,  # of an order that was refused
        today=danish(now).date(),
    )


def is_at_work(job: Job, now: dt.datetime) -> bool:
    """Whether the page will soon say something else."""
    is_due = job.not_before is not None and job.not_before <= now
    return job.state == JobState.RUNNING or (job.state == JobState.WAITING and is_due)


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Order the publication, now or at a Danish clock time."""
    by, edition, now = person(request, PUBLISH), get_object_or_404(Edition, pk=pk), timezone.now()
    try:
        at = _asked_time(request) if request.POST.get("when") == "at" else None
        plan_publication(
            edition=edition, at=at, seen=request.POST.get("seen", ""), by=by, now=now, origin=address(request),
            unheard_because=request.POST.get("unheard_because", ""),
        )  # fmt: skip
    except EditionError as error:
        messages.error(request, str(error))
        return publication(request, pk)
    messages.success(request, _("Udgivelsen er bestilt."))
    return redirect("admin:rankings_edition_publication", pk)


def _asked_time(request: HttpRequest) -> dt.datetime:
    try:
        day, time = request.POST.get("day", ""), request.POST.get("time", "")
        return at_clock(dt.date.fromisoformat(day), dt.time.fromisoformat(time))
    except NoSuchTimeError as error:
        raise EditionError(str(error)) from error
    except ValueError as error:
        raise EditionError(_("Skriv dato og klokkeslæt.")) from error


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an ordered publication back, as long as it has not been done."""
    by, edition = person(request, PUBLISH), get_object_or_404(Edition, pk=pk)
    job = Job.objects.unfinished().filter(kind=KIND, about=edition.release).first()
    if job is not None:
        ask_to_cancel(job=job, by=by, now=timezone.now(), origin=address(request))
        messages.success(request, _("Udgivelsen er afbestilt."))
    return redirect("admin:rankings_edition_publication", pk)


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a public edition in an emergency: what it means, and the reason that the public reads."""
    by, edition = person(request, PUBLISH), get_object_or_404(Edition, pk=pk)
    if request.method == "POST":
        return _withdrawn(request, edition, by)
    before = Edition.objects.ever_published().exclude(pk=pk).filter(year__lte=edition.year).newest_first().first()
    title = _("Træk udgave %(release)s tilbage") % {"release": edition.release}
    return _show(request, "admin/desk/withdraw.html", title=title, edition=edition, before=before)


def _withdrawn(request: HttpRequest, edition: Edition, by: User) -> HttpResponse:
    form = request.POST
    try:
        _refuse_unconfirmed(edition, form.get("release", ""))
        withdraw_edition(
            edition=edition, because=form.get("because", ""), because_en=form.get("because_en", ""), by=by,
            now=timezone.now(), origin=address(request),
        )  # fmt: skip
    except EditionError as error:
        messages.error(request, str(error))
        return redirect("admin:rankings_edition_withdraw", edition.pk)
    messages.success(request, _("Udgaven er trukket tilbage."))
    return redirect("admin:rankings_edition_change", edition.pk)


def _refuse_unconfirmed(edition: Edition, written: str) -> None:
    if written.strip() != edition.release:
        raise EditionError(_("Skriv udgavens nummer, %(release)s, for at bekræfte.") % {"release": edition.release})


def refuse_while_ordered(edition: Edition) -> None:
    """Raise EditionError where the worker is to publish an edition."""
    if Job.objects.unfinished().filter(kind=KIND, about=edition.release).exists():
        raise EditionError(_("Udgivelsen er bestilt. Afbestil den først."))


def _show(request: HttpRequest, template: str, **context: object) -> TemplateResponse:
    shared = {**admin.site.each_context(request), "opts": Edition._meta}
    return TemplateResponse(request, template, {**shared, **context})
