"""What a member does in a hearing: a remark, a filled-in sheet, the answer, the municipality's own words."""

import datetime as dt

from django.contrib.auth.models import User
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from indicators.models import Area, Indicator
from portal.workbench.in_hearing import Asked, take_step
from portal.workbench.letters import address
from portal.workbench.members import person
from portal.workbench.sheet import read_number, read_sheet
from rankings.hearing.models import Attachment, Comment, Remark, RemarkKind
from rankings.hearing.services.answering import (
    attach_file,
    delete_remark,
    give_response,
    remove_attachment,
    save_remark,
    send_to_approver,
    withdraw_remark,
)
from rankings.hearing.services.speaking import HearingError
from rankings.hearing.services.statements import note_decision, withdraw_comment, write_comment


def change_remark(request: HttpRequest, one: Asked, indicator: Indicator) -> bool:
    """Save, delete or take back a remark, or remove its file. False where what was written could not be saved."""
    form, by, now = request.POST, person(request), one.now
    number = form.get("bemaerkning", "")
    known = get_object_or_404(one.response.remarks, pk=number) if number.isdecimal() else None
    if known is not None and "slet" in form:
        take_step(request, lambda: delete_remark(remark=known, by=by, now=now), _("Bemærkningen er slettet."))
    elif known is not None and "traek" in form:
        take_step(request, lambda: withdraw_remark(remark=known, by=by, now=now), _("Trukket tilbage."))
    elif form.get("fjern", "").isdecimal():
        _remove(request, one, form["fjern"])
    else:
        saved = _("Bemærkningen er gemt. Den er ikke sendt.")
        return take_step(request, lambda: _save(request, one, indicator, known), saved)
    return True


def _remove(request: HttpRequest, one: Asked, number: str) -> None:
    found = get_object_or_404(Attachment, pk=number, remark__response=one.response)
    take_step(
        request, lambda: remove_attachment(attachment=found, by=person(request), now=one.now), _("Bilaget er fjernet.")
    )


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


def read_rows(one: Asked, content: bytes | None, *, by: User) -> None:
    """Save a remark for every row of a filled-in workbook. Raises HearingError that says which row."""
    if content is None:
        raise HearingError(_("Vælg en fil."))
    indicators = {row.code: row for row in Indicator.objects.of_the_index()}
    for said in read_sheet(content, indicators):
        try:
            save_remark(
                response=one.response, indicator=said.indicator, kind=said.kind, text=said.text,
                proposed=said.proposed, by=by, now=one.now,
            )  # fmt: skip
        except HearingError as error:
            msg = _("Række %(row)d: %(why)s Intet er gemt.")
            raise HearingError(msg % {"row": said.row, "why": error}) from error


def send_answer(request: HttpRequest, one: Asked, step: str) -> None:
    """Send to the approver; or, as the approver, send the answer: preliminary or final."""
    by, now = person(request), one.now
    if step == "send":
        where = address("workbench-figures", *one.where)
        take_step(
            request,
            lambda: send_to_approver(response=one.response, address=where, by=by, now=now),
            _("Sendt til jeres godkender."),
        )
    elif step in {"endeligt", "foreloebigt"}:
        final = step == "endeligt"
        take_step(
            request,
            lambda: give_response(response=one.response, final=final, by=by, now=now),
            _("Svaret er sendt. Tak.") if final else _("Det foreløbige svar er sendt."),
        )


def change_comment(request: HttpRequest, one: Asked) -> bool:
    """Write the municipality's comment in a new version, take it away, or note the council's decision. False where that
    was refused."""
    form, by, now = request.POST, person(request), one.now
    if form.get("traek", "").isdecimal():
        found = get_object_or_404(Comment, pk=form["traek"], organisation=one.organisation)
        gone = _("Kommentaren vises ikke længere.")
        return take_step(request, lambda: withdraw_comment(comment=found, by=by, now=now), gone)
    if "referat" in form:
        return take_step(request, lambda: _note_decision(one, form, request), _("Byrådets behandling er noteret."))
    area = Area.objects.filter(code=form.get("omraade", "")).first()
    return take_step(
        request,
        lambda: write_comment(
            organisation=one.organisation, edition=one.hearing.edition, text=form.get("tekst", ""),
            short=form.get("kort", ""), area=area, by=by, now=now,
        ),
        _("Kommentaren er gemt."),
    )  # fmt: skip


def _note_decision(one: Asked, form: QueryDict, request: HttpRequest) -> None:
    try:
        day = dt.date.fromisoformat(form.get("dag", ""))
    except ValueError as error:
        raise HearingError(_("Skriv datoen for byrådets behandling.")) from error
    note_decision(
        organisation=one.organisation, year=one.hearing.edition.year - 1, treated_on=day,
        url=form.get("referat", "").strip(), by=person(request), now=one.now,
    )  # fmt: skip
