"""The log (who did what, when, from where; it can be added to, never changed) and the jobs that wait for a worker."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.measurements import Upload


class Action(models.TextChoices):
    """What was done."""

    UPLOAD_RECEIVED = "upload_received", _("fil modtaget")
    UPLOAD_CHECKED = "upload_checked", _("fil tjekket")
    READING_CORRECTED = "reading_corrected", _("læsningen rettet")
    UPLOAD_APPLIED = "upload_applied", _("fil indlæst")
    UPLOAD_TAKEN_BACK = "upload_taken_back", _("indlæsning taget tilbage")
    UPLOAD_DISCARDED = "upload_discarded", _("fil kasseret")
    JOB_CANCELLED = "job_cancelled", _("arbejde afbrudt")
    EDITION_PREPARED = "edition_prepared", _("udgave forberedt")
    EDITION_COMPUTED = "edition_computed", _("udgave beregnet")
    EDITION_SENT_TO_HEARING = "edition_sent_to_hearing", _("udgave sendt i høring")
    EDITION_PUBLISHED = "edition_published", _("udgave offentliggjort")
    EDITION_CORRECTED = "edition_corrected", _("rettelse begyndt")
    EDITION_DELETED = "edition_deleted", _("kladde slettet")
    EDITION_SEEN = "edition_seen", _("kladde set igennem")
    EDITION_WITHDRAWN = "edition_withdrawn", _("udgave trukket tilbage")
    PUBLICATION_PLANNED = "publication_planned", _("offentliggørelse bestilt")
    SOURCE_PLANNED = "source_planned", _("kilde fordelt")
    SOURCE_REUSED = "source_reused", _("genbrug af tal bekræftet")
    PREVIEW_LINK_MADE = "preview_link_made", _("link til forhåndsvisning lavet")
    MEMBER_INVITED = "member_invited", _("medlem inviteret")
    MEMBER_JOINED = "member_joined", _("invitation taget imod")
    MEMBERSHIP_ENDED = "membership_ended", _("medlemskab afsluttet")
    PERSON_FORGOTTEN = "person_forgotten", _("person slettet")
    CONTACT_CHANGED = "contact_changed", _("kontakt ændret")
    HEARING_PLANNED = "hearing_planned", _("høring planlagt")
    RESPONSE_GIVEN = "response_given", _("høringssvar afgivet")
    REMARK_RULED = "remark_ruled", _("bemærkning afgjort")
    FLAG_RAISED = "flag_raised", _("tal sat under afklaring")
    FLAG_RULED = "flag_ruled", _("afklaring afsluttet")
    STATEMENT_MADE = "statement_made", _("tekst fra en organisation")
    STATEMENT_REFUSED = "statement_refused", _("tekst afvist")
    PRACTICE_SENT = "practice_sent", _("praksis indsendt")
    PRACTICE_RETURNED = "practice_returned", _("praksis sendt tilbage")
    PRACTICE_ASSESSED = "practice_assessed", _("praksis vurderet")
    EVIDENCE_ADDED = "evidence_added", _("viden om praksis tilføjet")
    PRACTICE_PUBLISHED = "practice_published", _("praksis offentliggjort")
    PRACTICE_CONFIRMED = "practice_confirmed", _("praksis bekræftet")
    PRACTICE_WITHDRAWN = "practice_withdrawn", _("praksis trukket tilbage")
    ENQUIRY_SENT = "enquiry_sent", _("henvendelse sendt")
    ENQUIRY_ANSWERED = "enquiry_answered", _("henvendelse besvaret")
    CIRCLE_OPENED = "circle_opened", _("kreds begyndt")
    WAVE_PLANNED = "wave_planned", _("runde forberedt")
    WAVE_OPENED = "wave_opened", _("runde åbnet")
    WAVE_CLOSED = "wave_closed", _("runde lukket")
    REPLIES_APPROVED = "replies_approved", _("svar godkendt")
    REPLIES_REOPENED = "replies_reopened", _("svar åbnet igen")
    MEMBERS_ASKED = "members_asked", _("medlemmer spurgt")
    ANSWERS_IMPORTED = "answers_imported", _("svar hentet fra fil")
    DEFINITION_PROPOSED = "definition_proposed", _("ændring af kataloget foreslået")
    DEFINITION_APPROVED = "definition_approved", _("ændring af kataloget godkendt")
    DEFINITION_REFUSED = "definition_refused", _("ændring af kataloget afvist")
    DEFINITION_IN_FORCE = "definition_in_force", _("ændring af kataloget gælder")
    PERIOD_RULE_CHOSEN = "period_rule_chosen", _("regel for årets tal valgt")
    SIGNED_IN = "signed_in", _("logget ind")
    SIGN_IN_FAILED = "sign_in_failed", _("login mislykkedes")
    STAFF_INVITED = "staff_invited", _("medarbejder inviteret")
    PASSWORD_LINK_SENT = "password_link_sent", _("link til ny adgangskode sendt")
    PASSWORD_CHANGED = "password_changed", _("adgangskode ændret")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("andet trin fjernet")
    ROLES_CHANGED = "roles_changed", _("roller ændret")
    ACCOUNT_OPENED = "account_opened", _("konto åbnet")
    ACCOUNT_CLOSED = "account_closed", _("konto lukket")
    ACCOUNT_UNLOCKED = "account_unlocked", _("login låst op")


class LogEntryQuerySet(models.QuerySet["LogEntry"]):
    """Entries of the log."""

    def newest_first(self) -> Self:
        """Sort with the newest on top."""
        return self.order_by("-at", "-pk")

    def about(self, what: str) -> Self:
        """Entries about one thing, as "upload 12" or "edition 2026.1"."""
        return self.filter(what=what)


class LogEntry(models.Model):
    """One thing that somebody did. A trigger in the database refuses every change and deletion."""

    at = models.DateTimeField(_("hvornår"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))
    action = models.CharField(_("hvad"), max_length=30, choices=Action.choices)
    what = models.CharField(_("om hvad"), max_length=100)
    origin = models.CharField(_("hvorfra"), max_length=100, blank=True)
    details = models.JSONField(_("nærmere"), default=dict, blank=True)

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("hændelse")
        verbose_name_plural = _("hændelser")
        constraints = [models.CheckConstraint(name="log_action_known", condition=models.Q(action__in=Action.values))]
        indexes = [models.Index(name="log_by_what", fields=["what", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.what}"


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
