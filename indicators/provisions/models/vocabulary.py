"""The words that a provision is described in: lists of terms with a version, paragraphs with dates, named points."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.danish import search_key
from indicators.models import Municipality


class SchemeKind(models.TextChoices):
    """What the terms of a scheme tell apart."""

    TARGET_GROUP = "target_group", _("målgruppe")
    SERVICE_TYPE = "service_type", _("tilbudstype")
    LEVEL = "level", _("specialiseringsniveau")


class Scheme(models.Model):
    """Somebody's list of terms, in one version (begrebsliste).

    No list ships with the code whose licence is not clear, and no scheme of levels exists without the source that
    gives their names.
    """

    code = models.SlugField(_("kode"), max_length=50)
    version = models.CharField(_("version"), max_length=20)
    kind = models.CharField(_("slags"), max_length=15, choices=SchemeKind.choices)
    name_da = models.CharField(_("navn"), max_length=150)
    name_en = models.CharField(_("navn på engelsk"), max_length=150)
    publisher = models.CharField(_("udgivet af"), max_length=150)
    source = models.CharField(_("kilde"), max_length=300)
    is_demo = models.BooleanField(_("opdigtet (demodata)"), default=False)

    class Meta:
        verbose_name = _("begrebsliste")
        verbose_name_plural = _("begrebslister")
        constraints = [
            models.UniqueConstraint(name="scheme_once_a_version", fields=["code", "version"]),
            models.CheckConstraint(name="scheme_kind_known", condition=Q(kind__in=SchemeKind.values)),
            models.CheckConstraint(
                name="scheme_says_who_and_where", condition=~Q(publisher="") & ~Q(source="") & ~Q(name_da="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class TermQuerySet(models.QuerySet["Term"]):
    """Terms."""

    def of_kind(self, kind: SchemeKind) -> Self:
        """Those of all schemes of a kind."""
        return self.filter(scheme__kind=kind)

    def our_own(self) -> Self:
        """Those that stand for themselves: what readers choose from. A term of another list leads to one of these."""
        return self.filter(means__isnull=True)

    def in_order(self) -> Self:
        """As their lists have them."""
        return self.order_by("scheme__code", "scheme__version", "position", "pk")


class Term(models.Model):
    """A target group, a type of service or a level, as one scheme names it (begreb).

    ``means`` is the term of our own list that an outside term is read as. A term that ``protects`` makes every
    provision that carries it protected: crisis centres, secure units, foster families.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="terms", verbose_name=_("begrebsliste"))
    code = models.SlugField(_("kode"), max_length=50)
    name_da = models.CharField(_("navn"), max_length=150)
    name_en = models.CharField(_("navn på engelsk"), max_length=150)
    means = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="others", verbose_name=_("læses som")
    )
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)
    protects = models.BooleanField(_("beskytter"), default=False)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("begreb")
        verbose_name_plural = _("begreber")
        constraints = [
            models.UniqueConstraint(name="term_once_in_a_scheme", fields=["scheme", "code"]),
            models.CheckConstraint(name="term_does_not_mean_itself", condition=~Q(means=F("pk"))),
            models.CheckConstraint(name="term_has_a_name", condition=~Q(name_da="")),
        ]

    def __str__(self) -> str:
        return self.name_da


class LegalBasisQuerySet(models.QuerySet["LegalBasis"]):
    """Paragraphs."""

    def in_force(self, day: dt.date) -> Self:
        """Those that hold on a day."""
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        return self.filter(begun, Q(valid_to__isnull=True) | Q(valid_to__gt=day))

    def in_order(self) -> Self:
        """By law, then by number."""
        return self.order_by("law", "number", "letter")


class LegalBasis(models.Model):
    """A paragraph of a law that a place can be given by (lovgrundlag), with the days it holds from and to."""

    law = models.CharField(_("lov"), max_length=20)
    law_name_da = models.CharField(_("lovens navn"), max_length=100)
    law_name_en = models.CharField(_("lovens navn på engelsk"), max_length=100)
    number = models.PositiveSmallIntegerField(_("paragraf"))
    letter = models.CharField(_("bogstav"), max_length=1, blank=True)
    valid_from = models.DateField(_("gælder fra"), null=True, blank=True)
    valid_to = models.DateField(_("gælder til"), null=True, blank=True)
    protects = models.BooleanField(_("beskytter"), default=False)

    objects = LegalBasisQuerySet.as_manager()

    class Meta:
        verbose_name = _("lovgrundlag")
        verbose_name_plural = _("lovgrundlag")
        constraints = [
            models.UniqueConstraint(name="legal_basis_once", fields=["law", "number", "letter"]),
            models.CheckConstraint(
                name="legal_basis_ends_after_it_began",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.law_name_da} § {self.paragraph}"

    @property
    def paragraph(self) -> str:
        """The paragraph as it is written: "103", "85 a"."""
        return f"{self.number} {self.letter}".strip()

    @property
    def code(self) -> str:
        """What an address and a file call it: "sel-103", "sel-85a"."""
        return f"{self.law}-{self.number}{self.letter}".lower()


class PlacePoint(models.Model):
    """A named place with a point (sted med punkt), from which a distance in a straight line is counted."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="place_points", verbose_name=_("kommune")
    )
    name = models.CharField(_("navn"), max_length=100)
    search_key = models.CharField(max_length=120, editable=False, db_index=True)
    latitude = models.FloatField(_("breddegrad"))
    longitude = models.FloatField(_("længdegrad"))

    class Meta:
        verbose_name = _("sted med punkt")
        verbose_name_plural = _("steder med punkt")
        constraints = [
            models.UniqueConstraint(name="place_point_once", fields=["municipality", "name"]),
            models.CheckConstraint(
                name="place_point_in_denmark",
                condition=Q(latitude__gte=54.4, latitude__lte=58.0, longitude__gte=7.9, longitude__lte=15.3),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def derive_keys(self) -> None:
        """Set the stored key for searching from the name."""
        self.search_key = search_key(self.name)
