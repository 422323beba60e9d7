"""Proposed changes of the catalogue: what one person proposes and another approves, and what the public log tells."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ChangeState(models.TextChoices):
    """Where a proposal stands."""

    PROPOSED = "proposed", _("foreslået")
    APPROVED = "approved", _("godkendt")
    REFUSED = "refused", _("afvist")
    WITHDRAWN = "withdrawn", _("trukket tilbage")


class DefinitionChangeQuerySet(models.QuerySet["DefinitionChange"]):
    """Proposals."""

    def waiting(self) -> Self:
        """Those that nobody has decided."""
        return self.filter(state=ChangeState.PROPOSED)

    def approved(self) -> Self:
        """Those that count: what the public log of definitions tells."""
        return self.filter(state=ChangeState.APPROVED)

    def not_in_force(self) -> Self:
        """Approved for an edition that is not public yet."""
        return self.approved().filter(in_force=False)

    def newest_first(self) -> Self:
        """Sort with the newest decision on top."""
        return self.order_by("-decided_at", "-pk")


class DefinitionChange(models.Model):
    """A change of one row of the catalogue (ændringsforslag), with its reason, who proposed and who decided.

    ``values`` and ``before`` hold columns by name (``theme_id``), as they are to be and as they were. Where the change
    alters what figures mean, ``edition_year`` is the first edition it holds for and ``break_year`` the first year of
    figures that are counted the new way: a new series begins.
    """

    model = models.CharField(_("slags"), max_length=30)
    code = models.CharField(_("hvad"), max_length=200)
    is_new = models.BooleanField(_("er ny"), default=False)
    values = models.JSONField(_("skal være"))
    before = models.JSONField(_("var"), default=dict, blank=True)
    wording_only = models.BooleanField(_("kun sproglig rettelse"), default=False)
    reason_da = models.TextField(_("begrundelse"))
    reason_en = models.TextField(_("begrundelse på engelsk"), blank=True)
    edition_year = models.PositiveSmallIntegerField(_("gælder fra udgave"), null=True, blank=True)
    break_year = models.PositiveSmallIntegerField(_("første dataår med den nye opgørelse"), null=True, blank=True)
    in_force = models.BooleanField(_("gælder"), default=False)
    state = models.CharField(_("tilstand"), max_length=10, choices=ChangeState.choices, default=ChangeState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("foreslået af")
    )
    proposed_at = models.DateTimeField(_("foreslået"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("afgjort af"),
    )
    decided_at = models.DateTimeField(_("afgjort"), null=True, blank=True)
    answer = models.TextField(_("svar"), blank=True)

    objects = DefinitionChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("ændring af kataloget")
        verbose_name_plural = _("ændringer af kataloget")
        constraints = [
            models.CheckConstraint(name="definition_state_known", condition=Q(state__in=ChangeState.values)),
            models.CheckConstraint(name="definition_has_a_reason", condition=~Q(reason_da="")),
            models.CheckConstraint(
                name="definition_decided_says_who_and_when",
                condition=Q(state=ChangeState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state=ChangeState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="definition_approved_by_another",
                condition=~Q(state=ChangeState.APPROVED) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="definition_in_force_is_approved", condition=Q(in_force=False) | Q(state=ChangeState.APPROVED)
            ),
            models.UniqueConstraint(
                name="definition_one_proposal_at_a_time",
                fields=["model", "code"],
                condition=Q(state=ChangeState.PROPOSED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.code}"
