"""Checking: what makes an upload invalid or doubtful. Each rule is one small function, and RULES is the whole list."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from indicators.upload.reading import Reading

from . import against_last_year, refusals, within_the_file
from .facts import Figures, Finding, FoundAt, IndicatorFacts, KnownValues, Severity
from .series import Checked, Series

__all__ = [
    "RULES",
    "Figures",
    "Finding",
    "FoundAt",
    "IndicatorFacts",
    "KnownValues",
    "Severity",
    "check",
    "check_alone",
]

Rule = Callable[[Checked], Iterable[Finding]]


def _each(rule: Callable[[Series], Iterable[Finding]]) -> Rule:
    """A rule about one indicator and year, asked of all of them."""

    def of_all(checked: Checked) -> Iterator[Finding]:
        for series in checked.series:
            yield from rule(series)

    of_all.__name__ = rule.__name__
    of_all.__doc__ = rule.__doc__
    return of_all


RULES: tuple[Rule, ...] = (
    refusals.reading_problems,
    refusals.no_figures,
    refusals.unknown_indicator,
    refusals.duplicates,
    refusals.wrong_year,
    _each(refusals.impossible_value),
    _each(refusals.not_yes_or_no),
    _each(against_last_year.other_scale),
    _each(against_last_year.share_for_per_cent),
    _each(against_last_year.turned_direction),
    _each(against_last_year.unlike_last_year),
    _each(against_last_year.turned_sign),
    _each(against_last_year.shifted_rows),
    _each(against_last_year.swapped),
    _each(against_last_year.same_as_last_year),
    _each(against_last_year.decimals_lost),
    _each(against_last_year.coverage_dropped),
    _each(within_the_file.constant_column),
    _each(within_the_file.total_among_municipalities),
    _each(within_the_file.decimals_in_a_count),
    _each(within_the_file.nothing_but_gaps),
    within_the_file.same_column_twice,
    _each(within_the_file.outside_plausible),
    _each(against_last_year.unusual_change),
    _each(against_last_year.corrected_figures),
    within_the_file.unit_of_the_file,
    within_the_file.blanks_passed_over,
    within_the_file.told_by_the_reading,
    within_the_file.left_out_rows,
    within_the_file.preliminary_figures,
)


def check_alone(reading: Reading) -> list[Finding]:
    """What can be found wrong without a catalogue and beyond the reading's own problems: no figures,
    duplicates."""
    checked = Checked(reading, {}, KnownValues())
    return [*refusals.no_figures(checked), *refusals.duplicates(checked)]


_ORDER = {severity: position for position, severity in enumerate(Severity)}


def check(
    reading: Reading,
    *,
    catalogue: Mapping[str, IndicatorFacts],
    known: KnownValues | None = None,
    expected_years: Collection[int] | None = None,
    this_year: int | None = None,
) -> list[Finding]:
    """All that the rules find, refusals first, then warnings, then notes, each in the order of RULES."""
    checked = Checked(reading, catalogue, known or KnownValues(), expected_years, this_year)
    findings = [finding for rule in RULES for finding in rule(checked)]
    return sorted(findings, key=lambda finding: _ORDER[finding.severity])
