"""What an edition is made of: a criterion for each indicator, theme and area, with its weight and data year."""

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from django.utils.translation import gettext as _

from indicators.models import Area, Direction, Indicator, Theme
from rankings.method import NOT_COLLECTED, newest_years
from rankings.models import Criterion, Edition, Level
from rankings.pinned import as_published

from .computing import EditionError


def create_criteria(edition: Edition) -> None:
    """Give an edition a criterion for everything that has figures, each in its newest year up to the edition's own.

    Weights are equal inside a theme, themes equal in their area, areas equal in the index. In an edition of registers
    only, what has no figures stands there too, without a weight. Raises EditionError where there is no figure at all.
    """
    with as_published(edition):
        _create_criteria(edition)


def _create_criteria(edition: Edition) -> None:
    newest = newest_years(edition.year)
    index = Indicator.objects.of_the_index().of_edition(edition.year)
    every = list(index.in_catalogue_order().select_related("theme__area"))
    indicators = [indicator for indicator in every if indicator.code in newest]
    if not indicators:
        msg = _("Der er ingen tal til og med %(year)d at lave en udgave af.")
        raise EditionError(msg % {"year": edition.year})
    weighted = {indicator.pk for indicator in indicators if indicator.direction != Direction.NEUTRAL}
    if edition.registers_only:
        _say_what_share(edition, every, weighted)
        indicators = every
    # a theme or an area in which nothing is weighed is no part of it: else everybody would lack its weight
    weighing = weighted if edition.registers_only else {indicator.pk for indicator in indicators}
    themes = Theme.objects.filter(indicators__in=weighing).distinct().order_by("position")
    areas = Area.objects.filter(themes__in=themes).distinct().order_by("position")
    Criterion.objects.bulk_create(
        [
            *(Criterion(edition=edition, level=Level.AREA, area=area, weight=1) for area in areas),
            *(Criterion(edition=edition, level=Level.THEME, theme=theme, weight=1) for theme in themes),
            *(_criterion(edition, each, newest.get(each.code), weighs=each.pk in weighted) for each in indicators),
        ]
    )


def _criterion(edition: Edition, indicator: Indicator, year: int | None, *, weighs: bool) -> Criterion:
    """An indicator's part in an edition; one without a figure stands there as not collected."""
    criterion = Criterion(
        edition=edition,
        level=Level.INDICATOR,
        indicator=indicator,
        weight=1 if weighs else 0,
        direction=indicator.direction,
        data_year=edition.year if year is None else year,
    )
    if year is None:
        criterion.note_da, criterion.note_en = NOT_COLLECTED, "Not collected."
        if indicator.direction != Direction.NEUTRAL:
            criterion.low, criterion.high = 0.0, 1.0
    return criterion


def _say_what_share(edition: Edition, every: Sequence[Indicator], weighted: set[int]) -> None:
    """How much of the whole index's weight the registers have: equal weights in a theme, an area, the index."""
    share, ranked = share_of_the_index(every, weighted), [i for i in every if i.direction != Direction.NEUTRAL]
    counts = {"count": len(weighted), "all": len(ranked), "share": round(100 * share)}
    edition.method = {**edition.method, "share_of_the_index": round(share, 4)}
    edition.note_da = (
        "Registerudgave: {count} af indeksets {all} vægtede indikatorer, {share} % af dets vægt. Resten er ikke "
        "indsamlet. Den har sin egen beregning og kan ikke sammenlignes med Socialt Indeks."
    ).format(**counts)
    edition.note_en = (
        "Register edition: {count} of the index's {all} weighted indicators, {share}% of its weight. The rest is "
        "not collected. It has a computation of its own and cannot be compared with Socialt Indeks."
    ).format(**counts)
    edition.save(update_fields=["method", "note_da", "note_en"])


def share_of_the_index(every: Sequence[Indicator], weighted: set[int]) -> float:
    """The share (0–1) of the whole index's weight that some indicators have, with equal weights at each level."""
    tree: dict[int, dict[int, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for indicator in every:
        if indicator.theme is not None and indicator.direction != Direction.NEUTRAL:
            tree[indicator.theme.area_id][indicator.theme.pk].append(indicator.pk in weighted)
    shares = [fmean(fmean(inside) for inside in themes.values()) for themes in tree.values()]
    return fmean(shares) if shares else 0.0
