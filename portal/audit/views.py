"""Is the index sound: the audit of an edition as page and files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.audit.files import pairs_table, parts_table
from portal.audit.page import audit_embed, audit_page, audit_picture
from portal.downloads.files import file_answer
from portal.frame.of_an_edition import embedded, framed_by_anyone, of_an_edition
from portal.pictures.svg import picture_answer
from portal.published.edition import ShownEdition


@of_an_edition
def audit(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Say whether an edition's index is sound, by what was found when it was looked over."""
    return render(request, "audit/audit.html", {"page": audit_page(shown), "section": "method"})


@of_an_edition
def parts(_request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Give what was found of every part of the index."""
    return file_answer(parts_table(shown), ending)


@of_an_edition
def pairs(_request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Give the correlation of every pair."""
    return file_answer(pairs_table(shown), ending)


@of_an_edition
def drawn(_request: HttpRequest, shown: ShownEdition, ending: str) -> HttpResponse:
    """Draw which themes go together as SVG or PNG."""
    return picture_answer(audit_picture(shown), ending)


@framed_by_anyone
@of_an_edition
def in_a_frame(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Show the verdict inside another site."""
    return embedded(request, audit_embed(shown))
