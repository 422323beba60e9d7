"""What can be ranked: the whole index, an area, a theme or an indicator; its part and its spread."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Area, Direction, Indicator, Theme

from .editions import Edition


class Level(models.TextChoices):
    """How far down the ladder a subject stands."""

    OVERALL = "overall", _("samlet")
    AREA = "area", _("område")
    THEME = "theme", _("tema")
    INDICATOR = "indicator", _("indikator")


SUBJECT_FITS_LEVEL = (
    Q(level=Level.OVERALL, area__isnull=True, theme__isnull=True, indicator__isnull=True)
    | Q(level=Level.AREA, area__isnull=False, theme__isnull=True, indicator__isnull=True)
    | Q(level=Level.THEME, area__isnull=True, theme__isnull=False, indicator__isnull=True)
    | Q(level=Level.INDICATOR, area__isnull=True, theme__isnull=True, indicator__isnull=False)
)


class SubjectModel(models.Model):
    """A row about one subject of one edition: exactly the foreign key its level names is set."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, verbose_name=_("udgave"))
    level = models.CharField(_("niveau"), max_length=10, choices=Level.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("område"))
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("tema"))
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("indikator")
    )

    class Meta:
        abstract = True


class CriterionQuerySet(models.QuerySet["Criterion"]):
    """Criteria."""

    def of(self, edition: Edition) -> Self:
        """Those of one edition."""
        return self.filter(edition=edition)

    def for_indicators(self) -> Self:
        """Only the lowest level, in the order of the catalogue."""
        return self.filter(level=Level.INDICATOR).order_by("indicator__position")


class Criterion(SubjectModel):
    """An indicator's, theme's or area's part in an edition: its weight within its parent.

    ``low`` and ``high`` are the goalposts, in the indicator's unit, whatever its direction.
    The direction is kept here too, so that a published edition stays as it was.
    """

    weight = models.FloatField(_("vægt"))
    direction = models.CharField(_("retning"), max_length=20, choices=Direction.choices, blank=True)
    data_year = models.PositiveSmallIntegerField(_("dataår"), null=True, blank=True)
    low = models.FloatField(_("nedre målstolpe"), null=True, blank=True)
    high = models.FloatField(_("øvre målstolpe"), null=True, blank=True)
    note_da = models.TextField(_("bemærkning"), blank=True)
    note_en = models.TextField(_("bemærkning på engelsk"), blank=True)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("kriterium")
        verbose_name_plural = _("kriterier")
        constraints = [
            models.CheckConstraint(
                name="criterion_subject_fits_level",
                condition=SUBJECT_FITS_LEVEL & ~Q(level=Level.OVERALL),
            ),
            models.UniqueConstraint(
                name="criterion_once_an_edition",
                fields=["edition", "area", "theme", "indicator"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="criterion_weight_not_negative", condition=Q(weight__gte=0)),
            models.CheckConstraint(
                name="criterion_neutral_never_weighs",
                condition=~Q(direction=Direction.NEUTRAL) | Q(weight=0),
            ),
            models.CheckConstraint(
                name="criterion_indicator_has_direction_and_year",
                condition=Q(level=Level.INDICATOR, data_year__isnull=False) & ~Q(direction="")
                | ~Q(level=Level.INDICATOR) & Q(data_year__isnull=True, direction=""),
            ),
            models.CheckConstraint(
                name="criterion_goalposts_in_order",
                condition=Q(low__isnull=True, high__isnull=True) | Q(low__lt=models.F("high")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.area_id or self.theme_id or self.indicator_id}"


class Spread(SubjectModel):
    """How a subject's figures lie over the municipalities in an edition, stored so pages compute nothing.

    At indicator level ``median``, quartiles and extremes are of the value, above it of the score.
    ``n`` is how many are ranked (at a neutral indicator: how many have a value), frozen with the edition.
    """

    n = models.PositiveSmallIntegerField(_("antal kommuner"))
    median = models.FloatField(_("median"), null=True)
    lower_quartile = models.FloatField(_("nedre kvartil"), null=True)
    upper_quartile = models.FloatField(_("øvre kvartil"), null=True)
    lowest = models.FloatField(_("lavest"), null=True)
    highest = models.FloatField(_("højest"), null=True)

    class Meta:
        verbose_name = _("spredning")
        verbose_name_plural = _("spredninger")
        constraints = [
            models.CheckConstraint(name="spread_subject_fits_level", condition=SUBJECT_FITS_LEVEL),
            models.UniqueConstraint(
                name="spread_once_an_edition",
                fields=["edition", "area", "theme", "indicator"],
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.level}"
