"""What a municipality answered and signed, as a PDF to keep."""

from dataclasses import dataclass

from django.template.loader import render_to_string

from indicators.surveys.models import Frame
from portal.language import formatting
from portal.pictures.pdf import draw_pdf
from portal.surveys.fields import said
from portal.surveys.workbench import given_of, in_words, replies_of


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A question and its answer."""

    number: int
    words: str
    answer: str
    note: str


def receipt_pdf(frame: Frame) -> bytes:
    """The receipt of a municipality's answers as they stand; it says whether they are signed, by whom and when."""
    replies = replies_of(frame)
    lines = []
    for question in frame.wave.questionnaire.questions.in_order():
        reply = replies.get(question.code)
        answer = in_words(question, given_of(reply))
        lines.append(ReceiptLine(question.position, said(question, "words"), answer, reply.note if reply else ""))
    signed = formatting.moment(frame.approved_at) if frame.approved_at else ""
    by = (frame.approved_by.get_full_name() or frame.approved_by.get_username()) if frame.approved_by else ""
    context = {"frame": frame, "lines": lines, "signed": signed, "by": by, "demo": frame.wave.is_demo}
    return draw_pdf(render_to_string("surveys/receipt.html", context), f"kvittering-{frame.pk}")
