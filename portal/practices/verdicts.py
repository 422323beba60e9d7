"""What was measured, in words: never that a practice works, never points of the index, never a place."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.models import Indicator
from portal.language import formatting, phrases
from rankings.engine.before_after import CHANCE
from rankings.practices.models import AimDirection, MeasuredHere, NoVerdict, Verdict

DECIMALS = 3
MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict in words. ``verdict``: "skiller sig ud"; ``numbers``: "p = 0,012, n = 85"; ``text``: the sentences."""

    kind: str
    verdict: str
    numbers: str
    text: str
    preliminary: str
    command: str


def p_text(p: float) -> str:
    """A p so that it still lies on its side of 0.05 when it is read: 0.0503 is never printed as 0,050."""
    for decimals in range(DECIMALS, MOST_DECIMALS):
        if (formatting.rounded(p, decimals) <= CHANCE) == (p <= CHANCE):
            return formatting.number(p, decimals)
    return formatting.number(p, MOST_DECIMALS)


def said(row: MeasuredHere, indicator: Indicator, aims: int) -> Said:
    """Put one measurement in words. ``aims``: how many of its practice were considered together."""
    verdict = str(Verdict(row.verdict).label)
    if row.verdict == Verdict.CANNOT_BE_COMPUTED:
        reason = str(NoVerdict(row.reason).label)
        if row.reason == NoVerdict.DESCRIBED_AFTERWARDS:
            verdict, reason = (
                _("beskrevet bagefter"),
                _(
                    "Målet blev registreret, da tallene fandtes. Af det, der vælges, fordi det gik godt, skiller "
                    "mere end halvdelen sig ud ved et tilfælde."
                ),
            )
        return Said(row.verdict, verdict, "", _sentence(reason), "", "")
    preliminary = _("Foreløbig: bygger kun på én udgave.") if row.preliminary else ""
    return Said(row.verdict, verdict, _numbers(row, aims), _moved(row, indicator), preliminary, command(row, indicator))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _numbers(row: MeasuredHere, aims: int) -> str:
    p, adjusted = row.p or 0.0, row.p_adjusted or 0.0
    said = _("p = %(p)s, n = %(n)d") % {"p": p_text(p), "n": row.n}
    if adjusted == p:
        return said
    with_all = ngettext("med %(count)d mål %(p)s", "med %(count)d mål %(p)s", aims)
    return f"{said}; {with_all % {'count': aims, 'p': p_text(adjusted)}}"


def _moved(row: MeasuredHere, indicator: Indicator) -> str:
    """From what to what, what those that began alike came to, and how many others moved as far."""
    before, after, expected = (
        phrases.value(indicator, figure or 0.0) for figure in (row.before, row.after, row.expected)
    )
    text = _("Fra %(before)s til %(after)s. Kommuner, der begyndte samme sted, endte i gennemsnit på %(expected)s.")
    return f"{text % {'before': before, 'after': after, 'expected': expected}} {_others(row)}"


def _others(row: MeasuredHere) -> str:
    others, as_far = row.n - 1, round((row.p or 0.0) * row.n) - 1
    forward = (row.residual or 0.0) >= 0
    if as_far == 0:
        nobody = (
            _("Ingen af de %(others)d andre gik så meget frem.")
            if forward
            else _("Ingen af de %(others)d andre gik så meget tilbage.")
        )
        return nobody % {"others": others}
    some = (
        _("%(as_far)d af de %(others)d andre gik mindst lige så meget frem.")
        if forward
        else _("%(as_far)d af de %(others)d andre gik mindst lige så meget tilbage.")
    )
    return some % {"as_far": as_far, "others": others}


def residual(row: MeasuredHere, indicator: Indicator) -> str:
    """How far it ended from what was expected, in the indicator's unit: "89,5 dage under det ventede"."""
    sign = 1 if row.aim.direction == AimDirection.RISE else -1
    apart = sign * (row.residual or 0.0)
    unit = phrases.unit(indicator)
    text = formatting.difference(abs(apart), unit, indicator.decimals).removeprefix("+")
    if formatting.rounded(apart, indicator.decimals) == 0:
        return _("som ventet")
    return (_("%(apart)s over det ventede") if apart > 0 else _("%(apart)s under det ventede")) % {"apart": text}


def command(row: MeasuredHere, indicator: Indicator) -> str:
    """The command that anybody can run on the file beside it, with the same answer."""
    before, after = (",".join(map(str, years)) for years in (row.years_before, row.years_after))
    return (
        f"python -m rankings.engine.before_after {indicator.code}.csv --unit {row.municipality.code} "
        f"--before {before} --after {after} --direction {row.aim.direction}"
    )
