"""Members are asked by a link that works once, and answer without a name. No time is written beside an answer."""

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.translation import gettext as _

from indicators.copying import copy_rows
from indicators.models import Action, Municipality
from indicators.people.models import Letter
from indicators.people.services.letters import write_letter
from indicators.services.log import record
from indicators.surveys.conditions import Kind, holds
from indicators.surveys.forms import CHOSEN
from indicators.surveys.models import Answer, Instrument, Question, SealedAnswer, Ticket, Wave, WaveState
from indicators.surveys.respondents import Export
from indicators.surveys.sealing import make_lock, seal

from .questionnaires import SurveyError
from .waves import about, key_file

LETTER = "survey-member"
Words = Callable[[Wave, Municipality, str], tuple[str, str]]
"""Subject and text of a letter from the wave, the municipality of the frame and the token: written by the portal."""


class TicketError(SurveyError):
    """A link that leads nowhere: used, called back, replaced, guessed, or the wave is not open; the message says."""


@dataclass(frozen=True, slots=True)
class Member:
    """A line of the union's list: the municipality of the frame, and the address if letters are to go from here."""

    municipality: str
    email: str = ""


def hash_of(token: str) -> str:
    """What is stored of a token. 192 random bits need no salt and no slow hash: there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def _new_token() -> str:
    return secrets.token_urlsafe(24)


@transaction.atomic
def ask_members(
    *, wave: Wave, members: Sequence[Member], words: Words | None, by: User, now: dt.datetime
) -> list[tuple[str, str]]:
    """Make a token for each member; with ``words`` the letters go from here, else they are for the union to send.

    Return (municipality, token) in the order of the list, only where no letters go from here: after that nobody can
    find a token again. Raises SurveyError for an address that stands twice, or more members than the frame says.
    """
    wave = _open(wave)
    frames = {frame.municipality.code: frame for frame in wave.frames.select_related("municipality")}
    _refuse_list(wave, members, {code: frame.asked for code, frame in frames.items()})
    if not wave.lock:
        wave.lock = make_lock(key_file)
        wave.save(update_fields=["lock"])
    tokens = [_new_token() for _member in members]
    tickets = [
        Ticket(
            wave=wave,
            municipality=frames[member.municipality].municipality,
            token_hash=hash_of(token),
            email=member.email.strip().lower() if words else "",
        )
        for member, token in zip(members, tokens, strict=True)
    ]
    # The keys are random, and the rows are written in an order that is none: the list's order is not kept.
    Ticket.objects.bulk_create(sorted(tickets, key=lambda ticket: str(ticket.pk)), batch_size=1000)
    if words is not None:
        for ticket, token in zip(tickets, tokens, strict=True):
            _send(wave, ticket, token, words, now)
    record(action=Action.MEMBERS_ASKED, what=about(wave), by=by, now=now, details={"asked": len(members)})
    if words is not None:
        return []
    return [(member.municipality, token) for member, token in zip(members, tokens, strict=True)]


def _refuse_list(wave: Wave, members: Sequence[Member], asked: Mapping[str, int]) -> None:
    counts = {code: Ticket.objects.filter(wave=wave, municipality__code=code, revoked=False).count() for code in asked}
    seen: set[str] = set()
    for number, member in enumerate(members, start=1):
        if member.municipality not in asked:
            message = _("Linje %(line)d: kommunen %(code)s er ikke med i rammen.")
            raise SurveyError(message % {"line": number, "code": member.municipality})
        counts[member.municipality] += 1
        if counts[member.municipality] > asked[member.municipality]:
            message = _("Linje %(line)d: kommunen %(code)s har flere på listen end i rammen (%(asked)d).")
            raise SurveyError(
                message % {"line": number, "code": member.municipality, "asked": asked[member.municipality]}
            )
        address = member.email.strip().lower()
        if address and address in seen:
            raise SurveyError(_("Linje %(line)d: adressen står to gange.") % {"line": number})
        seen.add(address)


def _send(wave: Wave, ticket: Ticket, token: str, words: Words, now: dt.datetime) -> None:
    subject, body = words(wave, ticket.municipality, token)
    write_letter(kind=LETTER, email=ticket.email, subject=subject, body=body, about=about(wave), secret=True, now=now)


@transaction.atomic
def remind_members(*, wave: Wave, words: Words, by: User, now: dt.datetime) -> int:
    """Write once more to those who have not answered, with a new token each; the old one ends. Return how many."""
    wave = _open(wave)
    waiting = wave.tickets.filter(used=False, revoked=False).exclude(email="").select_for_update(of=("self",))
    Letter.objects.waiting().filter(about=about(wave), kind=LETTER).delete()  # its token would lead nowhere
    tickets = list(waiting.select_related("municipality"))
    for ticket in tickets:
        token = _new_token()
        ticket.token_hash = hash_of(token)
        _send(wave, ticket, token, words, now)
    Ticket.objects.bulk_update(tickets, ["token_hash"], batch_size=1000)
    record(action=Action.MEMBERS_ASKED, what=about(wave), by=by, now=now, details={"reminded": len(tickets)})
    return len(tickets)


@transaction.atomic
def revoke_ticket(*, wave: Wave, email: str) -> bool:
    """Call back an address's way in (sent to the wrong person); False where it was used, or there is none."""
    found = Ticket.objects.filter(wave=wave, email=email.strip().lower(), used=False, revoked=False)
    return bool(found.update(revoked=True))


def ticket_of(token: str) -> Ticket:
    """The way in that a token opens. Raises TicketError, in the same words for one replaced and one guessed."""
    ticket = (
        Ticket.objects.select_related("wave__questionnaire", "municipality").filter(token_hash=hash_of(token)).first()
    )
    if ticket is None or ticket.revoked:
        raise TicketError(_("Linket gælder ikke. Har du fået et nyere brev, så brug linket i det."))
    if ticket.used:
        raise TicketError(_("Der er allerede svaret med dette link. Tak for det."))
    if ticket.wave.state != WaveState.OPEN:
        raise TicketError(_("Undersøgelsen er lukket."))
    return ticket


def answer(*, token: str, given: Mapping[str, str]) -> None:
    """Use a token and put the answers in a sealed box, in two transactions that share nothing but the wave.

    Two at once with one token: the database lets one through. Raises TicketError; SurveyError for answers that the form
    does not have, and then the token can still be used.
    """
    ticket = ticket_of(token)
    answers = clean(list(ticket.wave.questionnaire.questions.in_order()), given)
    with transaction.atomic():
        unused = Ticket.objects.filter(pk=ticket.pk, token_hash=hash_of(token), used=False, revoked=False)
        if not unused.filter(wave__state=WaveState.OPEN).update(used=True):
            raise TicketError(_("Der er allerede svaret med dette link. Tak for det."))
    try:
        content = {"municipality": ticket.municipality.code, "answers": answers}
        _keep(ticket.wave, seal(bytes(ticket.wave.lock), content))
    except BaseException:
        Ticket.objects.filter(pk=ticket.pk).update(used=False)  # nothing was kept: the member may try again
        raise


@transaction.atomic
def _keep(wave: Wave, box: bytes) -> None:
    """Write a box, unless the wave has closed since: who closes waits for this lock, and this for who closes."""
    table, waves = SealedAnswer._meta.db_table, Wave._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (id, wave_id, box) "  # noqa: S608  two names of ours
            f"SELECT %s, id, %s FROM {waves} WHERE id = %s AND state = %s FOR SHARE",
            [uuid.uuid4(), box, wave.pk, WaveState.OPEN.value],
        )
        if not cursor.rowcount:
            raise TicketError(_("Undersøgelsen er lukket."))


def clean(questions: Sequence[Question], given: Mapping[str, str]) -> dict[str, str]:
    """The answers that the form knows, without blanks and without those whose condition does not hold."""
    answers = {q.code: given.get(q.code, "").strip() for q in questions}
    for question in questions:
        text = answers[question.code]
        if text and question.kind in CHOSEN and text not in {name for name, *_labels in question.choices}:
            raise SurveyError(_("»%(answer)s« er ikke et af svarene.") % {"answer": text[:50]})
        if len(text) > 2000:
            raise SurveyError(_("Svaret er for langt."))
    known = dict(answers)
    return {q.code: answers[q.code] for q in questions if answers[q.code] and holds(q.relevant, known)}


def _open(wave: Wave) -> Wave:
    wave = Wave.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=wave.pk)
    if wave.state != WaveState.OPEN or wave.instrument != Instrument.MEMBERS:
        raise SurveyError(_("Medlemmer kan kun spørges i en åben medlemsrunde."))
    return wave


def mappings_before(wave: Wave) -> list[dict[str, Any]]:
    """How exports were read: this wave's own first, then those of its instrument's other waves, the newest first."""
    others = Wave.objects.filter(instrument=wave.instrument).exclude(pk=wave.pk).order_by("-year")
    return [wave.mapping, *others.values_list("mapping", flat=True)]


@transaction.atomic
def take_export(*, wave: Wave, export: Export, by: User, now: dt.datetime) -> int:
    """Take in the answers of somebody else's system, and remember how its columns are read; return how many.

    An export replaces the one before. Raises SurveyError where members were asked here, or more people answered in a
    municipality than were asked there.
    """
    wave = _open(wave)
    if SealedAnswer.objects.filter(wave=wave).exists() or Ticket.objects.filter(wave=wave).exists():
        raise SurveyError(_("Medlemmerne er spurgt her på siden. En fil kan ikke komme oven i."))
    municipalities = {
        f.municipality.code: (f.municipality, f.asked) for f in wave.frames.select_related("municipality")
    }
    counts: dict[str, int] = {}
    for respondent in export.respondents:
        if respondent.municipality not in municipalities:
            raise SurveyError(_("Kommunen %(code)s er ikke med i rammen.") % {"code": respondent.municipality})
        counts[respondent.municipality] = counts.get(respondent.municipality, 0) + bool(respondent.answers)
    for code, count in counts.items():
        if count > municipalities[code][1]:
            message = _("Kommunen %(code)s har %(count)d svar, men kun %(asked)d blev spurgt.")
            raise SurveyError(message % {"code": code, "count": count, "asked": municipalities[code][1]})
    Answer.objects.filter(wave=wave).delete()
    shuffled = list(export.respondents)
    secrets.SystemRandom().shuffle(shuffled)
    copy_rows(
        [
            Answer(wave=wave, municipality=municipalities[r.municipality][0], answers=dict(r.answers), weight=r.weight)
            for r in shuffled
        ]
    )
    wave.mapping = export.mapping.as_json()
    wave.save(update_fields=["mapping"])
    record(action=Action.ANSWERS_IMPORTED, what=about(wave), by=by, now=now, details={"answers": len(shuffled)})
    return len(shuffled)


def scale_of(question: Question) -> tuple[float, float] | None:
    """The ends of a question's scale, where it has both."""
    if question.kind == Kind.TEXT or question.low is None or question.high is None:
        return None
    return question.low, question.high
