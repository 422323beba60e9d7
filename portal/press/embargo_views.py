"""A draft edition's press sheets behind a signed link that expires. Every opening is logged, refused ones too."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.addresses.numbers import NumberId
from portal.addresses.proofs import Addresses
from portal.press.embargo_page import embargo_line, embargo_page
from portal.press.pdf import NoPango, pdf_of
from portal.press.sheet import sheet_of
from portal.press.views import as_pdf, subject_of
from portal.published.proofs import record
from portal.trace.page import trace_page
from rankings.models import PressLink
from rankings.services import EmbargoError, open_press_link


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
