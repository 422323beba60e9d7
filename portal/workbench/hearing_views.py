"""A municipality in a hearing: its figures, a remark in place, everything as a sheet, the answer, its own words."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.models import Indicator
from indicators.people.models import Organisation
from portal.workbench.figures import own_figures
from portal.workbench.hearing_steps import change_comment, change_remark, read_rows, send_answer
from portal.workbench.in_hearing import Asked, asked, figures_page, take_step, theme_of
from portal.workbench.members import members_only, own_organisation, person
from portal.workbench.sheet import write_sheet
from rankings.hearing.models import Attachment, Response
from rankings.hearing.services.answering import note_opened
from rankings.hearing.services.statements import raise_flag

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@members_only
def newest(request: HttpRequest) -> HttpResponse:
    """Lead to the newest hearing of the member's municipality."""
    mine = Organisation.objects.spoken_for_by(request.user, timezone.now()).of_municipalities()
    found = Response.objects.filter(organisation__in=mine).select_related(
        "hearing__edition", "organisation__municipality"
    )
    response = found.order_by("-hearing__edition__year", "-hearing__edition__revision").first()
    if response is None or response.organisation.municipality is None:
        return render(request, "workbench/no_hearing.html", {"section": "hearing"})
    where = response.hearing.edition.year, response.organisation.municipality.slug
    return redirect("workbench-figures", *where)


@members_only
def figures(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Show the figures of one theme, with a row that opens into a form; the first look is noted."""
    one = asked(request, year, slug)
    note_opened(response=one.response, by=person(request), now=one.now)
    return _shown(request, one, request.GET.get("tema", ""))


def _shown(request: HttpRequest, one: Asked, theme: str) -> HttpResponse:
    """The figures of a theme; where a form was refused, with what was typed into it."""
    municipality = one.organisation.municipality
    assert municipality is not None  # noqa: S101  by its kind
    themes = own_figures(one.hearing.edition, municipality, one.response)
    chosen = next((t for t in themes if t.theme.code == theme), themes[0])
    return render(request, "workbench/figures.html", figures_page(request, one, themes, chosen))


@members_only
@require_POST
def remark(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Save, delete or take back one remark, with its file."""
    one, form = asked(request, year, slug), request.POST
    indicator = get_object_or_404(Indicator.objects.select_related("theme"), code=form.get("indikator", ""))
    theme = theme_of(indicator)
    return one.back(theme) if change_remark(request, one, indicator) else _shown(request, one, theme)


@members_only
def sheet(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Give all figures as a workbook that can be filled in."""
    one = asked(request, year, slug)
    assert one.organisation.municipality is not None  # noqa: S101  by its kind
    themes = own_figures(one.hearing.edition, one.organisation.municipality, one.response)
    response = HttpResponse(write_sheet(themes), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="hoering-{year}-{slug}.xlsx"'
    return response


@members_only
@require_POST
def read_sheet(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Read a filled-in workbook: every row becomes a remark, or none does."""
    one, file = asked(request, year, slug), request.FILES.get("fil")
    done = _("Arket er læst. Bemærkningerne er gemt og ikke sendt.")
    content = None if file is None else file.read()
    take_step(request, lambda: read_rows(one, content, by=person(request)), done)
    return one.back()


@members_only
@require_POST
def approve(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Send to the approver; or, as the approver, send the answer: preliminary or final."""
    one = asked(request, year, slug)
    send_answer(request, one, request.POST.get("trin", ""))
    return one.back()


@members_only
@require_POST
def comment(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Write the municipality's comment in a new version, take it away, or note the council's decision."""
    one = asked(request, year, slug)
    return one.back() if change_comment(request, one) else _shown(request, one, "")


@members_only
@require_POST
def flag(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Put a published figure of the municipality's own under clarification."""
    one, form = asked(request, year, slug), request.POST
    indicator = get_object_or_404(Indicator.objects.select_related("theme"), code=form.get("indikator", ""))
    raised = take_step(
        request,
        lambda: raise_flag(
            edition=one.hearing.edition, organisation=one.organisation, indicator=indicator,
            text=form.get("tekst", ""), by=person(request), now=one.now,
        ),
        _("Tallet står nu som »under afklaring«."),
    )  # fmt: skip
    return one.back(theme_of(indicator)) if raised else _shown(request, one, theme_of(indicator))


@members_only
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a file to a member of its municipality, to be saved and never shown in the page."""
    found = get_object_or_404(Attachment.objects.select_related("remark__response__organisation"), pk=pk)
    own_organisation(request, pk=found.remark.response.organisation_id)
    return as_download(found)


def as_download(found: Attachment) -> HttpResponse:
    """A file as bytes to be saved: whatever is in it, no browser opens it here."""
    with found.file.open("rb") as file:  # five megabytes at most
        response = HttpResponse(file.read(), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name) or ""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
