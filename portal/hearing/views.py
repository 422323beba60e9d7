"""A hearing for everybody, as page, PDF and CSV; and a reader's question about one figure. No cookie anywhere."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from indicators.people.services.members import PeopleError
from portal.addresses import Addresses, NumberId
from portal.hearing.asking import WrongForm, ask
from portal.hearing.page import hearing_page, remarks_table
from portal.operating.security import seconds_to_wait
from portal.published.edition import NoEdition, edition_of_address
from portal.published.proofs import Record, record
from rankings.bundle import formats
from rankings.hearing.models import Hearing
from rankings.hearing.services.speaking import HearingError
from rankings.pinned import as_published

HOUR = 3600


def _page_of(request: HttpRequest, year: int) -> dict[str, Any]:
    hearings = Hearing.objects.filter(edition__year=year, opened_at__isnull=False).select_related("edition")
    hearing = hearings.newest_first().first()
    if hearing is None:
        raise Http404(_("Udgave %(year)d har ikke været i høring.") % {"year": year})
    with suppress(NoEdition):  # a first edition in hearing: there is no other to stand beside
        request.shown = edition_of_address()  # type: ignore[attr-defined]  # the frame asks for it
    return hearing_page(hearing, timezone.now())


@never_cache
def year_page(request: HttpRequest, year: int) -> HttpResponse:
    """Show a year's hearing."""
    return render(request, "hearing/year.html", {"page": _page_of(request, year), "section": ""})


@never_cache
def note_csv(request: HttpRequest, year: int) -> HttpResponse:
    """Give the remarks and their rulings as a file."""
    table = remarks_table(_page_of(request, year))
    response = HttpResponse("".join(formats.danish_csv(table)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="hoeringsnotat-{year}.csv"'
    return response


@never_cache
def note_pdf(request: HttpRequest, year: int) -> HttpResponse:
    """Give the note as a sheet to be printed and filed."""
    from weasyprint import HTML  # noqa: PLC0415  it loads pango, which only sheets need

    text = render_to_string("hearing/note_pdf.html", {"page": _page_of(request, year)})
    made = HTML(string=text, base_url=settings.SITE_ADDRESS).write_pdf(pdf_variant="pdf/ua-1")
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="hoeringsnotat-{year}.pdf"'
    return response


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def figure_wrong(request: HttpRequest, number: str) -> HttpResponse:
    """Ask what is wrong with a published figure; the office looks before anything is shown."""
    found = _figure(request, number)
    form = WrongForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if seconds_to_wait("wrong", request, settings.QUESTIONS_AN_HOUR, HOUR):
            form.add_error(None, _("Der er skrevet mange gange herfra. Prøv igen om en time."))
            return _form(request, found, form, 429)
        return _ask(request, found, form)
    return _form(request, found, form, 422 if request.method == "POST" else 200)


def _figure(request: HttpRequest, number: str) -> Record:
    try:
        wanted = NumberId.read(number)
    except ValueError as error:
        raise Http404 from error
    shown = edition_of_address(f"@{wanted.release}")
    request.shown = shown  # type: ignore[attr-defined]
    with as_published(shown.edition):
        found = record(wanted, shown.edition)
    if not isinstance(found, Record) or found.subject.indicator is None:
        raise Http404
    return found


def _ask(request: HttpRequest, found: Record, form: WrongForm) -> HttpResponse:
    try:
        ask(found, form)
    except (HearingError, PeopleError) as error:
        form.add_error("text", str(error))
        return _form(request, found, form, 422)
    return _form(request, found, WrongForm(), 200, sent=True)


def _form(request: HttpRequest, found: Record, form: WrongForm, status: int, *, sent: bool = False) -> HttpResponse:
    context = {
        "number": str(found.number),
        "municipality": found.municipality.name,
        "indicator": found.subject.name,
        "trace": Addresses(found.number.release).number(found.municipality.code, found.subject.code),
        "form": form,
        "sent": sent,
        "section": "",
    }
    return render(request, "hearing/wrong.html", context, status=status)
