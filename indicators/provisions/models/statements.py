"""What others say of provisions: levels, inspections, who pays, vacancies, other sources; and who confirmed them."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Municipality

from .register import Department, Provision, Recorded, recorded_once
from .vocabulary import Term

VACANCY_HOLDS = dt.timedelta(days=7)
"""A vacancy older than this is never shown."""
FEWEST_PERSONS = 5
"""Fewer persons than this from one municipality are printed as "under 5": who they are could be guessed."""
THEMES = ("education", "independence", "methods", "health", "organisation", "competences", "surroundings")
"""Socialtilsynets seven themes that are scored, from 1 (worst) to 5 (best). Economy is judged outside of them."""
THEME_WORDS = {
    "education": _("uddannelse og beskæftigelse"),
    "independence": _("selvstændighed og relationer"),
    "methods": _("målgrupper, metoder og resultater"),
    "health": _("sundhed og trivsel"),
    "organisation": _("organisation og ledelse"),
    "competences": _("kompetencer"),
    "surroundings": _("fysiske rammer"),
}


class LevelClaim(Recorded):
    """That somebody says a provision is specialised at a level of a scheme (niveau ifølge nogen). Never without who."""

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="level_claims", verbose_name=_("tilbud")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("afdeling")
    )
    level = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="claims", verbose_name=_("niveau"))
    claimed_by = models.CharField(_("ifølge"), max_length=150)
    claimed_on = models.DateField(_("dato"))

    class Meta:
        verbose_name = _("niveau ifølge nogen")
        verbose_name_plural = _("niveauer ifølge nogen")
        constraints = [
            *recorded_once("level_claim", "provision", "department", "level", "claimed_by"),
            models.CheckConstraint(name="level_claim_says_who", condition=~Q(claimed_by__regex=r"^\s*$")),
        ]

    def __str__(self) -> str:
        return f"{self.provision_id}/{self.level_id}: {self.claimed_by}"


class Reaction(models.TextChoices):
    """What the inspectorate did."""

    NONE = "none", _("ingen reaktion")
    ORDER = "order", _("påbud")
    INTENSIFIED = "intensified", _("skærpet tilsyn")


class Inspection(Recorded):
    """An inspection's scores by theme, 1 to 5, and its reaction (tilsyn). A theme not judged is empty, never 0."""

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="inspections", verbose_name=_("tilbud")
    )
    on = models.DateField(_("dato"))
    education = models.FloatField(THEME_WORDS["education"], null=True, blank=True)
    independence = models.FloatField(THEME_WORDS["independence"], null=True, blank=True)
    methods = models.FloatField(THEME_WORDS["methods"], null=True, blank=True)
    health = models.FloatField(THEME_WORDS["health"], null=True, blank=True)
    organisation = models.FloatField(THEME_WORDS["organisation"], null=True, blank=True)
    competences = models.FloatField(THEME_WORDS["competences"], null=True, blank=True)
    surroundings = models.FloatField(THEME_WORDS["surroundings"], null=True, blank=True)
    reaction = models.CharField(_("reaktion"), max_length=12, choices=Reaction.choices)

    class Meta:
        verbose_name = _("tilsyn")
        verbose_name_plural = _("tilsyn")
        constraints = [
            *recorded_once("inspection", "provision", "on"),
            models.CheckConstraint(name="inspection_reaction_known", condition=Q(reaction__in=Reaction.values)),
            *(
                models.CheckConstraint(
                    name=f"inspection_{theme}_from_1_to_5",
                    condition=Q(**{f"{theme}__isnull": True}) | Q(**{f"{theme}__gte": 1, f"{theme}__lte": 5}),
                )
                for theme in THEMES
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision_id} {self.on}"


class Usage(Recorded):
    """How many persons a municipality paid for in a provision in a year (brug); or that they are too few to say."""

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="usages", verbose_name=_("tilbud"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="usages", verbose_name=_("kommune, der betaler")
    )
    year = models.PositiveSmallIntegerField(_("år"))
    persons = models.PositiveIntegerField(_("personer"), null=True, blank=True)
    suppressed = models.BooleanField(_("for få til at vise"), default=False)

    class Meta:
        verbose_name = _("brug af et tilbud")
        verbose_name_plural = _("brug af tilbud")
        constraints = [
            *recorded_once("usage", "provision", "municipality", "year"),
            models.CheckConstraint(
                name="usage_persons_or_too_few_to_show",
                condition=Q(persons__isnull=False, suppressed=False) | Q(persons__isnull=True, suppressed=True),
            ),
            models.CheckConstraint(name="usage_year_plausible", condition=Q(year__gte=1970, year__lte=2100)),
        ]

    def __str__(self) -> str:
        return f"{self.provision_id}/{self.municipality_id}/{self.year}"


class VacancyQuerySet(models.QuerySet["Vacancy"]):
    """Vacancies."""

    def shown_on(self, day: dt.date) -> Self:
        """Those that are at most seven days old on a day and not from its future; older ones are never shown."""
        return self.filter(is_current=True, as_of__gte=day - VACANCY_HOLDS, as_of__lte=day)


class Vacancy(Recorded):
    """Vacant places for a target group on a day (ledig plads)."""

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="vacancies", verbose_name=_("tilbud")
    )
    target_group = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+", verbose_name=_("målgruppe"))
    places = models.PositiveIntegerField(_("ledige pladser"))
    as_of = models.DateField(_("pr."))

    objects = VacancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledig plads")
        verbose_name_plural = _("ledige pladser")
        constraints = recorded_once("vacancy", "provision", "target_group")

    def __str__(self) -> str:
        return f"{self.provision_id}: {self.places} {self.as_of}"


class AssertedField(models.TextChoices):
    """What a second source can say otherwise."""

    NAME = "name", _("navn")
    FORM = "form", _("form")
    OPERATOR = "operator", _("drives af")
    MUNICIPALITY = "municipality", _("kommune")
    STATUS = "status", _("status")
    PLACES = "places", _("pladser")


class Assertion(Recorded):
    """What another source says of one field (oplysning): kept and shown beside what the register says."""

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="assertions", verbose_name=_("tilbud")
    )
    field = models.CharField(_("felt"), max_length=15, choices=AssertedField.choices)
    value = models.CharField(_("værdi"), max_length=200)
    source = models.CharField(_("kilde"), max_length=150)
    verified_on = models.DateField(_("kontrolleret"))

    class Meta:
        verbose_name = _("oplysning")
        verbose_name_plural = _("oplysninger")
        constraints = [
            *recorded_once("assertion", "provision", "field", "source"),
            models.CheckConstraint(name="assertion_field_known", condition=Q(field__in=AssertedField.values)),
            models.CheckConstraint(
                name="assertion_says_what_and_who",
                condition=~Q(value__regex=r"^\s*$") & ~Q(source__regex=r"^\s*$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision_id} {self.field}: {self.value} ({self.source})"


class GroupSize(Recorded):
    """How many persons a target group counts in a municipality (målgruppes størrelse): what places are held against."""

    target_group = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="sizes", verbose_name=_("målgruppe"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    year = models.PositiveSmallIntegerField(_("år"))
    persons = models.PositiveIntegerField(_("personer"))
    source = models.CharField(_("kilde"), max_length=150)

    class Meta:
        verbose_name = _("målgruppes størrelse")
        verbose_name_plural = _("målgruppers størrelser")
        constraints = [
            *recorded_once("group_size", "target_group", "municipality", "year"),
            models.CheckConstraint(name="group_size_year_plausible", condition=Q(year__gte=1970, year__lte=2100)),
            models.CheckConstraint(name="group_size_says_who", condition=~Q(source__regex=r"^\s*$")),
        ]

    def __str__(self) -> str:
        return f"{self.target_group_id}/{self.municipality_id}/{self.year}"


class Confirmation(models.Model):
    """That somebody of the service or of its municipality said that what is registered is right (bekræftelse)."""

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="confirmations", verbose_name=_("tilbud")
    )
    at = models.DateTimeField(_("hvornår"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))
    speaker = models.CharField(_("på vegne af"), max_length=200)

    class Meta:
        verbose_name = _("bekræftelse")
        verbose_name_plural = _("bekræftelser")
        constraints = [models.CheckConstraint(name="confirmation_says_who", condition=~Q(speaker__regex=r"^\s*$"))]

    def __str__(self) -> str:
        return f"{self.provision_id} {self.at}"
