"""How each table of the register stands in the database, and how a row of a file becomes one of its rows."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from indicators.models import Municipality
from indicators.personal_data import CPR
from indicators.provisions.files.columns import looks_protected
from indicators.provisions.files.reading import Line
from indicators.provisions.models import (
    THEMES,
    Assertion,
    Capacity,
    Department,
    DepartmentRegistration,
    GroupSize,
    Inspection,
    LegalBasis,
    LevelClaim,
    Provision,
    Recorded,
    Registration,
    SchemeKind,
    Serves,
    Table,
    Term,
    Usage,
    Vacancy,
)
from indicators.upload.messages import Text, _
from indicators.upload.places import fold

Key = tuple[Any, ...]
_CPR = re.compile(CPR)
_TEXTS = {"name": "navn", "operator": "drives af", "claimed_by": "ifølge", "value": "værdi", "source": "kilde"}
"""Columns of free text, by their headings. Numbers of companies are not looked at: some begin with a date too."""
PROVISION, DEPARTMENT = "provision__number", "department__number"
NO_PLACE = {"municipality_id": None, "latitude": None, "longitude": None, "operator": "", "cvr": "", "p_number": ""}
"""What a protected provision's registration says of where and whose it is: nothing."""


@dataclass(frozen=True)
class Shape:
    """A table: its model, what its rows are matched by, what they say, and whether a file's rows of a provision are
    all that holds of it (a target group that is not in them has ended)."""

    model: type[Recorded]
    key: tuple[str, ...]
    values: tuple[str, ...]
    is_whole: bool = False


SHAPES: Mapping[str, Shape] = {
    Table.PROVISIONS: Shape(
        Registration,
        (PROVISION,),
        (
            "protected", "name", "form", "operator", "cvr", "p_number", "municipality_id", "region_id", "latitude",
            "longitude", "service_type_id", "status", "opened", "closed", "verified_on",
        ),
    ),
    Table.DEPARTMENTS: Shape(
        DepartmentRegistration, ("department__provision__number", DEPARTMENT), ("name", "opened", "closed")
    ),
    Table.CAPACITY: Shape(
        Capacity,
        (PROVISION, DEPARTMENT, "pool"),
        ("places", "age_from", "age_to", "valid_on", "bases"),
        is_whole=True,
    ),
    Table.TARGET_GROUPS: Shape(Serves, (PROVISION, DEPARTMENT, "target_group_id"), (), is_whole=True),
    Table.LEVELS: Shape(LevelClaim, (PROVISION, DEPARTMENT, "level_id", "claimed_by"), ("claimed_on",)),
    Table.INSPECTIONS: Shape(Inspection, (PROVISION, "on"), (*THEMES, "reaction")),
    Table.USAGE: Shape(Usage, (PROVISION, "municipality_id", "year"), ("persons", "suppressed")),
    Table.VACANCIES: Shape(Vacancy, (PROVISION, "target_group_id"), ("places", "as_of")),
    Table.ASSERTIONS: Shape(Assertion, (PROVISION, "field", "source"), ("value", "verified_on")),
    Table.GROUP_SIZES: Shape(GroupSize, ("target_group_id", "municipality_id", "year"), ("persons", "source")),
}  # fmt: skip


class Incoming(NamedTuple):
    """A row of a file, ready to be a row of the database: its key and what it says, by the shape's names."""

    row: int
    key: Key
    values: dict[str, Any]


class RefusedRowError(Exception):
    """A row names something that is not there, or contradicts itself."""

    def __init__(self, rule: str, column: str, reason: Text, advice: Text) -> None:
        super().__init__(str(reason))
        self.rule, self.column, self.reason, self.advice = rule, column, reason, advice


@dataclass
class References:
    """What rows may name, read once for a file. ``protecting`` are the provisions that the file itself protects."""

    protecting: set[str] = field(default_factory=set)

    @cached_property
    def provisions(self) -> dict[str, tuple[int, bool]]:
        """Id and whether protected, by number."""
        return {number: (pk, kept) for number, pk, kept in Provision.objects.values_list("number", "pk", "protected")}

    @cached_property
    def departments(self) -> dict[tuple[str, str], int]:
        """Id by the provision's number and the department's."""
        rows = Department.objects.values_list("provision__number", "number", "pk")
        return {(provision, number): pk for provision, number, pk in rows}

    @cached_property
    def municipalities(self) -> dict[str, tuple[int, int]]:
        """Id and the region's id, by code."""
        return {code: (pk, region) for code, pk, region in Municipality.objects.values_list("code", "pk", "region_id")}

    @cached_property
    def bases(self) -> dict[str, LegalBasis]:
        """Paragraphs by code."""
        return {basis.code: basis for basis in LegalBasis.objects.all()}

    @cached_property
    def _terms(self) -> dict[SchemeKind, dict[str, Term | None]]:
        """Terms by kind and by every way a file may write them: code, name, list and code. None where two share it."""
        known: dict[SchemeKind, dict[str, Term | None]] = {kind: {} for kind in SchemeKind}
        for term in Term.objects.select_related("scheme"):
            of_kind = known[SchemeKind(term.scheme.kind)]
            scheme = term.scheme
            for words in {term.code, term.name_da, f"{scheme.code}:{term.code}", f"{scheme}:{term.code}"}:
                key = fold(words)
                of_kind[key] = term if of_kind.get(key, term) == term else None
        return known

    def term(self, words: str, kind: SchemeKind, column: str) -> Term:
        """The term that a cell names. Raises RefusedRowError for an unknown one and for one that two lists have."""
        known = self._terms[kind]
        found = known.get(fold(words))
        if found is not None:
            return found
        if fold(words) in known:
            reason = _("»%(words)s« står i flere begrebslister.", words=words)
            raise RefusedRowError("two_terms", column, reason, _("Skriv listen foran, som »liste@version:kode«."))
        reason = _("»%(words)s« står ikke i nogen af begrebslisterne.", words=words)
        raise RefusedRowError("unknown_term", column, reason, _("Brug en kode fra listen, eller indlæs listen først."))

    def provision(self, values: Mapping[str, Any]) -> str:
        """The number of a provision that is registered. Raises RefusedRowError."""
        number = str(values["provision"])
        if number not in self.provisions:
            reason = _("Tilbuddet »%(number)s« er ikke registreret.", number=number)
            raise RefusedRowError(
                "unknown_provision", "tilbudsid", reason, _("Indlæs filen med tilbud først, eller ret id'et.")
            )
        return number

    def department(self, values: Mapping[str, Any]) -> str | None:
        """The number of a department of the row's provision; None where the row is about all of it."""
        number = str(values["department"])
        if not number:
            return None
        if (values["provision"], number) not in self.departments:
            reason = _("Afdelingen »%(number)s« er ikke registreret i tilbuddet.", number=number)
            raise RefusedRowError(
                "unknown_department", "afdelingsid", reason, _("Indlæs filen med afdelinger først, eller ret id'et.")
            )
        return number


def incoming(table: str, line: Line, known: References) -> Incoming:
    """A line of a file as a row of its table. Raises RefusedRowError."""
    for name, column in _TEXTS.items():
        if _CPR.search(str(line.values.get(name, ""))):
            reason = _("Teksten ligner et CPR-nummer.")
            raise RefusedRowError("personal_data", column, reason, _("Fjern nummeret: registeret er offentligt."))
    return Incoming(line.row, *_MADE_BY[table](line.values, known))


Made = tuple[Key, dict[str, Any]]


def _provision(values: dict[str, Any], known: References) -> Made:
    number = values["provision"]
    municipality, region = known.municipalities[values["municipality"]]
    term = known.term(values["term"], SchemeKind.SERVICE_TYPE, "tilbudstype") if values["term"] else None
    _refuse_half_a_point(values)
    _refuse_end_before_beginning(values)
    protected = bool(
        values["protected"] or (term is not None and term.protects) or known.provisions.get(number, (0, False))[1]
    )
    if not protected and values["protected"] is None and looks_protected(f"{values['name']} {values['operator']}"):
        reason = _("Navnet ligner et krisecenter, en sikret afdeling eller en plejefamilie, og filen siger det ikke.")
        raise RefusedRowError("looks_protected", "beskyttet", reason, _("Skriv ja eller nej i kolonnen »beskyttet«."))
    names = ("name", "form", "operator", "cvr", "p_number", "latitude", "longitude", "status", "opened", "closed")
    said = {name: values[name] for name in (*names, "verified_on")}
    said |= {
        "protected": protected,
        "municipality_id": municipality,
        "region_id": None,
        "service_type_id": term and term.pk,
    }
    if protected:
        known.protecting.add(number)
        said |= NO_PLACE | {"region_id": region}
    return (number,), said


def _refuse_half_a_point(values: Mapping[str, Any]) -> None:
    latitude, longitude = values["latitude"], values["longitude"]
    if (latitude is None) != (longitude is None):
        reason = _("Et punkt har både breddegrad og længdegrad.")
        raise RefusedRowError("half_a_point", "breddegrad", reason, _("Skriv begge, eller lad begge være tomme."))
    if latitude is not None and not (54.4 <= latitude <= 58.0 and 7.9 <= longitude <= 15.3):
        reason = _("Punktet %(latitude)s, %(longitude)s ligger ikke i Danmark.", latitude=latitude, longitude=longitude)
        raise RefusedRowError(
            "point_abroad", "breddegrad", reason, _("Er bredde- og længdegrad byttet om? Skriv grader (WGS 84).")
        )


def _refuse_end_before_beginning(values: Mapping[str, Any]) -> None:
    if values["opened"] and values["closed"] and values["closed"] < values["opened"]:
        reason = _(
            "Slutter %(closed)s, før det begynder %(opened)s.",
            closed=f"{values['closed']}",
            opened=f"{values['opened']}",
        )
        raise RefusedRowError("ends_before_it_begins", "til", reason, _("Ret en af datoerne."))


def _department(values: dict[str, Any], known: References) -> Made:
    _refuse_end_before_beginning(values)
    said = {name: values[name] for name in ("name", "opened", "closed")}
    return (known.provision(values), values["department"]), said


def _capacity(values: dict[str, Any], known: References) -> Made:
    low, high = values["age_from"], values["age_to"]
    if low is not None and high is not None and high < low:
        reason = _("Alderen går fra %(low)d til %(high)d.", low=low, high=high)
        raise RefusedRowError("ages_out_of_order", "alder til", reason, _("Byt om på dem, eller ret den ene."))
    number, bases = known.provision(values), []
    for code in values["bases"]:
        if code not in known.bases:
            reason = _("Paragraffen »%(code)s« er ikke blandt lovgrundlagene.", code=code)
            raise RefusedRowError(
                "unknown_paragraph", "paragraf", reason, _("Ret paragraffen, eller tilføj den til lovgrundlagene.")
            )
        basis = known.bases[code]
        bases.append(basis.pk)
        if basis.protects:
            known.protecting.add(number)
    said = {name: values[name] for name in ("places", "age_from", "age_to", "valid_on")} | {
        "bases": tuple(sorted(bases))
    }
    return (number, known.department(values), values["pool"]), said


def _target_group(values: dict[str, Any], known: References) -> Made:
    term = known.term(values["term"], SchemeKind.TARGET_GROUP, "målgruppe")
    number = known.provision(values)
    if term.protects:
        known.protecting.add(number)
    return (number, known.department(values), term.pk), {}


def _level(values: dict[str, Any], known: References) -> Made:
    term = known.term(values["term"], SchemeKind.LEVEL, "niveau")
    key = known.provision(values), known.department(values), term.pk, values["claimed_by"]
    return key, {"claimed_on": values["claimed_on"]}


def _inspection(values: dict[str, Any], known: References) -> Made:
    return (known.provision(values), values["on"]), {name: values[name] for name in (*THEMES, "reaction")}


def _usage(values: dict[str, Any], known: References) -> Made:
    persons = values["persons"]
    is_number = isinstance(persons, int)
    said = {"persons": persons if is_number else None, "suppressed": not is_number}
    return (known.provision(values), known.municipalities[values["municipality"]][0], values["year"]), said


def _vacancy(values: dict[str, Any], known: References) -> Made:
    term = known.term(values["term"], SchemeKind.TARGET_GROUP, "målgruppe")
    return (known.provision(values), term.pk), {"places": values["places"], "as_of": values["as_of"]}


def _assertion(values: dict[str, Any], known: References) -> Made:
    number = known.provision(values)
    if known.provisions[number][1] and values["field"] in {"operator", "municipality"}:
        reason = _("Tilbuddet er beskyttet: hvor det ligger, og hvem der driver det, bliver ikke gemt.")
        raise RefusedRowError("protected", "felt", reason, _("Slet rækken."))
    return (number, values["field"], values["source"]), {"value": values["value"], "verified_on": values["verified_on"]}


def _group_size(values: dict[str, Any], known: References) -> Made:
    term = known.term(values["term"], SchemeKind.TARGET_GROUP, "målgruppe")
    key = term.pk, known.municipalities[values["municipality"]][0], values["year"]
    return key, {"persons": values["persons"], "source": values["source"]}


_MADE_BY: Mapping[str, Callable[[dict[str, Any], References], Made]] = {
    Table.PROVISIONS: _provision,
    Table.DEPARTMENTS: _department,
    Table.CAPACITY: _capacity,
    Table.TARGET_GROUPS: _target_group,
    Table.LEVELS: _level,
    Table.INSPECTIONS: _inspection,
    Table.USAGE: _usage,
    Table.VACANCIES: _vacancy,
    Table.ASSERTIONS: _assertion,
    Table.GROUP_SIZES: _group_size,
}


class Stored(NamedTuple):
    """A row that holds now: its id, what it says, the source of its file."""

    pk: int
    values: dict[str, Any]
    source: str


def stored_rows(table: str) -> dict[Key, Stored]:
    """What holds now in a table, by key."""
    shape = SHAPES[table]
    plain = tuple(name for name in shape.values if name != "bases")
    rows = shape.model._default_manager.filter(is_current=True).values_list("pk", "upload__source", *shape.key, *plain)
    bases = dict(_bases()) if "bases" in shape.values else {}
    middle = 2 + len(shape.key)
    found = {}
    for row in rows.iterator(chunk_size=5_000):
        values = dict(zip(plain, row[middle:], strict=True))
        if "bases" in shape.values:
            values["bases"] = tuple(bases.get(row[0], ()))
        found[tuple(row[2:middle])] = Stored(row[0], values, row[1])
    return found


def _bases() -> Iterator[tuple[int, list[int]]]:
    grouped: dict[int, list[int]] = {}
    through = Capacity.bases.through._default_manager.filter(capacity__is_current=True)
    for capacity, basis in through.order_by("legalbasis_id").values_list("capacity_id", "legalbasis_id"):
        grouped.setdefault(capacity, []).append(basis)
    return iter(grouped.items())
