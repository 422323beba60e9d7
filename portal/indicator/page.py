"""The page of one indicator: what it is, how the municipalities lie, who stands where."""

from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.addresses import EVERYONE, Links, trace_url
from portal.charts.lines import LineChart
from portal.components.developments import MedianSeries, median_chart, median_series
from portal.components.links import Fact, Link, citation, page_files, pinned
from portal.components.spread_over_time import spread_over_time
from portal.components.subject import distribution_of, legend_of, my_line, subject_map
from portal.components.tables import Cell, Column, Row, Table
from portal.embeds.sharing import share_of_subject
from portal.language import formatting, phrases
from portal.language.data_names import period_rule
from portal.language.worth import grade_name, worth_of_place
from portal.practices.boxes import recommendations
from portal.provisions.supply import inspected_services
from portal.published import Criterion, Direction, Level, Municipality, Spread
from portal.published.edition import ShownEdition
from portal.published.ranking import Answer, Line, ask
from portal.published.subjects import Subject, breaks_of, criterion_of, further_down, localised
from rankings.engine.evidence import UNUSABLE, is_unusable


def indicator_page(shown: ShownEdition, subject: Subject, mine: Municipality | None = None) -> dict[str, Any]:
    """Gather the page in at most eight queries after the edition's and the indicator's own; ``mine`` is marked."""
    links = Links(shown.prefix)
    answer = ask(shown, subject, QueryDict(), children=False)
    criterion = criterion_of(shown.edition, subject)
    series = median_series(shown, subject)
    spread = answer.spreads.get(subject.code)
    indicator = subject.indicator
    if indicator is None:
        msg = f"{subject.code} is no indicator."
        raise ValueError(msg)
    placements = [line.placement for line in answer.lines]
    return dict(
        code=indicator.code,
        name=localised(indicator, "name"),
        direction=phrases.direction(indicator),
        neutral=indicator.direction == Direction.NEUTRAL,
        trail=_trail(subject, links),
        definition=localised(indicator, "definition"),
        why=localised(indicator, "why"),
        caution=localised(indicator, "caution"),
        facts=_facts(subject, criterion),
        numerator=localised(indicator, "numerator"),
        denominator=localised(indicator, "denominator"),
        source=localised(indicator.source, "name"),
        source_url=indicator.source.url,
        source_table=indicator.source_table,
        definitions=Links().to("definitions"),
        period_rule=period_rule(indicator.period_rule),
        breaks=tuple(localised(one, "note") for one in breaks_of(indicator)),
        spread=_spread(subject, spread),
        my_line=my_line(answer, mine),
        my_url=links.municipality(mine.slug) if mine else "",
        map=subject_map(subject, placements, links, said=shown.said, mine=mine),
        legend=legend_of(subject, placements, _("mangler")),
        chart=distribution_of(answer, links, mine) if placements else None,
        best=_ends(answer, links),
        worst=_ends(answer, links, last=True),
        ranking_url=subject.ranking(links),
        downloads=page_files(links.to("ranking-indicator-csv", "code", indicator.code), shown),
        rows=formatting.count(len(placements), _("række"), _("rækker")),
        development=_development(subject, series),
        medians=_median_table(subject, series),
        neighbours=_neighbours(subject, shown, links),
        missing=_missing(answer),
        edition=_("udgave %(release)s") % {"release": shown.edition.release},
        figure_url=links.to("indicator-development", "code", indicator.code),
        citation=citation(shown, subject.name),
        permalink=pinned(subject.page(Links(f"@{shown.edition.release}"))),
        actions=(
            Link(_("Sammenlign med en anden indikator"), f"{links.to('scatter')}?x={indicator.code}"),
            Link(_("Se, hvor tallene kommer fra"), trace_url(shown.edition.release, EVERYONE, indicator.code)),
            Link(_("Hvad siger tallet?"), links.to("worth", "code", indicator.code)),
            *inspected_services(indicator.code),
        ),
        practices=recommendations(shown, indicator),
        share=share_of_subject(answer, QueryDict()),
        over_time=spread_over_time(shown, subject),
        rows_url=links.of("indicator-csv", code=indicator.code),
    )


def _trail(subject: Subject, links: Links) -> tuple[Link, ...]:
    steps = [Link(_("Indikatorer"), links.to("indicators"))]
    indicator = subject.indicator
    if indicator and indicator.theme:
        steps.append(Link(localised(indicator.theme.area, "name"), links.area(indicator.theme.area.slug)))
        steps.append(Link(localised(indicator.theme, "name"), links.theme(indicator.theme.code)))
    return (*steps, Link(subject.name))


def _facts(subject: Subject, criterion: Criterion | None) -> tuple[Fact, ...]:
    indicator = subject.indicator
    if indicator is None:
        return ()
    facts = [
        Fact(_("Enhed"), formatting.unit_name(phrases.unit(indicator))),
        Fact(_("Retning"), phrases.direction(indicator)),
        Fact(_("Slags kilde"), phrases.source_kind(indicator.source_kind)),
        Fact(_("Kan kommunen påvirke tallet?"), _("ja") if indicator.influenceable else _("nej, det er et vilkår")),
    ]
    if indicator.every_years > 1:
        facts.append(Fact(_("Opgøres"), _("hvert %(count)s. år") % {"count": indicator.every_years}))
    if criterion is None:
        return (*facts, Fact(_("I denne udgave"), _("indgår ikke")))
    facts.append(Fact(_("Dataår"), str(criterion.data_year)))
    if criterion.low is not None and criterion.high is not None and criterion.weight:
        low, high = (phrases.value(indicator, post) for post in (criterion.low, criterion.high))
        worst, best = (high, low) if phrases.lower_is_right(indicator) else (low, high)
        facts += _posts(worst, best, subject)
    note = localised(criterion, "note")
    return (*facts, Fact(_("Bemærkning"), note)) if note else tuple(facts)


def _posts(worst: str, best: str, subject: Subject) -> list[Fact]:
    """What gives no points and what gives all of them; beyond them nothing more is won or lost."""
    indicator = subject.indicator
    if indicator and not formatting.is_yes_no(indicator.unit):
        words = (_("%(value)s eller mere"), _("%(value)s eller mindre"))
        worst, best = (
            text % {"value": value}
            for text, value in zip(
                words if phrases.lower_is_right(indicator) else words[::-1], (worst, best), strict=True
            )
        )
    return [Fact(_("Giver 0 point"), worst), Fact(_("Giver 100 point"), best)]


def _spread(subject: Subject, spread: Spread | None) -> tuple[Fact, ...]:
    if spread is None or subject.indicator is None or spread.median is None:
        return ()
    return (
        *tuple(
            Fact(name, phrases.value(subject.indicator, figure))
            for name, figure in (
                (_("Median"), spread.median),
                (_("Lavest"), spread.lowest),
                (_("Højest"), spread.highest),
            )
        ),
        Fact(_("Kommuner med tal"), formatting.number(spread.n)),
    )


def _ends(answer: Answer, links: Links, *, last: bool = False, most: int = 5) -> tuple[dict[str, Any], ...]:
    """The first or the last, as many as fit; of a shared place all are named, or they are counted: none by spelling."""
    placed = [line for line in answer.lines if line.placement.rank is not None]
    groups = [list(group) for _rank, group in groupby(placed, key=lambda line: line.placement.rank)]
    ends: list[dict[str, Any]] = []
    for group in groups[::-1] if last else groups:
        named = [_end(answer, line, links) for line in group]
        if len(ends) + len(named) > most:
            if len(ends) < most:
                ends.append(named[0] | _counted(answer, len(group), links))
            break
        ends += named[::-1] if last else named
    return tuple(ends[::-1] if last else ends)


def _end(answer: Answer, line: Line, links: Links) -> dict[str, Any]:
    indicator, own = answer.subject.indicator, line.placement
    unsure = grade_name(UNUSABLE) if is_unusable(own.doubts) else ""
    return dict(
        place=phrases.rank_in_text(line.placement),
        name=line.municipality.name,
        url=links.municipality(line.municipality.slug),
        value=phrases.value(indicator, line.placement.value) if indicator else "",
        worth=", ".join(filter(None, [worth_of_place(indicator, own), unsure])) if indicator else "",
    )


def _counted(answer: Answer, count: int, links: Links) -> dict[str, Any]:
    words = formatting.count(count, _("kommune"), _("kommuner"))
    return dict(name=words, url=answer.subject.ranking(links), worth="")  # each of them has its own


def _development(subject: Subject, series: MedianSeries) -> LineChart | None:
    indicator = subject.indicator
    if indicator is None or len(series.years) < 2:
        return None
    return median_chart(indicator, series)


def _median_table(subject: Subject, series: MedianSeries) -> Table:
    indicator = subject.indicator
    heads = (_("Median"), _("Nedre kvartil"), _("Øvre kvartil"), _("Kommuner med tal"))
    rows = []
    for year, median, (low, high), count in zip(
        series.years, series.medians, series.quartiles, series.counts, strict=True
    ):
        texts = [phrases.value(indicator, figure) if indicator else "" for figure in (median, low, high)]
        cells = zip((*texts, formatting.number(count)), heads, strict=True)
        note = series.breaks.get(year, "")
        rows.append(Row(str(year), note=note, cells=tuple(Cell(text, head, css="number") for text, head in cells)))
    columns = (Column(_("Dataår")), *(Column(head, css="number") for head in heads))
    return Table(_("Medianens udvikling"), columns, tuple(reversed(rows)))


def _neighbours(subject: Subject, shown: ShownEdition, links: Links) -> tuple[Link, ...]:
    indicator = subject.indicator
    if indicator is None or indicator.theme is None:
        return ()
    siblings = further_down(shown.edition, Subject(Level.THEME, theme=indicator.theme))
    return tuple(Link(one.name, one.page(links)) for one in siblings if one.code != subject.code)


def _missing(answer: Answer) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for line in answer.lines:
        if line.placement.missing:
            counts[line.placement.missing] = counts.get(line.placement.missing, 0) + 1
    return tuple(f"{formatting.number(amount)} {formatting.missing(kind)}" for kind, amount in sorted(counts.items()))
