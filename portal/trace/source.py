"""The last steps of a proof: the publisher and its answer, or what was asked; and what was said of the figure since."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.sources.recipes import recipes_of_the_catalogue
from indicators.upload.periods import rule_in
from portal.addresses import Links
from portal.language import formatting
from portal.language.data_names import period_rule
from portal.published import Indicator, Upload
from portal.published.behind_a_number import (
    decision_on,
    fetch_of,
    flags_on,
    period_rule_of,
    question_behind,
    remarks_on,
)
from portal.published.proofs import NationalRecord, Record
from portal.published.subjects import localised
from rankings.hearing.models import FlagState


def period_steps(upload: Upload, indicator: Indicator) -> tuple[dict[str, Any], ...]:
    """What was made of the parts of a year that the file has; nothing where it has years."""
    said = rule_in(period_rule_of(upload))
    return (
        (dict(name=_("Årets tal"), text=period_rule(said), note=localised(indicator.source, "name")),) if said else ()
    )


def question_steps(upload: Upload, indicator: Indicator) -> tuple[dict[str, Any], ...]:
    """From the file of a wave on to the question, word by word, its version and the wave; nothing of other files."""
    found = question_behind(upload, indicator)
    if found is None:
        return ()
    question, wave = found
    english = get_language() == "en"
    words = (question.words_en if english else "") or question.words_da
    form = wave.questionnaire
    title = (form.title_en if english else "") or form.title_da
    where = reverse("surveys-year", kwargs={"year": wave.year})
    since = _("samme ord siden %(year)d") % {"year": question.since} if question.since else ""
    closed = _("lukket %(day)s") % {"day": formatting.day(wave.closed_at)}
    number = _("spørgsmål %(number)d") % {"number": question.position}
    return (
        dict(
            name=_("Spørgsmålet"),
            text=words,
            note=" · ".join(filter(None, [number, since])),
            url=f"{where}#{wave.instrument}-{question.position}",
        ),
        dict(
            name=_("Skemaets version"),
            text=f"{title}, {form.version}",
            note=_("SHA-256 %(sum)s") % {"sum": form.sha256},
        ),
        dict(
            name=_("Runden"),
            text=_("Undersøgelsen %(year)d") % {"year": wave.year},
            note=closed,
            url=f"{where}#{wave.instrument}",
        ),
    )


def source_steps(upload: Upload, number: str) -> tuple[dict[str, Any], ...]:
    """From the file on to the publisher: its table with its address, and each raw answer with its checksum."""
    row = fetch_of(upload)
    if row is None:
        return ()
    publisher = recipes_of_the_catalogue().publishers.get(row.publisher)
    page = publisher.table_page if publisher and not row.is_trial else ""
    trial = _("prøvetal fra %(host)s, ikke fra kildens egen vært") % {"host": row.host} if row.is_trial else row.host
    updated = _("opdateret %(day)s") % {"day": row.updated[:10]} if row.updated else ""
    fetched = _("hentet %(day)s") % {"day": formatting.day(row.asked_at)}
    tables = row.tables.split(", ")
    title = publisher.title if publisher else row.publisher
    steps = [
        dict(
            name=_("Tabel hos kilden"),
            text=f"{title}, {table}",
            note=" · ".join(part for part in (fetched, updated, trial) if part),
            url=page.format(table=table) if page else "",
        )
        for table in tables
    ]
    answers = [
        dict(
            name=_("Kildens svar, som det kom"),
            text=answer.url,
            note=f"{formatting.number(answer.size)} byte · SHA-256 {answer.sha256}",
            url=reverse("trace-answer", args=[number, place]),
        )
        for place, answer in enumerate(row.answers.order_by("pk"), start=1)
    ]
    return (*steps, *answers)


APPEALS = "appeals"


def said_of_number(found: Record | NationalRecord) -> dict[str, Any] | None:
    """What is said of an indicator's figure; None for scores and for figures of all, of which nobody is the subject."""
    if not isinstance(found, Record) or found.subject.indicator is None:
        return None
    remarks, flags = remarks_on(found, found.subject.indicator), flags_on(found, found.subject.indicator)
    lines = [(formatting.day(one.received_at), one.text, one.ruling) for one in remarks]
    lines += [(formatting.day(one.raised_at), one.text, one.ruling) for one in flags]
    return dict(
        lines=tuple(
            (day, text, f"{ruling.get_outcome_display()}: {ruling.reason}" if ruling else "")
            for day, text, ruling in lines
        ),
        is_flagged=any(one.state == FlagState.RAISED for one in flags),
        decided=_decided(found)[0],
        minutes=_decided(found)[1],
        write=Links().to("figure-wrong", "number", str(found.number)),
        hearing=Links().of("hearing-year", year=str(found.edition.year)) if lines else "",
    )


def _decided(found: Record) -> tuple[str, str]:
    """When the council treated the map of reversed decisions and where that is read: at figures of appeals only."""
    indicator = found.subject.indicator
    if indicator is None or indicator.source_kind != APPEALS:
        return "", ""
    decision = decision_on(found)
    return (formatting.date(decision.treated_on), decision.url) if decision else ("", "")
