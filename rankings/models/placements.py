"""Placements: a municipality's line in a ranking, what the ranking is of, and why the line moved."""

from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from indicators.models import Direction, Measurement, Municipality, Upload
from indicators.upload.cells import Missing
from rankings.models.editions import SUBJECT_FITS_LEVEL, Edition, Level, SubjectModel


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


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Placements."""

    def of(self, edition: Edition) -> Self:
        """Those of one edition."""
        return self.filter(edition=edition)

    def overall(self) -> Self:
        """The whole index."""
        return self.filter(level=Level.OVERALL)

    def ranked(self) -> Self:
        """Without those that lack the coverage to be ranked."""
        return self.filter(rank__isnull=False)

    def in_rank_order(self) -> Self:
        """Best first, shared places in Danish order of names, the unranked last."""
        return self.order_by(F("rank").asc(nulls_last=True), "municipality__sort_key")

    def doubted(self, indicators: Iterable[int] | None = None) -> dict[tuple[int, int], int]:
        """What is held against values, packed, by the primary keys of municipality and indicator; all, or those of some
        indicators. As it was when the edition was computed; a value that is not in it has nothing against it."""
        rows = self.filter(doubts__gt=0) if indicators is None else self.filter(doubts__gt=0, indicator__in=indicators)
        found = rows.values_list("municipality_id", "indicator_id", "doubts")
        return {(municipality, indicator or 0): packed for municipality, indicator, packed in found}


class Placement(SubjectModel):
    """A municipality's line in a ranking, frozen when its edition is published.

    ``score`` has full precision; ``printed`` is the same rounded once, and the rank is made from
    ``printed`` (at indicator level from the value rounded to the indicator's decimals).
    ``rank``–``rank_last`` is the shared place (12–14), ``low``–``high`` the interval that is said of it: it holds 90 %
    of the ranks under all variations of the method and, where the edition draws survey figures within their intervals,
    of these as well (method and sampling together; so do ``alike``, and the ranks of survey indicators).
    ``method_low``–``method_high`` is that of the method alone; null where nothing was drawn: low–high is it then.
    ``doubts`` are the reasons against the value, packed (`rankings.engine.evidence.unpacked`); 0 where there is none.
    """

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, "placements", db_index=False, db_constraint=False, verbose_name=_("kommune")
    )
    score = models.FloatField(_("score"), null=True)
    printed = models.FloatField(_("vist score"), null=True)
    rank = models.PositiveIntegerField(_("placering"), null=True)
    rank_last = models.PositiveIntegerField(_("sidste delte placering"), null=True)
    low = models.PositiveIntegerField(_("mellem nr."), null=True)
    high = models.PositiveIntegerField(_("og nr."), null=True)
    method_low = models.PositiveIntegerField(_("mellem nr., alene efter metoden"), null=True)
    method_high = models.PositiveIntegerField(_("og nr., alene efter metoden"), null=True)
    alike = ArrayField(models.IntegerField(), verbose_name=_("kan ikke skelnes fra"), null=True, blank=True)
    n = models.PositiveIntegerField(_("af"))
    coverage = models.FloatField(_("dækning"))
    value = models.FloatField(_("værdi"), null=True)
    missing = models.CharField(_("mangler"), max_length=20, blank=True)
    provisional = models.BooleanField(_("foreløbig"), default=False)
    data_year = models.PositiveSmallIntegerField(_("dataår"), null=True)
    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("måling")
    )
    upload = models.ForeignKey(
        Upload, models.PROTECT, null=True, related_name="+", db_constraint=False, verbose_name=_("indberetning")
    )
    doubts = models.PositiveSmallIntegerField(_("forbehold"), default=0, db_default=0)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placering")
        verbose_name_plural = _("placeringer")
        constraints = [
            models.CheckConstraint(name="placement_subject_fits_level", condition=SUBJECT_FITS_LEVEL),
            models.UniqueConstraint(
                name="placement_once_a_subject",
                fields=["edition", "municipality", "area", "theme", "indicator"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="placement_rank_between_one_and_n",
                condition=Q(rank__isnull=True, rank_last__isnull=True)
                | Q(rank__gte=1, rank_last__gte=F("rank"), rank_last__lte=F("n")),
            ),
            models.CheckConstraint(
                name="placement_interval_holds_the_rank",
                condition=Q(low__isnull=True, high__isnull=True)
                | Q(rank__isnull=False, low__gte=1, low__lte=F("rank"), high__gte=F("rank"), high__lte=F("n")),
            ),
            models.CheckConstraint(
                name="placement_methods_interval_is_inside_what_is_said",
                condition=Q(method_low__isnull=True, method_high__isnull=True)
                | Q(low__isnull=False, method_low__gte=F("low"), method_low__lte=F("rank"))
                & Q(method_high__gte=F("rank"), method_high__lte=F("high")),
            ),
            models.CheckConstraint(
                name="placement_ranked_has_a_printed_score",
                condition=Q(rank__isnull=True) | Q(printed__isnull=False, score__isnull=False),
            ),
            models.CheckConstraint(
                name="placement_score_within_0_and_100",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100),
            ),
            models.CheckConstraint(name="placement_coverage_is_a_share", condition=Q(coverage__gte=0, coverage__lte=1)),
            models.CheckConstraint(
                name="placement_value_only_at_indicator_level",
                condition=Q(level=Level.INDICATOR)
                | Q(
                    value__isnull=True,
                    missing="",
                    data_year__isnull=True,
                    measurement__isnull=True,
                    upload__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="placement_indicator_has_value_or_kind_of_missing",
                condition=~Q(level=Level.INDICATOR)
                | Q(value__isnull=False, missing="", measurement__isnull=False, upload__isnull=False)
                | Q(value__isnull=True, missing__in=[kind.value for kind in Missing], score__isnull=True),
            ),
            models.CheckConstraint(
                name="placement_doubts_only_a_value", condition=Q(doubts=0) | Q(value__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="placement_ladder", fields=["edition", "municipality"]),
            models.Index(name="placement_area", fields=["edition", "area"], condition=Q(area__isnull=False)),
            models.Index(name="placement_theme", fields=["edition", "theme"], condition=Q(theme__isnull=False)),
            models.Index(
                name="placement_indicator",
                fields=["edition", "indicator"],
                condition=Q(indicator__isnull=False),
            ),
            models.Index(name="placement_overall", fields=["edition"], condition=Q(level=Level.OVERALL)),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.municipality_id}/{self.level}"


class VariantPlacement(SubjectModel):
    """A municipality's line in the ranking as it would be without one kind of source, frozen with its edition.

    The source's indicators are left out of the index, not missing from it: weights, coverage and n are those of the
    rest. Overall, areas and themes only; a theme that has nothing else is not there.
    """

    source = models.CharField(_("uden kilden"), max_length=30)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, "+", db_index=False, db_constraint=False, verbose_name=_("kommune")
    )
    score = models.FloatField(_("score"), null=True)
    printed = models.FloatField(_("vist score"), null=True)
    rank = models.PositiveIntegerField(_("placering"), null=True)
    rank_last = models.PositiveIntegerField(_("sidste delte placering"), null=True)
    low = models.PositiveIntegerField(_("mellem nr."), null=True)
    high = models.PositiveIntegerField(_("og nr."), null=True)
    n = models.PositiveIntegerField(_("af"))
    coverage = models.FloatField(_("dækning"))

    class Meta:
        verbose_name = _("placering uden en kilde")
        verbose_name_plural = _("placeringer uden en kilde")
        constraints = [
            models.CheckConstraint(
                name="variant_subject_fits_level", condition=SUBJECT_FITS_LEVEL & ~Q(level=Level.INDICATOR)
            ),
            models.UniqueConstraint(
                name="variant_once_a_subject",
                fields=["edition", "source", "municipality", "area", "theme", "indicator"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="variant_names_its_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="variant_rank_and_interval_go_together",
                condition=Q(rank__isnull=True, rank_last__isnull=True, low__isnull=True, high__isnull=True)
                | Q(printed__isnull=False, low__gte=1, low__lte=F("rank"), rank_last__gte=F("rank"))
                & Q(high__gte=F("rank"), high__lte=F("n"), rank_last__lte=F("n")),
            ),
            models.CheckConstraint(name="variant_coverage_is_a_share", condition=Q(coverage__gte=0, coverage__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.municipality_id}/{self.level} without {self.source}"


class ExplanationQuerySet(models.QuerySet["Explanation"]):
    """Explanations."""

    def made_first(self, edition: Edition) -> Self:
        """What an edition said when it was published: what its pinned pages go on saying."""
        return self.filter(edition=edition, compared_with=edition.compared_with_id)

    def holding_now(self, edition: Edition) -> Self:
        """What holds of an edition now: made anew when the edition that it was compared with has been corrected."""
        newest = Explanation.objects.filter(edition=edition, municipality=OuterRef("municipality"))
        return self.filter(edition=edition, pk=Subquery(newest.order_by("-pk").values("pk")[:1]))


class Explanation(models.Model):
    """Why a municipality stands where it stands in an edition, worked out when the edition is computed.

    ``compared_with``: the edition that the change is measured against; made anew where that is corrected later.
    ``change``: places won or lost since then, by cause; the parts add up. They are counted among the ``change_n``
    municipalities that both editions rank: nobody moves because others dropped out or came in.
    ``ahead_share`` and ``behind_share``: in which share of paired draws, both editions computed with the same choices,
    it stands further ahead now, and further behind; the rest are equal places.
    ``below``: the same for each area and theme, by its node; only causes that moved it.
    ``movers``: the indicators that moved its own score most. ``lift``: what would lift it.
    ``bridge_rank`` of ``bridge_n``: the rank in the edition before by the method of this one, kept only where the
    two methods differ: the one honest ground for saying how far it moved.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, verbose_name=_("udgave"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    compared_with = models.ForeignKey(
        Edition, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("sammenlignet med")
    )
    change = models.JSONField(_("ændring"), default=dict)
    change_n = models.PositiveIntegerField(_("placeret i begge udgaver"), null=True)
    ahead_share = models.FloatField(_("andel af parrede beregninger, hvor den er frem"), null=True)
    behind_share = models.FloatField(_("andel af parrede beregninger, hvor den er tilbage"), null=True)
    below = models.JSONField(_("ændring i områder og temaer"), default=dict, db_default={})
    movers = models.JSONField(_("hvad der flyttede scoren"), default=list)
    lift = models.JSONField(_("hvad der ville løfte"), default=list)
    weights_low = models.PositiveIntegerField(_("bedst med andre vægte"), null=True)
    weights_high = models.PositiveIntegerField(_("dårligst med andre vægte"), null=True)
    bridge_rank = models.PositiveIntegerField(_("sidste placering efter den nye metode"), null=True)
    bridge_last = models.PositiveIntegerField(_("dens sidste nummer, når den deles"), null=True)
    bridge_n = models.PositiveIntegerField(_("sidste antal efter den nye metode"), null=True)

    objects = ExplanationQuerySet.as_manager()

    class Meta:
        verbose_name = _("forklaring")
        verbose_name_plural = _("forklaringer")
        constraints = [
            models.UniqueConstraint(
                name="explanation_once",
                fields=["edition", "municipality", "compared_with"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="explanation_shares_are_of_the_same_draws",
                condition=Q(ahead_share__isnull=True, behind_share__isnull=True)
                | Q(ahead_share__gte=0, behind_share__gte=0, ahead_share__lte=1 - F("behind_share") + 1e-9),
            ),
            models.CheckConstraint(
                name="explanation_weights_in_order",
                condition=Q(weights_low__isnull=True, weights_high__isnull=True)
                | Q(weights_low__gte=1, weights_low__lte=F("weights_high")),
            ),
            models.CheckConstraint(
                name="explanation_bridge_rank_between_one_and_n",
                condition=Q(bridge_rank__isnull=True, bridge_n__isnull=True)
                | Q(bridge_rank__gte=1, bridge_rank__lte=F("bridge_n")),
            ),
            models.CheckConstraint(
                name="explanation_bridge_last_between_rank_and_n",
                condition=Q(bridge_last__isnull=True)
                | Q(bridge_rank__isnull=False, bridge_last__gte=F("bridge_rank"), bridge_last__lte=F("bridge_n")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.municipality_id}"
