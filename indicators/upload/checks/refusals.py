"""Rules that stop a file: what cannot be right, whatever a person says."""

from collections.abc import Iterator

import numpy as np

from indicators.upload.messages import _
from indicators.upload.places import gazetteer

from .facts import Finding, FoundAt, Severity
from .series import Checked, Series


def reading_problems(checked: Checked) -> Iterator[Finding]:
    """What the reading could not read: unknown municipality, text in numbers, no year, a column that names nothing."""
    reading = checked.reading
    for problem in reading.problems:
        place = FoundAt(reading.sheet, problem.row, problem.column)
        yield Finding(
            Severity.REFUSAL,
            problem.rule,
            problem.reason,
            problem.advice,
            place=place,
            municipality=problem.municipality,
            text=problem.value,
        )
    if reading.problem_count > len(reading.problems):
        more = reading.problem_count - len(reading.problems)
        yield Finding(
            Severity.REFUSAL,
            "more_problems",
            _("Der er %(more)d problemer mere.", more=more),
            _("Ret de første, og prøv igen."),
        )


def no_figures(checked: Checked) -> Iterator[Finding]:
    """Not one figure about a municipality was read, and nothing said why; often the municipalities stand across."""
    reading = checked.reading
    if len(reading.cells) or reading.problems:
        return
    across = sum(gazetteer().find(label).is_municipality for label in reading.cells.columns)
    if reading.blanks:
        reason = _("Filen er tom: ingen af dens %(count)d celler er udfyldt.", count=reading.blanks)
        advice = _("Udfyld den, eller sig, at de tomme celler betyder, at tallet mangler.")
        yield Finding(Severity.REFUSAL, "empty", reason, advice)
        return
    advice = _("Se, om det er den rigtige fil og det rigtige ark.")
    if across > 1:
        advice = _("Kommunerne står i overskriften. Byt rækker og kolonner om (i Excel: Indsæt speciel, Transponer).")
    yield Finding(Severity.REFUSAL, "empty", _("Filen har ingen tal om kommuner."), advice)


def unknown_indicator(checked: Checked) -> Iterator[Finding]:
    """An indicator that is not in the catalogue."""
    for code in checked.reading.cells.indicators:
        if code not in checked.catalogue:
            yield Finding(
                Severity.REFUSAL,
                "unknown_indicator",
                _("»%(code)s« er ikke i kataloget.", code=code),
                _("Vælg en indikator fra kataloget, eller opret den først."),
                indicator=code,
            )


def duplicates(checked: Checked) -> Iterator[Finding]:
    """The same municipality, year and indicator twice, also when the value is the same."""
    cells = checked.reading.cells
    keys = cells.keys()
    order = np.argsort(keys, kind="stable")
    twice = np.flatnonzero(np.diff(keys[order]) == 0) + 1
    for position in sorted(int(order[index]) for index in twice)[:1_000]:
        cell = cells[position]
        first = cells[int(np.argmax(keys == keys[position]))]
        yield Finding(
            Severity.REFUSAL,
            "duplicate",
            _(
                "%(name)s har mere end ét tal for %(indicator)s i %(year)d (første gang i række %(row)d).",
                name=checked.name(cell.municipality),
                indicator=cell.indicator or "–",
                year=cell.year,
                row=first.row,
            ),
            _("Slet den ene af rækkerne."),
            place=FoundAt(cell.sheet, cell.row, cell.column),
            municipality=cell.municipality,
            indicator=cell.indicator,
            year=cell.year,
            value=cell.value,
        )


def wrong_year(checked: Checked) -> Iterator[Finding]:
    """A year that is not one of those expected, or has not begun."""
    for year in sorted(set(checked.reading.cells.year)):
        if checked.expected_years is not None and year not in checked.expected_years:
            expected = ", ".join(str(each) for each in sorted(checked.expected_years))
            yield Finding(
                Severity.REFUSAL,
                "wrong_year",
                _("Filen har tal fra %(year)d, men der ventes tal fra %(expected)s.", year=year, expected=expected),
                _("Ret året, eller vælg den rigtige fil."),
                year=year,
            )
        elif checked.this_year is not None and year > checked.this_year:
            yield Finding(
                Severity.REFUSAL,
                "wrong_year",
                _("Filen har tal fra %(year)d, som ikke er begyndt.", year=year),
                _("Ret året."),
                year=year,
            )


def impossible_value(series: Series) -> Iterator[Finding]:
    """A value that the unit forbids: a percentage over 100, a negative count, a score outside its scale."""
    low, high = series.facts.possible
    bad = np.flatnonzero((series.values < low) | (series.values > high))
    for index in bad[:20]:
        yield series.finding(
            Severity.REFUSAL,
            "impossible_value",
            _(
                "%(name)s: %(value)s kan ikke være rigtigt for en indikator i %(unit)s.",
                name=series.name(int(index)),
                value=float(series.values[index]),
                unit=series.facts.unit,
            ),
            _("Ret tallet, eller ret filens decimaltegn."),
            [int(index)],
        )
    if len(bad) > 20:
        yield series.finding(
            Severity.REFUSAL,
            "impossible_value",
            _("%(count)d værdier mere er uden for det mulige.", count=len(bad) - 20),
            _("Er tallene i den rigtige enhed og kolonne?"),
            bad[20:],
        )


def not_yes_or_no(series: Series) -> Iterator[Finding]:
    """A yes/no indicator with something between 0 and 1."""
    if series.facts.kind != "yes_no":
        return
    bad = np.flatnonzero((series.values > 0) & (series.values < 1))
    if len(bad):
        yield series.finding(
            Severity.REFUSAL,
            "not_yes_or_no",
            _("Værdien skal være 1 (ja) eller 0 (nej): %(names)s.", names=series.names(bad)),
            _("Ret værdierne."),
            bad,
        )
