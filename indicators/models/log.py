"""The log: who did what, when, from where. It can be added to and never changed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
