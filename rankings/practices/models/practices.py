"""A practice (god praksis): a documented effort, who made it, what it means to move, and where it is on its way.

Two axes are kept apart in the tables already: what is known of the method is set by editors (`knowledge`), what was
measured here is computed (`measured`) and nobody can set it. Nothing here has a score, a star or a place.
"""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.danish import danish
from indicators.models import Indicator, Municipality
from indicators.people.models import Contact, Organisation, Purpose

from .knowledge import Knowledge

UNCONFIRMED_AFTER = dt.timedelta(days=730)
"""24 months: so long after its owner last said that it is still done, a practice reads "ubekræftet"."""


class PracticeState(models.TextChoices):
    """Where a practice is on its way. Withdrawn keeps its address, with the reason."""

    DRAFT = "draft", _("kladde")
    SUBMITTED = "submitted", _("indsendt")
    ASSESSING = "assessing", _("i vurdering")
    PUBLISHED = "published", _("offentliggjort")
    UNCONFIRMED = "unconfirmed", _("ubekræftet")
    WITHDRAWN = "withdrawn", _("trukket tilbage")


ALIVE = [PracticeState.PUBLISHED, PracticeState.UNCONFIRMED]
PUBLIC = [*ALIVE, PracticeState.WITHDRAWN]


class Maturity(models.TextChoices):
    """The phases of Drejebogen: how far a practice has come."""

    SCREENING = "screening", _("screening")
    MATURING = "maturing", _("modning")
    TRIAL = "trial", _("afprøvning")
    SPREADING = "spreading", _("udbredelse")


class TargetGroup(models.TextChoices):
    """For whom a practice is. Our own words: no official list is free to be shipped."""

    CHILDREN = "children", _("børn og unge i udsatte positioner")
    FAMILIES = "families", _("familier")
    YOUNG_ADULTS = "young-adults", _("unge på vej til voksenlivet")
    CHILDREN_WITH_DISABILITIES = "children-with-disabilities", _("børn og unge med handicap")
    ADULTS_WITH_DISABILITIES = "adults-with-disabilities", _("voksne med handicap")
    MENTAL_ILLNESS = "mental-illness", _("voksne med psykisk lidelse")
    SUBSTANCE_USE = "substance-use", _("mennesker med misbrug")
    HOMELESS = "homeless", _("mennesker i hjemløshed")


class AimDirection(models.TextChoices):
    """Which way the value of the indicator is meant to move. The words of the engine, so that none is translated."""

    RISE = "higher_is_better", _("skal stige")
    FALL = "lower_is_better", _("skal falde")


class PracticeQuerySet(models.QuerySet["Practice"]):
    """Practices."""

    def public(self) -> Self:
        """What has an address: also those withdrawn, which say why."""
        return self.filter(state__in=PUBLIC)

    def alive(self) -> Self:
        """What may be recommended: public and not withdrawn."""
        return self.filter(state__in=ALIVE)

    def in_the_open_by(self, moment: dt.datetime | None) -> Self:
        """Those published by a moment; for None all: a pinned page never shows what came later."""
        return self if moment is None else self.filter(published_at__lte=moment)

    def about(self, *indicators: Indicator) -> Self:
        """Those that mean to move one of these indicators."""
        return self.filter(pk__in=Aim.objects.filter(indicator__in=indicators).values("practice"))

    def of(self, municipality: Municipality) -> Self:
        """Those tried in a municipality."""
        return self.filter(municipalities=municipality)

    def waiting_for_assessment(self) -> Self:
        """Those that editors have to do with, oldest first."""
        return self.filter(state__in=[PracticeState.SUBMITTED, PracticeState.ASSESSING]).order_by("submitted_at")

    def long_unconfirmed(self, day: dt.date) -> Self:
        """Published ones whose owner has said nothing for 24 months."""
        return self.filter(state=PracticeState.PUBLISHED, confirmed_on__lte=day - UNCONFIRMED_AFTER)

    def by_knowledge(self) -> Self:
        """Sort by what is known of the method, best known first, off the ladder last, then by title."""
        order = models.Case(
            *(models.When(knowledge=value, then=place) for place, value in enumerate(Knowledge.values)),
            default=len(Knowledge.values),
        )
        return self.order_by(order, "title", "pk")


class Practice(models.Model):
    """A documented effort (god praksis), told by its organisation. Its texts are frozen when it is published."""

    slug = models.SlugField(_("adresse"), max_length=100, unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="practices", verbose_name=_("organisation")
    )
    municipalities = models.ManyToManyField(
        Municipality, blank=True, related_name="practices", verbose_name=_("kommuner")
    )
    title = models.CharField(_("titel"), max_length=150)
    title_en = models.CharField(_("titel på engelsk"), max_length=150, blank=True)
    summary = models.TextField(_("kort fortalt"))
    summary_en = models.TextField(_("kort fortalt, på engelsk"), blank=True)
    target_groups = ArrayField(
        models.CharField(max_length=30, choices=TargetGroup.choices), verbose_name=_("målgrupper"), default=list
    )
    legal_basis = models.CharField(_("lovgrundlag"), max_length=200, blank=True)
    started_on = models.DateField(_("begyndt"), null=True, blank=True)
    persons = models.PositiveIntegerField(_("omfang i personer om året"), null=True, blank=True)
    done = models.TextField(_("hvad de gjorde"))
    done_en = models.TextField(_("hvad de gjorde, på engelsk"), blank=True)
    took = models.TextField(_("hvad det krævede"))
    took_en = models.TextField(_("hvad det krævede, på engelsk"), blank=True)
    failed = models.TextField(_("hvad der ikke virkede"))
    failed_en = models.TextField(_("hvad der ikke virkede, på engelsk"), blank=True)
    maturity = models.CharField(_("fase"), max_length=10, choices=Maturity.choices)
    sources = models.TextField(_("kilder, en på hver linje"), blank=True)
    is_demo = models.BooleanField(_("opdigtet (demodata)"), default=False)
    state = models.CharField(_("tilstand"), max_length=12, choices=PracticeState.choices, default=PracticeState.DRAFT)
    knowledge = models.CharField(_("vidensgrundlag"), max_length=24, choices=Knowledge.choices, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    drafted_at = models.DateTimeField(_("skrevet"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("indsendt af"),
    )  # fmt: skip
    submitted_at = models.DateTimeField(_("indsendt"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("offentliggjort af"),
    )  # fmt: skip
    published_at = models.DateTimeField(_("offentliggjort"), null=True, blank=True)
    confirmed_on = models.DateField(_("bekræftet"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("trukket tilbage af"),
    )  # fmt: skip
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("hvorfor trukket tilbage"), blank=True)

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("god praksis")
        verbose_name_plural = _("god praksis")
        constraints = [
            models.CheckConstraint(name="practice_state_known", condition=Q(state__in=PracticeState.values)),
            models.CheckConstraint(name="practice_maturity_known", condition=Q(maturity__in=Maturity.values)),
            models.CheckConstraint(name="practice_target_groups_known",
                condition=Q(target_groups__contained_by=TargetGroup.values)),
            models.CheckConstraint(
                name="practice_says_what_did_not_work",
                condition=~Q(title="") & ~Q(done="") & ~Q(took="") & ~Q(failed=""),
            ),
            models.CheckConstraint(
                name="practice_sent_says_who_and_when",
                condition=Q(state=PracticeState.DRAFT)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False, submitted_at__gte=F("drafted_at")),
            ),
            models.CheckConstraint(
                name="practice_public_is_assessed_and_says_who_and_when",
                condition=Q(state__in=PUBLIC, published_at__isnull=False, published_by__isnull=False,
                            confirmed_on__isnull=False, knowledge__in=Knowledge.values)
                | Q(state__in=[PracticeState.DRAFT, PracticeState.SUBMITTED, PracticeState.ASSESSING],
                    published_at__isnull=True, published_by__isnull=True, knowledge=""),
            ),
            models.CheckConstraint(
                name="practice_published_by_another_than_sent_it",
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("submitted_by")),
            ),
            models.CheckConstraint(
                name="practice_withdrawn_says_who_when_and_why",
                condition=Q(state=PracticeState.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_reason="")
                | ~Q(state=PracticeState.WITHDRAWN) & Q(withdrawn_at__isnull=True, withdrawn_reason=""),
            ),
            models.CheckConstraint(
                name="practice_invented_says_so",
                condition=Q(is_demo=False) | Q(title__startswith="Opdigtet"),
            ),
        ]  # fmt: skip
        indexes = [models.Index(name="practice_public", fields=["state", "knowledge"])]
        permissions = [
            ("assess_practice", "Can assess a practice and enter what is known of it"),
            ("publish_practice", "Can publish a practice and withdraw it"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_public(self) -> bool:
        """Whether it has an address that readers may open."""
        return self.state in PUBLIC

    @property
    def contact(self) -> Contact | None:
        """The mailbox that readers may see: confirmed by the organisation; its own for practices, else none."""
        published = Contact.objects.published().filter(organisation=self.organisation_id)
        return published.filter(purpose=Purpose.PRACTICE).first()

    @property
    def source_lines(self) -> list[str]:
        """Its sources, one a line."""
        return [line.strip() for line in self.sources.splitlines() if line.strip()]


class AimQuerySet(models.QuerySet["Aim"]):
    """Aims."""

    def of_the_public(self) -> Self:
        """Those of practices that have an address."""
        return self.filter(practice__state__in=PUBLIC)

    def in_order(self) -> Self:
        """Sort as the practice lists them: the first registered first."""
        return self.order_by("practice", "registered_at", "pk")


class Aim(models.Model):
    """What a practice means to move (mål): an indicator, which way, from which edition, and when that was registered.

    Registered when its figures existed already it "is described afterwards" and never gets a verdict: of what is chosen
    because it went well, most stands out by chance.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="aims", verbose_name=_("god praksis"))
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="aims", verbose_name=_("indikator"))
    direction = models.CharField(_("retning"), max_length=20, choices=AimDirection.choices)
    from_edition = models.PositiveSmallIntegerField(_("ventes fra udgave"))
    registered_at = models.DateTimeField(_("registreret"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("registreret af")
    )

    objects = AimQuerySet.as_manager()

    class Meta:
        verbose_name = _("mål for en praksis")
        verbose_name_plural = _("mål for praksis")
        constraints = [
            models.UniqueConstraint(name="aim_once_an_indicator", fields=["practice", "indicator"]),
            models.CheckConstraint(name="aim_direction_known", condition=Q(direction__in=AimDirection.values)),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id}/{self.indicator_id}"

    @property
    def registered_on(self) -> dt.date:
        """The day in Denmark on which it was registered."""
        return danish(self.registered_at).date()
