"""What is said in public: flags on published figures, comments, voices, and what the council decided."""

import datetime as dt

from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from indicators.danish import danish, working_days_after
from indicators.models import Action, Area, Indicator, Municipality, Theme
from indicators.people.models import MemberRole, Organisation, OrganisationKind
from indicators.people.services.members import clean_email
from indicators.services.log import record
from rankings.hearing.models import Attachment, Comment, Decision, Flag, FlagOrigin, FlagState, Remark, Voice
from rankings.hearing.models.hearings import LONGEST_REASON
from rankings.hearing.models.statements import LONGEST_COMMENT, LONGEST_SHORT
from rankings.models import Edition, Level, Placement

from .speaking import HearingError, clean_text, must_speak_for

CLARIFIED_WITHIN = 10
ATTACHMENTS_KEPT = dt.timedelta(days=365)


def due_on(now: dt.datetime) -> dt.date:
    """The day by which a flag raised now is to be ruled on: ten Danish working days later."""
    return working_days_after(danish(now).date(), CLARIFIED_WITHIN)


def _figure(edition: Edition, municipality: Municipality, indicator: Indicator) -> Placement:
    if edition.is_open:
        raise HearingError(_("Udgave %(release)s er ikke offentliggjort.") % {"release": edition.release})
    placed = Placement.objects.of(edition).filter(level=Level.INDICATOR, municipality=municipality, indicator=indicator)
    found = placed.first()
    if found is None:
        msg = _("»%(indicator)s« er ikke med for %(municipality)s i udgave %(release)s.")
        words = {"indicator": indicator, "municipality": municipality, "release": edition.release}
        raise HearingError(msg % words)
    return found


@transaction.atomic
def raise_flag(
    *,
    edition: Edition,
    organisation: Organisation,
    indicator: Indicator,
    text: str,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> Flag:
    """Question a published figure of one's own municipality: it is under clarification at once. Raises HearingError."""
    must_speak_for(organisation, by, now)
    if organisation.municipality is None or organisation.kind != OrganisationKind.MUNICIPALITY:
        raise HearingError(_("Kun en kommune kan sætte sit eget tal under afklaring."))
    placed = _figure(edition, organisation.municipality, indicator)
    flag = Flag.objects.create(
        edition=edition,
        municipality=organisation.municipality,
        indicator=indicator,
        measurement=placed.measurement,
        origin=FlagOrigin.MUNICIPALITY,
        state=FlagState.RAISED,
        text=clean_text(text, LONGEST_REASON, what=_("Begrundelsen")),
        organisation=organisation,
        raised_by=by,
        asked_at=now,
        raised_at=now,
        due_on=due_on(now),
    )
    record(action=Action.FLAG_RAISED, what=f"flag {flag.pk}", by=by, now=now, origin=origin)
    return flag


def flag_late_remark(*, remark: Remark, now: dt.datetime) -> Flag:
    """A remark after the closing does not hold up the edition: it puts the figure under clarification."""
    response = remark.response
    assert response.organisation.municipality is not None  # noqa: S101  only municipalities are asked
    return Flag.objects.create(
        edition=response.hearing.edition,
        municipality=response.organisation.municipality,
        indicator=remark.indicator,
        measurement=remark.measurement,
        origin=FlagOrigin.LATE_REMARK,
        state=FlagState.RAISED,
        text=remark.text,
        organisation=response.organisation,
        raised_by=remark.written_by,
        remark=remark,
        asked_at=now,
        raised_at=now,
        due_on=due_on(now),
    )


@transaction.atomic
def ask_about_figure(
    *, edition: Edition, municipality: Municipality, indicator: Indicator, text: str, email: str, now: dt.datetime
) -> Flag:
    """A reader without account says that a published figure is wrong. A moderator looks first; no address is needed."""
    placed = _figure(edition, municipality, indicator)
    return Flag.objects.create(
        edition=edition,
        municipality=municipality,
        indicator=indicator,
        measurement=placed.measurement,
        origin=FlagOrigin.READER,
        state=FlagState.WAITING,
        text=clean_text(text, LONGEST_REASON, what=_("Teksten")),
        reader_email=clean_email(email) if email.strip() else "",
        asked_at=now,
    )


def _waiting(flag: Flag) -> Flag:
    flag = Flag.objects.select_for_update().get(pk=flag.pk)
    if flag.state != FlagState.WAITING:
        raise HearingError(_("Henvendelsen er allerede behandlet."))
    return flag


@transaction.atomic
def take_up_flag(*, flag: Flag, by: User, now: dt.datetime, origin: str = "") -> Flag:
    """A moderator finds that a reader may be right: from now on the figure is under clarification."""
    flag = _waiting(flag)
    flag.state, flag.raised_at, flag.due_on = FlagState.RAISED, now, due_on(now)
    flag.save(update_fields=["state", "raised_at", "due_on"])
    record(action=Action.FLAG_RAISED, what=f"flag {flag.pk}", by=by, now=now, origin=origin)
    return flag


@transaction.atomic
def decline_flag(*, flag: Flag, because: str, by: User) -> Flag:
    """A moderator does not take it up, with a reason; the reader's address goes."""
    flag = _waiting(flag)
    flag.state, flag.declined_by, flag.reader_email = FlagState.DECLINED, by, ""
    flag.declined_because = clean_text(because, 300, what=_("Begrundelsen"))
    flag.save(update_fields=["state", "declined_by", "declined_because", "reader_email"])
    return flag


@transaction.atomic
def write_comment(  # noqa: PLR0913  whose, where, what, who
    *,
    organisation: Organisation,
    edition: Edition,
    text: str,
    short: str = "",
    area: Area | None = None,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> Comment:
    """Write the municipality's words beside its figures, or a new version of them; the old one stays in the list.

    To a draft they are public with it. Raises HearingError for a text that is too long or cannot be kept.
    """
    must_speak_for(organisation, by, now)
    if organisation.kind != OrganisationKind.MUNICIPALITY:
        raise HearingError(_("Kun en kommune kommenterer sine egne tal. Andre kan skrive en stemme."))
    mine = Comment.objects.filter(organisation=organisation, year=edition.year, area=area)
    last = mine.aggregate(last=Max("version"))["last"] or 0
    comment = Comment.objects.create(
        organisation=organisation,
        edition=edition,
        year=edition.year,
        area=area,
        version=last + 1,
        text=clean_text(text, LONGEST_COMMENT, what=_("Kommentaren")),
        short=clean_text(short, LONGEST_SHORT, what=_("Den korte form")) if short.strip() else "",
        written_by=by,
        written_at=now,
    )
    record(action=Action.STATEMENT_MADE, what=f"comment {comment.pk}", by=by, now=now, origin=origin)
    return comment


@transaction.atomic
def withdraw_comment(*, comment: Comment, by: User, now: dt.datetime) -> Comment:
    """Take a comment away from the pages; that there was one, and its text, stays in the list of versions."""
    must_speak_for(comment.organisation, by, now)
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    comment.withdrawn_at = comment.withdrawn_at or now
    comment.save(update_fields=["withdrawn_at"])
    return comment


@transaction.atomic
def raise_voice(  # noqa: PLR0913  whose, about what, who
    *,
    organisation: Organisation,
    edition: Edition,
    text: str,
    municipality: Municipality | None = None,
    theme: Theme | None = None,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> Voice:
    """Write an organisation's text about a municipality, a theme or the index. The editor shows or refuses it."""
    must_speak_for(organisation, by, now)
    if organisation.kind in {OrganisationKind.MUNICIPALITY, OrganisationKind.OFFICE}:
        raise HearingError(_("En stemme er en anden organisations. Kommunen skriver en kommentar."))
    if municipality is not None and theme is not None:
        raise HearingError(_("Vælg enten en kommune eller et tema."))
    voice = Voice.objects.create(
        organisation=organisation,
        edition=edition,
        municipality=municipality,
        theme=theme,
        text=clean_text(text, LONGEST_COMMENT, what=_("Teksten")),
        written_by=by,
        written_at=now,
    )
    record(action=Action.STATEMENT_MADE, what=f"voice {voice.pk}", by=by, now=now, origin=origin)
    return voice


def _unseen(voice: Voice) -> Voice:
    voice = Voice.objects.select_for_update().get(pk=voice.pk)
    if voice.shown_at or voice.refused_at or voice.withdrawn_at:
        raise HearingError(_("Teksten er allerede behandlet."))
    return voice


@transaction.atomic
def show_voice(*, voice: Voice, by: User, now: dt.datetime) -> Voice:
    """The editor lets readers see a voice, as it is."""
    voice = _unseen(voice)
    voice.shown_at, voice.looked_at_by = now, by
    voice.save(update_fields=["shown_at", "looked_at_by"])
    return voice


@transaction.atomic
def refuse_voice(*, voice: Voice, because: str, by: User, now: dt.datetime, origin: str = "") -> Voice:
    """The editor refuses a voice with a reason; that one was refused is counted in public."""
    voice = _unseen(voice)
    voice.refused_at, voice.looked_at_by = now, by
    voice.refused_because = clean_text(because, 300, what=_("Begrundelsen"))
    voice.save(update_fields=["refused_at", "looked_at_by", "refused_because"])
    record(action=Action.STATEMENT_REFUSED, what=f"voice {voice.pk}", by=by, now=now, origin=origin)
    return voice


@transaction.atomic
def withdraw_voice(*, voice: Voice, by: User, now: dt.datetime) -> Voice:
    """The organisation itself takes its text away."""
    must_speak_for(voice.organisation, by, now)
    voice = Voice.objects.select_for_update().get(pk=voice.pk)
    voice.withdrawn_at = voice.withdrawn_at or now
    voice.save(update_fields=["withdrawn_at"])
    return voice


@transaction.atomic
def note_decision(
    *, organisation: Organisation, year: int, treated_on: dt.date, url: str, by: User, now: dt.datetime
) -> Decision:
    """Note when the council treated the map of reversed decisions of a year, and where its minutes are read (https)."""
    must_speak_for(organisation, by, now, [MemberRole.RESPONDENT, MemberRole.APPROVER])
    if not year < treated_on.year <= danish(now).year or treated_on > danish(now).date():
        raise HearingError(_("Byrådet behandler tallene efter det år, de er fra, og ikke i fremtiden."))
    if not url.startswith("https://"):
        raise HearingError(_("Linket til referatet begynder med https://."))
    decision, _created = Decision.objects.update_or_create(
        organisation=organisation,
        year=year,
        defaults={"treated_on": treated_on, "url": url, "noted_by": by, "noted_at": now},
    )
    return decision


@transaction.atomic
def forget_attachments(*, now: dt.datetime) -> int:
    """Delete the evidence of editions that were published a year ago; return how many files."""
    old = Attachment.objects.filter(remark__response__hearing__edition__published_at__lt=now - ATTACHMENTS_KEPT)
    names = [name for name in old.values_list("file", flat=True) if name]
    old.delete()
    for name in names:
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]
    return len(names)
