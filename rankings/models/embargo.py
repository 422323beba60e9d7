"""Press links: a draft edition's sheets before publication, for one named recipient, for a while, logged."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .editions import Edition


class PressLinkQuerySet(models.QuerySet["PressLink"]):
    """Press links."""

    def newest_first(self) -> Self:
        """Sort with the newest on top."""
        return self.order_by("-created_at", "-pk")


class PressLink(models.Model):
    """A way to an edition's press sheets before it is public. It expires, and it can be withdrawn."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="press_links", verbose_name=_("udgave"))
    recipient = models.CharField(_("modtager"), max_length=200)
    created_at = models.DateTimeField(_("lavet"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("lavet af")
    )
    expires_at = models.DateTimeField(_("udløber"))
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)

    objects = PressLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("presselink")
        verbose_name_plural = _("presselinks")
        constraints = [
            models.CheckConstraint(name="press_link_expires_later", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(name="press_link_names_its_recipient", condition=~Q(recipient="")),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.recipient}"


class PressLinkOpening(models.Model):
    """That a press link was opened, when, and for what; refusals too. No address of the reader is kept."""

    link = models.ForeignKey(PressLink, on_delete=models.CASCADE, related_name="openings", verbose_name=_("presselink"))
    at = models.DateTimeField(_("tidspunkt"))
    what = models.CharField(_("hvad"), max_length=200)
    refused = models.BooleanField(_("afvist"), default=False)

    class Meta:
        verbose_name = _("åbning af presselink")
        verbose_name_plural = _("åbninger af presselinks")
        indexes = [models.Index(name="press_link_opening_log", fields=["link", "at"])]

    def __str__(self) -> str:
        return f"{self.link_id} {self.at:%Y-%m-%d %H:%M} {self.what}"
