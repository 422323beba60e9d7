"""Press sheets of an edition, of a municipality, of an indicator: page, PDF, text."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from indicators.models import Indicator, Municipality
from portal.addresses.proofs import Addresses
from portal.frame.of_an_edition import of_an_edition
from portal.press.files import kept_pdf
from portal.press.page import press_page
from portal.press.pdf import NoPango
from portal.press.plain import plain_text
from portal.press.sheet import Sheet, sheet_of
from portal.published.edition import Shown

Subject = Municipality | Indicator | None


@of_an_edition
def press(request: HttpRequest, shown: Shown, slug: str = "", code: str = "") -> HttpResponse:
    """Show a press sheet: the nation's, a municipality's (slug) or an indicator's (code)."""
    subject = subject_of(slug, code)
    page = press_page(shown, _sheet(shown, subject), subject)
    return render(request, "press/sheet.html", {"page": page, "section": "press"})


@of_an_edition
def press_text(_request: HttpRequest, shown: Shown, slug: str = "", code: str = "") -> HttpResponse:
    """Give a press sheet as text to paste."""
    return HttpResponse(plain_text(_sheet(shown, subject_of(slug, code))), content_type="text/plain; charset=utf-8")


@of_an_edition
def press_pdf(_request: HttpRequest, shown: Shown, slug: str = "", code: str = "") -> HttpResponse:
    """Give a press sheet as a tagged PDF: the one made at publication, or made now and kept."""
    sheet = _sheet(shown, subject_of(slug, code))
    try:
        return as_pdf(kept_pdf(sheet, get_language() or "da"), sheet)
    except NoPango as missing:
        return HttpResponse(f"{missing}\n", status=501, content_type="text/plain; charset=utf-8")


def as_pdf(content: bytes, sheet: Sheet) -> HttpResponse:
    """A PDF as an answer that opens in the browser under its own name."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{sheet.name}.pdf"'
    return response


def subject_of(slug: str, code: str) -> Subject:
    """What a sheet is about: a municipality, an indicator, or the nation (None). Http404 for what there is not."""
    if slug:
        return get_object_or_404(Municipality, slug=slug)
    rows = Indicator.objects.of_the_index().select_related("theme__area", "source")
    return get_object_or_404(rows, code=code) if code else None


def _sheet(shown: Shown, subject: Subject) -> Sheet:
    return sheet_of(shown.edition, subject, Addresses(shown.edition.release))
