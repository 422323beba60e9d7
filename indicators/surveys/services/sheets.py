"""A municipality's questionnaire as a workbook: taken out, filled in by whoever has the figures, brought back in."""

import datetime as dt
import io
from collections.abc import Mapping

import xlsxwriter
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.surveys.conditions import Kind
from indicators.surveys.models import Frame, NoAnswer, Question, Reply
from indicators.upload.cells import write_xlsx_row
from indicators.upload.limits import LIMITS
from indicators.upload.reading import Unreadable
from indicators.upload.tables import Row
from indicators.upload.workbook import open_workbook

from .administrations import Given, save_reply
from .questionnaires import SurveyError

HEADERS = ("kode", "spørgsmål", "tal", "ud af", "intet svar", "note", "version")
"""``tal`` is the number, the numerator of a share, or the text; ``version`` is the one that was taken out."""
WORDS = {"ved ikke": NoAnswer.DONT_KNOW, "ikke relevant": NoAnswer.NOT_RELEVANT, "vil ikke svare": NoAnswer.REFUSED}


def replies_workbook(frame: Frame) -> bytes:
    """The questions with the answers as they stand, one row each, for a frame of an administration."""
    replies = {reply.question_id: reply for reply in frame.replies.all()}
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Svar")
    write_xlsx_row(sheet, 0, HEADERS)
    words = {kind: word for word, kind in WORDS.items()}
    questions = list(frame.wave.questionnaire.questions.in_order())
    for number, question in enumerate(questions, start=1):
        reply = replies.get(question.pk)
        given = reply.text or reply.number if reply else None
        instead = words[NoAnswer(reply.no_answer)] if reply and reply.no_answer else None
        answer = [given, reply.denominator if reply else None, instead, reply.note if reply else None]
        write_xlsx_row(sheet, number, [question.code, question.words_da, *answer, reply.version if reply else 0])
    sheet.data_validation(1, 4, len(questions), 4, {"validate": "list", "source": list(WORDS), "ignore_blank": True})
    for column, width in enumerate((26, 80, 12, 12, 16, 40, 8)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 2)
    book.close()
    return stream.getvalue()


@transaction.atomic
def take_workbook(*, frame: Frame, content: bytes, by: User, now: dt.datetime) -> int:
    """Take in a workbook that was taken out: every row that differs is saved; return how many.

    Raises SurveyError with every row that cannot be used or that somebody has answered since, and saves none.
    """
    questions = {question.code: question for question in frame.wave.questionnaire.questions.all()}
    stored = {reply.question.code: reply for reply in frame.replies.select_related("question")}
    problems: list[str] = []
    saved = 0
    for number, row in _rows(content):
        question = questions.get(row["kode"])
        if question is None:
            unknown = _("»%(code)s« er ikke et spørgsmål i skemaet.") % {"code": row["kode"]}
            problems.append(_("Række %(row)d: %(why)s") % {"row": number, "why": unknown})
            continue
        try:
            saved += _take(frame, question, row, stored.get(question.code), by, now)
        except SurveyError as error:
            problems.append(_("Række %(row)d: %(why)s") % {"row": number, "why": error})
    if problems:
        raise SurveyError("\n".join(problems))
    return saved


def _take(
    frame: Frame, question: Question, row: Mapping[str, str], reply: Reply | None, by: User, now: dt.datetime
) -> int:
    given = _given(question, row)
    now_stored = Given(reply.number, reply.denominator, reply.text, reply.no_answer, reply.note) if reply else Given()
    if given == now_stored:
        return 0
    seen = int(float(row["version"])) if row["version"].replace(".", "").isdecimal() else 0
    save_reply(frame=frame, question=question, seen=seen, given=given, by=by, now=now)
    return 1


def _given(question: Question, row: Mapping[str, str]) -> Given:
    instead = row["intet svar"].casefold()
    if instead and instead not in WORDS:
        raise SurveyError(_("»%(word)s« er ikke en af %(words)s.") % {"word": instead, "words": ", ".join(WORDS)})
    no_answer = WORDS[instead].value if instead else ""
    if question.kind == Kind.TEXT:
        return Given(text=row["tal"], no_answer=no_answer, note=row["note"])
    return Given(_number(row["tal"]), _number(row["ud af"]), no_answer=no_answer, note=row["note"])


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        raise SurveyError(_("»%(text)s« er ikke et tal.") % {"text": text[:30]}) from None


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    try:
        book = open_workbook(content, LIMITS)
        raw = list(book.table(book.visible[0]).rows())
    except (Unreadable, IndexError) as error:
        raise SurveyError(_("Filen kan ikke læses som regneark: %(why)s") % {"why": error}) from error
    header = [_text(cell) for cell in raw[0]] if raw else []
    if absent := [name for name in HEADERS if name not in header]:
        raise SurveyError(_("Arket mangler kolonnen %(names)s. Hent skemaet igen.") % {"names": ", ".join(absent)})
    return [(number, _cells(header, row)) for number, row in enumerate(raw[1:], start=2) if any(map(_text, row))]


def _cells(header: list[str], row: Row) -> dict[str, str]:
    return dict.fromkeys(header, "") | {name: _text(cell) for name, cell in zip(header, row, strict=False)}


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
