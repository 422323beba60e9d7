"""What is known of a method (vidensgrundlag), from where, and who said so: set by editors from elsewhere."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.people.models import Organisation


class Knowledge(models.TextChoices):
    """The ladder of what is known, best known first; the last two are off the ladder, and no less worth knowing."""

    SEVERAL_CONTROLLED = "several_controlled", _("flere kontrollerede undersøgelser")
    ONE_CONTROLLED = "one_controlled", _("én kontrolleret undersøgelse")
    COMPARED = "compared", _("før/efter med sammenligning")
    PROMISING = "promising", _("lovende praksis")
    DESCRIBED = "described", _("beskrevet erfaring")
    MIXED = "mixed", _("blandede resultater")
    NO_EFFECT = "no_effect", _("undersøgt uden virkning")


LADDER = (
    Knowledge.SEVERAL_CONTROLLED,
    Knowledge.ONE_CONTROLLED,
    Knowledge.COMPARED,
    Knowledge.PROMISING,
    Knowledge.DESCRIBED,
)
OFF_THE_LADDER = (Knowledge.MIXED, Knowledge.NO_EFFECT)


class Design(models.TextChoices):
    """How something was found out."""

    REVIEW = "review", _("systematisk gennemgang")
    RANDOMISED = "randomised", _("lodtrækningsforsøg")
    CONTROLLED = "controlled", _("kontrolleret undersøgelse uden lodtrækning")
    COMPARED = "compared", _("før/efter med sammenligning")
    BEFORE_AFTER = "before_after", _("før/efter uden sammenligning")
    DESCRIPTION = "description", _("beskrivelse")


CONTROLLED = [Design.RANDOMISED, Design.CONTROLLED]


class FindingKind(models.TextChoices):
    """What was found. Null results stand in the same list as the good ones."""

    POSITIVE = "positive", _("virkning i den ventede retning")
    NONE = "none", _("ingen virkning fundet")
    NEGATIVE = "negative", _("virkning i den forkerte retning")
    MIXED = "mixed", _("blandede resultater")


class EvidenceScope(models.TextChoices):
    """Of what something is known: the method wherever it was tried, or this place."""

    METHOD = "method", _("metoden")
    PLACE = "place", _("dette sted")


class Evidence(models.Model):
    """One thing that is known (viden): a source, its year and design, the outcome looked at, and what was found."""

    practice = models.ForeignKey(
        "practices.Practice", on_delete=models.CASCADE, related_name="evidence", verbose_name=_("god praksis")
    )
    scope = models.CharField(_("om"), max_length=10, choices=EvidenceScope.choices)
    source = models.CharField(_("kilde"), max_length=300)
    url = models.URLField(_("adresse"), blank=True)
    year = models.PositiveSmallIntegerField(_("år"), null=True, blank=True)  # none where the source names none
    design = models.CharField(_("hvordan undersøgt"), max_length=15, choices=Design.choices)
    outcome = models.CharField(_("hvad der blev set på"), max_length=200)
    outcome_en = models.CharField(_("hvad der blev set på, på engelsk"), max_length=200, blank=True)
    finding = models.CharField(_("fund"), max_length=10, choices=FindingKind.choices)
    note = models.TextField(_("forbehold"), blank=True)
    note_en = models.TextField(_("forbehold, på engelsk"), blank=True)
    added_at = models.DateTimeField(_("tilføjet"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("tilføjet af")
    )

    class Meta:
        verbose_name = _("viden om en praksis")
        verbose_name_plural = _("viden om praksis")
        constraints = [
            models.CheckConstraint(name="evidence_scope_known", condition=Q(scope__in=EvidenceScope.values)),
            models.CheckConstraint(name="evidence_design_known", condition=Q(design__in=Design.values)),
            models.CheckConstraint(name="evidence_finding_known", condition=Q(finding__in=FindingKind.values)),
            models.CheckConstraint(name="evidence_has_source_and_outcome", condition=~Q(source="") & ~Q(outcome="")),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.source


class Assessment(models.Model):
    """What one editor from elsewhere says is known of a method (vurdering), and why. Two must say the same."""

    practice = models.ForeignKey(
        "practices.Practice", on_delete=models.CASCADE, related_name="assessments", verbose_name=_("god praksis")
    )
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("redaktør")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("redaktørens organisation")
    )
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("praksissens organisation")
    )
    knowledge = models.CharField(_("vidensgrundlag"), max_length=24, choices=Knowledge.choices)
    reason = models.TextField(_("begrundelse"))
    reason_en = models.TextField(_("begrundelse på engelsk"), blank=True)
    at = models.DateTimeField(_("vurderet"))

    class Meta:
        verbose_name = _("vurdering")
        verbose_name_plural = _("vurderinger")
        constraints = [
            models.UniqueConstraint(name="assessment_once_an_editor", fields=["practice", "editor"]),
            models.CheckConstraint(name="assessment_knowledge_known", condition=Q(knowledge__in=Knowledge.values)),
            models.CheckConstraint(name="assessment_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="assessment_by_another_organisation", condition=~Q(organisation=F("owner"))),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id}/{self.editor_id}"


class ElementKind(models.TextChoices):
    """The eleven elements of lovende praksis (Social- og Boligstyrelsen, after SFI 2016)."""

    THEORY = "theory", _("teori og viden")
    EFFECT = "effect", _("virkning")
    DESCRIPTION = "description", _("beskrivelse")
    AIM = "aim", _("mål")
    TRANSFER = "transfer", _("overførbarhed")
    ECONOMY = "economy", _("økonomi")
    REFLECTION = "reflection", _("faglig refleksion")
    RELATIONS = "relations", _("relationelt samarbejde")
    INDIVIDUAL = "individual", _("individuel tilrettelæggelse")
    MONITORING = "monitoring", _("monitorering")
    FOLLOW_UP = "follow_up", _("opfølgning")


class Element(models.Model):
    """That a practice says it has one of the eleven elements, and where that is described: selvvurderet."""

    practice = models.ForeignKey(
        "practices.Practice", on_delete=models.CASCADE, related_name="elements", verbose_name=_("god praksis")
    )
    kind = models.CharField(_("element"), max_length=12, choices=ElementKind.choices)
    url = models.URLField(_("hvor det er beskrevet"))

    class Meta:
        verbose_name = _("element af lovende praksis")
        verbose_name_plural = _("elementer af lovende praksis")
        constraints = [
            models.UniqueConstraint(name="element_once", fields=["practice", "kind"]),
            models.CheckConstraint(name="element_kind_known", condition=Q(kind__in=ElementKind.values)),
            models.CheckConstraint(name="element_leads_somewhere", condition=~Q(url="")),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id}/{self.kind}"
