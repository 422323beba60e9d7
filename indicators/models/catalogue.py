"""The catalogue: areas, themes, indicators and sources, and each change of what they mean."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    """Which way is good. Said in words at every number, never by colour alone."""

    HIGHER = "higher_is_better", _("højere er bedre")
    LOWER = "lower_is_better", _("lavere er bedre")
    NEUTRAL = "neutral", _("hverken godt eller dårligt")


class Role(models.TextChoices):
    """What an indicator is for: part of the index, or a condition that is only shown."""

    INDEX = "index", _("indikator i indekset")
    CONTEXT = "context", _("baggrundstal")


class Area(models.Model):
    """One of the three areas (områder) of the index."""

    code = models.SlugField(_("kode"), max_length=50, unique=True)
    slug = models.SlugField(_("adresse"), max_length=100, unique=True)
    name_da = models.CharField(_("navn"), max_length=100, unique=True)
    name_en = models.CharField(_("navn på engelsk"), max_length=100, unique=True)
    description_da = models.TextField(_("beskrivelse"), blank=True)
    description_en = models.TextField(_("beskrivelse på engelsk"), blank=True)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), unique=True)

    class Meta:
        verbose_name = _("område")
        verbose_name_plural = _("områder")

    def __str__(self) -> str:
        return self.name_da


class Theme(models.Model):
    """A theme (tema) inside one area."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="themes", verbose_name=_("område"))
    code = models.SlugField(_("kode"), max_length=100, unique=True)
    name_da = models.CharField(_("navn"), max_length=100, unique=True)
    name_en = models.CharField(_("navn på engelsk"), max_length=100, unique=True)
    description_da = models.TextField(_("beskrivelse"), blank=True)
    description_en = models.TextField(_("beskrivelse på engelsk"), blank=True)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), unique=True)

    class Meta:
        verbose_name = _("tema")
        verbose_name_plural = _("temaer")

    def __str__(self) -> str:
        return self.name_da


class Source(models.Model):
    """Who publishes or collects the figures."""

    name = models.CharField(_("navn"), max_length=200, unique=True)
    name_en = models.CharField(_("navn på engelsk"), max_length=200)
    kind = models.CharField(_("slags"), max_length=50)
    url = models.URLField(_("adresse"), blank=True)
    terms_da = models.TextField(_("vilkår"), blank=True)
    terms_en = models.TextField(_("vilkår på engelsk"), blank=True)

    class Meta:
        verbose_name = _("kilde")
        verbose_name_plural = _("kilder")

    def __str__(self) -> str:
        return self.name


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Indicators."""

    def of_the_index(self) -> Self:
        """Only the indicators of the index, not the context figures."""
        return self.filter(role=Role.INDEX)

    def context(self) -> Self:
        """Only the context figures: conditions that are shown and never ranked."""
        return self.filter(role=Role.CONTEXT)

    def in_catalogue_order(self) -> Self:
        """Sort as the catalogue lists them."""
        return self.order_by("position")

    def of_edition(self, year: int) -> Self:
        """Those that an edition of a year may be made of: begun by then, and not retired."""
        begun = Q(first_edition__isnull=True) | Q(first_edition__lte=year)
        return self.filter(begun, Q(retired_from__isnull=True) | Q(retired_from__gt=year))


class Indicator(models.Model):
    """One measured thing: definition, unit, direction, decimals and source."""

    code = models.SlugField(_("kode"), max_length=50, unique=True)
    role = models.CharField(_("rolle"), max_length=10, choices=Role.choices, default=Role.INDEX)
    theme = models.ForeignKey(
        Theme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("tema"),
    )
    position = models.PositiveSmallIntegerField(_("rækkefølge"), unique=True)
    name_da = models.CharField(_("navn"), max_length=150, unique=True)
    name_en = models.CharField(_("navn på engelsk"), max_length=150, unique=True)
    short_da = models.CharField(_("kort navn"), max_length=40, blank=True)
    short_en = models.CharField(_("kort navn på engelsk"), max_length=40, blank=True)
    definition_da = models.TextField(_("definition"))
    definition_en = models.TextField(_("definition på engelsk"), blank=True)
    unit = models.CharField(_("enhed"), max_length=60)
    unit_en = models.CharField(_("enhed på engelsk"), max_length=60, blank=True)
    direction = models.CharField(_("retning"), max_length=20, choices=Direction.choices)
    decimals = models.PositiveSmallIntegerField(_("decimaler"))
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="indicators", verbose_name=_("kilde"))
    source_table = models.CharField(_("tabel"), max_length=60, blank=True)
    source_kind = models.CharField(_("slags kilde"), max_length=30)
    every_years = models.PositiveSmallIntegerField(_("opgøres hvert … år"), default=1)
    plausible_min = models.FloatField(_("sandsynligt mindst"), null=True, blank=True)
    plausible_max = models.FloatField(_("sandsynligt højst"), null=True, blank=True)
    typical_median = models.FloatField(_("typisk median"), null=True, blank=True)
    value_min = models.FloatField(_("muligt mindst"), null=True, blank=True)
    value_max = models.FloatField(_("muligt højst"), null=True, blank=True)
    influenceable = models.BooleanField(_("kan kommunen påvirke"), default=True)
    person_base = models.CharField(_("personer at regne om til"), max_length=60, blank=True)
    why_da = models.TextField(_("hvorfor det betyder noget"), blank=True)
    why_en = models.TextField(_("hvorfor, på engelsk"), blank=True)
    numerator_da = models.TextField(_("tæller"), blank=True)
    numerator_en = models.TextField(_("tæller på engelsk"), blank=True)
    denominator_da = models.TextField(_("nævner"), blank=True)
    denominator_en = models.TextField(_("nævner på engelsk"), blank=True)
    caution_da = models.TextField(_("fejlkilder"), blank=True)
    caution_en = models.TextField(_("fejlkilder på engelsk"), blank=True)
    period_rule = models.CharField(_("årets tal af årets dele"), max_length=12, blank=True, default="", db_default="")
    first_edition = models.PositiveSmallIntegerField(_("med fra udgave"), null=True, blank=True)
    retired_from = models.PositiveSmallIntegerField(_("udgår fra udgave"), null=True, blank=True)
    search_key = models.CharField(max_length=400, editable=False, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indikator")
        verbose_name_plural = _("indikatorer")
        constraints = [
            models.CheckConstraint(
                name="indicator_of_the_index_has_a_theme",
                condition=Q(role=Role.INDEX, theme__isnull=False)
                | Q(role=Role.CONTEXT, theme__isnull=True, direction=Direction.NEUTRAL),
            ),
            models.CheckConstraint(name="indicator_direction_known", condition=Q(direction__in=Direction.values)),
            models.CheckConstraint(
                name="indicator_plausible_range_in_order",
                condition=Q(plausible_min__isnull=True)
                | Q(plausible_max__isnull=True)
                | Q(plausible_min__lte=models.F("plausible_max")),
            ),
            models.CheckConstraint(
                name="indicator_begins_before_it_ends",
                condition=Q(first_edition__isnull=True)
                | Q(retired_from__isnull=True)
                | Q(first_edition__lt=models.F("retired_from")),
            ),
            models.CheckConstraint(
                name="indicator_counted_at_least_every_tenth_year",
                condition=Q(every_years__gte=1, every_years__lte=10),
            ),
        ]
        indexes = [GinIndex(name="indicator_search", fields=["search_key"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name_da

    @property
    def is_of_a_survey(self) -> bool:
        """Whether its figures are answers to a question: they say of how many."""
        return self.source_kind.startswith("survey_")


class SeriesBreak(models.Model):
    """A year from which an indicator is counted in another way: no change is shown across it."""

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="breaks", verbose_name=_("indikator")
    )
    year = models.PositiveSmallIntegerField(_("første år med den nye opgørelse"))
    note_da = models.TextField(_("hvad der ændrede sig"))
    note_en = models.TextField(_("hvad der ændrede sig, på engelsk"))

    class Meta:
        verbose_name = _("databrud")
        verbose_name_plural = _("databrud")
        constraints = [models.UniqueConstraint(name="series_break_once", fields=["indicator", "year"])]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.year}"


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
