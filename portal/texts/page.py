"""Method, editions and the original of 2014 as pages."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.services.catalogue import rows_of
from portal.addresses import Links
from portal.components.kinds import weight_by_kind
from portal.components.links import Fact, Link
from portal.components.prose import Prose, prose
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.markup import folded_sections
from portal.published import Edition, Source
from portal.published.edition import ShownEdition, ever_published, with_robustness, withdrawn
from portal.published.municipality import country
from portal.published.subjects import collected_in, criteria_of, localised, shares_of_the_whole, sources_in_use
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


def further(here: str) -> tuple[dict[str, str], ...]:
    """The other pages that explain: name, address and what stands there."""
    pages = (
        ("reading", _("Læs indekset på to minutter"), _("fem trin med din kommunes tal")),
        ("text-use", _("Sådan bruger du indekset"), _("borger, journalist, byråd, forvaltning")),
        ("text-questions", _("Spørgsmål og svar"), _("kort og uden fagord")),
        ("text-words", _("Ord, der bruges her"), _("median, dækning, interval …")),
        ("text-help", _("Hvad kan jeg gøre?"), _("hvem du spørger, og hvordan du klager")),
        ("coverage", _("Hvilke tal findes?"), _("hver indikator i hver udgave")),
        ("calendar", _("Hvornår kommer de næste tal?"), _("og hvad vi ikke ved om det")),
        ("cited", _("Har jeg citeret et tal, der er rettet?"), _("spørg med en fast adresse")),
        ("method", _("Metode og usikkerhed"), _("alle regler og kendte svagheder")),
    )
    return tuple(dict(name=name, url=Links().to(to), text=says) for to, name, says in pages if to != here)
