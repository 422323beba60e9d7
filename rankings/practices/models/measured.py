"""What was measured where a practice was tried: computed with an edition, pinned with it, set by nobody."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Municipality
from rankings.models import Edition

from .practices import Aim


class Verdict(models.TextChoices):
    """What the figures allow to be said. Never that a practice works: something happened at the same time."""

    STANDS_OUT = "stands_out", _("skiller sig ud")
    NOT_DISTINGUISHABLE = "not_distinguishable", _("kan ikke skelnes fra almindelige udsving")
    OTHER_WAY = "other_way", _("gik den anden vej")
    CANNOT_BE_COMPUTED = "cannot_be_computed", _("kan ikke opgøres")


class NoVerdict(models.TextChoices):
    """Why nothing can be said."""

    DESCRIBED_AFTERWARDS = "described_afterwards", _("målet er beskrevet, efter at tallene fandtes")
    NO_START = "no_start", _("der står ikke, hvornår det begyndte")
    TOO_EARLY = "too_early", _("den udgave, virkningen ventes i, er ikke kommet")
    NONE_BEFORE = "none_before", _("der er ingen udgave fra før begyndelsen")
    SERIES_BREAK = "series_break", _("tallet opgøres på en anden måde end før begyndelsen")
    NOT_COLLECTED = "not_collected", _("tallet er ikke opgjort i år")
    SUPPRESSED = "suppressed", _("tallet er ikke vist, fordi få personer står bag")
    MISSING = "missing", _("kommunen har ikke tallet i alle udgaverne")
    TOO_FEW = "too_few", _("færre end 20 kommuner kan sammenlignes")
    SAME_START = "same_start", _("alle kommuner begyndte samme sted")


class MeasuredHereQuerySet(models.QuerySet["MeasuredHere"]):
    """What was measured."""

    def of(self, edition: Edition) -> Self:
        """What was computed with one edition."""
        return self.filter(edition=edition)

    def standing_out(self) -> Self:
        """Where a place stands out in the direction that was expected, all aims of its practice considered."""
        return self.filter(verdict=Verdict.STANDS_OUT)


class MeasuredHere(models.Model):
    """What was measured of one aim in one municipality (målt her), with one edition; frozen when that is published.

    ``p`` is the share of municipalities at least as far in that direction (0–1), ``p_adjusted`` the same with all aims
    of the practice considered (Holm); the verdict goes by the latter. ``residual``, ``before``, ``after`` and
    ``expected`` are in the indicator's unit; ``residual`` is positive where it went further in the aim's direction than
    expected. ``years_before`` and ``years_after`` are editions.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="measured", verbose_name=_("udgave"))
    aim = models.ForeignKey(Aim, on_delete=models.CASCADE, related_name="measured", verbose_name=_("mål"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    verdict = models.CharField(_("målt her"), max_length=20, choices=Verdict.choices)
    reason = models.CharField(_("hvorfor ikke"), max_length=20, choices=NoVerdict.choices, blank=True)
    p = models.FloatField(_("p"), null=True)
    p_adjusted = models.FloatField(_("p, med alle mål"), null=True)
    n = models.PositiveSmallIntegerField(_("kommuner sammenlignet"), default=0)
    residual = models.FloatField(_("ud over det ventede"), null=True)
    before = models.FloatField(_("før"), null=True)
    after = models.FloatField(_("efter"), null=True)
    expected = models.FloatField(_("ventet"), null=True)
    preliminary = models.BooleanField(_("foreløbig"), default=False)
    years_before = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("udgaver før"), default=list)
    years_after = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("udgaver efter"), default=list)

    objects = MeasuredHereQuerySet.as_manager()

    class Meta:
        verbose_name = _("målt her")
        verbose_name_plural = _("målt her")
        constraints = [
            models.UniqueConstraint(name="measured_here_once", fields=["edition", "aim", "municipality"]),
            models.CheckConstraint(
                name="measured_here_has_a_verdict_or_a_reason",
                condition=Q(verdict=Verdict.CANNOT_BE_COMPUTED, p__isnull=True, p_adjusted__isnull=True,
                            residual__isnull=True, reason__in=NoVerdict.values)
                | Q(verdict__in=[Verdict.STANDS_OUT, Verdict.NOT_DISTINGUISHABLE, Verdict.OTHER_WAY], reason="",
                    p__isnull=False, residual__isnull=False, n__gte=20, p_adjusted__gte=F("p")),
            ),
            models.CheckConstraint(
                name="measured_here_stands_out_only_by_its_p",
                condition=Q(verdict=Verdict.STANDS_OUT, p_adjusted__lte=0.05, residual__gt=0)
                | Q(verdict=Verdict.OTHER_WAY, p_adjusted__lte=0.05, residual__lt=0)
                | Q(verdict=Verdict.NOT_DISTINGUISHABLE, p_adjusted__gt=0.05)
                | Q(verdict=Verdict.CANNOT_BE_COMPUTED),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.aim_id}/{self.municipality_id}"
