"""What was fetched: the questions, the answers byte for byte, and what is known of the publishers' tables."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, Upload


class SourceTable(models.Model):
    """What a publisher said of a table when it was last looked at."""

    publisher = models.CharField(_("kilde"), max_length=50)
    table = models.CharField(_("tabel"), max_length=100)
    title = models.CharField(_("titel"), max_length=300, blank=True)
    updated = models.CharField(_("opdateret hos kilden"), max_length=40, blank=True)
    newest_period = models.CharField(_("nyeste periode"), max_length=20, blank=True)
    looked_at = models.DateTimeField(_("sidst set efter"))
    problem = models.TextField(_("kunne ikke ses"), blank=True)

    class Meta:
        verbose_name = _("tabel hos en kilde")
        verbose_name_plural = _("tabeller hos kilder")
        constraints = [models.UniqueConstraint(name="source_table_once", fields=["publisher", "table"])]

    def __str__(self) -> str:
        return f"{self.publisher} {self.table}"


class SourceAnswer(models.Model):
    """A publisher's answer as it came, with the question. The bytes lie under their checksum and are never changed."""

    file = models.FileField(_("svar"), upload_to="answers/", max_length=200)
    sha256 = models.CharField(_("kontrolsum (SHA-256)"), max_length=64)
    size = models.PositiveBigIntegerField(_("størrelse i byte"))
    content_type = models.CharField(_("type"), max_length=100, blank=True)
    publisher = models.CharField(_("kilde"), max_length=50)
    method = models.CharField(_("metode"), max_length=4)
    url = models.CharField(_("adresse"), max_length=500)
    question = models.JSONField(_("spørgsmål"), null=True, blank=True)
    received_at = models.DateTimeField(_("modtaget"))

    class Meta:
        verbose_name = _("råt svar")
        verbose_name_plural = _("rå svar")
        constraints = [
            models.CheckConstraint(name="answer_checksum_is_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="answer_was_asked_for", condition=Q(method__in=["GET", "POST"])),
        ]

    def __str__(self) -> str:
        return f"{self.publisher} {self.sha256[:12]}"


class FetchState(models.TextChoices):
    """What came of a fetch."""

    FETCHED = "fetched", _("hentet")
    UNCHANGED = "unchanged", _("intet nyt")
    FAILED = "failed", _("mislykkedes")


class FetchQuerySet(models.QuerySet["Fetch"]):
    """Fetches."""

    def newest_first(self) -> Self:
        """Sort with the newest on top."""
        return self.order_by("-asked_at", "-pk")

    def waiting(self) -> Self:
        """Those whose figures are here and not yet in use."""
        return self.filter(state=FetchState.FETCHED, upload__state__in=["received", "checked", "refused"])

    def of_upload(self, upload: Upload) -> Self:
        """The fetch that an upload came from, newest first; none for a file that a person brought."""
        return self.filter(state=FetchState.FETCHED, upload=upload).newest_first()


class Fetch(models.Model):
    """One collection of an indicator's figures of a year: the raw answers, and the upload that was made of them.

    ``is_trial`` where it was asked anywhere but at the publisher's declared host: such figures are never real.
    """

    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="fetches", verbose_name=_("indikator")
    )
    year = models.PositiveSmallIntegerField(_("år"))
    publisher = models.CharField(_("kilde"), max_length=50)
    tables = models.CharField(_("tabeller"), max_length=200)
    host = models.CharField(_("vært"), max_length=200)
    declared_host = models.CharField(_("kildens egen vært"), max_length=200)
    is_trial = models.BooleanField(_("prøvetal"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hentet af")
    )
    asked_at = models.DateTimeField(_("hentet"))
    state = models.CharField(_("udfald"), max_length=10, choices=FetchState.choices)
    message = models.TextField(_("besked"), blank=True)
    updated = models.CharField(_("opdateret hos kilden"), max_length=40, blank=True)
    notes = models.JSONField(_("kildens noter"), default=list, blank=True)
    texts = models.JSONField(_("kildens tekster"), default=dict, blank=True)
    doubts = models.JSONField(_("at se på"), default=list, blank=True)
    upload = models.ForeignKey(
        Upload,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="fetches",
        verbose_name=_("indberetning"),
    )
    answers = models.ManyToManyField(SourceAnswer, related_name="fetches", blank=True, verbose_name=_("rå svar"))
    told_at = models.DateTimeField(_("fortalt om ændrede tal"), null=True, blank=True)

    objects = FetchQuerySet.as_manager()

    class Meta:
        verbose_name = _("hentning")
        verbose_name_plural = _("hentninger")
        constraints = [
            models.CheckConstraint(name="fetch_state_known", condition=Q(state__in=FetchState.values)),
            models.CheckConstraint(
                name="fetch_has_a_file_or_says_why_not",
                condition=Q(state=FetchState.FETCHED, upload__isnull=False)
                | Q(state=FetchState.UNCHANGED)
                | (Q(state=FetchState.FAILED, upload__isnull=True) & ~Q(message="")),
            ),
            models.CheckConstraint(
                name="fetch_real_only_from_the_declared_host",
                condition=Q(is_trial=True) | Q(host=F("declared_host")),
            ),
        ]
        indexes = [models.Index(name="fetch_by_indicator", fields=["indicator", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.year} {self.asked_at:%Y-%m-%d}"


class ConfirmedRecipe(models.Model):
    """A recipe whose codes a fetch has found, with the words that the publisher had beside them.

    ``recipe`` is a checksum: another recipe is unconfirmed again. A trial confirms nothing about the publisher itself.
    """

    indicator = models.OneToOneField(
        Indicator, on_delete=models.CASCADE, related_name="confirmed_recipe", verbose_name=_("indikator")
    )
    recipe = models.CharField(_("opskriftens kontrolsum"), max_length=64)
    texts = models.JSONField(_("kildens tekster"), default=dict)
    fetch = models.ForeignKey(Fetch, on_delete=models.CASCADE, related_name="+", verbose_name=_("hentning"))
    confirmed_at = models.DateTimeField(_("bekræftet"))

    class Meta:
        verbose_name = _("bekræftet opskrift")
        verbose_name_plural = _("bekræftede opskrifter")

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.recipe[:12]}"


class Seen(models.Model):
    """That a person has looked at an upload that nobody brought by hand."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="seen", verbose_name=_("indberetning"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))
    at = models.DateTimeField(_("hvornår"))

    class Meta:
        verbose_name = _("set af")
        verbose_name_plural = _("set af")
        constraints = [models.UniqueConstraint(name="seen_once_by_each", fields=["upload", "by"])]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.by_id}"
