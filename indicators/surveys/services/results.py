"""What a wave gives: its figures, and the file in the upload format that goes in as every file does."""

import csv
import io
import secrets
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from indicators.copying import copy_rows
from indicators.models import ContextFigure
from indicators.surveys.aggregate import Figure, Reason, Respondent, Rules, aggregate
from indicators.surveys.aggregate import Kind as FigureKind
from indicators.surveys.aggregate import Question as Asked
from indicators.surveys.conditions import Kind, holds
from indicators.surveys.forms import DENOMINATOR, NUMERATOR
from indicators.surveys.models import (
    Answer,
    Frame,
    NoAnswer,
    Question,
    Reply,
    SealedAnswer,
    SurveyFigure,
    Ticket,
    Wave,
)
from indicators.surveys.sealing import unseal
from indicators.upload.cells import Missing

HEADER = (
    "kode", "kommune", "indikator", "aar", "vaerdi", "status", "note", "spurgte", "svar", "lav", "hoej", "interval",
)  # fmt: skip
POPULATION = "k-indbyggere"
DEMO_NOTE = "Demodata: opdigtet tal"
STATUS_WORDS = {
    Missing.NOT_REPORTED: "ikke indberettet",
    Missing.SUPPRESSED: "diskretioneret",
    Missing.NOT_APPLICABLE: "ikke relevant",
    Missing.UNANSWERED: "ubesvaret",
    Missing.DONT_KNOW: "ved ikke",
    Missing.NOT_APPROVED: "ikke godkendt",
    Missing.TOO_FEW_ANSWERS: "for få svar",
}
MISSING_OF = {
    NoAnswer.DONT_KNOW: Missing.DONT_KNOW,
    NoAnswer.NOT_RELEVANT: Missing.NOT_APPLICABLE,
    NoAnswer.REFUSED: Missing.NOT_REPORTED,
}
REASONS = {
    Reason.NOBODY_ASKED: Missing.NOT_APPLICABLE,
    Reason.UNANSWERED: Missing.UNANSWERED,
    Reason.SUPPRESSED: Missing.SUPPRESSED,
    Reason.HELD_BACK: Missing.SUPPRESSED,
    Reason.TOO_FEW_ANSWERS: Missing.TOO_FEW_ANSWERS,
    Reason.LOW_RESPONSE: Missing.TOO_FEW_ANSWERS,
}


class ResultRow(NamedTuple):
    """A line of the file: a municipality's figure of an indicator, and what it is worth."""

    code: str
    name: str
    indicator: str
    value: float | None
    missing: Missing | None
    note: str = ""
    asked: int | None = None
    answered: int | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""


def result_file(wave: Wave, rows: Sequence[ResultRow]) -> bytes:
    """The file in the upload format: UTF-8 with BOM, semicolons, decimal comma; the same rows give the same bytes."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for row in rows:
        status = STATUS_WORDS[row.missing] if row.missing else ""
        note = row.note or (DEMO_NOTE if wave.is_demo else "")
        said = [row.code, row.name, row.indicator, wave.year, _comma(row.value), status, note]
        worth = [_whole(row.asked), _whole(row.answered), _comma(row.low), _comma(row.high), row.interval]
        writer.writerow([*said, *worth])
    return stream.getvalue().encode("utf-8-sig")


def _comma(number: float | None) -> str:
    return "" if number is None else repr(float(number)).removesuffix(".0").replace(".", ",")


def _whole(number: int | None) -> str:
    return "" if number is None else str(number)


# The administrations


def administrations_rows(wave: Wave) -> list[ResultRow]:
    """A row for every municipality of the frame and every question with an indicator.

    What is not approved is missing, in public: unanswered where nothing was said, else not approved.
    """
    questions = list(wave.questionnaire.questions.in_order().select_related("indicator"))
    replies: dict[int, dict[str, Reply]] = {}
    code_of = {question.pk: question.code for question in questions}
    for reply in Reply.objects.filter(frame__wave=wave):
        replies.setdefault(reply.frame_id, {})[code_of[reply.question_id]] = reply
    rows = []
    frames = list(_frames(wave))
    for frame in frames:
        given = replies.get(frame.pk, {})
        values = known_values(given)
        frame.answered = int(frame.approved_at is not None)
        for question in questions:
            if question.indicator is not None:
                value, missing = _administrations_figure(frame, question, given, values)
                name = frame.municipality.name
                rows.append(ResultRow(frame.municipality.code, name, question.indicator.code, value, missing))
    Frame.objects.bulk_update(frames, ["answered"])
    return rows


def _frames(wave: Wave) -> Iterator[Frame]:
    """The frame in the order of codes, each line with its population (the newest that is known)."""
    yield from with_population(wave.frames.select_related("municipality").order_by("municipality__code"))


def with_population(frames: QuerySet[Frame]) -> QuerySet[Frame]:
    """Frames with ``population``, the newest that is known, None where none is: rates are counted by it."""
    newest = ContextFigure.objects.filter(municipality=OuterRef("municipality"), code=POPULATION).order_by("-year")
    return frames.annotate(population=Subquery(newest.values("value")[:1]))


def known_values(replies: Mapping[str, Reply]) -> dict[str, str | float]:
    """What the conditions of a form may ask about: each question's answer, of a share its two numbers."""
    known: dict[str, str | float] = {}
    for code, reply in replies.items():
        if reply.denominator is not None:
            known[code + DENOMINATOR] = reply.denominator
            known[code + NUMERATOR] = reply.number or 0.0
        known[code] = reply.text if reply.number is None else reply.number
    return known


def _administrations_figure(
    frame: Frame, question: Question, given: Mapping[str, Reply], values: Mapping[str, str | float]
) -> tuple[float | None, Missing | None]:
    reply = given.get(question.code)
    if frame.approved_at is None:
        return None, Missing.NOT_APPROVED if given else Missing.UNANSWERED
    if not holds(question.relevant, values):
        return None, Missing.NOT_APPLICABLE
    if reply is None:
        return None, Missing.UNANSWERED
    if reply.no_answer:
        return None, MISSING_OF[NoAnswer(reply.no_answer)]
    value = value_of(question, reply.number, reply.denominator, getattr(frame, "population", None))
    return (None, Missing.NOT_AVAILABLE) if value is None else (value, None)


def value_of(
    question: Question, number: float | None, denominator: float | None, population: float | None
) -> float | None:
    """The indicator's value that a reply makes: a share in per cent, a rate per inhabitants, else the number."""
    if number is None:
        return None
    if question.kind == Kind.SHARE:
        return 100 * number / denominator if denominator else None
    if question.kind == Kind.RATE:
        return number / population * (question.per or 1.0) if population else None
    return number


# The members


def members_rows(wave: Wave, key: Path) -> list[ResultRow]:
    """Open what is sealed, write it in random order, make the figures, and give the rows of the file."""
    open_sealed(wave, key)
    respondents = [
        Respondent(code, answers, weight)
        for code, answers, weight in Answer.objects.filter(wave=wave).values_list(
            "municipality__code", "answers", "weight"
        )
    ]
    questions = list(wave.questionnaire.questions.in_order().select_related("indicator"))
    frames = {frame.municipality.code: frame for frame in _frames(wave)}
    asked = {code: frame.asked for code, frame in frames.items()}
    rules = Rules(wave.publish_from, wave.rank_from, Fraction(wave.rank_rate))
    figures = aggregate(
        [_for_figures(each, questions) for each in respondents], [asked_of(each) for each in questions], asked, rules
    )
    _keep(wave, figures, frames, questions)
    _count(frames, respondents)
    by_code = {question.code: question for question in questions}
    return [
        row
        for figure in figures
        if (row := _member_row(figure, frames[figure.municipality], by_code[figure.question])) is not None
    ]


def open_sealed(wave: Wave, key: Path) -> None:
    """Write what was sealed as answers with keys of their own, in an order that is drawn here, in one transaction.

    Rows that are written together have one version and stand as they were drawn; nothing of the order in which they
    came is left.
    """
    sealed = SealedAnswer.objects.filter(wave=wave)
    boxes = [bytes(box) for box in sealed.values_list("box", flat=True)]
    if boxes:
        contents = unseal(key, boxes)
        secrets.SystemRandom().shuffle(contents)
        municipalities = {frame.municipality.code: frame.municipality for frame in _frames(wave)}
        copy_rows(
            [
                Answer(wave=wave, municipality=municipalities[str(each["municipality"])], answers=each["answers"])
                for each in contents
            ]
        )
    sealed.delete()


def forget_members(wave: Wave) -> None:
    """Delete every token and every address of a wave."""
    Ticket.objects.filter(wave=wave).delete()


def asked_of(question: Question) -> Asked:
    """The question as the aggregation knows it: a share of those whose answer counts, or the mean on the scale."""
    if question.kind in {Kind.YES_NO, Kind.CHOICE}:
        return Asked(question.code, FigureKind.SHARE, yes="1")
    return Asked(question.code, FigureKind.MEAN, low=question.low, high=question.high)


def _for_figures(respondent: Respondent, questions: Sequence[Question]) -> Respondent:
    """Answers as the aggregation counts them: "1" for a choice that counts, "0" for another, numbers as numbers."""
    answers: dict[str, str | float] = {}
    for question in questions:
        given = respondent.answers.get(question.code, "")
        if given == "" or given is None:
            continue
        if question.kind in {Kind.YES_NO, Kind.CHOICE}:
            answers[question.code] = "1" if str(given) in question.counts else "0"
        elif question.kind != Kind.TEXT:
            answers[question.code] = float(given)
    return respondent._replace(answers=answers)


def _keep(wave: Wave, figures: Sequence[Figure], frames: Mapping[str, Frame], questions: Sequence[Question]) -> None:
    key_of = {question.code: question for question in questions}
    copy_rows(
        [
            SurveyFigure(
                wave=wave,
                municipality=frames[each.municipality].municipality,
                question=key_of[each.question],
                asked=each.asked,
                answered=each.answered,
                estimate=each.estimate,
                low=each.interval.low if each.interval else None,
                high=each.interval.high if each.interval else None,
                bound_low=each.bound_low,
                bound_high=each.bound_high,
                ranked=each.ranked,
                reason=each.reason.value,
            )
            for each in figures
        ]
    )


def _count(frames: Mapping[str, Frame], respondents: Sequence[Respondent]) -> None:
    for frame in frames.values():
        frame.answered = 0
    for respondent in respondents:
        frame = frames[respondent.municipality]
        frame.answered = (frame.answered or 0) + bool(respondent.answers)
    Frame.objects.bulk_update(list(frames.values()), ["answered"])


def _member_row(figure: Figure, frame: Frame, question: Question) -> ResultRow | None:
    if question.indicator is None:
        return None
    low, high = figure.interval or (None, None)
    kind = "wilson" if question.kind in {Kind.YES_NO, Kind.CHOICE} else "student"
    return ResultRow(
        code=frame.municipality.code,
        name=frame.municipality.name,
        indicator=question.indicator.code,
        value=figure.estimate,
        missing=REASONS.get(figure.reason),
        asked=figure.asked,
        answered=figure.answered,
        low=low,
        high=high,
        interval=kind if figure.interval else "",
    )
