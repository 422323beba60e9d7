"""What a person is shown of an examination, as plain values that are stored with the upload."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

import numpy as np

from indicators.models import Municipality
from indicators.upload.checks import Finding, Severity
from indicators.upload.checks.series import Series, series_of
from indicators.upload.difference import Change, State
from indicators.upload.grid import grid_of
from indicators.upload.periods import RULES
from indicators.upload.reader import offered_factor
from indicators.upload.reading import Reading

from .compare import Examination, catalogue_facts, pairs_of

MOST_FINDINGS = 500
MOST_CHANGES = 300
MOST_SERIES = 150
MOST_NAMED = 8
Json = dict[str, Any]


def report_of(examination: Examination, *, now: dt.datetime, by: str) -> Json:
    """The whole report. Lists are cut at so many lines that a page can hold; the counts beside them are whole."""
    names = dict(Municipality.objects.values_list("code", "name"))
    reading = examination.reading
    return {
        "checked_at": now.isoformat(),
        "checked_by": by,
        "seen": examination.seen,
        "pairs": [list(pair) for pair in pairs_of(examination)],
        **_reading(examination),
        "left_out": [[one.row, one.label, one.reason] for one in reading.left_out],
        "left_out_count": reading.left_out_count,
        "left_out_by_reason": dict(Counter(one.reason for one in reading.left_out)),
        "unmapped": [[one.label, one.column, one.cells, one.suggestion] for one in reading.unmapped],
        **_findings(examination.findings, names),
        **_difference(examination, names),
        **_series(examination, names),
    }


def key_of(finding: Finding) -> str:
    """What a person's yes is about: this finding, with these words. Other figures make other words and another key."""
    words = (finding.rule, finding.indicator, finding.year, finding.municipalities, *finding.place, str(finding.reason))
    return hashlib.sha256(repr(words).encode()).hexdigest()[:16]


def _reading(examination: Examination) -> Json:
    reading = examination.reading
    return {
        "layout": reading.layout,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "decimal": reading.decimal,
        "thousands": reading.thousands,
        "sheet": reading.sheet,
        "sheets": list(reading.sheets),
        "title": reading.title,
        "rows": reading.rows,
        "cells": len(reading.cells),
        "years": sorted(set(reading.cells.year)),
        "indicators": list(reading.cells.indicators),
        "notes": [str(note) for note in reading.notes],
        "head": reading.head,
        "blanks": reading.blanks,
        "is_turned": reading.is_turned,
        "period_rule": str(RULES.get(reading.period_rule, "")) or reading.period_rule,
        "grid": _grid(reading),
        "questions": [
            [each.key, str(each.reason), [[answer, str(words)] for answer, words in each.choices], each.default]
            for each in reading.questions
        ],
        "units": _units(reading),
    }


def _grid(reading: Reading) -> Json:
    grid = grid_of(reading.first_rows, reading.roles)
    return {
        "letters": grid.letters,
        "width": grid.width,
        "rows": [[row.number, row.texts, row.roles] for row in grid.rows],
    }


def _units(reading: Reading) -> list[Json]:
    """The units that the file says, each with the factor that would bring its figures to the catalogue's unit."""
    facts = catalogue_facts()
    codes = [code for code in reading.cells.indicators if code in facts]
    wanted = facts[codes[0]].unit if len(codes) == 1 else ""
    said = dict.fromkeys((unit.text, str(unit.where)) for unit in reading.units)
    return [{"text": text, "where": where, "factor": offered_factor(text, wanted)} for text, where in said]


def _findings(findings: list[Finding], names: dict[str, str]) -> Json:
    warnings = [finding for finding in findings if finding.severity == Severity.WARNING]
    others = [finding for finding in findings if finding.severity != Severity.WARNING]
    return {
        "finding_counts": dict(Counter(str(finding.severity) for finding in findings)),
        # every warning is kept: each needs its own yes
        "findings": [_finding(finding, names) for finding in [*warnings, *others[:MOST_FINDINGS]]],
    }


def _finding(finding: Finding, names: dict[str, str]) -> Json:
    return {
        "key": key_of(finding),
        "severity": str(finding.severity),
        "rule": finding.rule,
        "reason": str(finding.reason),
        "advice": str(finding.advice),
        "sheet": finding.place.sheet,
        "row": finding.place.row,
        "column": finding.place.column,
        "municipality": names.get(finding.municipality or "", finding.municipality),
        "municipalities": [names.get(code, code) for code in finding.municipalities[:MOST_NAMED]],
        # whose value it doubts, all of them: a value is graded by the warnings that were accepted
        "codes": list(finding.municipalities) if finding.severity == Severity.WARNING else [],
        "indicator": finding.indicator,
        "year": finding.year,
        "value": finding.value,
        "text": finding.text,
    }


def _difference(examination: Examination, names: dict[str, str]) -> Json:
    if any(finding.rule == "duplicate" for finding in examination.findings):
        return {"added": 0, "changed": 0, "unchanged": 0, "removed": 0, "changes": {}}
    found = examination.difference
    return {
        "added": len(found.added),
        "changed": len(found.changed),
        "unchanged": len(found.unchanged),
        "removed": len(found.removed),
        "changes": {
            "changed": _changes(found.changes(), names),
            "added": _changes(found.additions(), names),
            "removed": _changes(found.removals(), names),
        },
    }


def _changes(changes: Iterable[Change], names: dict[str, str]) -> list[list[Any]]:
    return [
        [names.get(c.municipality, c.municipality), c.indicator, c.year, _state(c.old), _state(c.new), c.row]
        for c in islice(changes, MOST_CHANGES)
    ]


def _state(state: State | None) -> list[Any] | None:
    return None if state is None else [state.value, str(state.missing or ""), state.provisional]


def _series(examination: Examination, names: dict[str, str]) -> Json:
    every = series_of(examination.reading, catalogue_facts(), examination.known)
    newest = sorted(every, key=lambda series: (-series.year, series.facts.code))[:MOST_SERIES]
    shown = sorted(newest, key=lambda series: (series.facts.code, series.year))
    return {"series": [_one_series(series, names) for series in shown], "series_count": len(every)}


def _one_series(series: Series, names: dict[str, str]) -> Json:
    whole = series.whole  # the year as it would stand, so that a correction of one figure is seen among all
    lines = [[names.get(code, code), value] for code, value in sorted(whole.items(), key=lambda each: each[1])]
    last = [] if series.last_year is None else list(series.known.values[series.facts.code, series.last_year].values())
    return {
        "indicator": series.facts.code,
        "year": series.year,
        "count": len(whole),
        "missing": len(series.codes) - int(np.isfinite(series.values).sum()),
        "values": _quantiles(np.array(list(whole.values()))),
        "last_year": series.last_year,
        "last_count": len(last),
        "last_values": _quantiles(np.array(last)),
        "lowest": lines[:5],
        "highest": lines[::-1][:5],
    }


def _quantiles(values: Any) -> list[float]:
    """Least, lower quartile, median, upper quartile, most; none for no values."""
    return [float(each) for each in np.percentile(values, [0, 25, 50, 75, 100])] if len(values) else []
