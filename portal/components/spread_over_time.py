"""Whether the differences between the municipalities have grown, in words that say no more than is known."""

from typing import Any

from django.utils.translation import gettext as _

from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.published.edition import ShownEdition
from portal.published.panels import Panel, panel
from portal.published.subjects import Subject
from rankings.engine.evidence import CERTAIN, EDITIONS_OF_ONE_DEFINITION, SMALLEST, SpreadChange

SURVEY = "survey"


def spread_over_time(shown: ShownEdition, subject: Subject) -> dict[str, Any]:
    """What templates/components/spread_over_time.html shows of a subject."""
    return spread_of(panel(shown.years, subject))


def spread_of(of: Panel) -> dict[str, Any]:
    """The same of a panel that is read already."""
    found = of.spread_change
    if found is None:
        return dict(says=_too_little(of), why=(), table=None)
    verdict = 0 if _unknown_noise(of) else found.verdict
    return dict(says=_says(of, verdict), why=_why(of, found), table=_table(of, found), verdict=verdict)


def verdict_of(of: Panel) -> tuple[int | None, int | None]:
    """Since when, and whether, the differences have grown (1) or become smaller (−1); 0 nothing sure, None unknown."""
    said = spread_of(of)
    return (of.labels[0], said["verdict"]) if said["table"] else (None, None)


def _unknown_noise(of: Panel) -> bool:
    """Answers of few lie far apart by chance: without their intervals nothing is said of them."""
    indicator = of.subject.indicator
    return indicator is not None and indicator.source_kind.startswith(SURVEY) and of.errors is None


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


def _why(of: Panel, found: SpreadChange) -> tuple[str, ...]:
    """What was compared, and what keeps a change from being called one."""
    same = _("Det er de samme %(count)s kommuner alle år.") % {"count": formatting.number(found.n)}
    noise = (
        _("Vi kender ikke usikkerheden på de enkelte tal og har ikke trukket den fra.")
        if of.errors is None
        else _("Tilfældige udsving i de enkelte tal er trukket fra.")
    )
    reasons = [same, noise]
    if len(of.editions) < EDITIONS_OF_ONE_DEFINITION:
        reasons.append(_("Vi kalder først noget en ændring, når tre udgaver har den samme definition."))
    elif _unknown_noise(of):
        reasons.append(_("Svar fra få spreder sig tilfældigt. Uden deres intervaller siger vi ikke noget."))
    elif (found.low > 0 or found.high < 0) and not found.verdict:
        reasons.append(
            _("Ændringen holder ikke, når de %(count)s mindste kommuner tages ud.")
            % {"count": formatting.number(SMALLEST)}
        )
    return tuple(reasons)


def _table(of: Panel, found: SpreadChange) -> Table:
    heads = (_("Fra 10. til 90. percentil"), _("Standardafvigelse"))
    measures = (found.between, found.deviation)
    rows = [
        Row(str(label), cells=tuple(_cell(of, one[end], head) for one, head in zip(measures, heads, strict=True)))
        for end, label in enumerate((of.labels[0], of.labels[-1]))
    ]
    change = tuple(_cell(of, one[1] - one[0], head, signed=True) for one, head in zip(measures, heads, strict=True))
    rows.append(Row(_("Ændring"), css="group-start", cells=change))
    low, high = _ends(of, found)
    sure = Cell(_("mellem %(low)s og %(high)s") % {"low": low, "high": high}, heads[0], css="number")
    certain = _("Ændringen ligger i %(share)s af beregningerne") % {"share": formatting.percent(100 * CERTAIN)}
    rows.append(Row(certain, cells=(sure, Cell("", heads[1]))))
    columns = (Column(_("År")), *(Column(head, note=_unit(of), css="number") for head in heads))
    return Table(_("Forskellene mellem kommunerne"), columns, tuple(rows), css="plain")


def _cell(of: Panel, figure: float, head: str, *, signed: bool = False) -> Cell:
    write = formatting.signed if signed else formatting.number
    return Cell(write(figure, _decimals(of)), head, css="number")


def _ends(of: Panel, found: SpreadChange) -> tuple[str, str]:
    """The ends of the change's interval, with as many decimals as keep an end that is beyond 0 beyond it."""
    decimals = _decimals(of)
    while decimals < 6 and any(end and not formatting.rounded(end, decimals) for end in (found.low, found.high)):
        decimals += 1
    return formatting.signed(found.low, decimals), formatting.signed(found.high, decimals)


def _decimals(of: Panel) -> int:
    indicator = of.subject.indicator
    return 1 if indicator is None else indicator.decimals + 1


def _unit(of: Panel) -> str:
    """What the numbers count."""
    return _("point") if of.subject.indicator is None else formatting.unit_name(phrases.unit(of.subject.indicator))
