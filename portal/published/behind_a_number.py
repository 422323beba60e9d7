"""What stands behind one printed number besides its value: the fetch it came with, what was said and decided of it."""

from indicators.models import Indicator, Upload
from indicators.sources.models import Fetch, SourceAnswer
from indicators.surveys.models import Question, Wave
from portal.published.proofs import NationalRecord, Record
from rankings.hearing.models import Decision, Flag, Remark


def fetch_of(upload: Upload | None) -> Fetch | None:
    """The fetch that a file came from; None where a person brought it."""
    return None if upload is None else Fetch.objects.of_upload(upload).first()


def period_rule_of(upload: Upload) -> str:
    """How parts of years became years when a file was read, as its report says it; "" where it has years."""
    said = Upload.objects.filter(pk=upload.pk).values_list("report__period_rule", flat=True).first()
    return said or ""


def question_behind(upload: Upload, indicator: Indicator) -> tuple[Question, Wave] | None:
    """What was asked, and in which wave, where a file is the result of one; None of any other file."""
    wave = Wave.objects.filter(upload=upload).select_related("questionnaire").first()
    question = wave and wave.questionnaire.questions.filter(indicator=indicator).first()
    return (question, wave) if wave and question else None


def answers_of(found: Record | NationalRecord) -> list[SourceAnswer]:
    """The raw answers behind a number, in the order in which they came; none where a person brought the file."""
    row = None if isinstance(found, NationalRecord) else fetch_of(found.placement.upload)
    return [] if row is None else list(row.answers.order_by("pk"))


def remarks_on(found: Record, indicator: Indicator) -> list[Remark]:
    """What the municipality said of its figure in the year's hearings, with the rulings, oldest first."""
    remarks = Remark.objects.received().filter(
        response__hearing__edition__year=found.edition.year,
        response__organisation__municipality=found.municipality,
        indicator=indicator,
    )
    return list(remarks.select_related("ruling").order_by("received_at"))


def flags_on(found: Record, indicator: Indicator) -> list[Flag]:
    """The flags that the figure had or has in the year's editions, with the rulings."""
    flags = Flag.objects.ever_public().about_year(found.edition.year)
    return list(flags.filter(municipality=found.municipality, indicator=indicator).select_related("ruling"))


def decision_on(found: Record) -> Decision | None:
    """The council's treatment of the year that the figure is from."""
    year = found.placement.data_year or 0
    return Decision.objects.filter(organisation__municipality=found.municipality, year=year).first()
