"""Exchange between municipalities: who asked whom, whether an answer came, what came of it, and circles."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator
from indicators.people.models import Organisation

from .practices import Practice

ANSWER_WITHIN = dt.timedelta(days=14)


class EnquiryState(models.TextChoices):
    """What became of an enquiry."""

    SENT = "sent", _("sendt")
    ANSWERED = "answered", _("besvaret")
    DECLINED = "declined", _("afslået")
    UNANSWERED = "unanswered", _("ubesvaret i 14 dage")


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Enquiries."""

    def waiting(self) -> Self:
        """Those that may still be answered."""
        return self.filter(state__in=[EnquiryState.SENT, EnquiryState.UNANSWERED])

    def overdue(self, now: dt.datetime) -> Self:
        """Those that nobody has answered in 14 days and that have not been reminded of."""
        return self.filter(state=EnquiryState.SENT, sent_at__lte=now - ANSWER_WITHIN)

    def open_to_the_public(self) -> Self:
        """Those that both have said may be seen. Counts are of all; texts never."""
        return self.filter(public_by_asker=True, public_by_asked=True)

    def of(self, organisation: Organisation) -> Self:
        """Those that an organisation sent or got."""
        return self.filter(Q(asker=organisation) | Q(asked=organisation))


class Enquiry(models.Model):
    """One municipality asks another (henvendelse) about a practice or an indicator. Only the two see its text."""

    asker = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="enquiries_sent", verbose_name=_("fra")
    )
    asked = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="enquiries_got", verbose_name=_("til")
    )
    practice = models.ForeignKey(
        Practice,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enquiries",
        verbose_name=_("om praksis"),
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("om indikator")
    )
    text = models.TextField(_("hvad der spørges om"), max_length=2_000)
    sent_at = models.DateTimeField(_("sendt"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("sendt af")
    )
    state = models.CharField(_("tilstand"), max_length=12, choices=EnquiryState.choices, default=EnquiryState.SENT)
    reminded_at = models.DateTimeField(_("påmindet"), null=True, blank=True)
    next_offered = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("den næste, der kan spørges"),
    )  # fmt: skip
    answered_at = models.DateTimeField(_("svaret"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("svaret af"),
    )  # fmt: skip
    answer = models.TextField(_("svar"), max_length=4_000, blank=True)
    public_by_asker = models.BooleanField(_("må ses, siger den, der spurgte"), default=False)
    public_by_asked = models.BooleanField(_("må ses, siger den, der blev spurgt"), default=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("henvendelse")
        verbose_name_plural = _("henvendelser")
        constraints = [
            models.CheckConstraint(name="enquiry_state_known", condition=Q(state__in=EnquiryState.values)),
            models.CheckConstraint(name="enquiry_goes_to_another", condition=~Q(asker=F("asked"))),
            models.CheckConstraint(name="enquiry_asks_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="enquiry_is_about_something",
                condition=Q(practice__isnull=False) | Q(indicator__isnull=False),
            ),
            models.CheckConstraint(
                name="enquiry_answer_says_who_and_when",
                condition=Q(state__in=[EnquiryState.ANSWERED, EnquiryState.DECLINED], answered_at__gte=F("sent_at"),
                            answered_by__isnull=False)
                | Q(state__in=[EnquiryState.SENT, EnquiryState.UNANSWERED], answered_at__isnull=True, answer=""),
            ),
            models.CheckConstraint(
                name="enquiry_unanswered_was_reminded_of",
                condition=~Q(state=EnquiryState.UNANSWERED) | Q(reminded_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="enquiry_once_while_it_waits",
                fields=["asker", "asked", "practice", "indicator"],
                condition=Q(state__in=[EnquiryState.SENT, EnquiryState.UNANSWERED]),
                nulls_distinct=False,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.asker_id} → {self.asked_id}"


class FollowUpResult(models.TextChoices):
    """What came of an answer, a year later. That it led nowhere is worth as much to know."""

    USED = "used", _("brugt")
    ADAPTED = "adapted", _("tilpasset")
    NOWHERE = "nowhere", _("førte ikke til noget")
    TOO_EARLY = "too_early", _("for tidligt at sige")


class FollowUp(models.Model):
    """What came of an answered enquiry (opfølgning), asked of the one who asked, twelve months after the answer."""

    enquiry = models.OneToOneField(
        Enquiry, on_delete=models.CASCADE, related_name="follow_up", verbose_name=_("henvendelse")
    )
    due_on = models.DateField(_("spørges"))
    result = models.CharField(_("hvad kom der af det"), max_length=10, choices=FollowUpResult.choices, blank=True)
    note = models.TextField(_("i egne ord"), max_length=1_000, blank=True)
    at = models.DateTimeField(_("svaret"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("svaret af"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("opfølgning")
        verbose_name_plural = _("opfølgninger")
        constraints = [
            models.CheckConstraint(
                name="follow_up_says_what_who_and_when",
                condition=Q(result="", at__isnull=True, by__isnull=True)
                | Q(result__in=FollowUpResult.values, at__isnull=False, by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enquiry_id}"


class Circle(models.Model):
    """Three to eight municipalities that look at one indicator together for a year (kreds); the goal comes first."""

    title = models.CharField(_("titel"), max_length=150)
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="circles", verbose_name=_("indikator")
    )
    members = models.ManyToManyField(Organisation, related_name="circles", verbose_name=_("medlemmer"))
    goal = models.TextField(_("mål"))
    goal_registered_at = models.DateTimeField(_("målet registreret"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("registreret af")
    )
    starts_on = models.DateField(_("begynder"))
    ends_on = models.DateField(_("slutter"))
    is_demo = models.BooleanField(_("opdigtet (demodata)"), default=False)

    class Meta:
        verbose_name = _("kreds")
        verbose_name_plural = _("kredse")
        constraints = [
            models.CheckConstraint(name="circle_has_a_goal", condition=~Q(title="") & ~Q(goal="")),
            models.CheckConstraint(
                name="circle_goal_registered_before_it_starts",
                condition=Q(goal_registered_at__date__lte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="circle_lasts_a_year",
                condition=Q(ends_on__gt=F("starts_on"), ends_on__lte=F("starts_on") + dt.timedelta(days=366)),
            ),
        ]

    def __str__(self) -> str:
        return self.title
