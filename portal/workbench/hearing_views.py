"""A municipality in a hearing: its figures, a remark in place, everything as a sheet, the answer, its own words."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indicators.models import Area, Indicator
from indicators.people.models import Organisation
from portal.workbench.figures import OwnTheme, own_figures
from portal.workbench.letters import address
from portal.workbench.members import may_approve, may_write, members_only, own_organisation, person, roles_in
from portal.workbench.sheet import read_number, write_sheet
from portal.workbench.sheet import read_sheet as said_in
from rankings.hearing.models import (
    RESPONSE_WORDS,
    Attachment,
    Comment,
    Decision,
    Hearing,
    Remark,
    RemarkKind,
    Response,
)
from rankings.hearing.services import (
    HearingError,
    attach_file,
    delete_remark,
    give_response,
    note_decision,
    note_opened,
    raise_flag,
    remove_attachment,
    save_remark,
    send_to_approver,
    withdraw_comment,
    withdraw_remark,
    write_comment,
)
from rankings.hearing.services.hearings import clock_words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Asked:
    """A member's municipality in a hearing, and what the member may do there now."""

    organisation: Organisation
    hearing: Hearing
    response: Response
    roles: set[str]
    now: dt.datetime

    @property
    def where(self) -> tuple[int, str]:
        """What stands in its addresses."""
        municipality = self.organisation.municipality
        return self.hearing.edition.year, municipality.slug if municipality else ""

    def back(self, theme: str = "") -> HttpResponse:
        """To the figures, at a theme."""
        question = f"?tema={theme}" if theme else ""
        return redirect(reverse("workbench-figures", args=self.where) + question)


def asked(request: HttpRequest, year: int, slug: str) -> Asked:
    """The member's own municipality in a hearing that has opened. Http404 for every other, as if it were not there."""
    organisation = own_organisation(request, municipality__slug=slug, kind="municipality")
    responses = Response.objects.filter(organisation=organisation, hearing__edition__year=year)
    found = responses.select_related("hearing__edition").order_by("-hearing__edition__revision").first()
    if found is None:
        raise Http404
    found.organisation = organisation
    now = timezone.now()
    return Asked(organisation, found.hearing, found, roles_in(organisation, person(request), now), now)


def _do(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Take a step all or none, and say how it went."""
    try:
        with transaction.atomic():
            act()
    except HearingError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True


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
    municipality = one.organisation.municipality
    assert municipality is not None  # noqa: S101  by its kind
    themes = own_figures(one.hearing.edition, municipality, one.response)
    chosen = next((t for t in themes if t.theme.code == request.GET.get("tema")), themes[0])
    return render(request, "workbench/figures.html", _page(request, one, themes, chosen))


def _page(request: HttpRequest, one: Asked, themes: list[OwnTheme], chosen: OwnTheme) -> dict[str, Any]:
    state = one.response.state(one.hearing.closes_at)
    remarks = [remark for theme in themes for row in theme.rows for remark in row.remarks]
    edition = one.hearing.edition
    return {
        "section": "hearing",
        "one": one,
        "organisation": one.organisation,
        "hearing": one.hearing,
        "edition": edition,
        "response": one.response,
        "state": RESPONSE_WORDS[state],
        "opens": clock_words(one.hearing.opens_at),
        "closes": clock_words(one.hearing.closes_at),
        "days": max((one.hearing.closes_at - one.now).days, 0),
        "is_open": one.hearing.is_open(one.now),
        "themes": themes,
        "chosen": chosen,
        "opened": request.GET.get("ret", ""),
        "about": request.GET.get("om", ""),
        "kinds": RemarkKind.choices,
        "drafts": [remark for remark in remarks if remark.received_at is None],
        "received": [remark for remark in remarks if remark.received_at is not None],
        "figures": sum(len(theme.rows) for theme in themes),
        "may_write": may_write(one.roles) and one.response.final_at is None,
        "may_approve": may_approve(one.roles) and one.response.final_at is None,
        "may_flag": may_write(one.roles) and not edition.is_open,
        "comments": Comment.objects.filter(organisation=one.organisation, year=edition.year).order_by("-version"),
        "areas": Area.objects.order_by("position"),
        "decision": Decision.objects.filter(organisation=one.organisation, year=edition.year - 1).first(),
    }


def _theme_of(indicator: Indicator) -> str:
    return indicator.theme.code if indicator.theme else ""


@members_only
@require_POST
def remark(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Save, delete or take back one remark, with its file."""
    one, form = asked(request, year, slug), request.POST
    indicator = get_object_or_404(Indicator.objects.select_related("theme"), code=form.get("indikator", ""))
    number = form.get("bemaerkning", "")
    known = get_object_or_404(one.response.remarks, pk=number) if number.isdecimal() else None
    if known is not None and "slet" in form:
        _do(
            request, lambda: delete_remark(remark=known, by=person(request), now=one.now), _("Bemærkningen er slettet.")
        )
    elif known is not None and "traek" in form:
        _do(request, lambda: withdraw_remark(remark=known, by=person(request), now=one.now), _("Trukket tilbage."))
    elif form.get("fjern", "").isdecimal():
        _remove(request, one, form["fjern"])
    elif not _do(request, lambda: _save(request, one, indicator, known), _("Bemærkningen er gemt. Den er ikke sendt.")):
        again = f"?tema={_theme_of(indicator)}&ret={indicator.code}#{indicator.code}"
        return redirect(reverse("workbench-figures", args=one.where) + again)
    return one.back(_theme_of(indicator))


def _remove(request: HttpRequest, one: Asked, number: str) -> None:
    found = get_object_or_404(Attachment, pk=number, remark__response=one.response)
    _do(request, lambda: remove_attachment(attachment=found, by=person(request), now=one.now), _("Bilaget er fjernet."))


def _save(request: HttpRequest, one: Asked, indicator: Indicator, known: Remark | None) -> None:
    form, file = request.POST, request.FILES.get("bilag")
    if form.get("slags") not in RemarkKind.values:
        raise HearingError(_("Vælg, hvad der er galt."))
    raw = form.get("rigtigt", "").strip()
    proposed = read_number(raw, indicator) if raw else None
    if isinstance(proposed, str):
        raise HearingError(_("Det rigtige tal, »%(value)s«: %(what)s") % {"value": raw, "what": proposed})
    saved = save_remark(
        response=one.response,
        indicator=indicator,
        kind=RemarkKind(form["slags"]),
        text=form.get("tekst", ""),
        proposed=proposed,
        remark=known,
        by=person(request),
        now=one.now,
    )
    if file is not None:
        attach_file(remark=saved, name=file.name or "", content=file.read(), by=person(request), now=one.now)


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

    def read() -> None:
        if file is None:
            raise HearingError(_("Vælg en fil."))
        indicators = {row.code: row for row in Indicator.objects.of_the_index()}
        for said in said_in(file.read(), indicators):
            try:
                save_remark(
                    response=one.response, indicator=said.indicator, kind=said.kind, text=said.text,
                    proposed=said.proposed, by=person(request), now=one.now,
                )  # fmt: skip
            except HearingError as error:
                msg = _("Række %(row)d: %(why)s Intet er gemt.")
                raise HearingError(msg % {"row": said.row, "why": error}) from error

    _do(request, read, _("Arket er læst. Bemærkningerne er gemt og ikke sendt."))
    return one.back()


@members_only
@require_POST
def approve(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Send to the approver; or, as the approver, send the answer: preliminary or final."""
    one, step = asked(request, year, slug), request.POST.get("trin", "")
    by, now = person(request), one.now
    if step == "send":
        where = address("workbench-figures", *one.where)
        _do(
            request,
            lambda: send_to_approver(response=one.response, address=where, by=by, now=now),
            _("Sendt til jeres godkender."),
        )
    elif step in {"endeligt", "foreloebigt"}:
        final = step == "endeligt"
        _do(
            request,
            lambda: give_response(response=one.response, final=final, by=by, now=now),
            _("Svaret er sendt. Tak.") if final else _("Det foreløbige svar er sendt."),
        )
    return one.back()


@members_only
@require_POST
def comment(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Write the municipality's comment in a new version, take it away, or note the council's decision."""
    one, form, by = asked(request, year, slug), request.POST, person(request)
    if form.get("traek", "").isdecimal():
        found = get_object_or_404(Comment, pk=form["traek"], organisation=one.organisation)
        _do(request, lambda: withdraw_comment(comment=found, by=by, now=one.now), _("Kommentaren vises ikke længere."))
    elif "referat" in form:
        _do(request, lambda: _note_decision(one, form, request), _("Byrådets behandling er noteret."))
    else:
        area = Area.objects.filter(code=form.get("omraade", "")).first()
        _do(
            request,
            lambda: write_comment(
                organisation=one.organisation, edition=one.hearing.edition, text=form.get("tekst", ""),
                short=form.get("kort", ""), area=area, by=by, now=one.now,
            ),
            _("Kommentaren er gemt."),
        )  # fmt: skip
    return one.back()


def _note_decision(one: Asked, form: Any, request: HttpRequest) -> None:
    try:
        day = dt.date.fromisoformat(form.get("dag", ""))
    except ValueError as error:
        raise HearingError(_("Skriv datoen for byrådets behandling.")) from error
    note_decision(
        organisation=one.organisation, year=one.hearing.edition.year - 1, treated_on=day,
        url=form.get("referat", "").strip(), by=person(request), now=one.now,
    )  # fmt: skip


@members_only
@require_POST
def flag(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """Put a published figure of the municipality's own under clarification."""
    one, form = asked(request, year, slug), request.POST
    indicator = get_object_or_404(Indicator.objects.select_related("theme"), code=form.get("indikator", ""))
    _do(
        request,
        lambda: raise_flag(
            edition=one.hearing.edition, organisation=one.organisation, indicator=indicator,
            text=form.get("tekst", ""), by=person(request), now=one.now,
        ),
        _("Tallet står nu som »under afklaring«."),
    )  # fmt: skip
    return one.back(_theme_of(indicator))


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
