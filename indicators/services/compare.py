"""A stored file, read and held against the catalogue and what is known: the one road to every report."""

import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PosixPath
from typing import Any

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils.translation import gettext as _

import indicators.upload
from indicators.models import Indicator, Measurement, Upload, UploadState
from indicators.upload.cells import CODES, YEARS, Cells, Worth
from indicators.upload.checks import Figures, Finding, IndicatorFacts, KnownValues, Severity, check
from indicators.upload.difference import Current, Difference, StoredRow, difference, vanishing
from indicators.upload.messages import _ as text
from indicators.upload.period_rules import KINDS
from indicators.upload.periods import rule_words
from indicators.upload.reader import read
from indicators.upload.reading import Reading, ReadingOptions, Unreadable

from .receive import UploadError, takes_long

Progress = Callable[[str, float], None]
"""Told the step that runs, and how much of it is done (0–1). It may raise, and so stop the work."""

_KEPT = ("municipality", "year", "indicator", "value", "state", "row", "column")
"""What is kept of the cells beside the files, so that nothing reads a long one again."""
_WALKS = 3
"""So often a text file is walked from end to end: for its encoding, its marks and its values."""


@dataclass(frozen=True)
class Examination:
    """Everything that reading and checking a file gave. ``seen`` stands for the stored figures it was held against."""

    reading: Reading
    findings: list[Finding]
    difference: Difference
    known: KnownValues
    seen: str

    def of(self, severity: Severity) -> list[Finding]:
        """The findings of one severity."""
        return [finding for finding in self.findings if finding.severity == severity]


def examine(upload: Upload, *, now: dt.datetime, progress: Progress | None = None) -> Examination:
    """Read the stored file with the upload's options, check it and find what it would change. Writes nothing.

    Raises UploadError where the stored file is not the one that came, or cannot be read as a table.
    """
    tell = progress or _say_nothing
    reading = _read(upload, tell)
    if upload.options.get("answers", {}).get("blanks") != "missing":
        before = len(reading.cells)
        reading.cells = reading.cells.without_blanks()
        reading.blanks = before - len(reading.cells)
    tell("checking", 0.0)
    pairs = _pairs(reading)
    current, known = _stored(pairs)
    tell("checking", 0.3)
    findings = check(reading, catalogue=catalogue_facts(), known=known, this_year=now.year)
    tell("checking", 0.9)
    seen = _fingerprint(current, pairs)
    found = difference(reading, current)
    return Examination(reading, [*findings, *vanishing(found)], found, known, seen)


def cells_of(upload: Upload, *, now: dt.datetime) -> Cells:
    """The file's figures: of a long one those that its last check kept, of a small one read again.

    Raises UploadError for a long one that has not been checked as it is to be read now.
    """
    if not takes_long(upload):
        return examine(upload, now=now).reading.cells
    kept = kept_cells(upload)
    if kept is None:
        raise UploadError(_("Filen er stor og skal tjekkes igen først."))
    return kept


def keep_reading(upload: Upload, reading: Reading, stands_on: str) -> None:
    """Keep a checked reading's figures until the next check of the upload, and what the check stood on."""
    stream, cells = io.BytesIO(), reading.cells
    columns = {name: np.frombuffer(getattr(cells, name), dtype=getattr(cells, name).typecode) for name in _KEPT}
    beside = [list(cells.notes.items()), list(cells.worth.items()), cells.sheet, list(cells.columns)]
    facts = {
        "of": _read_from(upload),
        "stands_on": stands_on,
        "indicators": json.dumps(cells.indicators),
        "beside": json.dumps(beside),
        "period_rule": reading.period_rule,
    }
    np.savez(stream, allow_pickle=False, **{name: np.array(text) for name, text in facts.items()}, **columns)
    forget_reading(upload)
    default_storage.save(_kept_at(upload), ContentFile(stream.getbuffer()))


def forget_reading(upload: Upload) -> None:
    """Throw away what was kept of an upload that has gone in."""
    default_storage.delete(_kept_at(upload))


def kept_cells(upload: Upload) -> Cells | None:
    """The figures as they were kept; None where none are, or where the upload is to be read otherwise since."""
    kept = _kept(upload, None)
    return None if kept is None else kept.cells


def kept_check(upload: Upload, *, now: dt.datetime) -> Reading | None:
    """The last check's reading (its figures and its period rule), where everything that it stood on is as it was then,
    so that reading and checking once more would say the same; else None."""
    return _kept(upload, stands_on(now)) if is_as_it_came(upload) else None


def _kept(upload: Upload, stands_on: str | None) -> Reading | None:
    if not default_storage.exists(_kept_at(upload)):
        return None
    with default_storage.open(_kept_at(upload), "rb") as stored, np.load(stored, allow_pickle=False) as kept:
        if str(kept["of"]) != _read_from(upload) or not set(_KEPT) <= set(kept.files):
            return None
        if stands_on is not None and stands_on != str(kept["stands_on"]):
            return None
        notes, worth, sheet, columns = json.loads(str(kept["beside"]))
        cells = Cells(sheet=sheet, columns=columns)
        for code in json.loads(str(kept["indicators"])):
            cells.number_of(code)
        for name in _KEPT:
            getattr(cells, name).frombytes(kept[name].tobytes())
        cells.notes.update(notes)
        cells.worth.update((position, Worth(*parts)) for position, parts in worth)
        return Reading(layout=None, cells=cells, period_rule=str(kept["period_rule"]))


def stands_on(now: dt.datetime) -> str:
    """A checksum of all that a check hangs on beside its file: the reader, the catalogue, which uploads' figures are
    stored (they come and go in no other way), and the year."""
    stored = Upload.objects.filter(state__in=[UploadState.APPLIED, UploadState.TAKEN_BACK]).order_by("pk")
    catalogue = Indicator.objects.order_by("pk").values_list(
        "code", "name_da", "name_en", "unit", "direction", "decimals", "plausible_min", "plausible_max", "period_rule"
    )
    known = (_reader(), list(catalogue), list(stored.values_list("pk", "state")), now.year)
    return hashlib.sha256(repr(known).encode()).hexdigest()


@cache
def _reader() -> str:
    """A checksum of the code that reads and checks."""
    found = hashlib.sha256()
    for module in sorted(Path(indicators.upload.__file__).parent.rglob("*.py")):
        found.update(module.read_bytes())
    return found.hexdigest()


def _kept_at(upload: Upload) -> str:
    return str(Path("readings") / f"{upload.pk}.npz")


def _read_from(upload: Upload) -> str:
    return json.dumps([upload.sha256, upload.options], sort_keys=True)


def pairs_of(examination: Examination) -> list[tuple[str, int]]:
    """The indicators and years that a file has figures of."""
    return sorted(_pairs(examination.reading))


def catalogue_facts() -> dict[str, IndicatorFacts]:
    """What the catalogue says of every indicator, by code."""
    return {
        i.code: IndicatorFacts(i.code, i.name_da, i.unit, i.direction, i.decimals, i.plausible_min, i.plausible_max)
        for i in Indicator.objects.all()
    }


def known_indicators() -> dict[str, str]:
    """Every label an indicator may have in a file, and its code."""
    known: dict[str, str] = {}
    for code, name_da, name_en in Indicator.objects.values_list("code", "name_da", "name_en"):
        known |= {code: code, name_da: code, name_en: code}
    return known


def _say_nothing(_step: str, _share: float) -> None:
    pass


class _CountedFile(io.FileIO):
    """A file that tells how many bytes were read from it."""

    def __init__(self, path: str, told: Callable[[int], None]) -> None:
        super().__init__(path)
        self._told = told

    def readinto(self, buffer: Any) -> int:
        number = super().readinto(buffer) or 0
        self._told(number)
        return number


class _CountedPath(PosixPath):
    """A file on disk that tells how much of all its walks is done, so that a progress bar is true."""

    told: Callable[[int], None]

    def open(self, *_args: Any, **_kwargs: Any) -> Any:
        """Open for reading bytes: all that the reader does with it."""
        return io.BufferedReader(_CountedFile(str(self), self.told), 1 << 18)


def _counted(path: str, tell: Progress) -> _CountedPath:
    counted = _CountedPath(path)
    whole, done = max(counted.stat().st_size * _WALKS, 1), 0

    def told(number: int) -> None:
        nonlocal done
        done += number
        tell("reading", min(done / whole, 1.0))

    counted.told = told
    return counted


def is_as_it_came(upload: Upload) -> bool:
    """Whether the stored file is the one that came, by its checksum."""
    with upload.file.open("rb") as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest() == upload.sha256


def _read(upload: Upload, tell: Progress) -> Reading:
    tell("reading", 0.0)
    if not is_as_it_came(upload):
        message = _("%(file)s: den gemte fil er ikke den, der blev indberettet (dens kontrolsum er en anden).")
        raise UploadError(message % {"file": upload.name})
    options = ReadingOptions.from_json(upload.options)
    rule = _period_rule(options.indicator)
    if rule:  # chosen once for the indicator: a person's own answer for this file goes before it
        options = replace(options, answers={f"period:{kind}": rule for kind in KINDS} | dict(options.answers))
    path, known = _counted(upload.file.path, tell), known_indicators()
    try:
        reading = read(path, name=upload.name, options=options, known_indicators=known)
    except Unreadable as error:
        raise UploadError(f"{upload.name}: {error}") from error
    chosen = rule_words(reading.period_rule)
    if rule and chosen is not None and reading.period_rule != rule:
        words = str(rule_words(rule))
        reading.notes.append(
            text("Årets tal er her %(chosen)s. Kataloget siger %(rule)s.", chosen=str(chosen), rule=words)
        )
    return reading


def _period_rule(code: str | None) -> str:
    return Indicator.objects.filter(code=code or "").values_list("period_rule", flat=True).first() or ""


def _pairs(reading: Reading) -> set[tuple[str, int]]:
    codes = reading.cells.indicators
    groups = np.unique(reading.cells.keys() // CODES).tolist()
    return {(codes[group // YEARS], group % YEARS) for group in groups}


def _stored(pairs: set[tuple[str, int]]) -> tuple[Current, KnownValues]:
    """What is stored of exactly these indicators and years, to compare with; and the figures of all years up to the
    last, to weigh by. Neither is ever held as rows: a decade of a large country is ten million."""
    return Current(_rows(pairs)), KnownValues(_figures(pairs))


def _rows(pairs: set[tuple[str, int]]) -> Iterator[StoredRow]:
    rows = (
        _of(pairs)
        .filter(year__in={year for _code, year in pairs})
        .order_by("indicator__code", "year", "municipality__code")
        .values_list("indicator__code", "year", "municipality__code", "value", "missing", "provisional")
        .iterator(chunk_size=20_000)
    )
    return ((*row[:4], row[4] or None, row[5]) for row in rows if row[:2] in pairs)


def _figures(pairs: set[tuple[str, int]]) -> dict[tuple[str, int], Figures]:
    columns = (
        _of(pairs)
        .filter(year__lte=max((year for _code, year in pairs), default=0), value__isnull=False)
        .values_list("indicator__code", "year")
        .annotate(codes=ArrayAgg("municipality__code"), figures=ArrayAgg("value"))
        .order_by()
        .iterator(chunk_size=20)
    )
    return {(code, year): Figures(codes, figures) for code, year, codes, figures in columns}


def _of(pairs: set[tuple[str, int]]) -> QuerySet[Measurement]:
    return Measurement.objects.current().filter(indicator__code__in={code for code, _year in pairs})


def _fingerprint(current: Current, pairs: set[tuple[str, int]]) -> str:
    """A checksum of the stored figures of exactly these indicators and years."""
    number = {code: position for position, code in enumerate(current.indicators)}
    groups = [number[code] * YEARS + year for code, year in pairs if code in number]
    at = np.flatnonzero(np.isin(current.keys // CODES, np.array(groups, dtype=np.int64)))
    series = YEARS * CODES
    found = hashlib.sha256("|".join(current.indicators[key // series] for key in current.keys[at].tolist()).encode())
    for column in (current.keys[at] % series, current.values[at], current.states[at]):
        found.update(column.tobytes())
    return found.hexdigest()
