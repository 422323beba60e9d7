"""A draft as numbers: is everything there, what is new, who moves, and what the last computation changed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from indicators.danish import danish
from indicators.models import Indicator, Municipality, Theme
from portal.language import formatting, phrases
from portal.published.rows import Change, PlacementRow, change_of, placement_rows
from rankings.models import Computation, Criterion, Edition, Explanation, Level, Look, Placement

LEFT, CELL, ROW, GAP = 250.0, 7.6, 15.0, 6.0
"""The heat map's geometry: names, a municipality's width, a theme's height, the gap between areas."""
MOST_NAMED, MOST_MOVERS = 6, 8
CLASSES = ("whole", "most", "some", "few", "none")


def coverage_of(edition: Edition) -> dict[str, Any]:
    """What share of the weight each municipality has in each theme, and how many figures each source has."""
    limit = float(edition.method["missing"]["coverage"])
    shares: dict[int, dict[int, float]] = defaultdict(dict)
    themed = Placement.objects.of(edition).filter(level=Level.THEME)
    for municipality, theme, share in themed.values_list("municipality_id", "theme_id", "coverage"):
        shares[theme or 0][municipality] = share
    overall = {row.municipality_id: row for row in placement_rows(Placement.objects.of(edition).overall())}
    names = dict(Municipality.objects.filter(pk__in=overall).order_by("sort_key").values_list("pk", "name"))
    order = sorted(names, key=lambda one: (-overall[one].coverage, -_worst(shares, one)))
    themes = list(Theme.objects.filter(pk__in=shares).select_related("area").order_by("position"))
    rows, height = _heat(themes, shares, order, limit)
    counted = _by_source(edition)
    here, whole = sum(one[1] for one in counted), sum(one[2] for one in counted)
    return dict(
        rows=rows,
        height=height,
        gaps=tuple(_gaps(order, names, shares, overall, limit)),
        sources=tuple((*one, formatting.share_percent(one[1] / one[2])) for one in counted),
        whole=sum(row.coverage >= 1 for row in overall.values()),
        of=len(overall),
        share=formatting.share_percent(here / whole) if whole else "",
        limit=formatting.percent(100 * limit),
        ranked=sum(row.rank is not None for row in overall.values()),
    )


def _worst(shares: Mapping[int, Mapping[int, float]], municipality: int) -> float:
    return min((found.get(municipality, 0.0) for found in shares.values()), default=0.0)


def _class(share: float, limit: float) -> str:
    if share >= 1:
        return "whole"
    if share <= 0:
        return "none"
    if share < limit:
        return "few"
    return "most" if share >= 0.8 else "some"


def _heat(
    themes: list[Theme], shares: Mapping[int, Mapping[int, float]], order: list[int], limit: float
) -> tuple[tuple[dict[str, Any], ...], float]:
    rows: list[dict[str, Any]] = []
    y, area = 0.0, None
    for theme in themes:
        y += GAP if area is not None and area != theme.area_id else 0.0
        area = theme.area_id
        kinds = [_class(shares[theme.pk].get(one, 0.0), limit) for one in order]
        counts = Counter(kinds)
        mean = sum(shares[theme.pk].get(one, 0.0) for one in order) / len(order) if order else 0.0
        cells = tuple(_runs(kinds))
        rows.append(
            dict(
                name=theme.name_da,
                y=y,
                counts=tuple(counts[one] for one in CLASSES),
                share=formatting.share_percent(mean),
                cells=cells,
            )
        )
        y += ROW
    return tuple(rows), y


def _runs(kinds: Iterable[str]) -> Iterable[tuple[float, float, str]]:
    """Neighbours of one class as one rectangle: left edge, width, class."""
    began, last, count = 0, "", 0
    for count, kind in enumerate(kinds):
        if kind != last and last:
            yield round(LEFT + began * CELL, 1), round((count - began) * CELL, 1), last
            began = count
        last = kind
    if last:
        yield round(LEFT + began * CELL, 1), round((count + 1 - began) * CELL, 1), last


def _gaps(
    order: list[int], names: Mapping[int, str], shares: Mapping[int, Mapping[int, float]],
    overall: Mapping[int, PlacementRow], limit: float,
) -> Iterable[dict[str, Any]]:  # fmt: skip
    for one in reversed(order):
        own = [_class(found.get(one, 0.0), limit) for found in shares.values()]
        if set(own) != {"whole"}:
            yield dict(
                name=names[one],
                coverage=formatting.share_percent(overall[one].coverage),
                few=own.count("few"),
                without=own.count("none"),
            )


def _by_source(edition: Edition) -> list[tuple[str, int, int]]:
    rows = Placement.objects.of(edition).filter(level=Level.INDICATOR)
    here: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for name, value in rows.values_list("indicator__source__name", "value"):
        whole[str(name)] += 1
        here[str(name)] += value is not None
    return sorted(((name, here[name], whole[name]) for name in whole), key=lambda one: (one[1] / one[2], one[0]))


def data_years_of(edition: Edition) -> list[dict[str, Any]]:
    """Every indicator with its data year against the edition that the draft is measured against; the old ones first."""
    then = {}
    if edition.compared_with is not None:
        rows = Criterion.objects.of(edition.compared_with).for_indicators()
        then = dict(rows.values_list("indicator_id", "data_year"))
    placed = Placement.objects.of(edition).filter(level=Level.INDICATOR, value__isnull=False)
    counts = Counter(placed.values_list("indicator_id", flat=True))
    found = []
    for row in Criterion.objects.of(edition).for_indicators().select_related("indicator"):
        if row.indicator is None or row.data_year is None:
            continue
        before, figures = then.get(row.indicator.pk), counts[row.indicator.pk]
        is_new = figures > 0 and (before is None or row.data_year > before)
        found.append(
            dict(
                indicator=row.indicator,
                year=row.data_year if figures else "–",
                before=str(before or "–"),
                word=_newness(before, figures, is_new=is_new),
                is_new=is_new,
                figures=figures,
            )
        )
    return sorted(found, key=lambda one: (one["is_new"], one["indicator"].position))


def _newness(before: int | None, figures: int, *, is_new: bool) -> str:
    if not figures:
        return _("ingen tal")
    if before is None:
        return _("ny indikator")
    return _("nyt år") if is_new else _("samme år som sidst")


def movers_of(edition: Edition) -> dict[str, Any] | None:
    """Who has another overall place than in the edition that the draft is measured against; None without one."""
    earlier = edition.compared_with
    if earlier is None:
        return None
    now = _overall(edition)
    before = _overall(earlier)
    explained = {row.municipality_id: row.change for row in Explanation.objects.made_first(edition)}
    names = dict(Municipality.objects.values_list("pk", "name"))
    lines, both = [], 0
    for one, row in now.items():
        parts = explained.get(one) or {}
        change = change_of(row, before.get(one), sum(parts.values()) if parts else None)
        both += change is not None
        if change is not None and change.places:
            lines.append(_mover(names[one], row, change, parts))
    lines.sort(key=lambda line: (-line["size"], line["name"]))
    return dict(lines=tuple(lines), of=both, clear=sum(line["clear"] for line in lines), before=earlier.release)


def _overall(edition: Edition) -> dict[int, PlacementRow]:
    return {row.municipality_id: row for row in placement_rows(Placement.objects.of(edition).overall())}


def _mover(name: str, now: PlacementRow, change: Change, parts: Mapping[str, int]) -> dict[str, Any]:
    """A municipality whose overall place is another than last time, why, and whether it may be called a move."""
    words = _("%(count)d frem") if change.places > 0 else _("%(count)d tilbage")
    return dict(
        name=name,
        before=formatting.rank(change.before.rank or 0, change.before.rank_last),
        before_interval=_interval(change.before),
        now=formatting.rank(now.rank or 0, now.rank_last),
        now_interval=_interval(now),
        places=words % {"count": abs(change.places)},
        cause=phrases.main_part(parts, change.places),
        verdict=_("kan skelnes") if change.clear else _("inden for usikkerheden"),
        clear=change.clear,
        size=abs(change.places),
    )


def _interval(row: PlacementRow) -> str:
    return formatting.rank_interval(row.low, row.high) if row.low is not None and row.high is not None else ""


def differences(edition: Edition) -> list[dict[str, Any]]:
    """What each computation of a draft changed against the one before, the newest first; not the very first."""
    rows = [row for row in Computation.objects.of(edition).select_related("by") if row.difference]
    names = dict(Municipality.objects.values_list("pk", "name"))
    indicators = Indicator.objects.in_bulk()
    return [_difference(row, names, indicators) for row in rows]


def _difference(row: Computation, names: Mapping[int, str], indicators: Mapping[int, Indicator]) -> dict[str, Any]:
    """What a computation changed: when and by whom, figures before and after, places before and after."""
    figures = [
        (names[who], indicators[what].name_da, _value(old, indicators[what]), _value(new, indicators[what]))
        for who, what, old, new in row.difference["figures"]
        if who in names and what in indicators
    ]
    places = [(names[who], str(old or "–"), str(new or "–")) for who, old, new in row.difference["places"]]
    at = formatting.moment(danish(row.at))
    return dict(
        at=at,
        by=str(row.by),
        checksum=row.checksum[:8],
        count=row.difference["count"],
        figures=tuple(figures),
        places=tuple(places),
    )


def _value(value: float | None, indicator: Indicator) -> str:
    return "–" if value is None else formatting.with_unit(value, indicator.unit, indicator.decimals)


def since_my_look(edition: Edition, by: User) -> list[dict[str, Any]] | None:
    """What the computations changed since somebody last looked at the draft; None for who never did."""
    look = Look.objects.filter(edition=edition, by=by).order_by("-at").first()
    if look is None:
        return None
    after = {row.checksum[:8] for row in Computation.objects.of(edition).filter(at__gt=look.at)}
    return [one for one in differences(edition) if one["checksum"] in after]


def _years_summary(edition: Edition, years: list[dict[str, Any]]) -> str:
    words = {"all": len(years), "known": sum(one["figures"] > 0 for one in years)}
    if edition.compared_with is None:
        return _("%(known)d af %(all)d indikatorer har tal. Der er ingen tidligere udgave at sammenligne med.") % words
    words["new"] = sum(one["is_new"] for one in years)
    return _("%(new)d af %(all)d indikatorer har et nyere år end sidst.") % words


def draft_page(edition: Edition, by: User) -> dict[str, Any]:
    """Gather the page of a draft."""
    coverage, movers, years = coverage_of(edition), movers_of(edition), data_years_of(edition)
    return dict(
        coverage=coverage,
        summary=_("%(ranked)d af %(all)s kan placeres.")
        % {"ranked": coverage["ranked"], "all": formatting.count(coverage["of"], _("kommune"), _("kommuner"))},
        years=years,
        years_summary=_years_summary(edition, years),
        movers=movers,
        first_movers=movers["lines"][:MOST_MOVERS] if movers else (),
        differences=differences(edition),
        since_look=since_my_look(edition, by),
        has_looked=Look.objects.filter(edition=edition, by=by, checksum=edition.checksum).exists(),
    )
