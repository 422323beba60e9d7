"""What a person is shown of an examined file, as plain values that are stored with its upload."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

from indicators.models import Municipality
from indicators.provisions.models import Status, Term
from indicators.services.report import key_of
from indicators.upload.checks import Finding, Severity

from .examining import Examined
from .tables import Incoming, Stored

MOST_LISTED = 300
"""A list of the report is cut at so many lines; the counts beside it are whole."""
Json = dict[str, Any]


def report_of(found: Examined, *, by: str, now: dt.datetime) -> Json:
    """The whole report: how the file was read, what was found, what it would change, by name."""
    reading = found.reading
    return {
        "checked_at": now.isoformat(),
        "checked_by": by,
        "seen": found.seen,
        "table": reading.table,
        "encoding": reading.encoding,
        "delimiter": reading.delimiter,
        "sheet": reading.sheet,
        "sheets": list(reading.sheets),
        "rows": reading.rows,
        "left_out": reading.left_out,
        "finding_counts": dict(Counter(str(finding.severity) for finding in found.findings)),
        "findings": [_finding(finding) for finding in _worth_telling(found.findings)],
        "added": len(found.added),
        "changed": len(found.changed),
        "unchanged": found.unchanged,
        "ended": len(found.ended),
        "absent": len(found.absent),
        "beside": len(found.aside),
        "lists": _lists(found),
    }


def _worth_telling(findings: list[Finding]) -> list[Finding]:
    """Every warning, since each needs its own yes; of the others so many as a page can hold."""
    warnings = [finding for finding in findings if finding.severity == Severity.WARNING]
    others = [finding for finding in findings if finding.severity != Severity.WARNING]
    return [*others[:MOST_LISTED], *warnings]


def _finding(finding: Finding) -> Json:
    return {
        "key": key_of(finding),
        "severity": str(finding.severity),
        "rule": finding.rule,
        "reason": str(finding.reason),
        "advice": str(finding.advice),
        "sheet": finding.place.sheet,
        "row": finding.place.row,
        "column": finding.place.column,
    }


def _lists(found: Examined) -> Json:
    names = _Names()
    changed = [
        [_key(row.key), name, names.of(name, before.values[name]), names.of(name, row.values[name]), row.row]
        for before, row in islice(found.changed, MOST_LISTED)
        for name in before.values
        if before.values[name] != row.values[name]
    ]
    closed = [
        row for before, row in found.changed if before.values.get("status") != row.values.get("status") == Status.CLOSED
    ]
    return {
        "added": [[_key(row.key), row.row] for row in islice(found.added, MOST_LISTED)],
        "changed": changed,
        "renamed": list(islice(_renamed(found.changed), MOST_LISTED)),
        "closed": [[_key(row.key), row.values["name"], row.row] for row in closed[:MOST_LISTED]],
        "ended": [_key(key) for key, _before in found.ended[:MOST_LISTED]],
        "absent": [[_key(key), before.values["name"]] for key, before in found.absent[:MOST_LISTED]],
        "beside": [[number, field, value, row] for number, field, value, _day, row in found.aside[:MOST_LISTED]],
    }


def _renamed(changed: Iterable[tuple[Stored, Incoming]]) -> Iterable[list[Any]]:
    for before, row in changed:
        if "name" in before.values and before.values["name"] != row.values["name"]:
            yield [row.key[0], before.values["name"], row.values["name"], row.row]


class _Names:
    """Municipalities and terms by id, for a person to read."""

    def __init__(self) -> None:
        self._municipalities = dict(Municipality.objects.values_list("pk", "name"))
        self._terms = dict(Term.objects.values_list("pk", "name_da"))

    def of(self, field: str, value: object) -> str:
        """A value in words; "" for none."""
        if field == "municipality_id":
            return self._municipalities.get(value, "")  # type: ignore[call-overload, no-any-return]
        if field.endswith(("target_group_id", "level_id", "service_type_id")):
            return self._terms.get(value, "")  # type: ignore[call-overload, no-any-return]
        return "" if value is None else str(value)


def _key(key: tuple[Any, ...]) -> str:
    return " / ".join(str(part) for part in key if part not in (None, ""))
