"""What was said of one figure and how it was ruled: the way from a remark to the value, and how to write about it."""

from typing import Any

from portal.addresses.links import Links
from portal.language import formatting
from portal.published.behind_a_number import decision_on, flags_on, remarks_on
from portal.published.proofs import NationalRecord, Record
from rankings.hearing.models import FlagState

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
