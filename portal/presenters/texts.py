"""Method, editions and the original of 2014 as pages."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from indicators.services.catalogue import DATA, rows_of
from portal import formatting
from portal.links import Links
from portal.shown import Shown
from portal.subjects import localised
from rankings.models import Criterion, Edition, Level


@dataclass(frozen=True, slots=True)
class Weight:
    """A line of the weights table: effective share of the whole in per cent, as text."""

    name: str
    url: str
    share: str
    level: str


@dataclass(frozen=True, slots=True)
class Certainty:
    """A variation that ran, and how much of the overall ranks' movement it explains alone."""

    name: str
    choices: str
    share: str


@dataclass(frozen=True, slots=True)
class MethodPage:
    """The method of an edition."""

    release: str
    html: str
    weights: tuple[Weight, ...]
    draws: int
    certainty: tuple[Certainty, ...]


@dataclass(frozen=True, slots=True)
class ListedEdition:
    """An edition or a revision of the archive."""

    release: str
    url: str
    published: str
    note: str
    reason: str
    demo: bool


@dataclass(frozen=True, slots=True)
class Original:
    """A known placement of the original index of 2014."""

    municipality: str
    area: str
    rank: str
    url: str


@lru_cache(maxsize=4)
def method_html(language: str) -> str:
    """The method text, from docs/method.md or its Danish twin, as HTML; its h1 is the page's own."""
    name = "method.da.md" if language == "da" else "method.md"
    text = (settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8")
    body = text.split("\n", 1)[1] if text.startswith("# ") else text
    return MarkdownIt("commonmark").enable("table").render(body)


def method_page(shown: Shown) -> MethodPage:
    """Gather the method page of an edition."""
    edition = Edition.objects.get(pk=shown.edition.pk)
    return MethodPage(
        release=edition.release,
        html=method_html(get_language() or "da"),
        weights=_weights(edition, Links(shown.prefix)),
        draws=edition.robustness.get("draws", 0),
        certainty=_certainty(edition),
    )


def _certainty(edition: Edition) -> tuple[Certainty, ...]:
    names = {
        "normalisation": _("normalisering"),
        "weights": _("vægte"),
        "left_out": _("én indikator udeladt"),
        "missing": _("manglende tal"),
    }
    return tuple(
        Certainty(
            names.get(one["name"], one["name"]),
            formatting.number(len(one["choices"])),
            f"{formatting.number(100 * one['share'].get('index', 0.0))} %",
        )
        for one in edition.robustness.get("variations", ())
    )


def _weights(edition: Edition, links: Links) -> tuple[Weight, ...]:
    """Every area, theme and indicator with its share of the whole: its weight among its siblings, times its parent's."""
    rows = list(
        Criterion.objects.of(edition)
        .select_related("area", "theme__area", "indicator__theme__area")
        .order_by("indicator__position", "theme__position", "area__position")
    )
    areas = {row.area: row.weight for row in rows if row.area}
    themes = {row.theme: row.weight for row in rows if row.theme}
    share = {area: weight / sum(areas.values()) for area, weight in areas.items()}
    within: dict[object, float] = {}
    for theme, weight in themes.items():
        siblings = sum(other for one, other in themes.items() if one.area_id == theme.area_id)
        within[theme] = share[theme.area] * weight / siblings
    lines: dict[object, list[Weight]] = {}
    for row in rows:
        indicator = row.indicator
        if indicator is None or indicator.theme is None:
            continue
        total = sum(o.weight for o in rows if o.indicator and o.indicator.theme_id == indicator.theme_id)
        own = within[indicator.theme] * row.weight / total if total else 0.0
        name = localised(indicator, "name")
        lines.setdefault(indicator.theme, []).append(
            Weight(name, links.indicator(indicator.code), _percent(own), Level.INDICATOR)
        )
    table: list[Weight] = []
    for area in areas:
        table.append(Weight(localised(area, "name"), links.area(area.slug), _percent(share[area]), Level.AREA))
        for theme in (one for one in themes if one.area_id == area.pk):
            name = localised(theme, "name")
            table.append(Weight(name, links.theme(theme.code), _percent(within[theme]), Level.THEME))
            table += lines.get(theme, [])
    return tuple(table)


def _percent(share: float) -> str:
    return f"{formatting.number(100 * share, 2)} %" if share else _("vises, vægter ikke")


def editions_page(shown: Shown) -> tuple[ListedEdition, ...]:
    """Every revision that was ever public, newest first; corrected ones keep their pinned address."""
    return tuple(
        ListedEdition(
            edition.release,
            Links(f"@{edition.release}").home(),
            formatting.date(edition.published_at.date()) if edition.published_at else "",
            localised(edition, "note"),
            edition.reason,
            edition.is_demo,
        )
        for edition in Edition.objects.ever_published().newest_first()
    )


def original_page() -> tuple[Original, ...]:
    """The sixteen known placements of 2014, with their sources."""
    return tuple(
        Original(row["kommune"], row["area"], formatting.rank_in_text(int(row["rank"])), row["source_url"])
        for row in rows_of(DATA / "original_2014.csv")
    )
