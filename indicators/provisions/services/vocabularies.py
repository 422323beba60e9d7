"""The words provisions are described in, from files into the database: paragraphs, points, lists of terms."""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from indicators.models import Municipality
from indicators.provisions.files.columns import NotReadableError, looks_protected, yes_no
from indicators.provisions.models import LegalBasis, PlacePoint, Scheme, SchemeKind, Term

DATA = Path(__file__).resolve().parent.parent / "data"
_HEAD = ("scheme", "version", "kind", "name_da", "name_en", "publisher", "source")
_TERM = ("code", "term_da", "term_en", "means", "protects")


class SchemeError(Exception):
    """A list of terms cannot be loaded; the message says which row and what to do. Nothing was changed."""


@transaction.atomic
def load_vocabularies() -> int:
    """Bring paragraphs and points of places in line with the shipped files; return how many rows
    were added. Idempotent. What a paragraph protects is never changed: a constraint of the database."""
    municipalities = {each.code: each for each in Municipality.objects.all()}
    before = _count()
    for row in _rows_of("legal_bases.csv"):
        number, letter = int(row["number"]), row["letter"]
        says = {"law_name_da": row["law_name_da"], "law_name_en": row["law_name_en"]}
        dates = {"valid_from": _day(row["valid_from"]), "valid_to": _day(row["valid_to"])}
        created = {**says, **dates, "protects": row["protects"] == "true"}
        key = {"law": row["law"], "number": number, "letter": letter}
        LegalBasis.objects.update_or_create(**key, defaults={**says, **dates}, create_defaults=created)
    known = set(PlacePoint.objects.values_list("municipality__code", "name"))
    points = [
        PlacePoint(
            municipality=municipalities[row["code"]],
            name=row["name"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )
        for row in _rows_of("points.csv")
        if (row["code"], row["name"]) not in known
    ]
    for point in points:
        point.derive_keys()
    PlacePoint.objects.bulk_create(points)
    return _count() - before


def _count() -> int:
    return LegalBasis.objects.count() + PlacePoint.objects.count()


@transaction.atomic
def load_scheme(*, content: str, is_demo: bool = False) -> Scheme:
    """Load one list of terms, in one version, from CSV with commas: a row a term, the list's own words in each.

    Columns: scheme, version, kind (target_group, service_type or level), name_da, name_en, publisher, source, code,
    term_da, term_en, means (code of a term of our own lists, or list:code), protects (true or empty). Terms already
    there keep what they mean and protect; new ones are added, names follow the file. Raises SchemeError.
    """
    rows = list(csv.DictReader(io.StringIO(content)))
    if not rows:
        raise SchemeError("The list has no terms. Write a row for each.")
    if missing := [name for name in (*_HEAD, *_TERM) if name not in rows[0]]:
        msg = f"Columns are missing: {', '.join(missing)}."
        raise SchemeError(msg)
    scheme = _scheme(rows, is_demo=is_demo)
    for number, row in enumerate(rows, start=1):
        _load_term(scheme, number, row)
    return scheme


def _scheme(rows: list[dict[str, str]], *, is_demo: bool) -> Scheme:
    head = {name: rows[0][name].strip() for name in _HEAD}
    for number, row in enumerate(rows, start=2):
        if {name: row[name].strip() for name in _HEAD} != head:
            msg = f"Row {number} is of another list than row 2. One file holds one list in one version."
            raise SchemeError(msg)
    if head["kind"] not in SchemeKind.values:
        msg = f"The kind {head['kind']!r} is none of {', '.join(SchemeKind.values)}."
        raise SchemeError(msg)
    if not head["publisher"] or not head["source"]:
        msg = "Write who publishes the list and where it stands: no list is shown without its source."
        raise SchemeError(msg)
    names = {name: head[name] for name in ("name_da", "name_en", "publisher", "source")}
    scheme, _created = Scheme.objects.update_or_create(
        code=head["scheme"],
        version=head["version"],
        defaults=names,
        create_defaults={**names, "kind": head["kind"], "is_demo": is_demo},
    )
    return scheme


def _load_term(scheme: Scheme, number: int, row: Mapping[str, str]) -> None:
    names = {"name_da": row["term_da"].strip(), "name_en": row["term_en"].strip(), "position": number}
    if not names["name_da"]:
        msg = f"Row {number + 1}: the term has no name."
        raise SchemeError(msg)
    protects = _protects(number, row["protects"].strip())
    if not protects and scheme.kind != SchemeKind.LEVEL and looks_protected(f"{names['name_da']} {names['name_en']}"):
        msg = f"Row {number + 1}: {names['name_da']!r} must never be shown one by one. Write true under protects."
        raise SchemeError(msg)
    created = {**names, "means": _meant(scheme, number, row["means"].strip()), "protects": protects}
    Term.objects.update_or_create(scheme=scheme, code=row["code"].strip(), defaults=names, create_defaults=created)


def _protects(number: int, words: str) -> bool:
    try:
        return yes_no(words)
    except NotReadableError as error:
        msg = f"Row {number + 1}: protects is {words!r}. Write true, or nothing."
        raise SchemeError(msg) from error


def _meant(scheme: Scheme, number: int, words: str) -> Term | None:
    if not words:
        return None
    of_scheme, _colon, code = words.rpartition(":")
    found = Term.objects.our_own().filter(code=code, scheme__kind=scheme.kind).exclude(scheme=scheme)
    terms = list(found.filter(scheme__code=of_scheme) if of_scheme else found)
    if len(terms) != 1:
        msg = f"Row {number + 1}: {words!r} names {len(terms)} terms. Write one, as list:code."
        raise SchemeError(msg)
    return terms[0]


def _rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(words: str) -> dt.date | None:
    return dt.date.fromisoformat(words) if words else None
