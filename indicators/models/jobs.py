"""Work that takes longer than a page may: queued in the database, done by `manage.py work`."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .uploads import Upload


class JobKind(models.TextChoices):
    """What is to be done with an upload. What follows a publication has kinds of its own: portal/publishing.py."""

    CHECK = "check", _("tjek")
    APPLY = "apply", _("indlæsning")


class JobState(models.TextChoices):
    """Where a job is on its way."""

    WAITING = "waiting", _("venter")
    RUNNING = "running", _("i gang")
    DONE = "done", _("færdig")
    FAILED = "failed", _("mislykket")
    CANCELLED = "cancelled", _("afbrudt")


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs."""

    def unfinished(self) -> Self:
        """Those that wait or run."""
        return self.filter(state__in=[JobState.WAITING, JobState.RUNNING])

    def due(self, now: dt.datetime) -> Self:
        """Those whose time has come; most have none and are due at once."""
        return self.filter(Q(not_before__isnull=True) | Q(not_before__lte=now))

    def newest_first(self) -> Self:
        """Sort with the newest on top."""
        return self.order_by("-asked_at", "-pk")


class Job(models.Model):
    """One long step of an upload, or of what follows a publication: ``about`` is that edition's release then.

    Whoever works on it holds an advisory lock on its number: no lock, no worker.
    """

    upload = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="jobs", verbose_name=_("indberetning")
    )
    about = models.CharField(_("udgave"), max_length=20, blank=True, default="", db_default="")
    kind = models.CharField(_("hvad"), max_length=20)
    state = models.CharField(_("tilstand"), max_length=10, choices=JobState.choices, default=JobState.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("bestilt af")
    )
    asked_at = models.DateTimeField(_("bestilt"))
    not_before = models.DateTimeField(_("tidligst"), null=True, blank=True)
    origin = models.CharField(_("hvorfra"), max_length=100, blank=True)
    accepted = models.JSONField(_("accepterede advarsler"), default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(_("forsøg"), default=0)
    step = models.CharField(_("trin"), max_length=20, blank=True)
    share = models.FloatField(_("andel færdig"), default=0)
    cancel_asked = models.BooleanField(_("skal afbrydes"), default=False)
    ended_at = models.DateTimeField(_("slut"), null=True, blank=True)
    message = models.TextField(_("besked"), blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("arbejde")
        verbose_name_plural = _("arbejder")
        constraints = [
            models.UniqueConstraint(
                name="job_one_unfinished_an_upload",
                fields=["upload"],
                condition=Q(state__in=[JobState.WAITING, JobState.RUNNING]),
            ),
            models.UniqueConstraint(
                name="job_one_at_a_time_of_a_clock",
                fields=["kind", "about"],
                condition=Q(state__in=[JobState.WAITING, JobState.RUNNING], not_before__isnull=False),
            ),
            models.CheckConstraint(name="job_state_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="job_is_of_an_upload_or_an_edition",
                condition=Q(kind__in=JobKind.values, upload__isnull=False, about="")
                | ~Q(kind__in=[*JobKind.values, ""]) & Q(upload__isnull=True) & ~Q(about=""),
            ),
            models.CheckConstraint(name="job_share_of_one", condition=Q(share__gte=0, share__lte=1)),
            models.CheckConstraint(
                name="job_ended_says_when",
                condition=Q(state__in=[JobState.WAITING, JobState.RUNNING], ended_at__isnull=True)
                | Q(state__in=[JobState.DONE, JobState.FAILED, JobState.CANCELLED], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.upload_id or self.about}"

    @property
    def name(self) -> str:
        """What is done with the upload, in words; of what follows a publication the kind as it is."""
        return str(JobKind(self.kind).label) if self.kind in JobKind.values else self.kind
