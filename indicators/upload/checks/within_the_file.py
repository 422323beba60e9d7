"""Rules that need only the file and the catalogue."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from indicators.upload.cells import PROVISIONAL
from indicators.upload.doubts import factor, unit_of
from indicators.upload.messages import _
from indicators.upload.reading import UnitSaid

from .facts import Finding, Severity
from .series import Checked, Floats, Series


def outside_plausible(series: Series) -> Iterator[Finding]:
    """Possible values outside the catalogue's plausible range: one finding for the column, farthest first."""
    low, high = series.facts.plausible_min, series.facts.plausible_max
    if low is None or high is None:
        return
    beyond = np.maximum(low - series.values, series.values - high)
    possible_low, possible_high = series.facts.possible
    found = np.flatnonzero((beyond > 0) & (series.values >= possible_low) & (series.values <= possible_high))
    if len(found):
        found = found[np.argsort(-beyond[found])]
        reason = _(
            "%(count)d værdier ligger uden for det sandsynlige (%(low)s–%(high)s %(unit)s): %(names)s. Fjernest er "
            "%(value)s.",
            count=len(found),
            low=low,
            high=high,
            unit=series.facts.unit,
            names=series.names(found),
            value=float(series.values[found[0]]),
        )
        yield series.finding(
            Severity.WARNING, "outside_plausible", reason, _("Sammenlign med kilden, eller bekræft tallene."), found
        )


def constant_column(series: Series) -> Iterator[Finding]:
    """All municipalities with the same value; for yes/no that may be so, and is only told."""
    values = series.values[np.isfinite(series.values)]
    if len(values) < 10 or np.any(values != values[0]):
        return
    severity = Severity.NOTE if series.facts.kind == "yes_no" else Severity.WARNING
    reason = _("Alle %(count)d kommuner har værdien %(value)s.", count=len(values), value=float(values[0]))
    yield series.finding(severity, "constant_column", reason, _("Se, om kolonnen er den rigtige."))


def total_among_municipalities(series: Series) -> Iterator[Finding]:
    """One value is the sum of all the others: a total that stands in a municipality's row."""
    values = np.nan_to_num(series.values)
    total = float(values.sum())
    if series.facts.kind in {"percent", "score", "yes_no"} or np.isfinite(series.values).sum() < 10 or total <= 0:
        return
    found = np.flatnonzero(np.abs(values - (total - values)) < 0.002 * total)
    if len(found) == 1:
        reason = _("%(name)s har summen af alle de andre: det er vist et total.", name=series.name(int(found[0])))
        yield series.finding(Severity.WARNING, "total_included", reason, _("Ret kommunens tal."), found)


def decimals_in_a_count(series: Series) -> Iterator[Finding]:
    """A count with decimals: a thousands mark read as a decimal mark looks so (3,427 inhabitants)."""
    values = series.values
    found = np.flatnonzero(np.isfinite(values) & (values != np.round(values)))
    if series.facts.kind == "count" and len(found):
        reason = _("Et antal kan ikke have decimaler: %(names)s.", names=series.names(found))
        yield series.finding(
            Severity.WARNING, "decimals_in_count", reason, _("Se, om punktum eller komma deler tusinder."), found
        )


def nothing_but_gaps(series: Series) -> Iterator[Finding]:
    """Not one value, only gaps."""
    if len(series.values) and not np.isfinite(series.values).any():
        reason = _("Ingen kommune har et tal i %(year)d.", year=series.year)
        yield series.finding(Severity.WARNING, "only_gaps", reason, _("Se, om kolonnen er tom ved en fejl."))


def same_column_twice(checked: Checked) -> Iterator[Finding]:
    """Two indicators with the same values in the same year: a column pasted twice."""
    long_enough = [s for s in checked.series if np.isfinite(s.values).sum() >= 10 and _kinds(s.values) >= 8]
    by_sum: dict[tuple[int, float, int], list[Series]] = {}
    for series in long_enough:
        by_sum.setdefault((series.year, float(np.nansum(series.values)), len(series.values)), []).append(series)
    for alike in by_sum.values():
        for first, second in combinations(alike, 2):
            if first.codes == second.codes and np.array_equal(first.values, second.values, equal_nan=True):
                reason = _(
                    "%(first)s og %(second)s har præcis de samme tal.", first=first.facts.name, second=second.facts.name
                )
                yield second.finding(
                    Severity.WARNING, "same_column_twice", reason, _("Se, om en kolonne er sat ind to gange.")
                )


def _kinds(values: Floats) -> int:
    """How many values there are, all missing ones being one (np.unique takes half a millisecond for a hundred)."""
    finite = values[np.isfinite(values)]
    return len(set(finite.tolist())) + (len(finite) < len(values))


def left_out_rows(checked: Checked) -> Iterator[Finding]:
    """Totals, regions and unknown places that stood among the municipalities and were left out."""
    left = [
        each
        for each in checked.reading.left_out
        if each.reason in {"country", "region", "part_of_country", "group", "no_municipality"}
    ]
    if left:
        labels = list(dict.fromkeys(each.label for each in left))
        listed = ", ".join(labels[:12]) + (" …" if len(labels) > 12 else "")
        reason = _("%(count)d rækker er ikke en kommune og er ladt ude: %(labels)s.", count=len(left), labels=listed)
        if len(left) == 1:
            reason = _("En række er ikke en kommune og er ladt ude: %(labels)s.", labels=listed)
        yield Finding(Severity.NOTE, "totals_left_out", reason, _("Du skal ikke gøre noget."))


def told_by_the_reading(checked: Checked) -> Iterator[Finding]:
    """What the reading decided where the file left two readings: a person must say yes."""
    for note in checked.reading.notes:
        yield Finding(
            Severity.WARNING, "read_by_custom", note, _("Er det rigtigt, så bekræft det. Ellers ret læsningen.")
        )


def unit_of_the_file(checked: Checked) -> Iterator[Finding]:
    """The file says another unit than the catalogue: kroner in thousands, promille for per cent, weeks for days."""
    reading = checked.reading
    told: set[tuple[str, str]] = set()
    for said in reading.units:
        unit = unit_of(said.text)
        for series in checked.series:
            columns = {reading.cells.column[int(position)] for position in series.positions}
            key = (said.text, series.facts.code)
            if unit is None or key in told or (said.column is not None and said.column not in columns):
                continue
            wanted = unit_of(series.facts.unit)
            by = factor(unit, wanted)
            if (wanted is not None and by == 1) or (
                wanted is None and unit.kind != "scale" and series.facts.kind == "count"
            ):
                continue
            told.add(key)
            yield _other_unit(series, said, by)


def _other_unit(series: Series, said: UnitSaid, by: float | None) -> Finding:
    reason = _(
        "Filen siger »%(said)s« (%(where)s), men kataloget måler i %(unit)s.",
        said=said.text,
        where=str(said.where),
        unit=series.facts.unit,
    )
    advice = _("Ret enheden i filen, eller bekræft, at tallene er i katalogets enhed.")
    if by is not None:
        advice = _("Gang tallene med %(factor)s under »Ret læsningen«, eller bekræft dem, som de står.", factor=by)
    return series.finding(Severity.WARNING, "unit_of_the_file", reason, advice)


def blanks_passed_over(checked: Checked) -> Iterator[Finding]:
    """Blank cells change nothing, and how many there are is told."""
    if checked.reading.blanks:
        reason = _("Tomme celler: %(count)d. De ændrer intet.", count=checked.reading.blanks)
        advice = _("Betyder de, at tallet mangler, så sig det under »Ret læsningen«.")
        yield Finding(Severity.NOTE, "blanks", reason, advice)


def preliminary_figures(checked: Checked) -> Iterator[Finding]:
    """How many figures are marked preliminary."""
    count = sum(1 for state in checked.reading.cells.state if state & PROVISIONAL)
    if count:
        yield Finding(
            Severity.NOTE, "provisional", _("%(count)d tal er foreløbige.", count=count), _("Du skal ikke gøre noget.")
        )
