"""An administration answers: saved as one types, by several people at once, never over each other; then signed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.translation import gettext as _

from indicators.copying import copy_rows
from indicators.models import Action
from indicators.people.models import MemberRole, Membership, Organisation, Task
from indicators.people.services.tasks import finish_task, give_task
from indicators.personal_data import PersonalDataError, refuse_personal_data
from indicators.services.log import record
from indicators.surveys.conditions import Kind, holds
from indicators.surveys.forms import CHOSEN
from indicators.surveys.models import Attachment, Frame, NoAnswer, Question, Reply, WaveState

from .questionnaires import SurveyError
from .results import known_values
from .waves import TASK, about

LARGEST_ATTACHMENT = 10_000_000
WHOLE = {Kind.SHARE, Kind.COUNT, Kind.SCALE, Kind.YES_NO}


class ReplyError(SurveyError):
    """An answer that cannot be right; the message says what to do. Nothing was saved."""


class ReplyConflictError(SurveyError):
    """Somebody else has saved the same answer since it was shown. ``theirs`` is what is stored."""

    def __init__(self, message: str, theirs: Reply) -> None:
        super().__init__(message)
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered: a number (of a denominator), a text, or what is said instead. All empty: taken away."""

    number: float | None = None
    denominator: float | None = None
    text: str = ""
    no_answer: str = ""
    note: str = ""


@transaction.atomic
def save_reply(*, frame: Frame, question: Question, seen: int, given: Given, by: User, now: dt.datetime) -> Reply:
    """Save an answer over the version that was on the screen (``seen``; 0 where there was none).

    Raises ReplyConflictError where another version is stored by now, ReplyError for what cannot be right, SurveyError
    where the wave is not open or the answers are signed.
    """
    frame = _open_frame(frame)
    refuse_impossible(question, given)
    stored = Reply.objects.select_for_update().filter(frame=frame, question=question).first()
    if (stored.version if stored else 0) != seen:
        if stored is not None and _says(stored) == given:
            return stored  # the same page sent twice: nothing is lost by agreeing
        message = _("En anden har gemt et svar imens. Se begge, og gem det rigtige.")
        raise ReplyConflictError(message, stored or Reply(frame=frame, question=question, version=0))
    reply = stored or Reply(frame=frame, question=question, version=0)
    reply.number, reply.denominator, reply.text = given.number, given.denominator, given.text
    reply.no_answer, reply.note = given.no_answer, given.note
    reply.version, reply.by, reply.at = reply.version + 1, by, now
    reply.save()
    return reply


def _says(reply: Reply) -> Given:
    return Given(reply.number, reply.denominator, reply.text, reply.no_answer, reply.note)


def _open_frame(frame: Frame) -> Frame:
    return _open_frames([frame])[0]


def _open_frames(frames: Sequence[Frame]) -> list[Frame]:
    """The frames, locked: whoever signs waits until an answer is written, and the other way round.

    The wave is locked for sharing, so that it cannot close meanwhile.
    """
    rows = Frame.objects.select_for_update(of=("self",)).filter(pk__in=[frame.pk for frame in frames])
    found = list(rows.select_related("wave__questionnaire", "municipality").order_by("pk"))
    waves = {frame.wave_id for frame in found}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM surveys_wave WHERE id = ANY(%s) AND state = 'open' FOR SHARE", [list(waves)])
        if cursor.rowcount < len(waves):
            raise SurveyError(_("Runden er ikke åben."))
    if any(frame.approved_at is not None for frame in found):
        raise SurveyError(_("Svarene er godkendt. Redaktionen kan åbne dem igen."))
    return found


def refuse_impossible(question: Question, given: Given) -> None:
    """Raise ReplyError for an answer that no administration can have."""
    values = [each for each in (given.number, given.denominator) if each is not None]
    try:
        refuse_personal_data(f"{given.note}\n{given.text}")
    except PersonalDataError as error:
        raise ReplyError(str(error)) from error
    if given.no_answer:
        if given.no_answer not in NoAnswer.values:
            raise ReplyError(_("Vælg ved ikke, ikke relevant eller vil ikke svare."))
        if values or given.text:
            raise ReplyError(_("Skriv et tal, eller vælg, hvorfor der ikke er et. Ikke begge dele."))
        return
    if not values:
        return
    if question.kind in WHOLE and any(value != int(value) for value in values):
        raise ReplyError(_("Skriv et helt tal."))
    if question.kind == Kind.SHARE:
        _refuse_share(given)
        return
    _refuse_number(question, values[0])


def _refuse_number(question: Question, number: float) -> None:
    if question.kind in CHOSEN:
        if not any(_number(name) == number for name, *_labels in question.choices):
            raise ReplyError(_("Vælg et af svarene."))
    elif number < (question.low or 0.0) or (question.high is not None and number > question.high):
        raise ReplyError(_("Tallet er uden for det mulige."))
    if not holds(question.constraint, {".": number}):
        raise ReplyError(question.message_da or _("Tallet er uden for det mulige."))


def _refuse_share(given: Given) -> None:
    if given.number is None or given.denominator is None:
        raise ReplyError(_("Skriv begge tal: hvor mange det gælder, og hvor mange der er i alt."))
    if given.denominator <= 0:
        raise ReplyError(_("Er der ingen, det kan gælde, så vælg »ikke relevant«."))
    if not 0 <= given.number <= given.denominator:
        raise ReplyError(_("Det første tal kan ikke være større end det andet."))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


@transaction.atomic
def take_replies(
    *, frames: Sequence[Frame], replies: Mapping[tuple[int, str], Given], by: User, now: dt.datetime
) -> int:
    """Write many answers at once (by frame and question's code), for frames that have none; return how many.

    Raises ReplyError with every answer that cannot be right, and then writes none.
    """
    questions = {q.code: q for q in frames[0].wave.questionnaire.questions.all()} if frames else {}
    wrong: list[str] = []
    rows = []
    by_key = {frame.pk: frame for frame in _open_frames(frames)}
    for (key, code), given in replies.items():
        try:
            refuse_impossible(questions[code], given)
        except ReplyError as error:
            wrong.append(f"{by_key[key].municipality.code}, {code}: {error}")
            continue
        rows.append(
            Reply(
                frame=by_key[key], question=questions[code], number=given.number, denominator=given.denominator,
                text=given.text, no_answer=given.no_answer, note=given.note, by=by, at=now,
            )
        )  # fmt: skip
    if wrong:
        raise ReplyError("\n".join(wrong))
    return copy_rows(rows)


@transaction.atomic
def approve_replies(*, frames: Sequence[Frame], by: User, now: dt.datetime) -> None:
    """Sign the answers of one municipality (or of several, when they come from a file): from here only the office opens
    them. Raises SurveyError where some questions are open, and then signs none."""
    frames = _open_frames(frames)
    questions = list(frames[0].wave.questionnaire.questions.in_order()) if frames else []
    replies: dict[int, dict[str, Reply]] = {frame.pk: {} for frame in frames}
    code_of = {question.pk: question.code for question in questions}
    for reply in Reply.objects.filter(frame__in=frames):
        replies[reply.frame_id][code_of[reply.question_id]] = reply
    for frame in frames:
        if lacking := _lacking(questions, replies[frame.pk]):
            message = _("%(count)d spørgsmål er ikke besvaret. Svar, eller vælg, hvorfor der ikke er et svar.")
            raise SurveyError(message % {"count": len(lacking)})
        frame.approved_at, frame.approved_by = now, by
    Frame.objects.bulk_update(frames, ["approved_at", "approved_by"])
    organisations = Organisation.objects.of_municipalities()
    places = [frame.municipality_id for frame in frames]
    for organisation in organisations.filter(municipality__in=places):
        finish_task(organisation=organisation, kind=TASK, about=about(frames[0].wave), by=by, now=now)
    codes = [frame.municipality.code for frame in frames]
    for what in {f"{about(frame.wave)} {codes[0]}" if len(codes) == 1 else about(frame.wave) for frame in frames}:
        record(action=Action.REPLIES_APPROVED, what=what, by=by, now=now, details={"municipalities": codes})


@transaction.atomic
def reopen_replies(*, frame: Frame, reason: str, by: User, now: dt.datetime, address: str = "") -> Frame:
    """Let a municipality answer again, by the office, with a reason in the log. Raises SurveyError."""
    frame = Frame.objects.select_for_update(of=("self",)).select_related("wave", "municipality").get(pk=frame.pk)
    if frame.wave.state != WaveState.OPEN or frame.approved_at is None:
        raise SurveyError(_("Kun godkendte svar i en åben runde kan åbnes igen."))
    if not reason.strip():
        raise SurveyError(_("Skriv, hvorfor svarene åbnes igen."))
    frame.approved_at = frame.approved_by = None
    frame.save(update_fields=["approved_at", "approved_by"])
    organisation = organisation_of(frame)
    if organisation is not None:
        title = _("Besvar spørgeskemaet %(year)d igen") % {"year": frame.wave.year}
        due = max(frame.wave.closes_at, now)
        give_task(
            organisation=organisation,
            kind=TASK,
            about=about(frame.wave),
            title=title,
            due_at=due,
            address=address,
            now=now,
        )
    what = f"{about(frame.wave)} {frame.municipality.code}"
    record(action=Action.REPLIES_REOPENED, what=what, by=by, now=now, details={"reason": reason.strip()})
    return frame


def unanswered(frame: Frame) -> list[Question]:
    """The questions that are to be answered and are not: those whose condition holds and that lack both value and
    reason."""
    questions = list(frame.wave.questionnaire.questions.in_order())
    return _lacking(questions, {reply.question.code: reply for reply in frame.replies.select_related("question")})


def _lacking(questions: Sequence[Question], replies: Mapping[str, Reply]) -> list[Question]:
    known = known_values(replies)
    return [q for q in questions if holds(q.relevant, known) and not is_answered(replies.get(q.code))]


def is_answered(reply: Reply | None) -> bool:
    """Whether a reply says something: a number, a text, or why there is none."""
    return reply is not None and bool(reply.no_answer or reply.text or reply.number is not None)


def organisation_of(frame: Frame) -> Organisation | None:
    """The municipality as an organisation; None where it has none yet."""
    return Organisation.objects.of_municipalities().filter(municipality=frame.municipality).first()


def role_in(frame: Frame, user: User, now: dt.datetime) -> str:
    """The highest role that a person has for a frame's municipality: approver, respondent, observer, or ""."""
    current = Membership.objects.current(now).filter(user=user, organisation=organisation_of(frame))
    roles = set(current.values_list("role", flat=True))
    ladder = (MemberRole.APPROVER, MemberRole.RESPONDENT, MemberRole.OBSERVER)
    return next((role.value for role in ladder if role in roles), "")


@transaction.atomic
def give_section(
    *, frame: Frame, section: str, title: str, colleague: User, now: dt.datetime, address: str = ""
) -> Task:
    """Give a section to a colleague of the municipality. Raises SurveyError where it is none or the section is not."""
    frame = _open_frame(frame)
    if role_in(frame, colleague, now) not in {MemberRole.APPROVER, MemberRole.RESPONDENT}:
        raise SurveyError(_("Et afsnit kan kun gives til en kollega, der må svare for kommunen."))
    if not frame.wave.questionnaire.questions.filter(section=section).exists():
        raise SurveyError(_("Skemaet har ikke det afsnit."))
    organisation = organisation_of(frame)
    if organisation is None:
        raise SurveyError(_("Kommunen er ikke oprettet som organisation."))
    return give_task(
        organisation=organisation,
        kind="survey-section",
        about=f"{about(frame.wave)} {section}",
        title=title,
        assignee=colleague,
        due_at=max(frame.wave.closes_at, now),
        address=address,
        now=now,
    )


@transaction.atomic
def attach(*, reply: Reply, name: str, content: bytes, by: User, now: dt.datetime) -> Attachment:
    """Keep a file beside an answer. Raises SurveyError for an empty one or one above 10 MB, or when signed."""
    _open_frame(reply.frame)
    if not content or len(content) > LARGEST_ATTACHMENT:
        raise SurveyError(_("Et bilag er højst 10 MB og ikke tomt."))
    return Attachment.objects.create(reply=reply, name=name[:255], content=content, added_by=by, added_at=now)
