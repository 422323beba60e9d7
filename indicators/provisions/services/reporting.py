"""What a person is shown of an examined file, as plain values that are stored with its upload."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from indicators.models import Municipality, Region
from indicators.provisions.files.columns import COLUMNS, FORMS, REACTIONS, STATUSES
from indicators.provisions.models import LegalBasis, Status, Table, Term
from indicators.services.report import key_of
from indicators.upload.checks import Finding, Severity

from .examining import Examined
from .tables import SHAPES, Incoming, Stored

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
        [
            names.key(found, row.key),
            heading_of(found.reading.table, name),
            names.of(name, before.values[name]),
            names.of(name, row.values[name]),
            row.row,
        ]
        for before, row in islice(found.changed, MOST_LISTED)
        for name in before.values
        if before.values[name] != row.values[name]
    ]
    closed = [
        row for before, row in found.changed if before.values.get("status") != row.values.get("status") == Status.CLOSED
    ]
    return {
        "added": [[names.key(found, row.key), row.row] for row in islice(found.added, MOST_LISTED)],
        "changed": changed,
        "renamed": list(islice(_renamed(found.changed), MOST_LISTED)),
        "closed": [[names.key(found, row.key), row.values["name"], row.row] for row in closed[:MOST_LISTED]],
        "ended": [names.key(found, key) for key, _before in found.ended[:MOST_LISTED]],
        "absent": [[names.key(found, key), before.values["name"]] for key, before in found.absent[:MOST_LISTED]],
        "beside": [
            [
                number,
                heading_of(Table.PROVISIONS if field != "places" else Table.CAPACITY, field),
                names.of(field, value),
                row,
            ]
            for number, field, value, _day, row in found.aside[:MOST_LISTED]
        ],
    }


def _renamed(changed: Iterable[tuple[Stored, Incoming]]) -> Iterable[list[Any]]:
    for before, row in changed:
        if "name" in before.values and before.values["name"] != row.values["name"]:
            yield [row.key[0], before.values["name"], row.values["name"], row.row]


_COLUMN_OF = {"service_type": "term", "target_group": "term", "level": "term"}
_WORDS: Mapping[str, Mapping[str, str]] = {"form": FORMS, "status": STATUSES, "reaction": REACTIONS}


def heading_of(table: str, field: str) -> str:
    """What a file calls a field, by its first (Danish) heading."""
    name = field.removesuffix("_id")
    name = _COLUMN_OF.get(name, name)
    headings = {column.name: column.headings[0] for column in COLUMNS[table]}
    return headings.get(name, {"region": "region", "suppressed": "for få til at vise"}.get(name, name))


class _Names:
    """Municipalities, terms and paragraphs by id, words of the file's own, for a person to read."""

    def __init__(self) -> None:
        terms = dict(Term.objects.values_list("pk", "name_da"))
        self._by_id: dict[str, dict[int, str]] = {
            "municipality_id": dict(Municipality.objects.values_list("pk", "name")),
            "region_id": dict(Region.objects.values_list("pk", "name")),
            **dict.fromkeys(("target_group_id", "level_id", "service_type_id"), terms),
        }
        self._bases = {basis.pk: f"{basis.law} § {basis.paragraph}" for basis in LegalBasis.objects.all()}

    def of(self, field: str, value: Any) -> str:
        """A value in words; "" for none."""
        if field in self._by_id:
            return self._by_id[field].get(value, "")
        if field == "bases":
            return ", ".join(self._bases[pk] for pk in value)
        if isinstance(value, bool):
            return "ja" if value else "nej"
        words = {stored: word for word, stored in [*_WORDS.get(field, {}).items()][::-1] if word}
        return "" if value is None else str(words.get(value, value)).replace(".", "," if type(value) is float else ".")

    def key(self, found: Examined, key: tuple[Any, ...]) -> str:
        """What a row is matched by, in words."""
        parts = zip(SHAPES[found.reading.table].key, key, strict=True)
        return " / ".join(self.of(field, part) for field, part in parts if part not in (None, ""))
