"""A question as it stands in a form: its words in the reader's language, and what can be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language

from indicators.surveys.conditions import Kind
from indicators.surveys.forms import CHOSEN
from indicators.surveys.models import Question


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that can be chosen."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """A box for a number or a text, with its own label where there are two (numerator, denominator)."""

    name: str
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A question with its answer so far; ``error`` is what is wrong with what was sent."""

    code: str
    number: int
    words: str
    hint: str = ""
    meant: str = ""
    options: Sequence[Option] = ()
    inputs: Sequence[Input] = ()
    is_text: bool = False
    error: str = ""
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class SectionOfFields:
    """Questions under one heading."""

    code: str
    title: str
    fields: list[Field] = field(default_factory=list)


def said(question: Question, name: str) -> str:
    """A text of a question (words, hint, universe …) in the active language, Danish where there is no other."""
    danish: str = getattr(question, f"{name}_da")
    return (getattr(question, f"{name}_en") or danish) if get_language() == "en" else danish


def choices_of(question: Question, chosen: str = "") -> list[Option]:
    """The answers that can be chosen, in their order."""
    english = get_language() == "en"
    return [
        Option(name, (label_en or label_da) if english else label_da, name == chosen)
        for name, label_da, label_en in question.choices
    ]


def field_of(question: Question, number: int, given: Mapping[str, str], error: str = "") -> Field:
    """A question of the members' form, with what was sent."""
    value = given.get(question.code, "")
    is_chosen = question.kind in CHOSEN
    meant = " · ".join(text for text in (said(question, "universe"), said(question, "period")) if text)
    return Field(
        code=question.code,
        number=number,
        words=said(question, "words"),
        hint=said(question, "hint"),
        meant=meant,
        options=choices_of(question, value) if is_chosen else (),
        inputs=() if is_chosen else (Input(question.code, "", value),),
        is_text=question.kind == Kind.TEXT,
        error=error,
    )


def in_sections(questions: Sequence[Question], fields: Sequence[Field]) -> list[SectionOfFields]:
    """Fields under their sections' headings, in the order they are asked."""
    found: dict[str, SectionOfFields] = {}
    for question, each in zip(questions, fields, strict=True):
        section = found.setdefault(
            question.section, SectionOfFields(question.section, said(question, "section") if question.section else "")
        )
        section.fields.append(each)
    return list(found.values())
