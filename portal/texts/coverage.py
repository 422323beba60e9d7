"""»Hvilke tal findes?« and »Hvornår kommer de næste?«: every indicator in every edition, and the next."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import ENDINGS, Links, with_ending
from portal.components.links import NAMES, Link
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.published import Edition
from portal.published.coverage import Covered, SourceState, coverage_of, schedules, states_of_sources
from portal.published.edition import ShownEdition
from portal.published.subjects import catalogue, localised, themes_of
from portal.texts.page import further

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
        downloads=tuple(Link(str(NAMES[ending]), with_ending(address, ending)) for ending in ENDINGS),
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


def _calendar(edition: Edition, states: Mapping[str, SourceState]) -> Table:
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


def _seen(seen: Sequence[SourceState]) -> str:
    newest = max(seen, key=lambda one: one.looked_at)
    when = formatting.day(newest.looked_at)
    period = max(one.newest_period for one in seen)
    return _("sidst set %(day)s med tal til og med %(period)s") % {"day": when, "period": period or _("ukendt")}
