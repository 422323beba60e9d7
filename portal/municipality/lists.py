"""The lists of a municipality: what pulls down and lifts in points, what changed, where it stands out; and all its
figures by where they stand and where they are going, three levels by three ways."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.scale import coordinate
from portal.components.links import Link, citation, pinned
from portal.language import formatting, phrases
from portal.language.worth import grade_name
from portal.published.edition import ShownEdition
from portal.published.municipality import Figures, figures_of
from portal.published.over_time import all_movements
from portal.published.rows import PlacementRow, SpreadRow
from portal.published.subjects import IndicatorEntry, localised
from rankings.engine.evidence import UNUSABLE
from rankings.engine.normalise import SIGNS
from rankings.own_weights import pulls
from rankings.trend import FEWEST_YEARS

MOST, CHANGES = 5, 4
STANDS_OUT = 3
BEST_FIFTH, WORST_FIFTH = 0.2, 0.8
SEEN = 0.005  # points: less is printed as nought


def noteworthy(
    figures: Figures, most: int = STANDS_OUT
) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    """Where it stands among the best fifth, best first, and among the worst, worst first. A survey's figure only where
    its own interval lies on one side of the middle: else it might as well be the middle. None that one should not act
    on."""
    placed = [
        (where, entry, row, spread)
        for entry in figures.country.indicators
        if (row := figures.own.get(("indicator", entry.pk)))
        and entry.pk not in figures.unusable
        and (where := _where(row)) is not None
        and _beyond(row, spread := figures.country.spreads.get(("indicator", entry.pk)))
    ]
    placed.sort(key=lambda one: one[0])
    best = [one for one in placed if one[0] <= BEST_FIFTH][:most]
    worst = [one for one in reversed(placed) if one[0] >= WORST_FIFTH][:most]
    return _noted(figures, best), _noted(figures, worst)


def standing(row: PlacementRow, spread: SpreadRow | None) -> int | None:
    """1 among the best fifth, −1 among the worst, 0 between or where its interval reaches the middle; None unranked."""
    if (where := _where(row)) is None:
        return None
    if not _beyond(row, spread):
        return 0
    return int(where <= BEST_FIFTH) - int(where >= WORST_FIFTH)


def _where(row: PlacementRow) -> float | None:
    """Where among the ranked it stands, 0 the best and 1 the worst, shared places in their middle."""
    if row.rank is None or row.n < 2:
        return None
    return ((row.rank + (row.rank_last or row.rank)) / 2 - 1) / (row.n - 1)


def _beyond(row: PlacementRow, spread: SpreadRow | None) -> bool:
    if spread is None or spread.median is None:
        return False
    if row.value_low is None or row.value_high is None:
        return True
    return not row.value_low <= spread.median <= row.value_high


def _noted(
    figures: Figures, found: Sequence[tuple[float, IndicatorEntry, PlacementRow, SpreadRow | None]]
) -> tuple[dict[str, Any], ...]:
    return tuple(
        dict(
            name=localised(entry, "name"),
            url=_address(figures, entry),
            direction=phrases.sense(entry),
            value=phrases.short_value(entry, row.value),
            middle=phrases.short_value(entry, spread.median if spread else None),
            rank=phrases.rank_in_text(row).removeprefix(f"{formatting.rank_word()} "),
            of=phrases.of(row),
            tag=", ".join(filter(None, [tag_of(figures, entry), _("foreløbigt tal") if row.provisional else ""])),
            whole=(phrases.value(entry, row.value), phrases.value(entry, spread.median if spread else None)),
        )
        for _place, entry, row, spread in found
    )


def _address(figures: Figures, entry: IndicatorEntry) -> str:
    return figures.story(entry.code)


def tag_of(figures: Figures, entry: IndicatorEntry) -> str:
    """What stands at a value as a word or two: what is said of it, and that one should not act on it."""
    said = figures.shown.said.tag(figures.municipality.code, entry.code)
    return ", ".join(filter(None, [said, grade_name(UNUSABLE) if entry.pk in figures.unusable else ""]))


def three_lists(figures: Figures) -> dict[str, Any]:
    """What pulls down, what lifts, what changed, in points of the overall score; none without one."""
    points = pulls(figures.shown.edition, figures.municipality.code)
    by_points = sorted(
        (one for one in figures.country.indicators if abs(points.get(one.code, 0.0)) >= SEEN),
        key=lambda one: points[one.code],
    )
    down = [one for one in by_points if points[one.code] < 0]
    up = [one for one in reversed(by_points) if points[one.code] > 0]
    return dict(
        down=_pulls(figures, down[:MOST], points),
        down_count=len(down),
        up=_pulls(figures, up[:MOST], points),
        changed=_changed(figures),
    )


def _pulls(figures: Figures, entries: Sequence[IndicatorEntry], points: Any) -> tuple[dict[str, Any], ...]:
    longest = max((abs(points[one.code]) for one in entries), default=1.0)
    return tuple(
        dict(
            name=localised(one, "name"),
            url=_address(figures, one),
            said=_beside_the_middle(figures, one),
            points=formatting.signed(points[one.code], 2),
            width=coordinate(100 * abs(points[one.code]) / longest),
            tag=tag_of(figures, one),
            way="up" if points[one.code] > 0 else "down",
        )
        for one in entries
    )


def _beside_the_middle(figures: Figures, entry: IndicatorEntry) -> str:
    row, spread = figures.own.get(("indicator", entry.pk)), figures.country.spreads.get(("indicator", entry.pk))
    middle = phrases.short_value(entry, spread.median if spread else None)
    return _("%(value)s, midten %(middle)s") % {
        "value": phrases.value(entry, row.value if row else None), "middle": middle
    }  # fmt: skip


def _changed(figures: Figures) -> tuple[dict[str, Any], ...]:
    """The municipality's own figures that moved its score most since the edition it was compared with."""
    movers = figures.explanation.movers if figures.explanation else []
    by_code = {one.code: one for one in figures.country.indicators}
    known = [
        (entry, one["points"])
        for one in movers
        if (entry := by_code.get(one["indicator"])) and not _broken(figures, entry) and abs(one["points"]) >= SEEN
    ][:CHANGES]
    longest = max((abs(points) for _entry, points in known), default=1.0)
    return tuple(
        dict(
            name=localised(entry, "name"),
            url=_address(figures, entry),
            said=_before_and_now(figures, entry),
            points=formatting.signed(points, 2),
            width=coordinate(100 * abs(points) / longest),
            tag=tag_of(figures, entry),
            way="up" if points > 0 else "down",
        )
        for entry, points in known
    )


def _broken(figures: Figures, entry: IndicatorEntry) -> bool:
    """Whether a break in the series lies between the two figures, so that their difference says nothing."""
    now = figures.own.get(("indicator", entry.pk))
    before = figures.past[-1].get(entry.pk) if figures.past else None
    if now is None or before is None:
        return False
    return any((before.data_year or 0) < year <= (now.data_year or 0) for year in entry.break_years)


def _before_and_now(figures: Figures, entry: IndicatorEntry) -> str:
    now = figures.own.get(("indicator", entry.pk))
    before = figures.past[-1].get(entry.pk) if figures.past else None
    if now is None or now.value is None:
        return ""
    if before is None or before.value is None:
        return phrases.value(entry, now.value)
    return _("fra %(before)s til %(now)s") % {
        "before": phrases.short_value(entry, before.value), "now": phrases.value(entry, now.value)
    }  # fmt: skip


def missing_says(figures: Figures) -> str:
    """How many figures there are of how many, and how many are missing for which reason."""
    rows = [row for one in figures.country.indicators if (row := figures.own.get(("indicator", one.pk)))]
    kinds = Counter(row.missing for row in rows if row.missing)
    reasons = [f"{count} ({formatting.missing(kind)})" for kind, count in kinds.most_common()]
    words = {"known": sum(not row.missing for row in rows), "all": len(rows), "reasons": formatting.joined(reasons)}
    if not reasons:
        return _("Vi har alle %(all)s tal.") % words
    return _("Vi har %(known)s af %(all)s tal. Resten mangler: %(reasons)s.") % words


WORST_FIRST = (-1, 0, 1)


def level_and_trend_page(shown: ShownEdition, slug: str, links: Links) -> dict[str, Any]:
    """Gather the page: every figure that is ranked stands in one of nine fields, or among those that nothing is said
    of."""
    figures = figures_of(shown, slug, links)
    fields, untold = _sorted_into_fields(figures)
    title = _("%(name)s: hvor tallene ligger, og hvor de er på vej hen") % {"name": figures.municipality.name}
    here = Links(f"@{shown.edition.release}").to("municipality-level", "slug", slug)
    return dict(
        title=title,
        name=figures.municipality.name,
        back=links.municipality(slug),
        says=_says(fields),
        fields=tuple(
            dict(
                title=_title(level, way),
                count=len(found),
                folded=way == 0,
                figures=[_named(figures, entry) for entry in found],
            )
            for level in WORST_FIRST
            for way in WORST_FIRST
            for found in [fields[level, way]]
        ),
        untold=tuple(Link(localised(entry, "name"), figures.story(entry.code)) for entry in untold),
        fewest=FEWEST_YEARS,
        citation=citation(shown, title),
        permalink=pinned(here),
    )


def _sorted_into_fields(
    figures: Figures,
) -> tuple[Mapping[tuple[int, int], list[IndicatorEntry]], list[IndicatorEntry]]:
    movements = all_movements(tuple(figures.shown.years))
    fields: dict[tuple[int, int], list[IndicatorEntry]] = defaultdict(list)
    untold = []
    for entry in figures.country.indicators:
        row = figures.own.get(("indicator", entry.pk))
        level = standing(row, figures.country.spreads.get(("indicator", entry.pk))) if row else None
        way = movements.get(entry.pk, {}).get(figures.municipality.pk)
        if level is None:
            continue
        if way is None or entry.pk in figures.unusable:
            untold.append(entry)
        else:
            fields[level, round(way * SIGNS[entry.direction])].append(entry)
    return fields, untold


def _title(level: int, way: int) -> str:
    levels = {-1: _("Blandt de dårligste"), 0: _("Imellem"), 1: _("Blandt de bedste")}
    ways = {-1: _("blevet dårligere"), 0: _("ingen sikker udvikling"), 1: _("blevet bedre")}
    return f"{levels[level]}, {ways[way]}"


def _says(fields: Mapping[tuple[int, int], list[IndicatorEntry]]) -> str:
    """How many figures have moved surely of how many that it can be said of."""
    words = {
        "all": sum(map(len, fields.values())),
        "better": sum(len(found) for (_level, way), found in fields.items() if way > 0),
        "worse": sum(len(found) for (_level, way), found in fields.items() if way < 0),
    }
    return _("Af %(all)s tal er %(better)s blevet bedre og %(worse)s dårligere med mere end almindelige udsving. "
             "Resten kan ikke skelnes fra udsving.") % words  # fmt: skip


def _named(figures: Figures, entry: IndicatorEntry) -> dict[str, str]:
    row = figures.own["indicator", entry.pk]
    unit = phrases.unit(entry)
    value = phrases.value(entry, row.value)
    if formatting.is_long(unit):
        value = formatting.with_unit(row.value or 0.0, unit, entry.decimals)
    return dict(
        name=localised(entry, "name"),
        url=figures.story(entry.code),
        said=", ".join(filter(None, [value, phrases.direction(entry), str(row.data_year), tag_of(figures, entry)])),
    )
