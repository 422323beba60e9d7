"""A form comes in as a workbook, in a version; once it has been asked it never changes."""

import datetime as dt
import hashlib
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.models import Indicator
from indicators.surveys.forms import Form, FormError, Item, read_form
from indicators.surveys.models import Instrument, Question, Questionnaire

SHIPPED = {
    Instrument.ADMINISTRATIONS: "spoergeskema-forvaltninger.xlsx",
    Instrument.MEMBERS: "spoergeskema-medlemmer.xlsx",
}


class SurveyError(Exception):
    """What was asked cannot be done with this survey; the message says why. Nothing was changed."""


@transaction.atomic
def add_questionnaire(*, content: bytes, now: dt.datetime) -> Questionnaire:
    """Take in a form. The same file again is the same questionnaire; a version that nobody was asked yet is replaced.

    Raises FormError with every line that is wrong, SurveyError where that version has been asked in other words.
    """
    form = read_form(content)
    indicators = _indicators(form)
    digest = hashlib.sha256(content).hexdigest()
    known = Questionnaire.objects.select_for_update().filter(instrument=form.instrument, version=form.version).first()
    if known is not None:
        if known.sha256 == digest:
            return known
        if known.frozen_at is not None:
            message = _(
                "Version %(version)d er brugt i en runde og kan ikke ændres. Giv skemaet et nyt versionsnummer."
            )
            raise SurveyError(message % {"version": form.version})
        known.delete()
    questionnaire = Questionnaire.objects.create(
        instrument=form.instrument,
        version=form.version,
        title_da=form.title_da,
        title_en=form.title_en,
        file=content,
        sha256=digest,
        added_at=now,
    )
    sections = {section.code: section for section in form.sections}
    questions = []
    for position, item in enumerate(form.items, start=1):
        section = sections.get(item.section)
        questions.append(
            _question(questionnaire, position, item, indicators.get(item.indicator))
            | {"section_da": section.label_da if section else "", "section_en": section.label_en if section else ""}
        )
    Question.objects.bulk_create([Question(**each) for each in questions])
    return questionnaire


def shipped_questionnaire(*, instrument: Instrument, now: dt.datetime) -> Questionnaire:
    """The form that comes with the project for an instrument, taken in where it is not yet."""
    path = Path(settings.BASE_DIR) / "indicators" / "data" / SHIPPED[instrument]
    return add_questionnaire(content=path.read_bytes(), now=now)


def _indicators(form: Form) -> dict[str, Indicator]:
    wanted = {item.indicator for item in form.items if item.indicator}
    known = {each.code: each for each in Indicator.objects.filter(code__in=wanted)}
    if unknown := wanted - set(known):
        raise FormError([f"survey, column indicator: the catalogue has no {code}" for code in sorted(unknown)])
    if instrument_wrong := [code for code, each in known.items() if not _fits(each, form.instrument)]:
        raise FormError(
            [
                f"survey, column indicator: {code} is not measured by asking {form.instrument}"
                for code in instrument_wrong
            ]
        )
    return known


def _fits(indicator: Indicator, instrument: str) -> bool:
    """The two instruments are kept apart: an indicator is the word of one of them."""
    asks = {"survey_managers": Instrument.ADMINISTRATIONS, "survey_members": Instrument.MEMBERS}
    return asks.get(indicator.source_kind, instrument) == instrument


def _question(
    questionnaire: Questionnaire, position: int, item: Item, indicator: Indicator | None
) -> dict[str, object]:
    same = (
        "section", "hint_da", "hint_en", "numerator_da", "numerator_en", "denominator_da", "denominator_en",
        "universe_da", "universe_en", "period_da", "period_en", "relevant", "constraint", "message_da", "message_en",
        "low", "high", "per", "since",
    )  # fmt: skip
    return {name: getattr(item, name) for name in same} | {
        "questionnaire": questionnaire,
        "position": position,
        "code": item.code,
        "kind": item.kind.value,
        "indicator": indicator,
        "words_da": item.label_da,
        "words_en": item.label_en,
        "choices": [[choice.name, choice.label_da, choice.label_en] for choice in item.choices],
        "counts": list(item.counts),
    }
