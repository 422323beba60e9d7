"""Press sheets of an edition, of a municipality, of an indicator: page, PDF, text."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.addresses import Addresses, NumberId
from portal.frame.of_an_edition import of_an_edition
from portal.pictures.pdf import NoPango
from portal.press.page import embargo_line, embargo_page, practice_lines, press_page, set_page
from portal.press.pdf import kept_pdf, pdf_of, plain_text
from portal.press.sheet import Sheet, sheet_of
from portal.published import Indicator, Municipality, PressLink
from portal.published.edition import ShownEdition
from portal.published.municipalities import municipality_or_404
from portal.published.proofs import record
from portal.published.subjects import indicator_or_404
from portal.serving.cache import released
from portal.trace.page import trace_page
from rankings.services.embargo import EmbargoError, open_press_link

Subject = Municipality | Indicator | None


@of_an_edition
def press(request: HttpRequest, shown: ShownEdition, slug: str = "", code: str = "") -> HttpResponse:
    """Show a press sheet: the nation's, a municipality's (slug) or an indicator's (code)."""
    subject = subject_of(slug, code)
    page = press_page(shown, _sheet(shown, subject), subject)
    return render(request, "press/sheet.html", {"page": page, "section": "press"})


@released(parameters=["kommune"])
@of_an_edition
def press_set(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Show the press sheets of a set of municipalities on one page, each on a sheet of paper of its own."""
    page = set_page(shown, request.GET.getlist("kommune"))
    return render(request, "press/set.html", {"page": page, "section": "press"})


@of_an_edition
def press_text(_request: HttpRequest, shown: ShownEdition, slug: str = "", code: str = "") -> HttpResponse:
    """Give a press sheet as text to paste."""
    return HttpResponse(plain_text(_sheet(shown, subject_of(slug, code))), content_type="text/plain; charset=utf-8")


@of_an_edition
def press_pdf(_request: HttpRequest, shown: ShownEdition, slug: str = "", code: str = "") -> HttpResponse:
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
        return municipality_or_404(slug)
    return indicator_or_404(code) if code else None


def _sheet(shown: ShownEdition, subject: Subject) -> Sheet:
    addresses = Addresses(shown.edition.release)
    sheet = sheet_of(shown.edition, subject, addresses, said=shown.said, against=shown.previous)
    return replace(sheet, practices=practice_lines(shown, subject))


@never_cache
def sheet(request: HttpRequest, token: str, slug: str = "", code: str = "") -> HttpResponse:
    """Show a sheet under embargo: the nation's, a municipality's or an indicator's; once public, go there."""
    link = _opened(token, slug or code or "presse")
    if link is None:
        return _closed(request)
    if not link.edition.is_open:
        return redirect(reverse("press", kwargs={"edition": f"@{link.edition.release}"}))
    base = reverse("embargo", kwargs={"token": token})
    page = embargo_page(link, subject_of(slug, code), base)
    return _private(render(request, "press/sheet.html", _frame(link) | {"page": page}))


@never_cache
def pdf(request: HttpRequest, token: str, slug: str = "", code: str = "") -> HttpResponse:
    """Give a sheet under embargo as PDF, made now and not kept."""
    link = _opened(token, f"{slug or code or 'presse'}.pdf")
    if link is None:
        return _closed(request)
    addresses = Addresses(link.edition.release, reverse("embargo", kwargs={"token": token}))
    found = sheet_of(link.edition, subject_of(slug, code), addresses, embargo=embargo_line(link))
    try:
        return _private(as_pdf(pdf_of(found, get_language() or "da"), found))
    except NoPango as missing:
        return HttpResponse(f"{missing}\n", status=501, content_type="text/plain; charset=utf-8")


@never_cache
def number(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Show the proof of a number under embargo."""
    link = _opened(token, number)
    if link is None:
        return _closed(request)
    try:
        wanted = NumberId.read(number)
    except ValueError as error:
        raise Http404(str(error)) from error
    if wanted.release != link.edition.release:
        return redirect(wanted.url)
    base = reverse("embargo", kwargs={"token": token})
    page = trace_page(record(wanted, link.edition), Addresses(wanted.release, base))
    return _private(render(request, "trace/number.html", _frame(link) | {"page": page, "sheets": base}))


def _opened(token: str, what: str) -> PressLink | None:
    try:
        return open_press_link(token=token, what=what, now=timezone.now())
    except EmbargoError as error:
        raise Http404(_("Linket er ikke gyldigt.")) from error


def _closed(request: HttpRequest) -> HttpResponse:
    return _private(render(request, "press/closed.html", {"section": ""}, status=410))


def _private(response: HttpResponse) -> HttpResponse:
    """What is under embargo is found by no search engine and gives its address to nobody."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _frame(link: PressLink) -> dict[str, object]:
    shown = {"edition": link.edition, "demo": link.edition.is_demo, "embargo": embargo_line(link)}
    return shown | {"is_newest": True, "section": "press", "languages": ()}
