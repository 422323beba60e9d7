"""A hearing: who was asked, what they answered, what they said of which figure, and how it was ruled.

What is said here is never rewritten: triggers in the database (migration 0002) refuse a change of a text that was
received, a text by somebody who does not speak for its organisation, a ruling by whoever brought the figure, and the
publication of an edition with an unruled remark or with a figure that changed since the hearing without a ruling.
"""

import datetime as dt
from enum import StrEnum
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, Measurement, Municipality, Upload
from indicators.people.models import Organisation
from indicators.personal_data import CPR
from rankings.models import Edition

LONGEST_REASON = 2_000


def no_cpr(model: str, field: str) -> models.CheckConstraint:
    """The constraint that a text holds no number in the shape of a CPR number."""
    return models.CheckConstraint(name=f"{model}_{field}_holds_no_cpr", condition=~Q(**{f"{field}__regex": CPR}))


class HearingQuerySet(models.QuerySet["Hearing"]):
    """Hearings."""

    def running(self, now: dt.datetime) -> Self:
        """Those that are open at a moment: the instant of closing is outside."""
        return self.filter(opened_at__isnull=False, closes_at__gt=now)

    def to_be_opened(self, now: dt.datetime) -> Self:
        """Those whose moment has come."""
        return self.filter(opened_at__isnull=True, opens_at__lte=now)

    def newest_first(self) -> Self:
        """Sort with the newest edition on top."""
        return self.order_by("-edition__year", "-edition__revision")


class Hearing(models.Model):
    """The hearing (høring) of a draft edition, between two moments on the Danish clock."""

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, verbose_name=_("udgave"))
    opens_at = models.DateTimeField(_("åbner"))
    closes_at = models.DateTimeField(_("lukker"))
    opened_at = models.DateTimeField(_("åbnet"), null=True, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("planlagt af")
    )

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("høring")
        verbose_name_plural = _("høringer")
        constraints = [
            models.CheckConstraint(name="hearing_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="hearing_is_not_opened_early",
                condition=Q(opened_at__isnull=True) | Q(opened_at__gte=F("opens_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition}"

    def is_open(self, now: dt.datetime) -> bool:
        """Whether answers still come in time."""
        return self.opened_at is not None and now < self.closes_at

    @property
    def about(self) -> str:
        """What tasks and letters call it: "hearing 2026.1"."""
        return f"hearing {self.edition.release}"


class ResponseState(StrEnum):
    """Where a municipality's answer stands; every municipality that was asked is in exactly one."""

    NOT_OPENED = "not_opened"
    OPENED = "opened"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    LATE = "late"


RESPONSE_WORDS = {
    ResponseState.NOT_OPENED: _("har ikke svaret (ikke åbnet)"),
    ResponseState.OPENED: _("har ikke svaret (åbnet)"),
    ResponseState.PRELIMINARY: _("foreløbigt svar"),
    ResponseState.FINAL: _("endeligt svar"),
    ResponseState.LATE: _("svar efter fristen"),
}


class Response(models.Model):
    """A municipality's answer to a hearing (høringssvar). Silence is a state of its own and consents to nothing.

    Preliminary: the council has not met. A final answer after a preliminary one in time is final, however late.
    """

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="responses", verbose_name=_("høring"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="responses", verbose_name=_("kommune")
    )
    asked_at = models.DateTimeField(_("spurgt"))
    opened_at = models.DateTimeField(_("åbnet"), null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("åbnet af"),
    )
    sent_at = models.DateTimeField(_("sendt til godkender"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sendt til godkender af"),
    )
    preliminary_at = models.DateTimeField(_("foreløbigt svar"), null=True, blank=True)
    preliminary_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("foreløbigt svar godkendt af"),
    )
    final_at = models.DateTimeField(_("endeligt svar"), null=True, blank=True)
    final_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("endeligt svar godkendt af"),
    )

    class Meta:
        verbose_name = _("høringssvar")
        verbose_name_plural = _("høringssvar")
        constraints = [
            models.UniqueConstraint(name="response_once_a_municipality", fields=["hearing", "organisation"]),
            *(
                models.CheckConstraint(
                    name=f"response_{step}_says_who",
                    condition=Q(**{f"{step}_at__isnull": True, f"{step}_by__isnull": True})
                    | Q(**{f"{step}_at__isnull": False, f"{step}_by__isnull": False}),
                )
                for step in ("opened", "sent", "preliminary", "final")
            ),
            models.CheckConstraint(
                name="response_final_after_preliminary",
                condition=Q(final_at__isnull=True)
                | Q(preliminary_at__isnull=True)
                | Q(final_at__gte=F("preliminary_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hearing_id}/{self.organisation_id}"

    @property
    def first_given_at(self) -> dt.datetime | None:
        """When the municipality first answered, preliminarily or finally."""
        return self.preliminary_at or self.final_at

    def state(self, closes_at: dt.datetime) -> ResponseState:
        """Which of the five it is in; ``closes_at`` is the hearing's (passed in: a list asks it once)."""
        first = self.first_given_at
        if first is None:
            return ResponseState.OPENED if self.opened_at else ResponseState.NOT_OPENED
        if first >= closes_at:
            return ResponseState.LATE
        return ResponseState.FINAL if self.final_at else ResponseState.PRELIMINARY


class FigureInHearing(models.Model):
    """Which measurement a municipality was shown in the hearing (tal i høring): what changed since is found by it."""

    hearing = models.ForeignKey(Hearing, on_delete=models.CASCADE, related_name="figures", verbose_name=_("høring"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name=_("indikator"))
    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("måling")
    )
    data_year = models.PositiveSmallIntegerField(_("dataår"), null=True)

    class Meta:
        verbose_name = _("tal i høring")
        verbose_name_plural = _("tal i høring")
        constraints = [
            models.UniqueConstraint(name="figure_in_hearing_once", fields=["hearing", "municipality", "indicator"]),
        ]

    def __str__(self) -> str:
        return f"{self.hearing_id}/{self.municipality_id}/{self.indicator_id}"


class Outcome(models.TextChoices):
    """How a remark or a flag was ruled."""

    UPHELD = "upheld", _("medhold")
    PARTLY = "partly", _("delvist medhold")
    NOT = "not", _("ikke medhold")


class Ruling(models.Model):
    """What was decided and why (afgørelse): one may answer many remarks and flags.

    ``changes_figure``: a figure is to be corrected for it, by ``upload``; until that is named, the edition waits.
    """

    outcome = models.CharField(_("udfald"), max_length=8, choices=Outcome.choices)
    reason = models.TextField(_("begrundelse"), max_length=LONGEST_REASON)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("afgjort af")
    )
    ruled_at = models.DateTimeField(_("afgjort"))
    changes_figure = models.BooleanField(_("et tal rettes"))
    upload = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="rulings", verbose_name=_("indberetning")
    )

    class Meta:
        verbose_name = _("afgørelse")
        verbose_name_plural = _("afgørelser")
        constraints = [
            models.CheckConstraint(name="ruling_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(name="ruling_gives_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="ruling_changes_a_figure_only_when_upheld",
                condition=Q(changes_figure=False, upload__isnull=True)
                | Q(changes_figure=True) & ~Q(outcome=Outcome.NOT),
            ),
            no_cpr("ruling", "reason"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.pk}"


class RemarkKind(models.TextChoices):
    """What is said to be wrong."""

    FIGURE = "figure", _("tallet er forkert")
    DEFINITION = "definition", _("definitionen er forkert")
    MISSING = "missing", _("tallet mangler")
    REMARK = "remark", _("bare en bemærkning")


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Remarks."""

    def received(self) -> Self:
        """Those that came with an answer, and were not withdrawn."""
        return self.filter(received_at__isnull=False, withdrawn_at__isnull=True)

    def in_time(self) -> Self:
        """Those received before their hearing closed."""
        return self.received().filter(received_at__lt=F("response__hearing__closes_at"))

    def without_ruling(self) -> Self:
        """Those that nobody has decided."""
        return self.filter(ruling__isnull=True)

    def of(self, hearing: Hearing) -> Self:
        """Those of one hearing."""
        return self.filter(response__hearing=hearing)

    def in_order(self) -> Self:
        """By their number in the hearing; those not received yet last, in the order they were written."""
        return self.order_by(F("number").asc(nulls_last=True), "pk")


class Remark(models.Model):
    """What a municipality says of exactly one figure, definition or gap of its own (bemærkning).

    It is a draft of the municipality's until an approver sends the answer; then it is received, gets its number in the
    hearing and is never changed again.
    """

    response = models.ForeignKey(
        Response, on_delete=models.PROTECT, related_name="remarks", verbose_name=_("høringssvar")
    )
    number = models.PositiveIntegerField(_("nr. i høringen"), null=True, blank=True)
    kind = models.CharField(_("slags"), max_length=10, choices=RemarkKind.choices)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name=_("indikator"))
    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("måling")
    )
    proposed = models.FloatField(_("det rigtige tal"), null=True, blank=True)
    text = models.TextField(_("begrundelse"), max_length=LONGEST_REASON)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    written_at = models.DateTimeField(_("skrevet"))
    received_at = models.DateTimeField(_("modtaget"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)
    ruling = models.ForeignKey(
        Ruling, on_delete=models.PROTECT, null=True, blank=True, related_name="remarks", verbose_name=_("afgørelse")
    )

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("bemærkning")
        verbose_name_plural = _("bemærkninger")
        constraints = [
            models.CheckConstraint(name="remark_kind_known", condition=Q(kind__in=RemarkKind.values)),
            models.CheckConstraint(name="remark_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="remark_of_a_wrong_figure_names_it",
                condition=~Q(kind=RemarkKind.FIGURE) | Q(measurement__isnull=False),
            ),
            models.CheckConstraint(
                name="remark_proposes_only_for_a_figure",
                condition=Q(proposed__isnull=True) | Q(kind__in=[RemarkKind.FIGURE, RemarkKind.MISSING]),
            ),
            models.CheckConstraint(
                name="remark_ruled_only_when_received",
                condition=Q(ruling__isnull=True) | Q(received_at__isnull=False),
            ),
            models.CheckConstraint(
                name="remark_received_has_a_number",
                condition=Q(received_at__isnull=True, number__isnull=True, withdrawn_at__isnull=True)
                | Q(received_at__isnull=False, number__isnull=False),
            ),
            no_cpr("remark", "text"),
        ]

    def __str__(self) -> str:
        return f"{self.response_id}/{self.number or 0}"


class Attachment(models.Model):
    """Evidence for a remark (bilag): never shown inline, never public, deleted with the remark."""

    remark = models.ForeignKey(
        Remark, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("bemærkning")
    )
    file = models.FileField(_("fil"), upload_to="attachments/", max_length=200)
    name = models.CharField(_("filens navn"), max_length=150)
    content_type = models.CharField(_("slags"), max_length=100)
    size = models.PositiveIntegerField(_("størrelse i byte"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("tilføjet af")
    )
    added_at = models.DateTimeField(_("tilføjet"))

    class Meta:
        verbose_name = _("bilag")
        verbose_name_plural = _("bilag")
        constraints = [
            models.CheckConstraint(
                name="attachment_is_not_empty_and_at_most_5_mb", condition=Q(size__gt=0, size__lte=5_000_000)
            ),
            models.CheckConstraint(name="attachment_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
