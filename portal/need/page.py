"""The pages of need: what is declared, where it is greatest, and a pair at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from django.http import Http404
from django.utils.translation import gettext as _

from indicators.declared import focus
from portal.addresses import Links, trace_url
from portal.charts.dots import Pair as DrawnPair
from portal.charts.dots import Scatter, scatter
from portal.components.links import Link, citation, page_files, pinned, these_rows
from portal.components.tables import Cell, Column, Row, Table
from portal.downloads.files import about_subjects
from portal.frame.of_an_edition import newer, taken_along
from portal.language import formatting, phrases
from portal.need.words import (
    FEW,
    country_in_words,
    in_words,
    is_late,
    persons_in_words,
    says_declared,
    says_together,
)
from portal.pictures.drawings import levels_picture, scatter_picture
from portal.pictures.svg import caption
from portal.provisions.supply import supply_beside_need
from portal.published import Indicator, Theme
from portal.published.edition import ShownEdition
from portal.published.needs import Pair, pairs_of, theme_scores
from portal.published.panels import Panel
from portal.published.subjects import localised, source_of
from rankings.bundle.formats import DataTable, Value, columns
from rankings.engine.matrix import Floats
from rankings.engine.need import lowest

NEED = columns(
    "edition", "subject", "subject_name", "other", "other_name", "municipality_code", "municipality", "need", "help",
    "need_beyond", "help_beyond", "persons",
)  # fmt: skip


def needs_page(shown: ShownEdition) -> dict[str, Any]:
    """Gather the overview in nine queries after the edition's own."""
    links, pairs = Links(shown.prefix), pairs_of(shown.years)
    return dict(
        trail=(Link(_("Indikatorer"), links.to("indicators")), Link(_("Hvor er behovet størst?"))),
        pairs=tuple(_entry(pair, links) for pair in pairs),
        **_themes(shown, pairs, links),
        supply=supply_beside_need() if shown.is_newest and not shown.is_pinned else None,  # what is pinned stays
        rows=these_rows(sum(len(pair.municipalities) for pair in pairs)),
        downloads=page_files(links.to("need-csv"), shown),
        citation=citation(shown, _("Hvor er behovet størst?")),
        permalink=pinned(Links(f"@{shown.edition.release}").to("need")),
        take=taken_along("need", shown),
    )


def _entry(pair: Pair, links: Links) -> dict[str, Any]:
    return dict(
        title=_title(pair),
        why=localised(pair.declared, "why"),
        says=says_together(pair),
        persons=country_in_words(pair.persons),
        url=links.to("need-pair", "code", pair.declared.code),
    )


def _title(pair: Pair) -> str:
    return _("%(need)s og %(help)s") % {"need": pair.need.subject.name, "help": pair.help.subject.name}


def _levels(themes: Sequence[Theme], scores: Floats) -> list[tuple[Theme, float, float, float]]:
    """Each theme that has scores, the lowest in the middle first: its 10th, 50th and 90th percentile."""
    known = [(theme, column) for theme, column in zip(themes, scores.T, strict=True) if (~np.isnan(column)).any()]
    found = [(theme, *np.nanpercentile(column, [10, 50, 90]).tolist()) for theme, column in known]
    return sorted(found, key=lambda one: float(one[2]))


def _themes(shown: ShownEdition, pairs: list[Pair], links: Links) -> dict[str, Any]:
    """Themes by level, with their spread and the people of the declared needs; and the year's focus."""
    themes, scores = theme_scores(shown)
    people = {
        pair.need.subject.indicator.theme_id: country_in_words(pair.persons)
        for pair in pairs
        if pair.need.subject.indicator
    }
    found = lowest(scores)
    name = localised(themes[found[0]], "name") if found and found[1] else ""
    return dict(themes=_themes_table(_levels(themes, scores), links, people), focus=_focus(shown, name))


def _themes_table(
    levels: Iterable[tuple[Theme, float, float, float]], links: Links, people: Mapping[int | None, str] | None = None
) -> Table:
    """The themes by level; with ``people`` a column of those in each theme's need, for which an embed has no room."""
    heads = (_("Score i midten"), _("Fra 10. til 90. percentil"), *([_("Personer i temaets behov")] if people else []))
    rows = tuple(
        Row(
            localised(theme, "name"),
            links.theme(theme.code),
            cells=(
                Cell(formatting.score(middle), heads[0], css="number"),
                Cell(f"{formatting.score(low)}–{formatting.score(high)}", heads[1], css="number"),
                *([Cell(people.get(theme.pk, ""), heads[2])] if people else []),
            ),
        )
        for theme, low, middle, high in levels
    )
    heading = (Column(_("Tema")), *(Column(head, css="number") for head in heads[:2]), *map(Column, heads[2:]))
    return Table(_("Temaerne efter niveau"), heading, rows)


def needs_embed(shown: ShownEdition) -> dict[str, Any]:
    """The themes by level for other sites, as a table."""
    links = Links(shown.prefix)
    return dict(
        what="behov",
        title=f"{_('Temaerne efter niveau')}, {shown.edition.year}",
        says=_says_levels(),
        source=_("Socialt Indeks"),
        page_url=links.to("need"),
        release=shown.edition.release,
        newer=newer(shown),
        table=_themes_table(_levels(*theme_scores(shown)), links),
    )


def needs_picture(shown: ShownEdition) -> str:
    """The themes by level as SVG. Raises Http404 where no theme has a score."""
    rows = [(localised(theme, "name"), low, middle, high) for theme, low, middle, high in _levels(*theme_scores(shown))]
    if not rows:
        raise Http404(_("Udgaven har ingen temaer med en score."))
    path = Links(f"@{shown.edition.release}").to("need")
    title = f"{_('Temaerne efter niveau')}, {shown.edition.year}"
    says = f"{_says_levels()} {_('Stregen går fra 10. til 90. percentil.')}"
    return levels_picture(rows, caption(shown.edition, title, says, path))


def _says_levels() -> str:
    return _("Temaerne efter scoren i midten af landet, den laveste først. Små forskelle betyder ikke noget.")


def _focus(shown: ShownEdition, name: str) -> dict[str, str]:
    """The criterion, when it was declared, and what it gives: nothing where it was chosen after the figures."""
    rule = focus()
    declared = says_declared(rule.declared_on, shown)
    if is_late(rule.declared_on, shown):
        result = _(
            "Da kriteriet blev valgt, var udgavens tal kendt. Derfor peger det først på et fokus i næste udgave."
        )
    elif name:
        result = _("Årets fokus er %(theme)s.") % {"theme": name}
    else:
        result = _("Intet tema skiller sig sikkert ud, så der er intet fokus i år.")
    return dict(criterion=localised(rule, "criterion"), declared=declared, result=result)


def pair_page(shown: ShownEdition, code: str) -> dict[str, Any]:
    """Gather a pair's page in seven queries after the edition's own. Raises Http404 for a pair that is not there."""
    pair, links = _pair(shown, code), Links(shown.prefix)
    return dict(
        title=_title(pair),
        trail=(
            Link(_("Indikatorer"), links.to("indicators")),
            Link(_("Hvor er behovet størst?"), links.to("need")),
            Link(_title(pair)),
        ),
        why=localised(pair.declared, "why"),
        says=says_together(pair),
        declared=says_declared(pair.declared.declared_on, shown),
        persons=country_in_words(pair.persons),
        chart=_drawn(pair, links),
        table=_table(pair, links),
        about=tuple(
            Link(_("Om %(name)s") % {"name": side.subject.short_name}, side.subject.page(links))
            for side in (pair.need, pair.help)
        ),
        rows=these_rows(len(pair.municipalities)),
        downloads=page_files(links.to("need-pair-csv", "code", code), shown),
        take=taken_along("need-pair", shown, code=code),
        citation=citation(shown, _title(pair)),
        permalink=pinned(Links(f"@{shown.edition.release}").to("need-pair", "code", code)),
    )


def pair_embed(shown: ShownEdition, code: str) -> dict[str, Any]:
    """A pair for other sites: the dots, and the same figures as a table."""
    pair, links = _pair(shown, code), Links(shown.prefix)
    return dict(
        what="behov",
        title=f"{_title(pair)}, {shown.edition.year}",
        says=says_together(pair),
        source=formatting.joined([source_of(side.subject) for side in (pair.need, pair.help)]),
        page_url=links.to("need-pair", "code", code),
        release=shown.edition.release,
        newer=newer(shown),
        scatter=_drawn(pair, links),
        table=_table(pair, links, with_persons=False),
    )


def pair_picture(shown: ShownEdition, code: str) -> str:
    """A pair as SVG."""
    pair, edition = _pair(shown, code), shown.edition
    path = Links(f"@{edition.release}").to("need-pair", "code", code)
    sources = dict.fromkeys(source_of(side.subject) for side in (pair.need, pair.help))
    words = caption(edition, _title(pair), says_together(pair), path, formatting.joined(list(sources)))
    return scatter_picture(_drawn(pair, Links()), words)


def _pair(shown: ShownEdition, code: str) -> Pair:
    found = pairs_of(shown.years, code) if code else []
    if not found:
        raise Http404(_("Her er intet par, der hedder %(code)s.") % {"code": code})
    return found[0]


def _indicator(side: Panel) -> Indicator:
    if side.subject.indicator is None:
        raise ValueError(f"{side.subject.code} is no indicator.")
    return side.subject.indicator


def _value(pair: Pair, place: int, line: int) -> str:
    figure = pair.sides[place][line, -1]
    return "" if np.isnan(figure) else phrases.value(_indicator((pair.need, pair.help)[place]), float(figure))


def _axis(side: Panel) -> str:
    return f"{side.subject.short_name} ({formatting.unit_name(phrases.unit(_indicator(side)))}, {side.labels[-1]})"


def _drawn(pair: Pair, links: Links) -> Scatter:
    need, given = pair.sides
    dots = [
        DrawnPair(
            None if np.isnan(need[line, -1]) else float(need[line, -1]),
            None if np.isnan(given[line, -1]) else float(given[line, -1]),
            f"{one.name}: {_value(pair, 0, line)} · {_value(pair, 1, line)}, {in_words(pair, line)}",
            one.name,
            links.municipality(one.slug),
        )
        for line, one in enumerate(pair.municipalities)
    ]
    return scatter(
        dots,
        x_title=_axis(pair.need),
        y_title=_axis(pair.help),
        x_text=partial(phrases.tick, _indicator(pair.need)),
        y_text=partial(phrases.tick, _indicator(pair.help)),
        says=_("En prik for hver kommune, med behovet vandret og hjælpen lodret."),
    )


def _table(pair: Pair, links: Links, *, with_persons: bool = True) -> Table:
    names = [_("Behov: %(name)s"), _("Hjælp: %(name)s")]
    heads = [text % {"name": side.subject.short_name} for text, side in zip(names, (pair.need, pair.help), strict=True)]
    persons = pair.persons if with_persons else None
    rest = [_("I ord"), *([_("Personer")] if persons is not None else [])]
    rows = []
    for line, one in enumerate(pair.municipalities):
        values = [_value(pair, place, line) for place in (0, 1)]
        cells = [
            Cell(text, head, css="number", missing="" if text else _("mangler"), url=_proof(side, one.code, text))
            for text, head, side in zip(values, heads, (pair.need, pair.help), strict=True)
        ]
        cells.append(Cell(in_words(pair, line), rest[0]))
        if persons is not None:
            cells.append(Cell(persons_in_words(float(persons[line])), rest[1], css="number"))
        rows.append(Row(one.name, links.municipality(one.slug), cells=tuple(cells)))
    years = (str(side.labels[-1]) for side in (pair.need, pair.help))
    numbers = (Column(head, note=year, css="number") for head, year in zip(heads, years, strict=True))
    last = (Column(head, css="number" if place else "") for place, head in enumerate(rest))
    return Table(_("Behov og hjælp i hver kommune"), (Column(_("Kommune")), *numbers, *last), tuple(rows))


def _proof(side: Panel, municipality: str, text: str) -> str:
    return trace_url(side.editions[-1].release, municipality, side.subject.code) if text else ""


def needs_table(shown: ShownEdition, code: str = "") -> DataTable:
    """The rows of a pair's page, or of all pairs."""

    def address(links: Links) -> str:
        return links.to("need-pair", "code", code) if code else links.to("need")

    def rows() -> Iterator[tuple[Value, ...]]:
        for pair in [_pair(shown, code)] if code else pairs_of(shown.years):
            yield from _rows(shown, pair)

    about = about_subjects(shown, _("Hvor er behovet størst?"), address, ())
    return DataTable(f"behov-{code}" if code else "behov", NEED, about, rows)


def _rows(shown: ShownEdition, pair: Pair) -> Iterator[tuple[Value, ...]]:
    words = {1: "above", -1: "below", 0: "as_most"}
    need, help_ = pair.need.subject, pair.help.subject
    for line, one in enumerate(pair.municipalities):
        figures = [None if np.isnan(side[line, -1]) else float(side[line, -1]) for side in pair.sides]
        beyond = [words[int(side[line])] for side in pair.beyond]
        persons = None if pair.persons is None or np.isnan(pair.persons[line]) else round(float(pair.persons[line]))
        yield (
            shown.edition.release, need.code, need.name, help_.code, help_.name, one.code, one.name, *figures, *beyond,
            None if persons is None or persons < FEW else persons,
        )  # fmt: skip
