"""Method, editions and the original of 2014 as pages; which figures there are and when the next come."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from indicators.services.catalogue import rows_of
from indicators.sources.models import SourceTable
from portal.addresses import ENDINGS, Links, with_ending
from portal.components.kinds import weight_by_kind
from portal.components.links import FILE_NAMES, Fact, Link
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.markup import folded_sections
from portal.published import Edition, Source
from portal.published.coverage import Covered, coverage_of, schedules, states_of_sources
from portal.published.edition import ShownEdition, ever_published, with_robustness, withdrawn
from portal.published.municipality import country
from portal.published.subjects import (
    catalogue,
    collected_in,
    criteria_of,
    localised,
    shares_of_the_whole,
    sources_in_use,
    themes_of,
)
from portal.texts.reading import Prose, further, prose
from rankings.method import INDEX_NODE

LEAST_SHARE = 5
"""Per cent: what explains less of the movement is not told apart from nothing."""


def method_page(shown: ShownEdition | None) -> dict[str, Any]:
    """Gather the method page of an edition, or of none."""
    text, log = prose("method"), Links().to("definitions")
    html = folded_sections(text.html, _("Læs hele afsnittet"))
    if shown is None:
        return dict(
            html=html,
            contents=text.contents,
            further=further("method"),
            release="",
            facts=(),
            weights=None,
            draws="",
            certainty=None,
            definitions=log,
        )
    edition = with_robustness(shown.edition)
    draws, weights = formatting.number(edition.robustness.get("draws", 0)), _weights(edition, Links(shown.prefix))
    certainty = _certainty(edition)
    own = (Link(_("Hvad beregningerne viste"), "#usikkerhed"),) if certainty else ()
    return dict(
        release=edition.release,
        audit_url=Links(shown.prefix).to("audit"),
        html=html,
        contents=(*text.contents, *own, Link(_("Vægtene"), "#vaegte")),
        further=further("method"),
        facts=_of_this_edition(shown, draws),
        weights=weights,
        kinds=weight_by_kind(shown),
        draws=draws,
        certainty=certainty,
        definitions=log,
    )


def _of_this_edition(shown: ShownEdition, draws: str) -> tuple[Fact, ...]:
    """What the text says in general, in the numbers of the edition that is shown."""
    edition, shared = shown.edition, country(shown.edition)
    ranked = [one for one in shared.everyone if one.rank is not None]
    widths = sorted(one.high - one.low for one in ranked if one.low is not None and one.high is not None)
    needed = edition.method.get("missing", {}).get("coverage", phrases.COVERAGE_OF_METHOD)
    facts = [
        Fact(_("Offentliggjort"), formatting.day(edition.published_at)),
        Fact(_("Indikatorer"), formatting.number(collected_in(edition, len(shared.indicators)))),
        Fact(_("Kommuner med placering"), f"{len(ranked)} {formatting.of(len(shared.everyone))}"),
        Fact(_("Krav til dækning"), formatting.percent(100 * needed)),
        Fact(_("Beregninger"), draws),
    ]
    if widths:
        typical = formatting.count(widths[len(widths) // 2] + 1, _("plads"), _("pladser"))
        facts.append(Fact(_("Et typisk interval rummer"), typical))
    return tuple(facts)


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
    shares = dict(zip(rows, shares_of_the_whole(rows), strict=True))
    themes, indicators = [row for row in rows if row.theme], [row for row in rows if row.indicator]
    table: list[Row] = []
    for area in rows:
        if area.area is None:
            continue
        table.append(_weight(localised(area.area, "name"), links.area(area.area.slug), shares[area], "group-start"))
        for theme in themes:
            if theme.theme is None or theme.theme.area_id != area.area_id:
                continue
            table.append(_weight(f"– {localised(theme.theme, 'name')}", links.theme(theme.theme.code), shares[theme]))
            table += [
                _weight(f"– – {localised(row.indicator, 'name')}", links.indicator(row.indicator.code), shares[row])
                for row in indicators
                if row.indicator and row.indicator.theme_id == theme.theme_id
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


def withdrawn_page() -> tuple[dict[str, Any], ...]:
    """What was public and was withdrawn, the newest first: when and why."""
    return tuple(
        dict(
            release=edition.release,
            published=formatting.day(edition.published_at),
            day=formatting.day(edition.withdrawn_at),
            reason=localised(edition, "withdrawn_because"),
        )
        for edition in withdrawn()
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


def prose_page(name: str) -> dict[str, Any]:
    """A page that is nothing but a text: what it says, its contents, where to read on."""
    text: Prose = prose(f"pages/{name}")
    here = f"text-{name}"
    return dict(**text._asdict(), description=DESCRIPTIONS[name], further=further(here))


DESCRIPTIONS = {
    "use": gettext_lazy("Sådan bruger borgere, journalister, byråd og forvaltninger Socialt Indeks."),
    "questions": gettext_lazy("Svar på det, der oftest bliver spurgt om i Socialt Indeks."),
    "words": gettext_lazy("De ord, Socialt Indeks bruger, forklaret på almindeligt dansk."),
    "help": gettext_lazy("Hvem du kan spørge i kommunen, og hvordan du klager, tema for tema."),
}


MOST, SOME = 0.9, 0.6


def coverage_page(shown: ShownEdition) -> dict[str, Any]:
    """A row for each indicator, a column for each edition: how many have a figure, of which year, where it breaks."""
    covered, links = coverage_of(shown.years), Links(shown.prefix)
    themes = themes_of(catalogue(shown.edition))
    own = [covered[key] for key in covered if key[0] == shown.edition.pk]
    address = links.to("coverage-csv")
    return dict(
        says=_says(own),
        years=tuple(one.year for one in shown.years),
        themes=tuple(
            dict(
                name=localised(theme, "name"),
                area=theme.area.code,
                rows=tuple(
                    dict(
                        name=localised(one, "name"),
                        url=links.indicator(one.code),
                        cells=tuple(_cell(covered.get((edition.pk, one.pk))) for edition in shown.years),
                    )
                    for one in members
                ),
            )
            for theme, members in themes.items()
        ),
        breaks=_breaks(shown, covered),
        downloads=tuple(Link(str(FILE_NAMES[ending]), with_ending(address, ending)) for ending in ENDINGS),
        further=further("coverage"),
    )


def _says(own: Sequence[Covered]) -> str:
    whole = sum(one.with_value == one.of for one in own)
    figures, of = sum(one.with_value for one in own), sum(one.of for one in own)
    return _("Udgaven har %(figures)s af %(of)s tal (%(share)s). %(whole)s har et tal for alle kommuner.") % {
        "figures": formatting.number(figures),
        "of": formatting.number(of),
        "share": formatting.share_percent(figures / of if of else 0.0, 1.0),
        "whole": formatting.count(whole, _("indikator"), _("indikatorer")),
    }


def _cell(one: Covered | None) -> dict[str, Any]:
    if one is None:
        return dict(text="–", css="none", year="", says=_("ikke med"), broken=False)
    share = one.with_value / one.of if one.of else 0.0
    css = "full" if share == 1 else "most" if share >= MOST else "some" if share >= SOME else "" if share else "none"
    return dict(
        text=formatting.number(one.with_value),
        css=css,
        year=one.data_year or "",
        says="",
        broken=bool(any(one.broken)),
    )


def _breaks(shown: ShownEdition, covered: Mapping[tuple[int, int | None], Covered]) -> tuple[dict[str, Any], ...]:
    """What the marked breaks are, in words: one that many indicators share is told once, with their names."""
    language = 1 if get_language() == "en" else 0
    told: dict[tuple[str, int], list[str]] = {}
    for one in catalogue(shown.edition):
        for edition in shown.years:
            found = covered.get((edition.pk, one.pk))
            if found and any(found.broken):
                told.setdefault((found.broken[language], edition.year), []).append(localised(one, "name"))
    return tuple(dict(says=says, year=year, names=", ".join(names)) for (says, year), names in told.items())


def calendar_page(shown: ShownEdition) -> dict[str, Any]:
    """A row for each source: what there is, how often it is made, what was last seen there, which year comes next."""
    return dict(
        year=shown.newest.year,
        table=_calendar(shown.newest, states_of_sources()),
        further=further("calendar"),
    )


def _calendar(edition: Edition, states: Mapping[str, SourceTable]) -> Table:
    heads = (_("Nyeste tal her"), _("Næste tal er for"))
    rows = []
    for one in schedules(edition):
        name = one.name_en if get_language() == "en" else one.name_da
        seen = [states[table] for table in one.tables if table in states]
        often = _("hvert år") if one.every == 1 else _("hvert %(count)s. år") % {"count": one.every}
        amount = formatting.count(one.indicators, _("indikator"), _("indikatorer"))
        following = "" if one.newest is None else str(one.newest + one.every)
        cells = (
            Cell(str(one.newest or ""), heads[0], css="number", missing="" if one.newest else _("ukendt")),
            Cell(following, heads[1], css="number", missing="" if following else _("ukendt")),
        )
        said = [f"{amount}, {often}", *([_seen(seen)] if seen else [])]
        rows.append(Row(name, one.url, "; ".join(said), cells=cells))
    columns = (
        Column(_("Kilde"), _("hvor mange indikatorer, og hvor ofte de laves")),
        Column(heads[0], css="number"),
        Column(heads[1], css="number"),
    )
    return Table(_("Hvornår de næste tal kommer, kilde for kilde"), columns, tuple(rows), css="plain")


def _seen(seen: Sequence[SourceTable]) -> str:
    newest = max(seen, key=lambda one: one.looked_at)
    when = formatting.day(newest.looked_at)
    period = max(one.newest_period for one in seen)
    return _("sidst set %(day)s med tal til og med %(period)s") % {"day": when, "period": period or _("ukendt")}
