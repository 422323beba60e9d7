"""A workbook's zip looked at before anything parses it: what it is, and whether it is what it says.

Only what is unpacked here is believed: a zip's own sizes may lie. Each part is inflated once, in pieces, against a
limit, and searched for what no figure file needs: macros, DTDs (entities that multiply), parts that overlap.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from .limits import MEGABYTE, Limits
from .messages import Text, _
from .reading import Unreadable

_PIECE = MEGABYTE
_LONGEST_NAME = 200
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_BROKEN = _("Regnearket er beskadiget og kan ikke åbnes.")


class Archive:
    """A zip that was found fit to read; `kind` is xlsx or ods."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        try:
            with zipfile.ZipFile(stream) as opened:
                self._parts = {each.filename: each for each in self._sound(opened.infolist())}
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error, OverflowError) as error:
            raise Unreadable(_BROKEN) from error
        self.kind = self._kind()
        self._refuse_macros()
        self._refuse_hidden_weight()

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self._parts

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part unpacked in pieces of at most a megabyte; raises Unreadable where it is broken or larger than it
        says."""
        info = self._parts[name]
        self._stream.seek(info.header_offset)
        header = self._stream.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
            raise Unreadable(_BROKEN)
        fields = _LOCAL_HEADER.unpack(header)
        self._stream.seek(fields[-2] + fields[-1], 1)
        total = 0
        for piece in self._inflated(info):
            total += len(piece)
            if total > info.file_size:
                raise Unreadable(_("Regnearket fylder mere, end det selv siger. Det indlæses ikke."))
            yield piece
        if total != info.file_size:
            raise Unreadable(_BROKEN)

    def part(self, name: str, most: int) -> bytes:
        """A whole part of at most so many bytes."""
        if self._parts[name].file_size > most:
            raise Unreadable(_too_large(self._parts[name].file_size, most))
        return b"".join(self.pieces(name))

    def _inflated(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        left = info.compress_size
        inflate = zlib.decompressobj(-zlib.MAX_WBITS) if info.compress_type == zipfile.ZIP_DEFLATED else None
        while left > 0:
            packed = self._stream.read(min(left, 64 * 1024))
            if not packed:
                raise Unreadable(_BROKEN)
            left -= len(packed)
            while packed:
                if inflate is None:
                    yield packed
                    break
                try:
                    yield inflate.decompress(packed, _PIECE)
                except zlib.error as error:
                    raise Unreadable(_BROKEN) from error
                packed = inflate.unconsumed_tail

    def _sound(self, parts: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
        """The parts, if none is doubled, locked, overlapping or packed in an unusual way and the sizes told are
        small enough."""
        if any(each.header_offset < 0 for each in parts):
            raise Unreadable(_BROKEN)
        names = {each.filename for each in parts}
        in_order = sorted(parts, key=lambda each: each.header_offset)
        overlap = any(
            first.header_offset + _LOCAL_HEADER.size + first.compress_size > second.header_offset
            for first, second in pairwise(in_order)
        )
        unusual = any(each.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for each in parts)
        if overlap or unusual or len(names) != len(parts) or any(len(name) > _LONGEST_NAME for name in names):
            raise Unreadable(
                _("Regnearket er pakket på en måde, der ikke kan læses sikkert. Gem det igen i et regneark.")
            )
        if any(each.flag_bits & 1 for each in parts):
            raise Unreadable(_("Regnearket har adgangskode. Gem det uden."))
        if len(parts) > self._limits.members:
            raise Unreadable(_("Regnearket har for mange dele."))
        for each in parts:
            if each.file_size > self._limits.ratio_from and each.file_size > self._limits.ratio * max(
                each.compress_size, 1
            ):
                raise Unreadable(_("Regnearket er pakket så hårdt, at det ligner en zip-bombe. Det indlæses ikke."))
        total = sum(each.file_size for each in parts)
        if total > self._limits.unpacked:
            raise Unreadable(_too_large(total, self._limits.unpacked))
        return parts

    def _kind(self) -> str:
        if self.has("xl/workbook.xml"):
            return "xlsx"
        if self.has("mimetype") and self.has("content.xml") and self.part("mimetype", 200).strip() == _SPREADSHEET:
            return "ods"
        if self.has("xl/workbook.bin"):
            raise Unreadable(_("Filen er et binært regneark (.xlsb). Gem den som .xlsx."))
        raise Unreadable(_("Filen er en zip-fil, men ikke et regneark. Pak den ud, og indlæs tabellen selv."))

    def _refuse_macros(self) -> None:
        named = any(
            name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in self._parts
        )
        types = self.part("[Content_Types].xml", MEGABYTE) if self.has("[Content_Types].xml") else b""
        if named or b"macroenabled" in types.lower():
            raise Unreadable(_("Regnearket har makroer. Gem det som .xlsx uden makroer."))

    def _refuse_hidden_weight(self) -> None:
        """Unpack every part that a reader would and look for a DTD; images and the like are never opened."""
        for name in self._parts:
            if not name.lower().endswith((".xml", ".rels")):
                continue
            if name.endswith("sharedStrings.xml") and self._parts[name].file_size > self._limits.texts:
                raise Unreadable(_too_large(self._parts[name].file_size, self._limits.texts))
            tail = b""
            for piece in self.pieces(name):
                searched = (tail + piece).replace(b"\0", b"") if b"\0" in piece else tail + piece
                if b"<!DOCTYPE" in searched or b"<!ENTITY" in searched:
                    raise Unreadable(_("Regnearket har en DTD, som kan bruges til angreb. Det indlæses ikke."))
                tail = piece[-16:]


def unpacked_size(content: bytes | Path) -> int:
    """How large a zip says it is unpacked, read from its end; 0 for what is none. Good for a guess, not for trust."""
    try:
        with zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content) as opened:
            return sum(each.file_size for each in opened.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error, OverflowError):
        return 0


def _too_large(size: int, most: int) -> Text:
    return _(
        "Regnearket fylder %(size)d MB udpakket. Grænsen er %(most)d MB. Gem det som CSV.",
        size=size // MEGABYTE,
        most=most // MEGABYTE,
    )
