"""The ladder down: area → theme → indicator, of one municipality in one edition."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import Links, trace_urls
from portal.charts.scale import Scale, coordinate
from portal.components.indicator_rows import IndicatorRow, Measure, strip_scale
from portal.components.said import quoted
from portal.language import phrases
from portal.markup import strip_of_sprite
from portal.municipality.lists import tag_of
from portal.published.municipality import Country, Figures
from portal.published.rows import PlacementRow
from portal.published.subjects import AreaEntry, ThemeEntry, localised, themes_of
from portal.serving.release import shared_in_release


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme of the ladder with its indicators."""

    slug: str
    name: str
    url: str
    rank: str
    of: str
    reason: str
    score: str
    proof: str
    strip: SafeString | str
    rows: tuple[IndicatorRow, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """A theme of an edition, ready for rows in one language."""

    theme: ThemeEntry
    name: str
    url: str
    sprite: str
    scale: Scale | None
    measures: tuple[Measure, ...]


@shared_in_release
def rungs(shared: Country, prefix: str, language: str | None) -> dict[AreaEntry, list[Rung]]:  # noqa: ARG001  part of the key
    """What the ladders of all municipalities share, in the order of the catalogue, in the language that is active."""
    links = Links(prefix)
    found: dict[AreaEntry, list[Rung]] = {}
    for theme, entries in themes_of(shared.indicators).items():
        measures = tuple(Measure.of(one, shared.spreads.get(("indicator", one.pk)), links) for one in entries)
        rung = Rung(
            theme=theme,
            name=localised(theme, "name"),
            url=links.theme(theme.code),
            sprite=links.to("strips"),
            scale=strip_scale(shared.spreads.get(("theme", theme.pk))),
            measures=measures,
        )
        found.setdefault(theme.area, []).append(rung)
    return found


def ladder(figures: Figures) -> tuple[dict[str, Any], ...]:
    """Build the whole ladder."""
    found = rungs(figures.country, figures.shown.prefix, get_language())
    trace = trace_urls(figures.shown.edition.release, figures.municipality.code)
    return tuple(
        dict(
            code=area.code,
            slug=area.slug,
            name=localised(area, "name"),
            url=figures.links.area(area.slug),
            rank=_rank(figures.own.get(("area", area.pk))),
            of=phrases.of(figures.own.get(("area", area.pk))),
            words=quoted(figures.shown.said.comment(figures.municipality.code, area.slug)),
            themes=tuple(_theme_row(figures, rung, trace) for rung in themes),
        )
        for area, themes in found.items()
    )


def _rank(own: PlacementRow | None) -> str:
    """A place; empty where there is none: what is not there is not said at every theme."""
    return phrases.rank(own) if own and own.rank else ""


def _theme_row(figures: Figures, rung: Rung, trace: Callable[[str], str]) -> ThemeRow:
    placement = figures.own.get(("theme", rung.theme.pk))
    ranked = placement is not None and placement.rank is not None
    score = placement.score if placement and ranked else None
    own = coordinate(rung.scale.at(score)) if rung.scale and score is not None else ""
    return ThemeRow(
        slug=rung.theme.code,
        name=rung.name,
        url=rung.url,
        rank=_rank(placement),
        of=phrases.of(placement),
        reason="" if ranked else _("For få tal til at placere"),
        score=phrases.score(placement),
        proof=trace(rung.theme.code),
        strip=strip_of_sprite(rung.sprite, rung.theme.code, own) if own else "",
        rows=tuple(_indicator_row(figures, measure, trace) for measure in rung.measures),
    )


def _indicator_row(figures: Figures, measure: Measure, trace: Callable[[str], str]) -> IndicatorRow:
    entry = measure.entry
    earlier = [indicators.get(entry.pk) for indicators in figures.past]
    own, tag = figures.own.get(("indicator", entry.pk)), tag_of(figures, entry)
    return measure.row(own, earlier, trace(entry.code), figures.story(entry.code), tag)
