"""A press sheet as plain text, to paste into a story."""

from textwrap import fill

from django.conf import settings
from django.utils.translation import gettext as _

from portal.press.sheet import Sheet

WIDTH = 78


def plain_text(sheet: Sheet) -> str:
    """The sheet as text, every number's id and address after its sentence."""
    lines = [sheet.title, "=" * len(sheet.title), sheet.under, ""]
    lines += [line for line in (sheet.embargo, sheet.correction, *_head(sheet)) if line]
    lines += ["", *_headed(_("Det kan skrives"))]
    for position, sentence in enumerate(sheet.sentences, start=1):
        lines.append(fill(f"{position}. {sentence.text} [{sentence.sure}]", WIDTH, subsequent_indent="   "))
        lines += [f"   {piece.number}  {absolute(piece.url)}" for piece in sentence.numbers]
    lines += ["", *_headed(_("Det kan ikke skrives"))]
    lines += [fill(f"- {one}", WIDTH, subsequent_indent="  ") for one in sheet.warnings]
    lines += ["", *_headed(_("Værd at spørge om"))]
    lines += [fill(f"- {one}", WIDTH, subsequent_indent="  ") for one in sheet.questions]
    for table in sheet.tables:
        lines += ["", *_headed(table.caption)]
        lines += [" | ".join([row.name, *(cell.text or cell.missing for cell in row.cells)]) for row in table.rows]
    lines += ["", *(line for line in (contact(sheet), sheet.permalink) if line)]
    return "\n".join(lines) + "\n"


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
