"""A municipality answers: it looks, writes remarks, has them approved, and sends them as one answer."""

import datetime as dt
import io
import re
import secrets
import zipfile
from pathlib import PurePath

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from indicators.models import Action, Indicator, Measurement
from indicators.people.models import MemberRole, Task
from indicators.people.services.letters import write_letter
from indicators.people.services.tasks import addresses_of, finish_task, give_task
from indicators.services.log import record
from rankings.hearing.models import Attachment, Hearing, Remark, RemarkKind, Response
from rankings.hearing.models.hearings import LONGEST_REASON
from rankings.hearing.services.hearings import APPROVAL, TASK, clock_words
from rankings.hearing.services.speaking import HearingError, clean_text, must_speak_for
from rankings.hearing.services.statements import flag_late_remark
from rankings.models import Level, Placement

LARGEST = 5_000_000
MOST = 3
_SIGNATURES = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_OFFICE = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_MACROS = re.compile(r"vbaProject|activeX|embeddings/", re.IGNORECASE)
_TEXT = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f]*")


def kind_of(content: bytes) -> str | None:
    """The content type of a PDF, PNG, JPEG, Excel or Word file without macros, or plain text; None: not allowed."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(b"PK"):
        return _office(content)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return "text/plain" if text.strip() and _TEXT.fullmatch(text) and not text.lstrip().startswith("<") else None


def _office(content: bytes) -> str | None:
    """Only the list of what is inside is read: nothing is unpacked."""
    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(_MACROS.search(name) for name in names):
        return None
    return next((kind for part, kind in _OFFICE.items() if part in names), None)


def safe_name(name: str) -> str:
    """The last part of a file's name without what a header or a folder could mistake; "bilag" where nothing is left."""
    last = PurePath(name.replace("\\", "/")).name
    return re.sub(r"[^\w .,()æøåÆØÅ-]", "_", last).strip(" .")[-150:] or "bilag"


@transaction.atomic
def note_opened(*, response: Response, by: User, now: dt.datetime) -> Response:
    """Note that somebody of the municipality has seen the figures, the first time."""
    response = Response.objects.select_for_update().select_related("organisation").get(pk=response.pk)
    must_speak_for(response.organisation, by, now, list(MemberRole))
    if response.opened_at is None:
        response.opened_at, response.opened_by = now, by
        response.save(update_fields=["opened_at", "opened_by"])
    return response


@transaction.atomic
def save_remark(  # noqa: PLR0913  which figure, what is wrong, who says so
    *,
    response: Response,
    indicator: Indicator,
    kind: RemarkKind,
    text: str,
    proposed: float | None = None,
    remark: Remark | None = None,
    by: User,
    now: dt.datetime,
) -> Remark:
    """Write a remark on one figure of the municipality's own, or change a draft. It is sent with the answer only.

    Raises HearingError: after the final answer, for a figure not in the edition, for a text that cannot be kept.
    """
    response = _answering(response, by, now)
    figure = _own_figure(response, indicator)
    _fits(kind, figure, proposed)
    remark = Remark(response=response) if remark is None else _draft(remark, response)
    remark.kind, remark.indicator, remark.proposed = kind, indicator, proposed
    remark.measurement = figure if kind in {RemarkKind.FIGURE, RemarkKind.REMARK, RemarkKind.MISSING} else None
    remark.text = clean_text(text, LONGEST_REASON, what=_("Begrundelsen"))
    remark.written_by, remark.written_at = by, now
    remark.save()
    return remark


def _answering(response: Response, by: User, now: dt.datetime) -> Response:
    response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("organisation__municipality", "hearing__edition")
        .get(pk=response.pk)
    )
    must_speak_for(response.organisation, by, now)
    if response.hearing.opened_at is None:
        raise HearingError(_("Høringen er ikke åbnet."))
    if response.final_at is not None:
        msg = _("%(organisation)s har svaret endeligt. Er et tal forkert, kan det sættes under afklaring.")
        raise HearingError(msg % {"organisation": response.organisation})
    return response


def _own_figure(response: Response, indicator: Indicator) -> Measurement | None:
    placed = (
        Placement.objects.of(response.hearing.edition)
        .filter(level=Level.INDICATOR, indicator=indicator, municipality=response.organisation.municipality)
        .select_related("measurement")
        .first()
    )
    if placed is None:
        msg = _("»%(indicator)s« er ikke med i udgave %(release)s.")
        raise HearingError(msg % {"indicator": indicator, "release": response.hearing.edition.release})
    return placed.measurement


def _fits(kind: RemarkKind, figure: Measurement | None, proposed: float | None) -> None:
    has_value = figure is not None and figure.value is not None
    if kind == RemarkKind.FIGURE and not has_value:
        raise HearingError(_("Der er intet tal at rette. Vælg »tallet mangler«."))
    if kind == RemarkKind.MISSING and has_value:
        raise HearingError(_("Tallet mangler ikke. Vælg »tallet er forkert«."))
    if proposed is not None and kind not in {RemarkKind.FIGURE, RemarkKind.MISSING}:
        raise HearingError(_("Et rigtigt tal hører til »tallet er forkert« eller »tallet mangler«."))


def _draft(remark: Remark, response: Response) -> Remark:
    found = Remark.objects.select_for_update().filter(pk=remark.pk, response=response).first()
    if found is None:
        raise HearingError(_("Bemærkningen findes ikke."))
    if found.received_at is not None:
        raise HearingError(_("Bemærkningen er sendt og ændres ikke. Den kan trækkes tilbage."))
    return found


@transaction.atomic
def delete_remark(*, remark: Remark, by: User, now: dt.datetime) -> None:
    """Delete a draft remark with its files."""
    response = _answering(remark.response, by, now)
    remark = _draft(remark, response)
    for attachment in remark.attachments.all():
        _delete_file(attachment)
    remark.delete()


@transaction.atomic
def withdraw_remark(*, remark: Remark, by: User, now: dt.datetime) -> Remark:
    """Take back a remark that was sent and has no ruling. It stays in the list, as withdrawn; its files go."""
    must_speak_for(remark.response.organisation, by, now, [MemberRole.APPROVER])
    remark = Remark.objects.select_for_update().get(pk=remark.pk)
    if remark.received_at is None or remark.ruling_id is not None:
        raise HearingError(_("Kun en sendt bemærkning uden afgørelse kan trækkes tilbage."))
    if remark.withdrawn_at is None:
        remark.withdrawn_at = now
        remark.save(update_fields=["withdrawn_at"])
        for attachment in remark.attachments.all():
            _delete_file(attachment)
            attachment.delete()
    return remark


@transaction.atomic
def attach_file(*, remark: Remark, name: str, content: bytes, by: User, now: dt.datetime) -> Attachment:
    """Add evidence to a draft remark. Raises HearingError for one too many, too large, or not of a known kind."""
    response = _answering(remark.response, by, now)
    remark = _draft(remark, response)
    if len(content) > LARGEST:
        msg = _("%(name)s fylder %(size)d MB. Et bilag fylder højst %(most)d MB.")
        raise HearingError(
            msg % {"name": safe_name(name), "size": -(-len(content) // 1_000_000), "most": LARGEST // 1_000_000}
        )
    if remark.attachments.count() >= MOST:
        raise HearingError(_("Der er plads til %(most)d bilag.") % {"most": MOST})
    content_type = kind_of(content)
    if content_type is None:
        msg = _("%(name)s er ikke en PDF-, PNG-, JPEG-, Excel-, Word- eller tekstfil uden makroer.")
        raise HearingError(msg % {"name": safe_name(name)})
    stored = default_storage.save(f"attachments/{secrets.token_hex(16)}", ContentFile(content))
    return Attachment.objects.create(
        remark=remark,
        file=stored,
        name=safe_name(name),
        content_type=content_type,
        size=len(content),
        added_by=by,
        added_at=now,
    )


@transaction.atomic
def remove_attachment(*, attachment: Attachment, by: User, now: dt.datetime) -> None:
    """Take a file away from a draft remark."""
    response = _answering(attachment.remark.response, by, now)
    _draft(attachment.remark, response)
    _delete_file(attachment)
    attachment.delete()


def _delete_file(attachment: Attachment) -> None:
    name = attachment.file.name or ""
    transaction.on_commit(lambda: default_storage.delete(name))


@transaction.atomic
def send_to_approver(*, response: Response, address: str, by: User, now: dt.datetime) -> Response:
    """Ask the municipality's approvers to look and send the answer: a task and a letter to each."""
    response = _answering(response, by, now)
    response.sent_at, response.sent_by = now, by
    response.save(update_fields=["sent_at", "sent_by"])
    hearing = response.hearing
    task = give_task(
        organisation=response.organisation,
        kind=APPROVAL,
        about=hearing.about,
        role=MemberRole.APPROVER,
        title=_("Godkend høringssvaret om udgave %(year)d") % {"year": hearing.edition.year},
        address=address,
        due_at=hearing.closes_at if now < hearing.closes_at else None,
        remind_days=(1,),
        now=now,
    )
    for email in addresses_of(task, None, now):
        _tell_approver(task, hearing, email, by, now)
    return response


def _tell_approver(task: Task, hearing: Hearing, email: str, by: User, now: dt.datetime) -> None:
    words = {
        "title": task.title,
        "who": by.get_full_name() or by.get_username(),
        "closes": clock_words(hearing.closes_at),
        "address": task.address,
    }
    write_letter(
        kind=APPROVAL,
        email=email,
        subject=task.title,
        body=_(
            "%(who)s har gennemgået tallene og beder dig godkende svaret.\n\nHøringen lukker %(closes)s:\n%(address)s\n"
        )
        % words,
        about=hearing.about,
        organisation=task.organisation,
        task=task,
        now=now,
    )


@transaction.atomic
def give_response(*, response: Response, final: bool, by: User, now: dt.datetime, origin: str = "") -> Response:
    """Send the municipality's answer with all its remarks: preliminary (the council has not met) or final.

    By an approver. After the hearing has closed it is late, and each remark becomes a flag instead of blocking the
    publication. Raises HearingError.
    """
    response = _answering(response, by, now)
    must_speak_for(response.organisation, by, now, [MemberRole.APPROVER])
    if not final and response.preliminary_at is not None:
        raise HearingError(_("Det foreløbige svar er givet. Det næste er det endelige."))
    _note_seen(response, by, now)
    if final:
        response.final_at, response.final_by = now, by
    else:
        response.preliminary_at, response.preliminary_by = now, by
    response.save()
    _receive(response, now)
    for kind in (TASK, APPROVAL):
        finish_task(organisation=response.organisation, kind=kind, about=response.hearing.about, by=by, now=now)
    what = f"{response.hearing.about}, organisation {response.organisation_id}"
    record(action=Action.RESPONSE_GIVEN, what=what, by=by, now=now, origin=origin, details={"final": final})
    return response


def _note_seen(response: Response, by: User, now: dt.datetime) -> None:
    if response.opened_at is None:
        response.opened_at, response.opened_by = now, by


def _receive(response: Response, now: dt.datetime) -> None:
    """Give the drafts their numbers, under the hearing's lock: two answers at once never get the same."""
    hearing = Hearing.objects.select_for_update().get(pk=response.hearing_id)
    last = Remark.objects.of(hearing).aggregate(last=Max("number"))["last"] or 0
    drafts = response.remarks.filter(received_at__isnull=True).order_by("pk")
    for number, remark in enumerate(drafts, start=last + 1):
        remark.number, remark.received_at = number, now
        remark.save(update_fields=["number", "received_at"])
        if now >= hearing.closes_at:
            flag_late_remark(remark=remark, now=now)
