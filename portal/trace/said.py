"""What was said of one figure and how it was ruled: the way from a remark to the value, and how to write about it."""

from dataclasses import dataclass

from portal.addresses.links import Links
from portal.language import formatting
from portal.published.proofs import NationalRecord, Record
from rankings.hearing.models import Decision, Flag, FlagState, Remark

APPEALS = "appeals"


@dataclass(frozen=True, slots=True)
class SaidOfNumber:
    """A line each, oldest first; ``write`` is where a reader may say that the figure is wrong."""

    lines: tuple[tuple[str, str, str], ...]
    is_flagged: bool
    decided: str
    minutes: str
    write: str
    hearing: str


def said_of_number(found: Record | NationalRecord) -> SaidOfNumber | None:
    """What is said of an indicator's figure; None for scores and for figures of all, of which nobody is the subject."""
    if not isinstance(found, Record) or found.subject.indicator is None:
        return None
    indicator, year = found.subject.indicator, found.edition.year
    remarks = Remark.objects.received().filter(
        response__hearing__edition__year=year,
        response__organisation__municipality=found.municipality,
        indicator=indicator,
    )
    flags = Flag.objects.ever_public().about_year(year).filter(municipality=found.municipality, indicator=indicator)
    lines = [
        (formatting.day(one.received_at), one.text, one.ruling)
        for one in remarks.select_related("ruling").order_by("received_at")
    ] + [(formatting.day(one.raised_at), one.text, one.ruling) for one in flags.select_related("ruling")]
    return SaidOfNumber(
        lines=tuple(
            (day, text, f"{ruling.get_outcome_display()}: {ruling.reason}" if ruling else "")
            for day, text, ruling in lines
        ),
        is_flagged=any(one.state == FlagState.RAISED for one in flags),
        decided=_decided(found)[0],
        minutes=_decided(found)[1],
        write=Links().to("figure-wrong", "number", str(found.number)),
        hearing=Links().of("hearing-year", year=str(year)) if lines else "",
    )


def _decided(found: Record) -> tuple[str, str]:
    """When the council treated the map of reversed decisions and where that is read: at figures of appeals only."""
    indicator = found.subject.indicator
    if indicator is None or indicator.source_kind != APPEALS:
        return "", ""
    decision = Decision.objects.filter(
        organisation__municipality=found.municipality, year=found.placement.data_year or 0
    ).first()
    return (formatting.date(decision.treated_on), decision.url) if decision else ("", "")
