"""Uploads, and the measurements in them: a value, or a kind of missing, with the place in the file it came from."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models.catalogue import Indicator, Role
from indicators.models.geography import Municipality
from indicators.upload.cells import Missing


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
    head = models.CharField(_("filens hoved (kontrolsum)"), max_length=64, default="", db_default="", blank=True)
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


MISSING_WORDS = {
    Missing.NOT_REPORTED: _("ikke indberettet"),
    Missing.SUPPRESSED: _("for få til at vise"),
    Missing.NOT_APPLICABLE: _("ikke relevant"),
    Missing.NOT_COLLECTED: _("ikke opgjort i år"),
    Missing.NOT_AVAILABLE: _("ikke tilgængelig"),
    Missing.UNANSWERED: _("ubesvaret"),
    Missing.DONT_KNOW: _("ved ikke"),
    Missing.NOT_APPROVED: _("ikke godkendt"),
    Missing.TOO_FEW_ANSWERS: _("for få svar"),
}


class IntervalKind(models.TextChoices):
    """How sure a figure is, and by which rule. Those of samples are drawn when ranks are made unsure."""

    WILSON = "wilson", _("andel af en stikprøve")
    STUDENT = "student", _("gennemsnit af en stikprøve")
    REGISTER = "register", _("tilfældighed i et register")


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    """Measurements."""

    def current(self) -> Self:
        """Only what holds now; earlier values stay in the table with their upload."""
        return self.filter(is_current=True)

    def from_upload(self, upload: Upload) -> Self:
        """Every measurement that came in with an upload, current or not."""
        return self.filter(upload=upload)

    def are_invented(self) -> bool | None:
        """Whether the index figures that hold are invented; None while there are none.

        On one site real and invented figures never meet, so the newest speaks for all. Conditions (population, income)
        do not count: they are shown and never ranked, and the demo has real ones.
        """
        ranked = self.filter(is_current=True, indicator__role=Role.INDEX)
        return ranked.order_by("-pk").values_list("upload__is_demo", flat=True).first()


class Measurement(models.Model):
    """An indicator in a municipality in a year. Never changed: a newer upload supersedes it.

    What it refers to is checked once for all rows of a statement (migration 0016), not by foreign keys row by row: a
    million rows are of some hundred indicators and municipalities. The unique constraints are its indexes.
    """

    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        related_name="measurements",
        verbose_name=_("indikator"),
        db_constraint=False,
        db_index=False,
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="measurements",
        verbose_name=_("kommune"),
        db_constraint=False,
        db_index=False,
    )
    year = models.PositiveSmallIntegerField(_("år"))
    value = models.FloatField(_("værdi"), null=True, blank=True)
    missing = models.CharField(
        _("mangler"),
        max_length=20,
        blank=True,
        choices=[(kind.value, words) for kind, words in MISSING_WORDS.items()],
    )
    provisional = models.BooleanField(_("foreløbig"), default=False)
    asked = models.PositiveIntegerField(_("spurgte"), null=True, blank=True)
    answered = models.PositiveIntegerField(_("svar"), null=True, blank=True)
    low = models.FloatField(_("fra"), null=True, blank=True)
    high = models.FloatField(_("til"), null=True, blank=True)
    interval = models.CharField(
        _("slags interval"), max_length=10, blank=True, choices=IntervalKind.choices, default="", db_default=""
    )
    shown = models.FloatField(_("vist, ikke rangeret"), null=True, blank=True)
    upload = models.ForeignKey(
        Upload,
        on_delete=models.PROTECT,
        related_name="measurements",
        verbose_name=_("indberetning"),
        db_constraint=False,
    )
    sheet = models.CharField(_("ark"), max_length=100, blank=True)
    row = models.PositiveIntegerField(_("række"))
    column = models.CharField(_("kolonne"), max_length=100)
    is_current = models.BooleanField(_("gælder nu"), default=True)
    superseded_by = models.ForeignKey(
        Upload,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_measurements",
        verbose_name=_("afløst af"),
        db_constraint=False,
        db_index=False,
    )

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        verbose_name = _("måling")
        verbose_name_plural = _("målinger")
        indexes = [
            models.Index(
                name="measurement_superseded", fields=["superseded_by"], condition=Q(superseded_by__isnull=False)
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="measurement_one_current",
                fields=["indicator", "year", "municipality"],
                condition=Q(is_current=True),
            ),
            models.UniqueConstraint(
                name="measurement_once_in_an_upload",
                fields=["indicator", "year", "municipality", "upload"],
            ),
            models.CheckConstraint(
                name="measurement_value_or_kind_of_missing",
                condition=Q(value__isnull=False, missing="")
                | Q(value__isnull=True, missing__in=[kind.value for kind in Missing]),
            ),
            models.CheckConstraint(
                name="measurement_shown_only_for_too_few_answers",
                condition=Q(shown__isnull=True) | Q(missing=Missing.TOO_FEW_ANSWERS.value),
            ),
            models.CheckConstraint(
                name="measurement_never_more_answers_than_asked",
                condition=Q(answered__isnull=True) | Q(asked__isnull=False, answered__lte=F("asked")),
            ),
            models.CheckConstraint(
                name="measurement_interval_says_its_kind",
                condition=Q(low__isnull=True, high__isnull=True, interval="")
                | Q(low__isnull=False, high__isnull=False, interval__in=IntervalKind.values),
            ),
            models.CheckConstraint(
                name="measurement_interval_holds_the_value",
                condition=Q(low__isnull=True)
                | Q(low__lte=F("value"), high__gte=F("value"), value__isnull=False)
                | Q(low__lte=F("shown"), high__gte=F("shown"), shown__isnull=False),
            ),
            models.CheckConstraint(
                name="measurement_value_finite",
                condition=Q(value__isnull=True) | Q(value__gt=float("-inf"), value__lt=float("inf")),
            ),
            models.CheckConstraint(name="measurement_year_plausible", condition=Q(year__gte=1970, year__lte=2100)),
            models.CheckConstraint(
                name="measurement_current_is_not_superseded",
                condition=~Q(is_current=True, superseded_by__isnull=False),
            ),
            models.CheckConstraint(
                name="measurement_not_superseded_by_itself",
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("upload")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.municipality_id}/{self.year}"


class ContextFigure(models.Model):
    """A context figure that holds (population, income): a view, so that an edition can keep what it was made with."""

    id = models.BigIntegerField(primary_key=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.DO_NOTHING, related_name="+")
    code = models.CharField(max_length=50)
    year = models.PositiveSmallIntegerField()
    value = models.FloatField()

    class Meta:
        managed = False
        verbose_name = _("vilkårstal")
        verbose_name_plural = _("vilkårstal")
        db_table = "indicators_contextfigure"

    def __str__(self) -> str:
        return f"{self.code}/{self.municipality_id}/{self.year}"
