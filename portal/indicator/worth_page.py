"""The page "Hvad siger tallet?" of an indicator, and its file."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from django.http import Http404
from django.utils.translation import gettext as _

from indicators.conditions import per_person
from portal.addresses import Links, trace_url
from portal.charts.dots import Pair
from portal.charts.funnel import FunnelChart, funnel_chart
from portal.components.links import Link, citation, page_files, pinned, these_rows
from portal.components.spread_over_time import spread_of
from portal.components.tables import Cell, Column, Row, Table
from portal.downloads.files import about_subjects
from portal.frame.of_an_edition import newer, taken_along
from portal.language import formatting, phrases
from portal.language.worth import CLEAR, USABLE, doubt_name, grade_name
from portal.pictures.drawings import scatter_picture
from portal.pictures.svg import caption
from portal.published import Direction
from portal.published.edition import ShownEdition
from portal.published.subjects import Subject, context_names, source_of
from portal.published.worth import Worth
from rankings.bundle.formats import DataTable, Value, as_printed, columns
from rankings.engine.evidence import (
    ABOVE,
    AS_EXPECTED,
    BELOW,
    BETTER,
    LEAST_FIT,
    NOT_CERTAIN,
    UNUSABLE,
    WITHIN,
    WORSE,
    graded,
)

WORTH = columns(
    "edition", "subject", "subject_name", "municipality_code", "municipality", "data_year", "value", "value_full",
    "unit", "direction", "quality", "quality_why", "people", "against_chance", "shrunken", "expected", "expected_low",
    "expected_high", "against_expected", "r2",
)  # fmt: skip


def worth_page(shown: ShownEdition, subject: Subject) -> dict[str, Any]:
    """Gather the page in at most ten queries after the edition's and the indicator's own."""
    of, links = Worth.of(shown, subject), Links(shown.prefix)
    title = _("Hvad siger tallet? %(name)s") % {"name": subject.name}
    return dict(
        name=subject.name,
        under=_under(of),
        trail=(
            Link(_("Indikatorer"), links.to("indicators")),
            Link(subject.name, links.indicator(subject.code)),
            Link(_("Hvad siger tallet?")),
        ),
        spread=spread_of(of.panel),
        rows_url=links.of("indicator-csv", code=subject.code),
        quality=_quality_says(of),
        chance=_chance_says(of),
        funnel=_funnel(of, links),
        expected=_expected_says(of),
        table=_table(of, links),
        rows=these_rows(len(of.panel.municipalities)),
        downloads=page_files(links.to("worth-csv", "code", subject.code), shown),
        take=taken_along("worth", shown, drawn=of.funnel is not None, code=subject.code),
        citation=citation(shown, title),
        permalink=pinned(Links(f"@{shown.edition.release}").to("worth", "code", subject.code)),
    )


def _under(of: Worth) -> str:
    """Unit, direction and of which year the figures are."""
    parts = (formatting.unit_name(phrases.unit(of.indicator)), phrases.direction(of.indicator))
    return " · ".join((*parts, *(str(year) for year in of.panel.labels[-1:])))


def _quality_says(of: Worth) -> str:
    found = map(of.doubts, range(len(of.panel.municipalities)))
    grades = Counter(graded(one) for one in found if one is not None)
    if not grades:
        return _("Udgaven har ingen tal for indikatoren.")
    words = (
        (CLEAR, _("tal er uden kendte forbehold"), _("tal har ingen kendte forbehold")),
        (USABLE, _("tal er brugbart med forbehold"), _("tal er brugbare med forbehold")),
        (UNUSABLE, _("tal er for usikkert at handle på"), _("tal er for usikre at handle på")),
    )
    said = [formatting.count(grades[grade], one, many) for grade, one, many in words if grades[grade]]
    return f"{formatting.joined(said)}."


def _chance_says(of: Worth) -> str:
    if of.funnel is None:
        return _(
            "Vi ved ikke, hvor mange personer tallet er regnet af, og kan derfor ikke skille tilfældige udsving fra."
        )
    beyond = int(of.funnel.outside.sum())
    count = int((~np.isnan(of.funnel.z)).sum())
    if not beyond:
        return _("Ingen af de %(count)s kommuner ligger sikkert ud over det, tilfældet kan forklare.") % {
            "count": formatting.number(count)
        }
    text = _(
        "%(beyond)s af %(count)s kommuner ligger ud over det, tilfældet kan forklare. Resten kan være "
        "tilfældige udsving."
    )
    return text % {"beyond": formatting.number(beyond), "count": formatting.number(count)}


def _funnel(of: Worth, links: Links) -> FunnelChart | None:
    people, whole = of.panel.people, per_person(of.indicator.unit)
    if of.funnel is None or people is None or whole is None:
        return None
    unit = formatting.unit_name(phrases.unit(of.indicator))
    pairs = [
        Pair(
            float(people[line]),
            None if np.isnan(of.newest[line]) else float(of.newest[line]),
            f"{one.name}: {phrases.value(of.indicator, _figure(of, line))}, {_chance(of, line)}",
            one.name,
            links.municipality(one.slug),
        )
        for line, one in enumerate(of.panel.municipalities)
    ]
    return funnel_chart(
        pairs,
        (of.funnel, whole),
        x_title=_("Personer, tallet er regnet af"),
        y_title=f"{of.panel.subject.short_name} ({unit}, {phrases.direction(of.indicator)})",
        x_text=formatting.number,
        y_text=partial(phrases.tick, of.indicator),
        says=_("En prik for hver kommune, de største til højre. Mellem linjerne er der kun almindelige udsving."),
    )


def _chance(of: Worth, line: int) -> str:
    side = of.against_chance(line)
    if side is None:
        return ""
    return {
        ABOVE: _("over det, tilfældet kan forklare"),
        BELOW: _("under det, tilfældet kan forklare"),
        WITHIN: _("inden for almindelige udsving"),
        NOT_CERTAIN: _("uden for de fleste udsving, men ikke sikkert mere end tilfældet"),
    }[side]


def _expected_says(of: Worth) -> dict[str, Any]:
    """What the conditions foretell, and who is better or worse; or why nothing is said."""
    if of.indicator.direction == Direction.NEUTRAL:
        return dict(says=_("Tallet er hverken godt eller dårligt, så intet er bedre eller dårligere end ventet."))
    names = context_names(of.conditions[0])
    if not of.fits or of.fits[0] is None:
        return dict(says=_("Der er for få kommuner med både tal og vilkår til at sige, hvad man kunne vente."))
    foretold = _("%(names)s forudsiger %(share)s af forskellene, målt på kommuner, som modellen ikke har set.") % {
        "names": formatting.joined(names).capitalize(),
        "share": formatting.share_percent(max(of.fits[0].fit, 0.0), LEAST_FIT),
    }
    if of.against_expected is None:
        why = (
            _("Det er mindre end %(least)s, så vi viser ikke, hvad man kunne vente af den enkelte kommune.")
            if any(one is not None and one.fit < LEAST_FIT for one in of.fits)
            else _("Først når to udgaver har samme definition, siger vi noget om den enkelte kommune.")
        )
        return dict(says=f"{foretold} {why % {'least': formatting.percent(100 * LEAST_FIT)}}")
    pairs = list(zip(of.panel.municipalities, of.against_expected, strict=True))
    better, worse = (
        formatting.joined([one.name for one, side in pairs if side == wanted]) for wanted in (BETTER, WORSE)
    )
    return dict(says=foretold, better=better, worse=worse, shown=True)


def _figure(of: Worth, line: int) -> float | None:
    figure = of.newest[line]
    return None if np.isnan(figure) else float(figure)


def _table(of: Worth, links: Links) -> Table:
    heads = [_("Tallet"), _("Kvalitet"), _("Mod tilfældet"), _("Mod det ventede")]
    kept = [True, True, of.funnel is not None, of.against_expected is not None]
    rows = []
    for line, one in enumerate(of.panel.municipalities):
        cells = (_value_cell(of, line, heads[0]), _quality_cell(of, line, heads[1]), _chance_cell(of, line, heads[2]),
                 _expected_cell(of, line, heads[3]))  # fmt: skip
        chosen = tuple(cell for cell, keep in zip(cells, kept, strict=True) if keep)
        rows.append(Row(one.name, links.municipality(one.slug), cells=chosen))
    columns_kept = tuple(
        Column(head, css="number" if place == 0 else "")
        for place, (head, keep) in enumerate(zip(heads, kept, strict=True))
        if keep
    )
    return Table(_("Hver kommunes tal, og hvad det er værd"), (Column(_("Kommune")), *columns_kept), tuple(rows))


def _value_cell(of: Worth, line: int, head: str) -> Cell:
    figure, row = _figure(of, line), of.row(line)
    kind = formatting.missing(row.missing) if row and row.missing else _("mangler")
    code = of.panel.municipalities[line].code
    proof = trace_url(of.panel.editions[-1].release, code, of.indicator.code) if figure is not None else ""
    text = phrases.value(of.indicator, figure)
    return Cell(text, head, css="number", missing="" if figure is not None else kind, url=proof)


def _quality_cell(of: Worth, line: int, head: str) -> Cell:
    found = of.doubts(line)
    return (
        Cell("", head)
        if found is None
        else Cell(grade_name(graded(found)), head, note="; ".join(map(doubt_name, found)))
    )


def _chance_cell(of: Worth, line: int, head: str) -> Cell:
    whole = per_person(of.indicator.unit)
    if of.funnel is None or whole is None or np.isnan(of.funnel.z[line]):
        return Cell("", head)
    shrunken = phrases.value(of.indicator, whole * float(of.funnel.shrunken[line]))
    return Cell(_chance(of, line), head, note=_("udjævnet: %(value)s") % {"value": shrunken})


def _expected_cell(of: Worth, line: int, head: str) -> Cell:
    model, side = of.fits[0] if of.fits else None, of.against_expected[line] if of.against_expected else None
    if model is None or side is None:
        return Cell("", head)
    words = {
        BETTER: _("bedre end ventet"),
        WORSE: _("dårligere end ventet"),
        AS_EXPECTED: _("som ventet"),
        NOT_CERTAIN: _("ikke sikkert anderledes end ventet"),
    }
    low, high = (phrases.value(of.indicator, float(end[line])) for end in (model.low, model.high))
    return Cell(words[side], head, note=_("ventet mellem %(low)s og %(high)s") % {"low": low, "high": high})


def worth_embed(shown: ShownEdition, subject: Subject) -> dict[str, Any]:
    """What an indicator's figures are worth, for other sites: the sentence and each municipality's line."""
    of, links = Worth.of(shown, subject), Links(shown.prefix)
    return dict(
        what="kvalitet",
        title=_("Hvad siger tallet? %(name)s") % {"name": subject.name},
        says=_quality_says(of),
        source=source_of(subject),
        page_url=links.to("worth", "code", subject.code),
        release=shown.edition.release,
        newer=newer(shown),
        under=_under(of),
        table=_table(of, links),
    )


def worth_picture(shown: ShownEdition, subject: Subject) -> str:
    """The funnel of an indicator as SVG. Http404 where nobody knows of how many people the figure is."""
    of, links = Worth.of(shown, subject), Links(f"@{shown.edition.release}")
    chart = _funnel(of, Links())
    if chart is None:
        raise Http404(_chance_says(of))
    says = f"{_chance_says(of)} {chart.scatter.says}"
    path = links.to("worth", "code", subject.code)
    words = caption(shown.edition, f"{subject.name}, {_under(of)}", says, path, source_of(subject))
    behind = [(chart.centre, ""), *((one, "") for one in chart.inner), *((one, "10 6") for one in chart.outer)]
    return scatter_picture(chart.scatter, words, behind)


def worth_table(shown: ShownEdition, subject: Subject) -> DataTable:
    """The page's table as a file, with every number at full precision."""
    about = about_subjects(
        shown, _("Hvad siger tallet?"), lambda links: links.to("worth", "code", subject.code), (subject,)
    )
    return DataTable(f"kvalitet-{subject.code}", WORTH, about, lambda: _worth_rows(shown, subject))


def _worth_rows(shown: ShownEdition, subject: Subject) -> Iterator[tuple[Value, ...]]:
    of = Worth.of(shown, subject)
    for line, one in enumerate(of.panel.municipalities):
        figure, row, found = _figure(of, line), of.row(line), of.doubts(line)
        yield (
            shown.edition.release, subject.code, subject.name, one.code, one.name, row.data_year if row else None,
            as_printed(figure, of.indicator.decimals), figure, phrases.unit(of.indicator), of.indicator.direction,
            None if found is None else graded(found), " ".join(found) if found else None,
            *_chance_values(of, line), *_expected_values(of, line),
        )  # fmt: skip


def _chance_values(of: Worth, line: int) -> tuple[Value, ...]:
    people, whole = of.panel.people, per_person(of.indicator.unit)
    if of.funnel is None or people is None or whole is None or np.isnan(of.funnel.z[line]):
        return None, None, None
    return round(float(people[line])), of.against_chance(line), whole * float(of.funnel.shrunken[line])


def _expected_values(of: Worth, line: int) -> tuple[Value, ...]:
    model = of.fits[0] if of.fits else None
    if model is None:
        return None, None, None, None, None
    side = of.against_expected[line] if of.against_expected else None
    if side is None:
        return None, None, None, None, model.fit
    return float(model.value[line]), float(model.low[line]), float(model.high[line]), side, model.fit
