"""The last steps of a proof: the publisher that a figure was fetched from, and what it answered."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.sources.services import recipes_of_the_catalogue
from portal.language import formatting
from portal.published import Upload
from portal.published.behind_a_number import fetch_of


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way back: what it is, what it says, where to read on."""

    name: str
    text: str
    note: str = ""
    url: str = ""


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
