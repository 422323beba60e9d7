"""The desk's own rows: who sees to a source in a year, what each computation changed, who looked at a draft."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Source

from .editions import Edition


class SourcePlan(models.Model):
    """A source in the year of an edition: who fetches its figures and by when; or that last year's are used again."""

    year = models.PositiveSmallIntegerField(_("udgave"))
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", verbose_name=_("kilde"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ansvarlig"),
    )
    due_on = models.DateField(_("frist"), null=True, blank=True)
    reused_because = models.CharField(_("hvorfor genbruges"), max_length=500, blank=True)
    reused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("genbrug bekræftet af"),
    )
    reused_at = models.DateTimeField(_("genbrug bekræftet"), null=True, blank=True)

    class Meta:
        verbose_name = _("plan for en kilde")
        verbose_name_plural = _("planer for kilder")
        constraints = [
            models.UniqueConstraint(name="source_plan_once_a_year", fields=["year", "source"]),
            models.CheckConstraint(
                name="source_plan_reuse_says_who_when_and_why",
                condition=Q(reused_because="", reused_by__isnull=True, reused_at__isnull=True)
                | Q(reused_because__regex=r"\S", reused_by__isnull=False, reused_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.source_id}"


class ComputationQuerySet(models.QuerySet["Computation"]):
    """Computations."""

    def of(self, edition: Edition) -> Self:
        """Those of one draft, the newest first."""
        return self.filter(edition=edition).order_by("-at", "-pk")


class Computation(models.Model):
    """A computation of a draft that gave something else than the one before; `rankings.computed` has its difference."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("udgave"))
    at = models.DateTimeField(_("hvornår"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))
    checksum = models.CharField(_("kontrolsum"), max_length=64)
    difference = models.JSONField(_("hvad der blev ændret"), default=dict, blank=True)

    objects = ComputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("beregning")
        verbose_name_plural = _("beregninger")
        constraints = [
            models.CheckConstraint(
                name="computation_checksum_is_sha256", condition=Q(checksum__regex=r"^[0-9a-f]{64}$")
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.checksum[:8]}"


class Look(models.Model):
    """Somebody says: I have looked at this very computation of the draft."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("udgave"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))
    at = models.DateTimeField(_("hvornår"))
    checksum = models.CharField(_("kontrolsum"), max_length=64)

    class Meta:
        verbose_name = _("blik på en kladde")
        verbose_name_plural = _("blikke på kladder")
        constraints = [
            models.UniqueConstraint(name="look_once_a_person", fields=["edition", "by", "checksum"]),
            models.CheckConstraint(name="look_checksum_is_sha256", condition=Q(checksum__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.checksum[:8]} {self.by_id}"
