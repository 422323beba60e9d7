"""Whom to call, and what came of it: enquiries between members, reminded of once, followed up after a year; circles.

Activity is counted for the yearly page and nowhere else; it is no part of the index.
"""

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.danish import danish
from indicators.models import Action
from indicators.people.models import MemberRole, Organisation, OrganisationKind, Purpose
from indicators.people.services.letters import address_of, write_letter
from indicators.people.services.tasks import finish_task, give_task
from indicators.services.log import record
from rankings.practices.models import Circle, Enquiry, EnquiryState, FollowUp, FollowUpResult
from rankings.practices.models.exchange import ANSWER_WITHIN
from rankings.practices.whom_to_ask import next_to_ask

from .proposing import PracticeError, check_whole, no_personal_data, require_member

WINDOW = dt.timedelta(days=30)
MOST_SENT, MOST_GOT = 5, 10
"""In 30 days: so that nobody is buried in letters, and asking stays a choice."""

FOLLOW_UP_AFTER = dt.timedelta(days=365)
FEWEST, MOST = 3, 8
ANSWER, FOLLOW = "enquiry-answer", "enquiry-follow-up"


@transaction.atomic
def send_enquiry(*, enquiry: Enquiry, by: User, now: dt.datetime, origin: str = "") -> Enquiry:
    """Send a new enquiry: the one asked gets a letter and a task of 14 days. At most 5 in 30 days from one sender."""
    require_member(by, enquiry.asker, now)
    enquiry.state, enquiry.sent_at, enquiry.sent_by, enquiry.text = EnquiryState.SENT, now, by, enquiry.text.strip()
    _require_possible(enquiry, now)
    if not (email := address_of(enquiry.asked, Purpose.PRACTICE)):
        msg = _("%(asked)s har ingen kontakt, man kan skrive til.")
        raise PracticeError(msg % {"asked": enquiry.asked})
    check_whole(enquiry)
    enquiry.save()
    about = about_of(enquiry)
    title = _("%(asker)s spørger om %(subject)s") % {"asker": enquiry.asker, "subject": subject_of(enquiry)}
    due = now + ANSWER_WITHIN
    give_task(organisation=enquiry.asked, kind=ANSWER, about=about, title=title[:200], now=now, due_at=due)
    _write(enquiry.asked, email, title, f"{enquiry.text}\n\n{enquiry.asker}", about, now)
    record(action=Action.ENQUIRY_SENT, what=about, by=by, now=now, origin=origin)
    return enquiry


def _require_possible(enquiry: Enquiry, now: dt.datetime) -> None:
    asker, asked = enquiry.asker, enquiry.asked
    if asker == asked:
        raise PracticeError(_("En kommune kan ikke skrive til sig selv."))
    if {asker.kind, asked.kind} != {OrganisationKind.MUNICIPALITY.value}:
        raise PracticeError(_("Henvendelser går mellem kommuner."))
    if not enquiry.text:
        raise PracticeError(_("Skriv, hvad I vil spørge om."))
    if enquiry.practice is None and enquiry.indicator is None:
        raise PracticeError(_("En henvendelse er om en praksis eller en indikator."))
    same = Enquiry.objects.waiting().filter(asker=asker, asked=asked)
    if same.filter(practice=enquiry.practice, indicator=enquiry.indicator).exists():
        msg = _("I har allerede spurgt %(asked)s om det samme og venter på svar.")
        raise PracticeError(msg % {"asked": asked})
    recent = Enquiry.objects.filter(sent_at__gt=now - WINDOW)
    if recent.filter(asker=asker).count() >= MOST_SENT:
        msg = _("I har sendt %(most)d henvendelser på 30 dage. Flere kan sendes senere.")
        raise PracticeError(msg % {"most": MOST_SENT})
    if recent.filter(asked=asked).count() >= MOST_GOT:
        msg = _("%(asked)s har fået %(most)d henvendelser på 30 dage. Spørg en anden, eller prøv senere.")
        raise PracticeError(msg % {"asked": asked, "most": MOST_GOT})


def _write(organisation: Organisation, email: str, subject: str, body: str, about: str, now: dt.datetime) -> None:
    write_letter(kind=ANSWER, email=email, subject=subject, body=body, about=about, organisation=organisation, now=now)


def subject_of(enquiry: Enquiry) -> str:
    """What an enquiry is about, in words."""
    if enquiry.practice is not None:
        return f"»{enquiry.practice.title}«"
    return f"»{enquiry.indicator.name_da}«" if enquiry.indicator else ""


def about_of(enquiry: Enquiry) -> str:
    """What an enquiry is called in tasks, letters and the log."""
    return f"enquiry {enquiry.pk}"


def _waiting(enquiry: Enquiry) -> Enquiry:
    found = Enquiry.objects.waiting().select_for_update(of=("self",)).filter(pk=enquiry.pk).first()
    if found is None:
        raise PracticeError(_("Henvendelsen er allerede besvaret eller afslået."))
    return found


@transaction.atomic
def answer_enquiry(
    *, enquiry: Enquiry, answer: str, show: bool = False, by: User, now: dt.datetime, origin: str = ""
) -> Enquiry:
    """Answer; also after the 14 days. In twelve months the asker is asked what came of it. ``show``: it may be seen."""
    enquiry = _waiting(enquiry)
    require_member(by, enquiry.asked, now)
    if not answer.strip():
        raise PracticeError(_("Skriv et svar, eller afslå henvendelsen."))
    no_personal_data(answer)
    _end(enquiry, EnquiryState.ANSWERED, answer.strip(), by, now, origin)
    Enquiry.objects.filter(pk=enquiry.pk).update(public_by_asked=show)
    FollowUp.objects.create(enquiry=enquiry, due_on=danish(now + FOLLOW_UP_AFTER).date())
    return enquiry


@transaction.atomic
def decline_enquiry(*, enquiry: Enquiry, by: User, now: dt.datetime, origin: str = "") -> Enquiry:
    """Say no: an honest no is worth more than silence. The asker is offered the next one."""
    enquiry = _waiting(enquiry)
    require_member(by, enquiry.asked, now)
    enquiry.next_offered = next_to_ask(enquiry, now)
    _end(enquiry, EnquiryState.DECLINED, "", by, now, origin)
    return enquiry


def _end(enquiry: Enquiry, state: EnquiryState, answer: str, by: User, now: dt.datetime, origin: str) -> None:
    enquiry.state, enquiry.answer, enquiry.answered_by, enquiry.answered_at = state, answer, by, now
    enquiry.save(update_fields=["state", "answer", "answered_by", "answered_at", "next_offered"])
    finish_task(organisation=enquiry.asked, kind=ANSWER, about=about_of(enquiry), by=by, now=now)
    record(action=Action.ENQUIRY_ANSWERED, what=about_of(enquiry), by=by, now=now, origin=origin, details={"as": state})
    _tell_asker(enquiry, answer or _declined(enquiry), now)


def _declined(enquiry: Enquiry) -> str:
    offered = _("I kan spørge %(next)s i stedet.") % {"next": enquiry.next_offered} if enquiry.next_offered else ""
    return f"{_('%(asked)s kan ikke hjælpe denne gang.') % {'asked': enquiry.asked}} {offered}".strip()


def _tell_asker(enquiry: Enquiry, body: str, now: dt.datetime) -> None:
    if email := address_of(enquiry.asker, Purpose.PRACTICE):
        subject = _("Om jeres spørgsmål til %(asked)s om %(subject)s")
        subject %= {"asked": enquiry.asked, "subject": subject_of(enquiry)}
        _write(enquiry.asker, email, subject, body, about_of(enquiry), now)


@transaction.atomic
def agree_to_show(*, enquiry: Enquiry, by: User, now: dt.datetime) -> Enquiry:
    """Let one's own side of an enquiry be seen; it is seen when both have said so."""
    enquiry = Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry.pk)
    mine = Organisation.objects.spoken_for_by(by, now)
    if enquiry.asker in mine:
        enquiry.public_by_asker = True
    elif enquiry.asked in mine:
        enquiry.public_by_asked = True
    else:
        raise PracticeError(_("Kun de to kommuner kan sige, at en henvendelse må ses."))
    enquiry.save(update_fields=["public_by_asker", "public_by_asked"])
    return enquiry


@transaction.atomic
def remind_of_enquiries(*, now: dt.datetime) -> list[Enquiry]:
    """Of what has waited 14 days: remind the one asked, once, and offer the asker the next one. Returns those."""
    found = list(Enquiry.objects.overdue(now).select_for_update(of=("self",)).select_related("asker", "asked"))
    for enquiry in found:
        enquiry.state, enquiry.reminded_at = EnquiryState.UNANSWERED, now
        enquiry.next_offered = next_to_ask(enquiry, now)
        enquiry.save(update_fields=["state", "reminded_at", "next_offered"])
        subject = _("%(asker)s venter på svar om %(subject)s")
        subject %= {"asker": enquiry.asker, "subject": subject_of(enquiry)}
        if email := address_of(enquiry.asked, Purpose.PRACTICE):
            _write(enquiry.asked, email, subject, enquiry.text, about_of(enquiry), now)
        waited = _("%(asked)s har ikke svaret i 14 dage.") % {"asked": enquiry.asked}
        offered = _("I kan spørge %(next)s i stedet.") % {"next": enquiry.next_offered} if enquiry.next_offered else ""
        _tell_asker(enquiry, f"{waited} {offered}".strip(), now)
    return found


@transaction.atomic
def ask_for_follow_ups(*, now: dt.datetime) -> int:
    """Ask everyone whose answer is a year old what came of it; return how many were asked."""
    due = FollowUp.objects.filter(due_on__lte=danish(now).date(), result="").select_related("enquiry__asker")
    for one in due:
        title = _("Hvad kom der af svaret fra %(asked)s om %(subject)s?")
        title %= {"asked": one.enquiry.asked, "subject": subject_of(one.enquiry)}
        give_task(organisation=one.enquiry.asker, kind=FOLLOW, about=about_of(one.enquiry), title=title[:200], now=now)
    return len(due)


@transaction.atomic
def follow_up(*, enquiry: Enquiry, result: FollowUpResult, note: str = "", by: User, now: dt.datetime) -> FollowUp:
    """Say what came of an answer. "For tidligt" is asked again a year later."""
    require_member(by, enquiry.asker, now)
    row = FollowUp.objects.select_for_update().filter(enquiry=enquiry).first()
    if row is None:
        raise PracticeError(_("Der er ikke svaret på henvendelsen, så der kan ikke være kommet noget af den."))
    no_personal_data(note)
    row.result, row.note, row.at, row.by = result, note.strip(), now, by
    if result == FollowUpResult.TOO_EARLY:
        row.due_on = danish(now + FOLLOW_UP_AFTER).date()
    row.save()
    finish_task(organisation=enquiry.asker, kind=FOLLOW, about=about_of(enquiry), by=by, now=now)
    return row


@transaction.atomic
def open_circle(
    *, circle: Circle, members: Sequence[Organisation], by: User, now: dt.datetime, origin: str = ""
) -> Circle:
    """Begin a circle of 3–8 municipalities on one indicator for a year; its goal is registered before it begins."""
    if not any(_may_approve(by, member, now) for member in members):
        raise PracticeError(_("En godkender i en af kommunerne begynder en kreds."))
    if not FEWEST <= len(set(members)) <= MOST:
        msg = _("En kreds har %(fewest)d til %(most)d kommuner, ikke %(number)d.")
        raise PracticeError(msg % {"fewest": FEWEST, "most": MOST, "number": len(set(members))})
    if any(member.kind != OrganisationKind.MUNICIPALITY for member in members):
        raise PracticeError(_("En kreds er mellem kommuner."))
    if circle.starts_on < danish(now).date():
        raise PracticeError(_("Målet skal registreres, før kredsen begynder."))
    circle.title, circle.goal = circle.title.strip(), circle.goal.strip()
    circle.goal_registered_at, circle.registered_by = now, by
    circle.ends_on = circle.starts_on + FOLLOW_UP_AFTER
    check_whole(circle)
    circle.save()
    circle.members.set(members)
    record(action=Action.CIRCLE_OPENED, what=f"circle {circle.pk}", by=by, now=now, origin=origin)
    return circle


def _may_approve(user: User, organisation: Organisation, now: dt.datetime) -> bool:
    try:
        require_member(user, organisation, now, MemberRole.APPROVER)
    except PracticeError:
        return False
    return True
