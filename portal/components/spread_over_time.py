"""Whether the differences between the municipalities have grown, in words that say no more than is known."""

from typing import Any

from django.utils.translation import gettext as _

from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published.edition import ShownEdition
from portal.published.panels import Panel, panel
from portal.published.subjects import Subject
from rankings.engine.spread import LEAST_TIMES, SMALLEST, Measure, Spread, spread

SURVEY = "survey"


def spread_over_time(shown: ShownEdition, subject: Subject) -> dict[str, Any]:
    """What templates/components/spread_over_time.html shows of a subject."""
    return spread_of(panel(shown, subject))


def spread_of(of: Panel) -> dict[str, Any]:
    """The same of a panel that is read already."""
    found = spread(of.values, of.sizes, of.errors) if len(of.editions) > 1 else None
    if found is None:
        return dict(says=_too_little(of), why=(), table=None)
    verdict = 0 if _unknown_noise(of, found) else found.verdict
    return dict(says=_says(of, verdict), why=_why(of, found), table=_table(of, found), verdict=verdict)


def _unknown_noise(of: Panel, found: Spread) -> bool:
    """Answers of few lie far apart by chance: without their intervals nothing is said of them."""
    indicator = of.subject.indicator
    return indicator is not None and indicator.source_kind.startswith(SURVEY) and not found.noise


def _too_little(of: Panel) -> str:
    if len(of.editions) < 2:
        return _("Forskellene kan ikke følges over tid: kun denne udgave har den samme definition.")
    return _("Forskellene kan ikke følges over tid: for få kommuner har tal i alle udgaverne.")


def _says(of: Panel, verdict: int) -> str:
    years = {"first": of.labels[0], "last": of.labels[-1]}
    return {
        1: _("Forskellene mellem kommunerne er blevet større fra %(first)s til %(last)s."),
        -1: _("Forskellene mellem kommunerne er blevet mindre fra %(first)s til %(last)s."),
        0: _("Der er ingen sikker ændring i forskellene mellem kommunerne fra %(first)s til %(last)s."),
    }[verdict] % years


def _why(of: Panel, found: Spread) -> tuple[str, ...]:
    """What was compared, and what keeps a change from being called one."""
    same = _("Det er de samme %(count)s kommuner alle år.") % {"count": formatting.number(found.n)}
    noise = (
        _("Tilfældige udsving i de enkelte tal er trukket fra.")
        if found.noise
        else _("Usikkerheden på de enkelte tal kendes ikke og er ikke trukket fra.")
    )
    reasons = [same, noise]
    if len(of.editions) < LEAST_TIMES:
        reasons.append(_("Vi kalder først noget en ændring, når tre udgaver har den samme definition."))
    elif _unknown_noise(of, found):
        reasons.append(_("Svar fra få spreder sig tilfældigt. Uden deres intervaller siger vi ikke noget."))
    elif found.deviation.side and not found.verdict:
        reasons.append(
            _("Ændringen holder ikke på begge mål, når de %(count)s mindste kommuner tages ud.")
            % {"count": formatting.number(SMALLEST)}
        )
    return tuple(reasons)


def _table(of: Panel, found: Spread) -> Table:
    heads = (_("Standardafvigelse"), _("Fra 10. til 90. percentil"))
    measures = (found.deviation, found.distance)
    rows = [
        Row(
            str(label), cells=tuple(_cell(of, one.times[time], head) for one, head in zip(measures, heads, strict=True))
        )
        for time, label in enumerate(of.labels)
    ]
    change = tuple(Cell(_change(of, one), head, css="number") for one, head in zip(measures, heads, strict=True))
    rows.append(Row(_("Ændring, og hvor sikker"), css="group-start", cells=change))
    without = zip(found.without_smallest, heads, strict=True)
    cells = tuple(Cell(_change(of, one), head, css="number") for one, head in without)
    rows.append(Row(_("Uden de fem mindste"), cells=cells))
    columns = (Column(_("År")), *(Column(head, note=_unit(of), css="number") for head in heads))
    return Table(_("Forskellene mellem kommunerne"), columns, tuple(rows), css="plain")


def _cell(of: Panel, figure: float, head: str) -> Cell:
    return Cell(_number(of, figure), head, css="number")


def _change(of: Panel, one: Measure) -> str:
    """The change and between what it lies: with as many decimals as keep an end that is beyond 0 beyond it."""
    decimals = _decimals(of)
    while decimals < 6 and any(
        (end > 0) != (formatting.rounded(end, decimals) > 0) or (end < 0) != (formatting.rounded(end, decimals) < 0)
        for end in (one.low, one.high)
    ):
        decimals += 1
    change, low, high = (formatting.signed(figure, decimals) for figure in (one.change, one.low, one.high))
    return _("%(change)s (mellem %(low)s og %(high)s)") % {"change": change, "low": low, "high": high}


def _number(of: Panel, figure: float) -> str:
    return formatting.number(figure, _decimals(of))


def _decimals(of: Panel) -> int:
    indicator = of.subject.indicator
    return 1 if indicator is None else indicator.decimals + 1


def _unit(of: Panel) -> str:
    """What the numbers count."""
    return _("point") if of.subject.indicator is None else formatting.unit_name(phrases.unit(of.subject.indicator))
