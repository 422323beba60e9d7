"""The last steps of a proof: the publisher that a figure was fetched from, and what it answered; or what was asked."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.sources.recipes import recipes_of_the_catalogue
from indicators.upload.periods import rule_in
from portal.language import formatting
from portal.language.data_names import period_rule
from portal.published import Indicator, Upload
from portal.published.behind_a_number import fetch_of, period_rule_of, question_behind
from portal.published.subjects import localised


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way back: what it is, what it says, where to read on."""

    name: str
    text: str
    note: str = ""
    url: str = ""


def period_steps(upload: Upload, indicator: Indicator) -> tuple[Step, ...]:
    """What was made of the parts of a year that the file has; nothing where it has years."""
    said = rule_in(period_rule_of(upload))
    return (Step(_("Årets tal"), period_rule(said), localised(indicator.source, "name")),) if said else ()


def question_steps(upload: Upload, indicator: Indicator) -> tuple[Step, ...]:
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
        Step(
            _("Spørgsmålet"), words, " · ".join(filter(None, [number, since])),
            f"{where}#{wave.instrument}-{question.position}",
        ),
        Step(_("Skemaets version"), f"{title}, {form.version}", _("SHA-256 %(sum)s") % {"sum": form.sha256}),
        Step(_("Runden"), _("Undersøgelsen %(year)d") % {"year": wave.year}, closed, f"{where}#{wave.instrument}"),
    )  # fmt: skip


def source_steps(upload: Upload, number: str) -> tuple[Step, ...]:
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
        Step(
            _("Tabel hos kilden"),
            f"{title}, {table}",
            " · ".join(part for part in (fetched, updated, trial) if part),
            page.format(table=table) if page else "",
        )
        for table in tables
    ]
    answers = [
        Step(
            _("Kildens svar, som det kom"),
            answer.url,
            f"{formatting.number(answer.size)} byte · SHA-256 {answer.sha256}",
            reverse("trace-answer", args=[number, place]),
        )
        for place, answer in enumerate(row.answers.order_by("pk"), start=1)
    ]
    return (*steps, *answers)
