"""The PDF sheets of a published edition: made once, kept, the same bytes for ever."""

from pathlib import Path

from django.conf import settings

from portal.press.pdf import pdf_of
from portal.press.sheet import Sheet
from portal.serving import kept_files


def path_of(release: str, language: str, sheet_name: str) -> Path:
    """Where a sheet of a published revision is kept."""
    return Path(settings.MEDIA_ROOT) / "press" / release / language / f"{sheet_name}.pdf"


def kept_pdf(sheet: Sheet, language: str) -> bytes:
    """The sheet's PDF: as it was first made, or made now and kept. Raises NoPango where none can be made."""
    path = path_of(sheet.release, language, sheet.name)
    if path.exists():
        return path.read_bytes()
    return keep(sheet, language)


def keep(sheet: Sheet, language: str) -> bytes:
    """Make a sheet's PDF and keep it. Never for a draft: what is kept is public."""
    content = pdf_of(sheet, language)
    kept_files.keep(path_of(sheet.release, language, sheet.name), content)
    return content
