"""Method, editions and the original of 2014 as pages."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from indicators.services.catalogue import rows_of
from portal.addresses.links import Links
from portal.components.kinds import weight_by_kind
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.published import Edition, Source
from portal.published.edition import ShownEdition, ever_published, with_robustness
from portal.published.subjects import criteria_of, localised, sources_in_use
from rankings.loading import INDEX_NODE

LEAST_SHARE = 5
"""Per cent: what explains less of the movement is not told apart from nothing."""


@lru_cache(maxsize=4)
def method_html(language: str) -> SafeString:
    """The method text, from docs/method.md or its Danish twin, as HTML; its h1 is the page's own."""
    name = "method.da.md" if language == "da" else "method.md"
    text = (settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8")
    body = text.split("\n", 1)[1] if text.startswith("# ") else text
    return SafeString(MarkdownIt("commonmark", {"html": False}).enable("table").render(body))


def method_page(shown: ShownEdition | None) -> dict[str, Any]:
    """Gather the method page of an edition, or of none."""
    html = method_html(get_language() or "da")
    if shown is None:
        return dict(html=html, release="", weights=None, draws="", certainty=None)
    edition = with_robustness(shown.edition)
    return dict(
        release=edition.release,
        audit_url=Links(shown.prefix).to("audit"),
        html=html,
        weights=_weights(edition, Links(shown.prefix)),
        kinds=weight_by_kind(shown),
        draws=formatting.number(edition.robustness.get("draws", 0)),
        certainty=_certainty(edition),
    )


def _certainty(edition: Edition) -> Table | None:
    names = {
        "normalisation": _("normalisering"),
        "weights": _("vægte"),
        "aggregation": _("det vejede eller det geometriske gennemsnit"),
        "leave_out": _("en indikator eller en hel kilde udeladt"),
        "missing": _("reglen for manglende tal"),
    }
    heads = (_("Valg"), _("Andel af bevægelsen"))
    rows = tuple(
        Row(
            names.get(one["name"], one["name"]),
            cells=(
                Cell(formatting.number(len(one["choices"])), heads[0], css="number"),
                Cell(_share(one), heads[1], css="number"),
            ),
        )
        for one in edition.robustness.get("variations", ())
    )
    columns = (Column(_("Hvad der blev varieret")), *(Column(head, css="number") for head in heads))
    return (
        Table(_("Variationerne og deres andel af bevægelsen i den samlede placering"), columns, rows) if rows else None
    )


def _share(variation: Mapping[str, Any]) -> str:
    """A variation's share of the movement, no more exact than so many draws make it."""
    share = 100 * variation["share"].get(INDEX_NODE, 0.0)
    if share < LEAST_SHARE:
        return _("under %(share)s") % {"share": formatting.percent(LEAST_SHARE)}
    error = variation.get("error", {}).get(INDEX_NODE)  # what was computed before the method of 2026 does not know it
    if error is None:
        return formatting.percent(share)
    plus_minus = formatting.number(max(1, round(2 * 100 * error)))
    return _("%(share)s ± %(error)s") % {"share": formatting.percent(share), "error": plus_minus}


def _weights(edition: Edition, links: Links) -> Table:
    """Every area, theme and indicator with its share of the whole: its weight among siblings × its parent's."""
    rows = list(criteria_of(edition))
    areas = {row.area: row.weight for row in rows if row.area}
    themes = {row.theme: row.weight for row in rows if row.theme}
    indicators = [(row.indicator, row.weight) for row in rows if row.indicator]
    table: list[Row] = []
    for area, area_weight in areas.items():
        of_area = area_weight / sum(areas.values())
        table.append(_weight(localised(area, "name"), links.area(area.slug), of_area, "group-start"))
        siblings = [theme for theme in themes if theme.area_id == area.pk]
        for theme in siblings:
            of_theme = of_area * themes[theme] / sum(themes[one] for one in siblings)
            table.append(_weight(f"– {localised(theme, 'name')}", links.theme(theme.code), of_theme))
            members = [(one, weight) for one, weight in indicators if one.theme_id == theme.pk]
            total = sum(weight for _one, weight in members) or 1.0
            table += [
                _weight(f"– – {localised(one, 'name')}", links.indicator(one.code), of_theme * weight / total)
                for one, weight in members
            ]
    columns = (Column(_("Område, tema, indikator")), Column(_("Andel af indekset"), css="number"))
    return Table(_("Vægtene i denne udgave"), columns, tuple(table))


def _weight(name: str, url: str, share: float, css: str = "") -> Row:
    return Row(name, url, css=css, cells=(Cell(_percent(share), _("Andel af indekset"), css="number"),))


def _percent(share: float) -> str:
    return formatting.percent(100 * share, 2) if share else _("vises, vægter ikke")


def editions_page() -> tuple[dict[str, Any], ...]:
    """Every revision that was ever public, newest first; corrected ones keep their pinned address."""
    return tuple(
        dict(
            release=edition.release,
            url=Links(f"@{edition.release}").home(),
            audit_url=Links(f"@{edition.release}").to("audit"),
            published=formatting.day(edition.published_at),
            note=localised(edition, "note"),
            reason=localised(edition, "reason"),
            unheard=edition.unheard_because,
            demo=edition.is_demo,
        )
        for edition in ever_published()
    )


def original_page() -> Table:
    """The sixteen known placements of 2014, with their sources."""
    heads = (_("Ranglisten"), _("Placering"), _("Kilde"))
    rows = tuple(
        Row(
            row["kommune"],
            cells=(
                Cell(_(row["area"]), heads[0]),
                Cell(formatting.rank_in_text(int(row["rank"])), heads[1]),
                Cell(urlsplit(row["source_url"]).netloc.removeprefix("www."), heads[2], url=row["source_url"]),
            ),
        )
        for row in rows_of(settings.CATALOGUE / "original_2014.csv")
    )
    columns = (Column(_("Kommune")), *(Column(head) for head in heads))
    return Table(_("Kendte placeringer i 2014"), columns, rows)


def terms_page(shown: ShownEdition | None) -> dict[str, Any]:
    """Gather the page of terms; without an edition there is nothing to attribute, and the catalogue's sources."""
    sources = sources_in_use()
    if shown is None:
        return dict(attribution="", short="", sources=_listed(sources))
    release = shown.edition.release
    address = f"{settings.SITE_ADDRESS}{Links(f'@{release}').home()}"
    return dict(
        attribution=_("Kilde: Socialt Indeks, udgave %(release)s, %(address)s. Licens: CC BY 4.0.")
        % {"release": release, "address": address},
        short=_("Kilde: Socialt Indeks, udgave %(release)s (CC BY 4.0)") % {"release": release},
        sources=_listed(sources.filter(indicators__criterion__edition=shown.edition)),
    )


def _listed(sources: QuerySet[Source]) -> tuple[dict[str, Any], ...]:
    rows = sources.distinct().order_by("name")
    return tuple(dict(name=localised(row, "name"), url=row.url, terms=localised(row, "terms")) for row in rows)
