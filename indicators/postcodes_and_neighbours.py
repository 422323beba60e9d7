"""Which municipalities a postcode lies in, and which meet on land: facts shipped as files, the same for every edition.

They are read once in a process and found by the municipality's code, so that a database with other municipalities
simply has none of them. Sources and licence: NOTICE.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parent / "data"


class PostcodePart(NamedTuple):
    """The part of a postcode that lies in one municipality. ``share``: of its area, not of its addresses (0–1)."""

    postcode: str
    name: str
    code: str
    share: float


@cache
def _postcodes() -> dict[str, tuple[PostcodePart, ...]]:
    found: dict[str, list[PostcodePart]] = defaultdict(list)
    for row in _rows("postcodes.csv"):
        part = PostcodePart(row["postcode"], row["name"], row["code"], float(row["share"]))
        found[part.postcode].append(part)
    return {postcode: tuple(sorted(parts, key=lambda part: -part.share)) for postcode, parts in found.items()}


def postcode_parts(postcode: str) -> tuple[PostcodePart, ...]:
    """The municipalities that a postcode lies in, the largest part first; empty where nobody has it."""
    return _postcodes().get(postcode, ())


def postcodes_beginning(digits: str, most: int) -> list[PostcodePart]:
    """The largest part of each postcode that begins so, in the order of the postcodes."""
    return [parts[0] for postcode, parts in sorted(_postcodes().items()) if postcode.startswith(digits)][:most]


@cache
def _neighbours() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows("neighbours.csv"):
        found[row["code_a"]].add(row["code_b"])
        found[row["code_b"]].add(row["code_a"])
    return {code: frozenset(others) for code, others in found.items()}


def neighbours_of(code: str) -> frozenset[str]:
    """The codes of those it meets on land; an island, or a municipality that the file does not know, has none."""
    return _neighbours().get(code, frozenset())


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
