"""Who hears of an edition: those who asked to be told (an address, what it follows, what it has been told; nothing else
is kept), and the press by links of its own."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, Municipality

from .editions import Edition


class FollowerQuerySet(models.QuerySet["Follower"]):
    """Followers."""

    def confirmed(self) -> Self:
        """Those who answered the first letter: only they are written to."""
        return self.filter(confirmed_at__isnull=False)

    def not_told(self, edition: Edition) -> Self:
        """Those who have not yet had the letter about an edition."""
        return self.exclude(told__edition=edition)


class Follower(models.Model):
    """An address that asked for a letter at a new edition or a correction. Deleted when it leaves.

    With neither municipality nor indicator it follows everything.
    """

    email = models.EmailField(_("e-mail"), db_collation="C")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kommune")
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("indikator")
    )
    language = models.CharField(_("sprog"), max_length=2, default="da")
    asked_at = models.DateTimeField(_("bedt om"))
    confirmed_at = models.DateTimeField(_("bekræftet"), null=True, blank=True)

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("følger")
        verbose_name_plural = _("følgere")
        constraints = [
            models.UniqueConstraint(
                name="follower_once_a_subject",
                fields=["email", "municipality", "indicator"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="follower_follows_one_thing",
                condition=Q(municipality__isnull=True) | Q(indicator__isnull=True),
            ),
            models.CheckConstraint(
                name="follower_confirmed_after_asking",
                condition=Q(confirmed_at__isnull=True) | Q(confirmed_at__gte=models.F("asked_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Told(models.Model):
    """That a follower has had the letter about an edition: nobody gets it twice."""

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, verbose_name=_("følger"))
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, verbose_name=_("udgave"))
    at = models.DateTimeField(_("sendt"))

    class Meta:
        verbose_name = _("sendt besked")
        verbose_name_plural = _("sendte beskeder")
        constraints = [models.UniqueConstraint(name="told_once_an_edition", fields=["follower", "edition"])]

    def __str__(self) -> str:
        return f"{self.follower_id}/{self.edition_id}"


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
