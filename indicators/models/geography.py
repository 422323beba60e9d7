"""Municipalities, their regions over time, the names they are known by, and places."""

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.danish import search_key, sort_key


class Region(models.Model):
    """A region: one of the five of 2007, or one that came after; when, the memberships say."""

    code = models.CharField(_("kode"), max_length=8, unique=True)
    name = models.CharField(_("navn"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regioner")

    def __str__(self) -> str:
        return self.name


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    """Municipalities."""

    def in_danish_order(self) -> Self:
        """Sort by name as Danes sort: æ ø å last, Aa as Å."""
        return self.order_by("sort_key")


class Municipality(models.Model):
    """A municipality (kommune). Christiansø (411) is none."""

    code = models.CharField(_("kommunekode"), max_length=8, unique=True)
    name = models.CharField(_("navn"), max_length=100, unique=True)
    slug = models.SlugField(_("adresse"), max_length=100, unique=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="municipalities", verbose_name=_("region")
    )
    landsdel = models.CharField(_("landsdel"), max_length=100)
    kommunegruppe = models.CharField(_("kommunegruppe"), max_length=100)
    area_km2 = models.FloatField(_("areal i km²"))
    sort_key = models.CharField(max_length=100, editable=False, db_collation="C", db_index=True)
    search_key = models.CharField(max_length=100, editable=False)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("kommune")
        verbose_name_plural = _("kommuner")
        constraints = [
            models.CheckConstraint(
                name="municipality_code_is_digits",
                condition=models.Q(code__regex=r"^[0-9]{3,8}$"),
                violation_error_message=_("Kommunekoden er mindst tre cifre."),
            ),
            models.CheckConstraint(name="municipality_is_not_christiansoe", condition=~models.Q(code="411")),
            models.CheckConstraint(name="municipality_area_positive", condition=models.Q(area_km2__gt=0)),
        ]
        indexes = [GinIndex(name="municipality_search", fields=["search_key"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: object = None) -> None:
        """Derive the keys before the fields are checked, so the admin never shows them."""
        self.derive_keys()
        super().clean_fields(exclude)  # type: ignore[arg-type]

    def derive_keys(self) -> None:
        """Set the stored keys for sorting and searching from the name."""
        self.sort_key = sort_key(self.name)
        self.search_key = search_key(self.name)


class RegionMembership(models.Model):
    """That a municipality belongs to a region from a day on, until another (tilhørsforhold). Never to two at once.

    ``Municipality.region`` is the one of the newest public edition; an edition is asked with its own date.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="region_memberships", verbose_name=_("kommune")
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("region"))
    begins = models.DateField(_("fra"))
    ends = models.DateField(_("til"), null=True, blank=True)

    class Meta:
        verbose_name = _("kommunes region")
        verbose_name_plural = _("kommuners regioner")
        constraints = [
            models.CheckConstraint(
                name="region_membership_ends_after_it_begins",
                condition=models.Q(ends__isnull=True) | models.Q(ends__gt=models.F("begins")),
            ),
            ExclusionConstraint(
                name="region_membership_one_at_a_time",
                expressions=[
                    (
                        models.Func(
                            models.F("municipality_id"),
                            models.F("municipality_id"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        models.Func(models.F("begins"), models.F("ends"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.region_id} ({self.begins}–{self.ends or ''})"


class MunicipalityAlias(models.Model):
    """Another spelling or an old name met in real files and in searches."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("kommune")
    )
    name = models.CharField(_("andet navn"), max_length=100, unique=True)
    search_key = models.CharField(max_length=100, editable=False)

    class Meta:
        verbose_name = _("andet navn for en kommune")
        verbose_name_plural = _("andre navne for kommuner")
        indexes = [GinIndex(name="alias_search", fields=["search_key"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A town, an island or a postcode that lies in exactly one municipality."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="places", verbose_name=_("kommune")
    )
    name = models.CharField(_("navn"), max_length=100)
    postcode = models.CharField(_("postnummer"), max_length=8, blank=True)
    search_key = models.CharField(max_length=120, editable=False)

    class Meta:
        verbose_name = _("sted")
        verbose_name_plural = _("steder")
        constraints = [models.UniqueConstraint(name="place_once", fields=["name", "postcode", "municipality"])]
        indexes = [GinIndex(name="place_search", fields=["search_key"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name
