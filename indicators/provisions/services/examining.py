"""A file of the register, read and held against what is registered: the one road to its report and to the database."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as translated

from indicators.models import Municipality
from indicators.provisions.files.columns import looks_protected
from indicators.provisions.files.reading import TableReading, read_table
from indicators.provisions.models import AssertedField, Delivery, Provision, Status, Table
from indicators.services.receive import UploadError
from indicators.upload.checks import Finding, FoundAt, Severity
from indicators.upload.messages import Text, _
from indicators.upload.reading import Unreadable

from .tables import SHAPES, Incoming, Key, References, RefusedRowError, Shape, Stored, incoming, stored_rows

MOST_OF_A_KIND = 200
"""So many refusals are told one by one; the rest are counted."""
UNUSUAL = 3
"""Places that become so many times more or fewer are doubted: a nought too many is the usual mistake."""
NAMED = 12
"""So many provisions are named in a warning; the report's lists have them all."""


@dataclass
class Examined:
    """What a file would change, and what is to be said of it.

    ``ended`` are rows that no longer hold because the file has the whole of their provision without them; ``absent``
    are registered provisions of the same source that the file leaves out; ``aside`` is what a second source says
    otherwise, kept beside: number, field, value, day, row.
    """

    reading: TableReading
    findings: list[Finding] = field(default_factory=list)
    added: list[Incoming] = field(default_factory=list)
    changed: list[tuple[Stored, Incoming]] = field(default_factory=list)
    unchanged: int = 0
    ended: list[tuple[Key, Stored]] = field(default_factory=list)
    absent: list[tuple[Key, Stored]] = field(default_factory=list)
    aside: list[tuple[str, str, str, dt.date, int]] = field(default_factory=list)
    protecting: set[str] = field(default_factory=set)
    seen: str = ""

    def of(self, severity: Severity) -> list[Finding]:
        """The findings of one severity."""
        return [finding for finding in self.findings if finding.severity == severity]


def examine(delivery: Delivery, *, today: dt.date) -> Examined:
    """Read a delivery's stored file, and find what is wrong with it and what it would change. Writes nothing.

    Raises UploadError where the stored file is not the one that came, or is no table.
    """
    upload = delivery.upload
    reading = _read(delivery)
    known = References()
    rows = list(_rows(reading, delivery.table, known))
    stored = stored_rows(delivery.table)
    found = Examined(reading, reading.findings, protecting=known.protecting, seen=_fingerprint(stored))
    rows = _each_key_once(found, delivery.table, rows)
    _compare(found, SHAPES[delivery.table], rows, stored, source=upload.source, today=today)
    for check in _CHECKS.get(delivery.table, ()):
        check(found, today)
    if reading.left_out:
        columns = ", ".join(f"»{name}«" for name in reading.left_out)
        _say(
            found,
            Severity.NOTE,
            "left_out",
            _("Kolonnerne %(columns)s er ikke læst.", columns=columns),
            _("Det er i orden, hvis de ikke skal med."),
        )
    return found


def _read(delivery: Delivery) -> TableReading:
    upload = delivery.upload
    with upload.file.open("rb") as kept:
        if hashlib.file_digest(kept, "sha256").hexdigest() != upload.sha256:
            message = translated(
                "%(file)s: den gemte fil er ikke den, der blev indberettet (dens kontrolsum er en anden)."
            )
            raise UploadError(message % {"file": upload.name})
    try:
        return read_table(Path(upload.file.path), delivery.table)
    except Unreadable as error:
        raise UploadError(f"{upload.name}: {error}") from error


def _rows(reading: TableReading, table: str, known: References) -> Iterator[Incoming]:
    for line in reading.lines:
        try:
            yield incoming(table, line, known)
        except RefusedRowError as error:
            reading.refuse(error.rule, error.reason, error.advice, row=line.row, column=error.column)


def _each_key_once(found: Examined, table: str, rows: list[Incoming]) -> list[Incoming]:
    """One row a key. Rows of places that differ in nothing but their paragraphs are one: the places are the same."""
    first: dict[Key, Incoming] = {}
    for row in rows:
        known = first.setdefault(row.key, row)
        if known is row:
            continue
        if table == Table.CAPACITY and _same_places(known, row):
            merged = tuple(sorted({*known.values["bases"], *row.values["bases"]}))
            first[row.key] = Incoming(known.row, row.key, known.values | {"bases": merged})
        elif known.values != row.values or not SHAPES[table].values:
            _refuse_twice(found, table, known, row)
    return list(first.values())


def _same_places(first: Incoming, second: Incoming) -> bool:
    names = ("places", "age_from", "age_to", "valid_on")
    return all(first.values[name] == second.values[name] for name in names)


def _refuse_twice(found: Examined, table: str, first: Incoming, second: Incoming) -> None:
    reason = _("Rækken siger noget andet end række %(row)d om det samme.", row=first.row)
    advice = _("Slet den ene af rækkerne.")
    if table == Table.CAPACITY:
        reason = _(
            "Samme afdeling har %(here)s pladser her og %(there)s i række %(row)d.",
            here=_or_unknown(second),
            there=_or_unknown(first),
            row=first.row,
        )
        advice = _("Er det de samme pladser, så skriv samme tal. Er det andre pladser, så giv dem hver sin pulje.")
    if not SHAPES[table].values:
        reason = _("Rækken står der allerede i række %(row)d.", row=first.row)
    _say(found, Severity.REFUSAL, "twice", reason, advice, row=second.row)


def _or_unknown(row: Incoming) -> str:
    places = row.values["places"]
    return "uoplyst antal" if places is None else str(places)


def _compare(
    found: Examined, shape: Shape, rows: list[Incoming], stored: dict[Key, Stored], *, source: str, today: dt.date
) -> None:
    named = {row.key[0] for row in rows}
    if shape is SHAPES[Table.CAPACITY]:
        rows, named = _without_another_source(found, rows, stored, source)
    for row in rows:
        before = stored.get(row.key)
        if before is None:
            found.added.append(row)
        elif before.values == row.values:
            found.unchanged += 1
        elif before.source != source and shape is SHAPES[Table.PROVISIONS]:
            found.aside.extend(_said_otherwise(before, row, today))
        else:
            found.changed.append((before, row))
    keys = {row.key for row in rows}
    left = [(key, before) for key, before in stored.items() if key not in keys]
    if shape.is_whole:
        found.ended = [(key, before) for key, before in left if key[0] in named]
    elif shape is SHAPES[Table.PROVISIONS]:
        found.absent = [
            (key, before) for key, before in left if before.source == source and before.values["status"] == Status.OPEN
        ]


def _without_another_source(
    found: Examined, rows: list[Incoming], stored: dict[Key, Stored], source: str
) -> tuple[list[Incoming], set[str]]:
    """The rows of provisions whose places come from this source or from none. Of the others only a total that differs
    is kept, beside: two sources divide places in pools of their own, and pools cannot be mixed."""
    registered: dict[str, int] = defaultdict(int)
    others = set()
    for key, before in stored.items():
        registered[key[0]] += before.values["places"] or 0
        if before.source != source:
            others.add(key[0])
    said: dict[str, list[Incoming]] = defaultdict(list)
    for row in rows:
        if row.key[0] in others:
            said[row.key[0]].append(row)
    for number, of_one in said.items():
        total = sum(row.values["places"] or 0 for row in of_one)
        if total == registered[number]:
            found.unchanged += len(of_one)
        elif all(row.values["places"] is not None for row in of_one):
            day = max(row.values["valid_on"] for row in of_one)
            found.aside.append((number, AssertedField.PLACES, str(total), day, of_one[0].row))
    own = [row for row in rows if row.key[0] not in others]
    return own, {row.key[0] for row in own}


def _said_otherwise(before: Stored, row: Incoming, today: dt.date) -> Iterator[tuple[str, str, str, dt.date, int]]:
    """What a second source says otherwise, field by field: kept beside what the first says, never over it."""
    day = row.values["verified_on"] or today
    if before.values["protected"] or row.values["protected"]:
        return
    if row.values["municipality_id"] != before.values["municipality_id"]:
        name = Municipality.objects.get(pk=row.values["municipality_id"]).name
        yield row.key[0], AssertedField.MUNICIPALITY, name, day, row.row
    for about in (AssertedField.NAME, AssertedField.FORM, AssertedField.OPERATOR, AssertedField.STATUS):
        value = row.values[about]
        if value and value != before.values[about]:
            yield row.key[0], about, value, day, row.row


def _say(
    found: Examined,
    severity: Severity,
    rule: str,
    reason: Text,
    advice: Text,
    *,
    row: int | None = None,
    column: str | None = None,
) -> None:
    found.findings.append(Finding(severity, rule, reason, advice, FoundAt(found.reading.sheet, row, column)))


def _names(numbers: Iterable[str]) -> str:
    listed = sorted(numbers)
    more = len(listed) - NAMED
    return ", ".join(listed[:NAMED]) + (f" og {more} til" if more > 0 else "")


def _absent(found: Examined, _today: dt.date) -> None:
    if found.absent:
        numbers = _names(key[0] for key, _before in found.absent)
        reason = _(
            "%(count)d registrerede tilbud mangler i filen: %(numbers)s.", count=len(found.absent), numbers=numbers
        )
        _say(
            found,
            Severity.WARNING,
            "absent",
            reason,
            _("De bliver stående, til en fil siger, at de er lukket. Er filen hel?"),
        )


def _renamed_and_closed(found: Examined, _today: dt.date) -> None:
    renamed = [row.key[0] for before, row in found.changed if before.values["name"] != row.values["name"]]
    closed = [
        row.key[0] for before, row in found.changed if before.values["status"] != row.values["status"] == Status.CLOSED
    ]
    if renamed:
        reason = _("%(count)d tilbud har fået nyt navn: %(numbers)s.", count=len(renamed), numbers=_names(renamed))
        _say(found, Severity.NOTE, "renamed", reason, _("De er genkendt på deres id."))
    if closed:
        reason = _("%(count)d tilbud er lukket: %(numbers)s.", count=len(closed), numbers=_names(closed))
        _say(found, Severity.NOTE, "closed", reason, _("Deres historie bliver stående."))


def _other_source(found: Examined, _today: dt.date) -> None:
    if found.aside:
        numbers = {number for number, *_rest in found.aside}
        reason = _(
            "%(count)d tilbud er registreret fra en anden kilde, som siger noget andet: %(numbers)s.",
            count=len(numbers),
            numbers=_names(numbers),
        )
        _say(found, Severity.WARNING, "other_source", reason, _("Begge bliver gemt og vist ved siden af hinanden."))


def _protected(found: Examined, _today: dt.date) -> None:
    if found.protecting:
        reason = _("%(count)d tilbud er beskyttet.", count=len(found.protecting))
        _say(found, Severity.NOTE, "protected", reason, _("Deres sted bliver ikke gemt, og de tælles kun pr. region."))


def _sounds_protected(found: Examined, _today: dt.date) -> None:
    """A department's name, or what another source calls a service, may tell what the file of services did not."""
    said = [(row.key[0], str(row.values.get("name") or row.values.get("value", ""))) for row in _new_rows(found)]
    numbers = {number for number, words in said if looks_protected(words)}
    numbers -= set(Provision.objects.filter(number__in=numbers, protected=True).values_list("number", flat=True))
    if numbers:
        reason = _(
            "Et navn ligner et krisecenter, en sikret afdeling eller en plejefamilie: %(numbers)s.",
            numbers=_names(numbers),
        )
        advice = _("Skal tilbuddet være beskyttet, så sig det først i filen med tilbud.")
        _say(found, Severity.WARNING, "sounds_protected", reason, advice)


def _verified_in_the_future(found: Examined, today: dt.date) -> None:
    for name, column in (("verified_on", "kontrolleret"), ("as_of", "dato"), ("on", "dato"), ("claimed_on", "dato")):
        for row in _new_rows(found):
            day = row.values.get(name)
            if day is not None and day > today:
                reason = _("%(day)s er ikke kommet endnu.", day=f"{day:%d-%m-%Y}")
                _say(found, Severity.REFUSAL, "in_the_future", reason, _("Ret datoen."), row=row.row, column=column)


def _inspected_in_the_future(found: Examined, today: dt.date) -> None:
    for row in _new_rows(found):
        if row.key[1] > today:
            reason = _("%(day)s er ikke kommet endnu.", day=f"{row.key[1]:%d-%m-%Y}")
            _say(found, Severity.REFUSAL, "in_the_future", reason, _("Ret datoen."), row=row.row, column="dato")


def _new_rows(found: Examined) -> Iterator[Incoming]:
    yield from found.added
    yield from (row for _before, row in found.changed)


def _one_day_a_provision(found: Examined, _today: dt.date) -> None:
    """The file has the whole of a provision's places as they were from one day on; two days would be two wholes."""
    days: dict[str, Incoming] = {}
    for row in _new_rows(found):
        first = days.setdefault(row.key[0], row)
        if first.values["valid_on"] != row.values["valid_on"]:
            reason = _("Tilbuddets pladser gælder fra én dato her og fra en anden i række %(row)d.", row=first.row)
            _say(
                found,
                Severity.REFUSAL,
                "two_days",
                reason,
                _("Indlæs hver dato som sin egen fil, den ældste først."),
                row=row.row,
                column="gælder fra",
            )


def _older_than_what_holds(found: Examined, _today: dt.date) -> None:
    for before, row in found.changed:
        if row.values["valid_on"] < before.values["valid_on"]:
            reason = _(
                "Pladserne gælder fra %(day)s, og der er allerede nyere tal fra %(stored)s.",
                day=f"{row.values['valid_on']:%d-%m-%Y}",
                stored=f"{before.values['valid_on']:%d-%m-%Y}",
            )
            _say(
                found,
                Severity.REFUSAL,
                "older",
                reason,
                _("Ret datoen, eller lad filen ligge."),
                row=row.row,
                column="gælder fra",
            )


def _unusual_places(found: Examined, _today: dt.date) -> None:
    for before, row in found.changed:
        old, new = before.values["places"], row.values["places"]
        if old and new and max(old, new) >= UNUSUAL * min(old, new) and abs(old - new) >= 10:
            reason = _("Pladserne går fra %(old)d til %(new)d.", old=old, new=new)
            _say(
                found,
                Severity.WARNING,
                "unusual",
                reason,
                _("Er det rigtigt, så sig ja med en begrundelse."),
                row=row.row,
                column="pladser",
            )


def _some_have_ended(found: Examined, _today: dt.date) -> None:
    if found.ended:
        by_provision: dict[str, int] = defaultdict(int)
        for key, _before in found.ended:
            by_provision[key[0]] += 1
        reason = _(
            "%(count)d rækker i %(provisions)d tilbud holder op med at gælde: %(numbers)s.",
            count=len(found.ended),
            provisions=len(by_provision),
            numbers=_names(by_provision),
        )
        _say(found, Severity.NOTE, "ended", reason, _("Filen har alt, hvad der gælder for hvert tilbud, den nævner."))


_CHECKS: Mapping[str, Sequence[Callable[[Examined, dt.date], None]]] = {
    Table.PROVISIONS: (_absent, _renamed_and_closed, _other_source, _protected, _verified_in_the_future),
    Table.CAPACITY: (
        _one_day_a_provision,
        _older_than_what_holds,
        _unusual_places,
        _some_have_ended,
        _other_source,
        _protected,
    ),
    Table.DEPARTMENTS: (_sounds_protected,),
    Table.TARGET_GROUPS: (_some_have_ended, _protected),
    Table.LEVELS: (_verified_in_the_future,),
    Table.INSPECTIONS: (_inspected_in_the_future,),
    Table.VACANCIES: (_verified_in_the_future,),
    Table.ASSERTIONS: (_verified_in_the_future, _sounds_protected),
}


def _fingerprint(stored: dict[Key, Stored]) -> str:
    """A checksum of which rows hold: a row is never changed, so its id stands for what it says."""
    pks = sorted(row.pk for row in stored.values())
    return hashlib.sha256(repr(pks).encode()).hexdigest()
