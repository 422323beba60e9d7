"""What a file is, by its content: its name and what the browser says of it count for nothing. No Django."""

import io
import re
import zipfile
from pathlib import PurePath

LARGEST = 5_000_000
MOST = 3
_SIGNATURES = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_OFFICE = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_MACROS = re.compile(r"vbaProject|activeX|embeddings/", re.IGNORECASE)
_TEXT = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f]*")


def kind_of(content: bytes) -> str | None:
    """The content type of a PDF, PNG, JPEG, Excel or Word file without macros, or plain text; None: not allowed."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(b"PK"):
        return _office(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return "text/plain" if text.strip() and _TEXT.fullmatch(text) and not text.lstrip().startswith("<") else None


def _office(content: bytes) -> str | None:
    """Only the list of what is inside is read: nothing is unpacked."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(_MACROS.search(name) for name in names):
        return None
    return next((kind for part, kind in _OFFICE.items() if part in names), None)


def safe_name(name: str) -> str:
    """The last part of a file's name without what a header or a folder could mistake; "bilag" where nothing is left."""
    last = PurePath(name.replace("\\", "/")).name
    return re.sub(r"[^\w .,()æøåÆØÅ-]", "_", last).strip(" .")[-150:] or "bilag"
