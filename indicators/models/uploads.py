"""Uploads: a file as it came, who brought it, what it changed."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class UploadState(models.TextChoices):
    """Where an upload is on its way."""

    RECEIVED = "received", _("modtaget")
    CHECKED = "checked", _("tjekket")
    REFUSED = "refused", _("afvist")
    APPLIED = "applied", _("indlæst")
    TAKEN_BACK = "taken_back", _("taget tilbage")
    DISCARDED = "discarded", _("kasseret")


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads."""

    def kept(self) -> Self:
        """Those that nobody has thrown away."""
        return self.exclude(state=UploadState.DISCARDED)

    def applied(self) -> Self:
        """Those whose values went in and were not taken back."""
        return self.filter(state=UploadState.APPLIED)

    def newest_first(self) -> Self:
        """Sort with the newest on top."""
        return self.order_by("-uploaded_at", "-pk")


class Upload(models.Model):
    """A file as it came. The file itself is stored under its checksum and never changed."""

    file = models.FileField(_("fil"), upload_to="uploads/", max_length=200)
    name = models.CharField(_("filens navn"), max_length=255)
    sha256 = models.CharField(_("kontrolsum (SHA-256)"), max_length=64)
    size = models.PositiveBigIntegerField(_("størrelse i byte"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("indberettet af")
    )
    uploaded_at = models.DateTimeField(_("indberettet"))
    state = models.CharField(_("tilstand"), max_length=12, choices=UploadState.choices, default=UploadState.RECEIVED)
    is_demo = models.BooleanField(_("opdigtede tal (demodata)"), default=False)
    source = models.CharField(_("kilde"), max_length=100, blank=True)
    options = models.JSONField(_("sådan er filen læst"), default=dict, blank=True)
    report = models.JSONField(_("rapport"), default=dict, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("indlæst af"),
    )
    applied_at = models.DateTimeField(_("indlæst"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taget tilbage af"),
    )
    taken_back_at = models.DateTimeField(_("taget tilbage"), null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("indberetning")
        verbose_name_plural = _("indberetninger")
        constraints = [
            models.CheckConstraint(name="upload_checksum_is_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.UniqueConstraint(
                name="upload_same_file_applied_once",
                fields=["sha256"],
                condition=Q(state=UploadState.APPLIED),
            ),
            models.CheckConstraint(name="upload_state_known", condition=Q(state__in=UploadState.values)),
            models.CheckConstraint(
                name="upload_applied_says_who_and_when",
                condition=~Q(state__in=[UploadState.APPLIED, UploadState.TAKEN_BACK])
                | Q(applied_by__isnull=False, applied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="upload_taken_back_says_who_and_when",
                condition=~Q(state=UploadState.TAKEN_BACK)
                | Q(taken_back_by__isnull=False, taken_back_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SourceReading(models.Model):
    """How the last file of a source with this head was read, so that the next one need not be corrected again.

    The head is the words above the data: an answer is never carried to a file with another.
    """

    source = models.CharField(_("kilde"), max_length=100)
    head = models.CharField(_("filens hoved (kontrolsum)"), max_length=64, default="", blank=True)
    options = models.JSONField(_("sådan læses filen"), default=dict)
    upload = models.ForeignKey(
        Upload, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("husket fra")
    )

    class Meta:
        verbose_name = _("læsning af en kilde")
        verbose_name_plural = _("læsninger af kilder")
        constraints = [models.UniqueConstraint(name="source_reading_once_a_head", fields=["source", "head"])]

    def __str__(self) -> str:
        return self.source
