"""A press sheet as a tagged PDF (PDF/UA-1), by WeasyPrint with pango.

The same sheet gives the same bytes: nothing in it depends on when it is made, and its id is that of the sheet.
"""

from hashlib import sha256
from pathlib import Path
from textwrap import fill

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from portal.components.tables import Row
from portal.pictures.pdf import draw_pdf
from portal.press.sheet import Sheet
from portal.serving import files

WIDTH = 78


def plain_text(sheet: Sheet) -> str:
    """The sheet as text, every number's id and address after its sentence."""
    lines = [sheet.title, "=" * len(sheet.title), sheet.under, ""]
    lines += [line for line in (sheet.embargo, sheet.correction, *_head(sheet)) if line]
    lines += ["", *_headed(_("Det kan skrives"))]
    for position, sentence in enumerate(sheet.sentences, start=1):
        lines.append(fill(f"{position}. {sentence.text} [{sentence.sure}]", WIDTH, subsequent_indent="   "))
        lines += [f"   {piece.number}  {absolute(piece.url)}" for piece in sentence.numbers]
    lines += _said(sheet)
    lines += ["", *_headed(_("Det kan ikke skrives"))]
    lines += [fill(f"- {one}", WIDTH, subsequent_indent="  ") for one in sheet.warnings]
    lines += ["", *_headed(_("Værd at spørge om"))]
    lines += [fill(f"- {one}", WIDTH, subsequent_indent="  ") for one in sheet.questions]
    if sheet.practices:
        tried = [fill(f"- {one}", WIDTH, subsequent_indent="  ") for one in sheet.practices]
        lines += ["", *_headed(_("God praksis")), fill(caution(), WIDTH), *tried]
    for table in sheet.tables:
        lines += ["", *_headed(table.caption)]
        lines += [" | ".join([_named(row), *(cell.text or cell.missing for cell in row.cells)]) for row in table.rows]
    lines += ["", *(line for line in (contact(sheet), sheet.permalink) if line)]
    return "\n".join(lines) + "\n"


def caution() -> str:
    """What may not be written of a practice."""
    return _("Skriv ikke, at det virker her: målt her siger kun, om tallene skilte sig ud samtidig.")


def _named(row: Row) -> str:
    return f"{row.name} ({row.note})" if row.note else row.name


def _said(sheet: Sheet) -> list[str]:
    """The municipality's own words and what is under clarification, under headings of their own."""
    said, lines = sheet.said, []
    if said.comment:
        own = [fill(line, WIDTH) for line in said.comment]
        lines += ["", *_headed(_("Kommunen skriver")), *own, said.signed]
    if said.flags:
        flags = [fill(f"- {one}", WIDTH, subsequent_indent="  ") for one in said.flags]
        lines += ["", *_headed(_("Under afklaring")), *flags, said.where]
    return lines


def _head(sheet: Sheet) -> list[str]:
    release = _("Udgave %(release)s") % {"release": sheet.release}
    return [f"{release}, {sheet.published}" if sheet.published else release]


def _headed(title: str) -> list[str]:
    return [title, "-" * len(title)]


def contact(sheet: Sheet) -> str:
    """Whom to ask; "" where the site has named nobody."""
    return _("Kontakt: %(contact)s") % {"contact": sheet.contact} if sheet.contact else ""


def absolute(path: str) -> str:
    """A path with the site in front."""
    return f"{settings.SITE_ADDRESS}{path}" if path.startswith("/") else path


def pdf_of(sheet: Sheet, language: str) -> bytes:
    """Render a sheet in the language that is active. Raises NoPango where the library is missing."""
    return draw_pdf(source(sheet, language), sheet.name)


def source(sheet: Sheet, language: str) -> str:
    """The HTML that a sheet's PDF is made of."""
    return render_to_string("press/sheet_pdf.html", {"sheet": sheet, "language": language, "contact": contact(sheet)})


def path_of(release: str, language: str, sheet_name: str) -> Path:
    """Where a sheet of a published revision is kept."""
    return Path(settings.MEDIA_ROOT) / "press" / release / language / f"{sheet_name}.pdf"


def _path(sheet: Sheet, language: str) -> Path:
    """Where this very sheet is kept: what is said of its figures and what it is held against may change, so that
    another file stands beside the first."""
    since = repr((sheet.said, sheet.against, sheet.practices)).encode()
    mark = f"-{sha256(since).hexdigest()[:12]}" if sheet.said or sheet.against or sheet.practices else ""
    return path_of(sheet.release, language, f"{sheet.name}{mark}")


def kept_pdf(sheet: Sheet, language: str) -> bytes:
    """The sheet's PDF: as it was first made, or made now and kept. Raises NoPango where none can be made."""
    path = _path(sheet, language)
    if path.exists():
        return path.read_bytes()
    return keep(sheet, language)


def keep(sheet: Sheet, language: str) -> bytes:
    """Make a sheet's PDF and keep it. Never for a draft: what is kept is public."""
    content = pdf_of(sheet, language)
    files.keep(_path(sheet, language), content)
    return content
