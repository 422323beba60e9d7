"""Rules that hold a year beside the latest stored one. Each threshold says what it was weighed by.

Wherever one cell could be listed a hundred times, the rule gives one finding with the names: warnings must stay few
enough to
be read. `tests/indicators/upload/test_checks_on_normal_years.py` counts false alarms on simulated years.
"""

from collections.abc import Iterator

import numpy as np

from indicators.upload.messages import _, danish

from .facts import Finding, Severity
from .series import Floats, Series, rank_correlation

_FAR = 8.0
"""A single change is unusual past eight of the municipality's spreads: changes have heavy tails (t with four
degrees of freedom
in the simulation, three times the spread in the smallest municipalities), and a slip of the pen is far larger."""
_SWAP = 9.0
"""How much likelier (natural logarithm) the crossed reading must be: ln(4 753 pairs) and a little more."""
_YOUNG = 1.3
"""Both thresholds rise by this where fewer than three years are stored: which municipalities swing is not known yet."""
_FEW = 5
"""So many corrected figures are named one by one; more stand in the list of changes."""
_SHAKY = 20
"""Below so many pairs, rules about whole columns stay silent."""


def unusual_change(series: Series) -> Iterator[Finding]:
    """A change since last year beyond the indicator's usual spread and beyond what the municipality has shown
    before."""
    spread, scale = series.spread, series.scale
    if spread is None or scale is None or series.facts.kind == "yes_no" or len(series.whole) < 2:
        return
    found = np.flatnonzero(series.both & (np.abs(series.change) > _FAR * _caution(series) * scale))
    found = found[np.argsort(-np.abs(series.change[found]))]
    advice = _("Sammenlign med kilden. Er tallet rigtigt, så bekræft det.")
    if len(found) > 5:
        reason = _(
            "%(count)d kommuner har ændret sig usædvanligt meget siden %(last_year)d: %(names)s.",
            count=len(found),
            last_year=series.last_year or 0,
            names=series.names(found),
        )
        yield series.finding(Severity.WARNING, "unusual_change", reason, advice, found)
        return
    for index in found:
        usual = f"{100 * spread:.2g} %".replace(".", ",") if series.is_relative else danish(float(f"{spread:.2g}"))
        reason = _(
            "%(name)s: fra %(old)s i %(last_year)d til %(new)s. Den sædvanlige ændring er omkring %(usual)s.",
            name=series.name(int(index)),
            old=float(series.last[index]),
            last_year=series.last_year or 0,
            new=float(series.values[index]),
            usual=usual,
        )
        yield series.finding(Severity.WARNING, "unusual_change", reason, advice, [int(index)])


def corrected_figures(series: Series) -> Iterator[Finding]:
    """Figures that are stored for this very year and become others: each is named with both values, where they are
    few; a warning where the step is unusual for the indicator."""
    changed = np.flatnonzero(np.isfinite(series.held) & np.isfinite(series.values) & (series.held != series.values))
    if not 0 < len(changed) <= _FEW:
        return
    spread = series.usual_spread or series.grain * 10
    steps = np.abs(series.level_of(series.values) - series.level_of(series.held))
    for index in changed:
        is_far = bool(steps[index] > _FAR * spread) and series.facts.kind != "yes_no"
        reason = _(
            "%(name)s: %(old)s gælder nu for %(year)d; filen siger %(new)s.",
            name=series.name(int(index)),
            old=float(series.held[index]),
            year=series.year,
            new=float(series.values[index]),
        )
        if is_far:
            advice = _("Springet er usædvanligt stort. Sammenlign med kilden, og bekræft tallet, hvis det er rigtigt.")
            yield series.finding(Severity.WARNING, "corrected_far", reason, advice, [int(index)])
        else:
            yield series.finding(Severity.NOTE, "corrected", reason, _("Du skal ikke gøre noget."), [int(index)])


def other_scale(series: Series) -> Iterator[Finding]:
    """The column is last year's times 0.001, 0.01, 0.1, 10, 100 or 1000: share for per cent, per thousand, a lost
    comma.

    The median ratio must lie within a fifth of the power of ten and most ratios within a factor of two of it.
    """
    usable = series.both & (series.last > 0) & (series.values > 0)
    if usable.sum() < 8 or series.facts.kind == "yes_no":
        return
    logs = np.log10(series.values[usable] / series.last[usable])
    middle = float(np.median(logs))
    power = round(middle)
    if power and abs(middle - power) < 0.12 and np.mean(np.abs(logs - power) < 0.3) > 0.6:
        yield _scale_finding(series, power)


def share_for_per_cent(series: Series) -> Iterator[Finding]:
    """A percentage whose values all lie between 0 and 1, where plausible values do not: given as a share."""
    facts = series.facts
    values = series.values[np.isfinite(series.values)]
    if facts.kind != "percent" or len(values) < 5 or not 0 < values.max() <= 1 or series.both.sum() >= 8:
        return
    if (
        facts.plausible_max is not None
        and facts.plausible_max > 2
        and np.median(values) < (facts.plausible_min or 0) + 1
    ):
        yield _scale_finding(series, -2)


def _scale_finding(series: Series, power: int) -> Finding:
    what = {
        -2: "andele i stedet for procent",
        -3: "delt med tusind",
        -1: "promille eller procent forvekslet",
        1: "mistet komma eller promille",
        2: "mistet komma eller ganget med hundrede",
        3: "tusinder",
    }.get(power, "en anden enhed")
    reason = _(
        "Tallene ser ud til at være %(what)s: de er omkring %(factor)s gange det ventede.",
        what=what,
        factor=float(10.0**power),
    )
    return series.finding(
        Severity.WARNING, "other_scale", reason, _("Ret enheden, så den er %(unit)s.", unit=series.facts.unit)
    )


def turned_direction(series: Series) -> Iterator[Finding]:
    """Rank correlation with last year strongly negative: a sign or the direction is turned (100 − x, or "not" for
    "yes").

    Past 3.5 standard errors of no correlation and at least 0.4; a normal year is positive.
    """
    both = series.both
    count = int(both.sum())
    if count < _SHAKY:
        return
    correlation = rank_correlation(series.values[both], series.last[both])
    if correlation < -max(0.4, 3.5 / np.sqrt(count - 1)):
        reason = _(
            "De kommuner, der lå højt i %(last_year)d, ligger nu lavt, og omvendt (rangkorrelation "
            "%(correlation)s). Er retningen vendt?",
            last_year=series.last_year or 0,
            correlation=round(correlation, 2),
        )
        advice = _("Se, om fortegn eller definition er vendt om (fx andel uden i stedet for andel med).")
        yield series.finding(Severity.WARNING, "turned_direction", reason, advice)


def unlike_last_year(series: Series) -> Iterator[Finding]:
    """Who lies high and low has nothing to do with last year, where the two years before it agreed: the figures stand
    at other municipalities than their own, as when names and figures were sorted apart.

    Fisher's z of the two correlations: past 3.5 standard errors of their difference, and less than half as much.
    """
    earlier, both = series.earlier, series.both
    held = both & np.isfinite(earlier)
    count = int(held.sum())
    if count < _SHAKY or series.facts.kind == "yes_no":
        return
    now = rank_correlation(series.values[held], series.last[held])
    usual = rank_correlation(series.last[held], earlier[held])
    if not (usual >= 0.5 and -0.4 <= now < usual / 2):  # below that it is turned, and told so
        return
    if np.arctanh(min(usual, 0.999)) - np.arctanh(now) > 3.5 * np.sqrt(2 / (count - 3)):
        reason = _(
            "Hvem der ligger højt og lavt, ligner ikke %(last_year)d (rangkorrelation %(now)s; sidst %(usual)s). "
            "Står tallene ud for de rigtige kommuner?",
            last_year=series.last_year or 0,
            now=round(now, 2),
            usual=round(usual, 2),
        )
        advice = _("Se efter, om kommuner og tal er sorteret hver for sig. Er tallene rigtige, så bekræft dem.")
        yield series.finding(Severity.WARNING, "unlike_last_year", reason, advice)


def turned_sign(series: Series) -> Iterator[Finding]:
    """Single values that are last year's with the other sign, where an indicator may be negative."""
    spread = series.spread
    if spread is None or series.facts.possible[0] >= 0:
        return
    turned = (
        series.both
        & (np.abs(series.values + series.last) < 2 * spread)
        & (np.abs(series.values - series.last) > _FAR * spread)
    )
    if (found := np.flatnonzero(turned)).size:
        reason = _("Fortegnet ser ud til at være vendt for %(names)s.", names=series.names(found))
        yield series.finding(Severity.WARNING, "turned_sign", reason, _("Ret fortegnet, eller bekræft tallet."), found)


def swapped(series: Series) -> Iterator[Finding]:
    """Two municipalities that each lie close to the other's last value and far from their own.

    Both readings are weighed by the likelihood of their changes (t with four degrees of freedom, each in its
    municipality's
    spread): crossed must be e^9 times likelier than straight. Values that differ by some eight spreads are found.
    """
    scale = series.scale
    if scale is None or series.facts.kind == "yes_no" or series.both.sum() < 8:
        return
    shift = float(np.median((series.level - series.last_level)[series.both]))
    moved = np.flatnonzero(series.both & (np.abs(series.change) > 3 * scale))
    moved = moved[np.argsort(-np.abs(series.change[moved] / scale[moved]))][:60]
    taken: set[int] = set()
    for place, first in enumerate(moved):
        for second in moved[place + 1 :]:
            pair = np.array([first, second])
            crossed = series.level[pair] - series.last_level[pair[::-1]] - shift
            width = scale[pair]
            gain = _surprise(series.change[pair] / width) - _surprise(crossed / width)
            if (
                gain < _SWAP * _caution(series)
                or np.any(np.abs(crossed) > 3 * width)
                or taken & {int(first), int(second)}
            ):
                continue
            taken |= {int(first), int(second)}
            reason = _(
                "%(first)s og %(second)s ser ud til at have byttet tal: hver ligger tæt på den andens fra "
                "%(last_year)d.",
                first=series.name(int(first)),
                second=series.name(int(second)),
                last_year=series.last_year or 0,
            )
            yield series.finding(Severity.WARNING, "swapped", reason, _("Sammenlign de to rækker med kilden."), pair)


def _caution(series: Series) -> float:
    return 1.0 if len(series.known.years_before(series.facts.code, series.year)) >= 3 else _YOUNG


def _surprise(changes: Floats) -> float:
    """Less the logarithm of the likelihood of these changes, in spreads, up to a constant."""
    return float(2.5 * np.sum(np.log1p(changes**2 / 4)))


def shifted_rows(series: Series) -> Iterator[Finding]:
    """The values stand one row too high or low, from some row on: they fit the neighbour's last value, row after row.

    For each direction the run of rows is found where the neighbour's value fits best against one's own (largest sum
    of gains,
    gains capped at four spreads, less 0.75 for chance). A run counts from eight rows and a mean gain of one spread.
    """
    spread = series.usual_spread or series.spread
    both = np.flatnonzero(series.both)
    if spread is None or series.facts.kind == "yes_no" or len(both) < 12:
        return
    values, last = series.level[both], series.last_level[both]
    for step in (1, -1):
        neighbour = np.roll(last, step)
        own = np.minimum(np.abs(values - last), 4 * spread)
        other = np.minimum(np.abs(values - neighbour), 4 * spread)
        start, end = _best_run((own - other) / spread - 0.75)
        rows = slice(start, end)
        fits = (
            np.median(np.abs(values[rows] - neighbour[rows])) < 0.5 * np.median(np.abs(values[rows] - last[rows]))
            if end > start
            else False
        )
        if end - start >= 8 and fits and np.mean(own[rows] - other[rows]) > spread:
            found = both[rows]
            reason = _(
                "Fra %(first)s til %(last)s (%(count)d kommuner) passer tallene til naborækken i %(last_year)d. Er "
                "kolonnen rykket en række?",
                first=series.name(int(found[0])),
                last=series.name(int(found[-1])),
                count=len(found),
                last_year=series.last_year or 0,
            )
            yield series.finding(Severity.WARNING, "shifted_rows", reason, _("Sammenlign rækkerne med kilden."), found)
            return


def _best_run(gains: Floats) -> tuple[int, int]:
    """The start and end of the run with the largest sum."""
    best, total, start, found = 0.0, 0.0, 0, (0, 0)
    for index, gain in enumerate(gains):
        if total <= 0:
            total, start = 0.0, index
        total += float(gain)
        if total > best:
            best, found = total, (start, index + 1)
    return found


def decimals_lost(series: Series) -> Iterator[Finding]:
    """All whole numbers, where the indicator has decimals and last year's values had them."""
    values = series.values[np.isfinite(series.values)]
    last = series.last[np.isfinite(series.last)]
    if series.facts.decimals < 1 or len(values) < 10 or len(last) < 10:
        return
    if np.all(values == np.round(values)) and np.mean(last != np.round(last)) > 0.5:
        reason = _("Alle tal er hele, men i %(last_year)d havde de decimaler.", last_year=series.last_year or 0)
        yield series.finding(Severity.WARNING, "decimals_lost", reason, _("Se, om decimalerne er gået tabt."))


def coverage_dropped(series: Series) -> Iterator[Finding]:
    """Clearly fewer municipalities with a value than last year: more than three and more than five per cent."""
    if series.last_year is None:
        return
    stored = series.known.values[series.facts.code, series.last_year]
    now = set(series.whole)  # a correction of one figure leaves the others as they are
    gone = sorted(set(stored) - now, key=int)
    lost = len(stored) - len(now)
    if lost > max(3, 0.05 * len(stored)):
        reason = _(
            "%(now)d kommuner har et tal; i %(last_year)d var det %(before)d. Der mangler %(gone)d.",
            now=len(now),
            last_year=series.last_year,
            before=len(stored),
            gone=len(gone),
        )
        yield series.finding(Severity.WARNING, "coverage_dropped", reason, _("Se, om filen er hel."))


def same_as_last_year(series: Series) -> Iterator[Finding]:
    """Nine of ten values exactly last year's, in a column with many different values: the old file, or an old
    column."""
    both = series.both
    values = series.values[both]
    if both.sum() < 10 or len(np.unique(values)) < 10:
        return
    same = float(np.mean(values == series.last[both]))
    if same >= 0.9:
        reason = _(
            "%(share)d %% af tallene er præcis de samme som i %(last_year)d.",
            share=round(100 * same),
            last_year=series.last_year or 0,
        )
        yield series.finding(Severity.WARNING, "same_as_last_year", reason, _("Se, om det er det nye års tal."))
