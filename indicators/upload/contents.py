"""What a file is, by its content and never by its name: its kind, and for text its encoding and delimiter."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from .messages import _
from .places import gazetteer
from .reading import Unreadable

_HEAD = 65_536
_ROWS_FOR_A_DELIMITER = 300
_SIGNATURES = (
    (b"PK\x03\x04", "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old office"),
    (b"%PDF", "PDF"), (b"\x89PNG", "billede"), (b"\xff\xd8\xff", "billede"), (b"GIF8", "billede"), (b"RIFF", "medie"),
    (b"\x1f\x8b", "pakket fil"), (b"7z\xbc\xaf", "pakket fil"), (b"Rar!", "pakket fil"),
    (b"PK\x05\x06", "tom zip"), (b"PK", "zip"),
    (b"BZh", "pakket fil"), (b"\xfd7zXZ", "pakket fil"), (b"\x7fELF", "program"), (b"MZ", "program"),
    (b"SQLite format", "database"),
    (b"{\\rtf", "RTF"), (b"PAR1", "parquet"),
)  # fmt: skip
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<svg", b"<script", b"<head", b"<body")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (";", "\t", ",", "|")
_DANISH_LETTERS = frozenset("æøåÆØÅé")


def head_of(content: bytes | Path, size: int = _HEAD) -> bytes:
    """The first bytes of a file."""
    if isinstance(content, bytes):
        return content[:size]
    with content.open("rb") as file:
        return file.read(size)


def stream_of(content: bytes | Path) -> BinaryIO:
    """The file as a stream of bytes."""
    return io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def kind_of(content: bytes | Path) -> str:
    """`archive` (a zip, perhaps a workbook) or `text`; raises Unreadable for anything else, saying what it is."""
    head = head_of(content)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature) and not (kind in {"zip", "program", "medie"} and _is_text(head)):
            if kind == "archive":
                return kind
            if kind == "old office":
                raise Unreadable(
                    _(
                        "Filen er i Excels gamle format (.xls) eller har adgangskode. Gem den som .xlsx uden "
                        "adgangskode."
                    )
                )
            raise Unreadable(_("Filen er ikke en tabel, men: %(kind)s. Brug CSV, XLSX eller ODS.", kind=kind))
    if head.lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith(_MARKUP):
        raise Unreadable(_("Filen er en webside eller XML. Gem tabellen som CSV eller XLSX."))
    if not _is_text(head):
        raise Unreadable(_("Filen er ikke tekst og ikke et regneark. Brug CSV, XLSX eller ODS."))
    return "text"


def _is_text(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)) or _utf16_without_mark(head):
        return True
    controls = sum(head.count(bytes((byte,))) for byte in (*range(9), *range(14, 32), 127) if byte != 0x1A)
    return b"\0" not in head and controls <= len(head) // 500


def _utf16_without_mark(head: bytes) -> str | None:
    sample = head[:4096]
    if len(sample) < 8:
        return None
    odd, even = sample[1::2].count(0) / (len(sample) // 2), sample[::2].count(0) / (len(sample) // 2)
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.1 else None


def encoding_of(content: bytes | Path) -> str:
    """The encoding: by its mark, else UTF-8 where all of it is valid, else the single-byte one that gives Danish
    letters.

    Latin-1 and Windows-1252 are the same but for 0x80–0x9F: it is called latin-1 where none of those is used.
    """
    head = head_of(content)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if name_of_16 := _utf16_without_mark(head):
        return name_of_16
    if _is_utf8(content):
        return "utf-8"
    with stream_of(content) as stream:
        sample = stream.read(4_000_000)
    scores = {name: _danish_letters(sample, name) for name in ("windows-1252", "cp850", "mac-roman")}
    best = max(scores, key=lambda name: scores[name])
    if best == "windows-1252" and not any(0x80 <= byte <= 0x9F for byte in set(sample)):
        return "latin-1"
    return best


def _is_utf8(content: bytes | Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with stream_of(content) as stream:
        try:
            while chunk := stream.read(1_000_000):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _danish_letters(sample: bytes, encoding: str) -> int:
    counts = Counter(sample.decode(encoding, errors="replace"))
    strange = sum(number for letter, number in counts.items() if ord(letter) > 127 and not letter.isalpha())
    return sum(counts[letter] for letter in _DANISH_LETTERS) - strange - counts["\ufffd"]


def delimiter_of(head: str) -> str:
    """The delimiter of a text: that which gives rows of one width with municipalities in cells of their own."""
    if head[:4].lower() == "sep=" and len(head) > 4:
        return head[4]
    scores = {mark: _score(head, mark) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: scores[mark])
    return best if scores[best][0] or scores[best][1] else ";"


def _score(head: str, mark: str) -> tuple[int, float, int]:
    sample = islice(_sample_rows(head, mark), _ROWS_FOR_A_DELIMITER)
    rows = [row for row in sample if any(cell.strip() for cell in row)]
    wide = [len(row) for row in rows if len(row) > 1]
    if not wide:
        return 0, 0.0, 0
    width, count = Counter(wide).most_common(1)[0]
    find = gazetteer().find
    places = sum(
        any(find(cell).kind != "unknown" for cell in row[:8] if not cell.isdigit() or len(cell) > 2)
        for row in rows
        if len(row) > 1
    )
    return places, count / len(rows), width


def _sample_rows(head: str, mark: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(head, newline=""), delimiter=mark)
    except csv.Error:
        return
