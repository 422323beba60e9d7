"""Where a municipality answers: an overview of its sections, a form for each, last year's answers beside the fields."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.people.models import MemberRole, Membership, Task
from indicators.surveys.conditions import Kind, holds
from indicators.surveys.forms import CHOSEN
from indicators.surveys.models import Frame, NoAnswer, Question, Reply, WaveState
from indicators.surveys.services.administrations import Given, is_answered, organisation_of
from indicators.surveys.services.results import known_values, value_of
from indicators.surveys.services.waves import about
from portal.components.links import Link
from portal.language import formatting
from portal.pictures.pdf import draw_pdf
from portal.surveys.fields import Field, Input, Option, choices_of, said


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a section with its answer, what was answered last year, and what strikes one about it."""

    field: Field
    version: int
    shown: str
    no_answer: Sequence[Option]
    note: str
    last_year: str
    doubts: Sequence[str]
    by: str
    theirs: str
    is_skipped: bool
    attachments: Sequence[Link]


def takes_answers(frame: Frame) -> bool:
    """Whether answers can be changed: the wave is open and nobody has signed."""
    return frame.wave.state == WaveState.OPEN and frame.approved_at is None


def overview(frame: Frame, role: str) -> dict[str, Any]:
    """Gather a municipality's questionnaire for a member in this role."""
    lines = _section_lines(frame)
    is_open = takes_answers(frame)
    answered, total = (sum(line[name] for line in lines) for name in ("answered", "total"))
    return dict(
        title=frame.wave.questionnaire.title_da,
        municipality=frame.municipality.name,
        closes=formatting.moment(frame.wave.closes_at),
        sections=lines,
        answered=answered,
        total=total,
        is_open=is_open,
        may_write=is_open and role in {MemberRole.RESPONDENT, MemberRole.APPROVER},
        may_approve=is_open and role == MemberRole.APPROVER and answered == total,
        approved=formatting.moment(frame.approved_at) if frame.approved_at else "",
        colleagues=_colleagues(frame),
        receipt=reverse("survey-receipt", kwargs={"frame": frame.pk}),
        workbook=reverse("survey-workbook", kwargs={"frame": frame.pk}),
        here=reverse("survey-answers", kwargs={"frame": frame.pk}),
    )


def _section_lines(frame: Frame) -> list[dict[str, Any]]:
    """The sections in the overview: how far each is, who has it."""
    replies = replies_of(frame)
    known = known_values(replies)
    tasks = Task.objects.still_open().filter(kind="survey-section", organisation=organisation_of(frame))
    given = dict(tasks.values_list("about", "assignee__username"))
    lines: dict[str, dict[str, Any]] = {}
    for question in frame.wave.questionnaire.questions.in_order():
        code = question.section
        url = reverse("survey-section", kwargs={"frame": frame.pk, "section": code})
        who = given.get(f"{about(frame.wave)} {code}", "")
        new = dict(code=code, title=said(question, "section"), url=url, answered=0, total=0, colleague=who)
        line = lines.setdefault(code, new)
        if holds(question.relevant, known):
            line["answered"] += is_answered(replies.get(question.code))
            line["total"] += 1
    return list(lines.values())


def _colleagues(frame: Frame) -> list[Option]:
    members = Membership.objects.current(timezone.now()).filter(organisation=organisation_of(frame))
    people = members.with_role(MemberRole.RESPONDENT, MemberRole.APPROVER).select_related("user")
    return [Option(str(each.user.pk), each.user.get_full_name() or each.user.get_username()) for each in people]


def replies_of(frame: Frame) -> dict[str, Reply]:
    """A municipality's answers by the question's code."""
    return {reply.question.code: reply for reply in frame.replies.select_related("question", "by")}


def section_page(
    frame: Frame,
    section: str,
    *,
    sent: Mapping[str, str] | None = None,
    problems: Mapping[str, "Problem"] | None = None,
) -> dict[str, Any]:
    """The questions of a section as they stand; what was sent and not saved stays in its fields. Raises Http404."""
    replies = replies_of(frame)
    known = known_values(replies)
    files: dict[str, list[Link]] = {}
    with_files = frame.replies.filter(attachments__isnull=False).order_by("attachments__pk")
    for code, name, key in with_files.values_list("question__code", "attachments__name", "attachments__pk"):
        url = reverse("survey-attachment", kwargs={"frame": frame.pk, "pk": key})
        files.setdefault(code, []).append(Link(name, url))
    all_questions = frame.wave.questionnaire.questions
    questions = list(all_questions.filter(section=section).in_order().select_related("indicator"))
    if not questions:
        raise Http404
    asked = [
        _asked(frame, question, replies, (problems or {}).get(question.code), sent, files)
        if holds(question.relevant, known)
        else _skipped(question)
        for question in questions
    ]
    here = reverse("survey-answers", kwargs={"frame": frame.pk})
    return dict(
        title=said(questions[0], "section"),
        municipality=frame.municipality.name,
        approved=formatting.moment(frame.approved_at) if frame.approved_at else "",
        here=here,
        questions=asked,
        unsaved=len(problems or {}),
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer was not saved; ``theirs`` is what somebody else has saved meanwhile."""

    text: str
    theirs: Reply | None = None


def _asked(
    frame: Frame,
    question: Question,
    replies: Mapping[str, Reply],
    problem: Problem | None,
    sent: Mapping[str, str] | None,
    files: Mapping[str, Sequence[Link]],
) -> Asked:
    reply = problem.theirs if problem and problem.theirs else replies.get(question.code)
    stored = given_of(reply)
    shown = read(question, sent)[0] if problem and sent is not None else stored
    by = (reply.by.get_full_name() or reply.by.get_username()) if reply and reply.pk else ""
    return Asked(
        field=_field(question, shown or stored, problem.text if problem else ""),
        version=reply.version if reply else 0,
        shown=mark_of(stored),
        no_answer=[
            Option(value, str(label), value == (shown or stored).no_answer) for value, label in NoAnswer.choices
        ],
        note=(shown or stored).note,
        last_year=last_year(question, frame.last_year.get(question.code)),
        doubts=doubts(frame, question, stored),
        by=by,
        theirs=in_words(question, given_of(problem.theirs)) if problem and problem.theirs else "",
        is_skipped=False,
        attachments=files.get(question.code, ()),
    )


def _skipped(question: Question) -> Asked:
    return Asked(_field(question, Given(), ""), 0, "", (), "", "", (), "", "", is_skipped=True, attachments=())


def given_of(reply: Reply | None) -> Given:
    """What is stored, as it would be given."""
    if reply is None:
        return Given()
    return Given(reply.number, reply.denominator, reply.text, reply.no_answer, reply.note)


def mark_of(given: Given) -> str:
    """What tells whether a field was touched: a form sends back the mark of what it showed."""
    said_so = (given.number, given.denominator, given.text, given.no_answer, given.note)
    return hashlib.sha256(repr(said_so).encode()).hexdigest()[:16]


def _field(question: Question, given: Given, error: str) -> Field:
    number = "" if given.number is None else formatting.exact(given.number)
    code = question.code
    meant = " · ".join(text for text in (said(question, "universe"), said(question, "period")) if text)
    base = Field(
        code,
        question.position,
        said(question, "words"),
        said(question, "hint"),
        meant,
        error=error,
        is_text=question.kind == Kind.TEXT,
        indicator=question.indicator.code if question.indicator else "",
    )
    if question.kind in CHOSEN:
        return replace(base, options=choices_of(question, "" if given.number is None else f"{given.number:g}"))
    if question.kind == Kind.SHARE:
        of = "" if given.denominator is None else formatting.exact(given.denominator)
        first, second = said(question, "numerator"), said(question, "denominator")
        return replace(base, inputs=(Input(f"{code}-tal", first, number), Input(f"{code}-af", second, of)))
    return replace(base, inputs=(Input(f"{code}-tal", "", given.text if base.is_text else number),))


def read(question: Question, sent: Mapping[str, str] | None) -> tuple[Given | None, str]:
    """What a form sent for a question, or why it cannot be read."""
    if sent is None:
        return None, ""
    code, text = question.code, ""
    numbers: list[float | None] = []
    for name in (f"{code}-tal", f"{code}-af"):
        raw = sent.get(name, "").strip().replace(" ", "")
        if question.kind == Kind.TEXT:
            text = sent.get(f"{code}-tal", "").strip()
            numbers = [None, None]
            break
        try:
            numbers.append(float(_point(raw)) if raw else None)
        except ValueError:
            return None, _("»%(text)s« er ikke et tal.") % {"text": raw[:30]}
    no_answer, note = sent.get(f"{code}-intet", ""), sent.get(f"{code}-note", "").strip()
    return Given(numbers[0], numbers[1], text, no_answer, note), ""


def _point(text: str) -> str:
    """A Danish number for Python: 1.234,5 is 1234.5, and 1.234 is one thousand two hundred and thirty-four."""
    if "," in text:
        return text.replace(".", "").replace(",", ".")
    head, point, tail = text.rpartition(".")
    return head.replace(".", "") + tail if point and len(tail) == 3 and head.lstrip("-").isdigit() else text


def in_words(question: Question, given: Given) -> str:
    """An answer as one reads it: "74 af 90", "ja", "ved ikke"."""
    if given.no_answer:
        return str(NoAnswer(given.no_answer).label)
    if given.number is None:
        return given.text or _("intet svar")
    number = formatting.exact(given.number)
    if given.denominator is not None:
        return _("%(number)s af %(all)s") % {"number": number, "all": formatting.exact(given.denominator)}
    labels = {option.value: option.label for option in choices_of(question)}
    return labels.get(f"{given.number:g}", number)


def last_year(question: Question, stored: object) -> str:
    """What was answered the last time, in words; "" where nothing was."""
    if not isinstance(stored, list) or len(stored) != 4:
        return ""
    number, denominator, no_answer, text = stored
    return in_words(question, Given(number, denominator, text, no_answer))


def doubts(frame: Frame, question: Question, given: Given) -> list[str]:
    """What strikes one about an answer that may still be right: said at once, never in the way."""
    indicator = question.indicator
    value = value_of(question, given.number, given.denominator, getattr(frame, "population", None))
    if indicator is None or value is None:
        return []
    found = []
    low, high = indicator.plausible_min, indicator.plausible_max
    if low is not None and high is not None and not low <= value <= high:
        usual = formatting.number_range(low, high, indicator.decimals)
        shown = formatting.number(value, indicator.decimals)
        words = _("Det giver %(value)s %(unit)s. De fleste kommuner ligger mellem %(usual)s.")
        found.append(words % {"value": shown, "unit": indicator.unit, "usual": usual})
    before = frame.last_year.get(question.code)
    if isinstance(before, list) and before[0] is not None and low is not None and high is not None:
        then = value_of(question, before[0], before[1], getattr(frame, "population", None))
        if then is not None and abs(value - then) > (high - low) / 3:
            words = _("Sidste år var tallet %(then)s. Passer det, at det har flyttet sig så meget?")
            found.append(words % {"then": formatting.number(then, indicator.decimals)})
    return found


def receipt_pdf(frame: Frame) -> bytes:
    """The receipt of a municipality's answers as they stand; it says whether they are signed, by whom and when."""
    replies = replies_of(frame)
    lines = []
    for question in frame.wave.questionnaire.questions.in_order():
        reply = replies.get(question.code)
        answer = in_words(question, given_of(reply))
        lines.append(
            dict(
                number=question.position, words=said(question, "words"), answer=answer, note=reply.note if reply else ""
            )
        )
    signed = formatting.moment(frame.approved_at) if frame.approved_at else ""
    by = (frame.approved_by.get_full_name() or frame.approved_by.get_username()) if frame.approved_by else ""
    context = {"frame": frame, "lines": lines, "signed": signed, "by": by, "demo": frame.wave.is_demo}
    return draw_pdf(render_to_string("surveys/receipt.html", context), f"kvittering-{frame.pk}")
