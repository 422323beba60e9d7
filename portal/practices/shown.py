"""The practices that an edition's pages know, their texts in the language of the page, and a line of a list."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.language import formatting
from portal.practices.verdicts import said
from portal.published.edition import ShownEdition
from portal.published.subjects import localised
from portal.serving.release import shared_in_release
from rankings.practices.models import Aim, Knowledge, MeasuredHere, Practice, PracticeState


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a practice; ``lang`` is "da" where an English page has to show the Danish one."""

    text: str
    lang: str = ""


def written(row: object, field: str) -> Text:
    """A text in the language of the page, else the Danish one, which then says so."""
    english = getattr(row, f"{field}_en", "") if get_language() == "en" else ""
    if english:
        return Text(english)
    return Text(getattr(row, field), "da" if get_language() == "en" else "")


def listed(practice: Practice, rows: Iterable[MeasuredHere], links: Links) -> dict[str, Any]:
    """A line of a list. ``rows``: what was measured of it in the edition shown."""
    return dict(
        title=written(practice, "title"),
        summary=written(practice, "summary"),
        url=links.to("practice", "slug", practice.slug),
        where=formatting.joined([one.name for one in practice.municipalities.all()]),
        knowledge=str(Knowledge(practice.knowledge).label),
        measured=tuple(_in_short(row) for row in rows),
        state="" if practice.state == PracticeState.PUBLISHED else str(PracticeState(practice.state).label),
    )


def _in_short(row: MeasuredHere) -> str:
    indicator = row.aim.indicator
    short = localised(indicator, "short") or localised(indicator, "name")
    words = said(row, indicator, 1)
    return f"{short}: {words.verdict}" + (f" ({_('foreløbig')})" if words.preliminary else "")


def shown_practices(shown: ShownEdition) -> list[Practice]:
    """The public ones that an edition's page knows: a pinned one never shows what came later. Held with the release."""
    return _shown(shown.edition.pk, shown.edition.published_at if shown.is_pinned else None)


@shared_in_release
def _shown(edition: int, moment: dt.datetime | None) -> list[Practice]:
    measured = MeasuredHere.objects.filter(edition=edition).select_related("aim__indicator__theme", "municipality")
    return list(
        Practice.objects.public()
        .in_the_open_by(moment)
        .by_knowledge()
        .select_related("organisation")
        .prefetch_related(
            "municipalities",
            Prefetch("aims", Aim.objects.in_order().select_related("indicator__theme")),
            Prefetch("aims__measured", measured.order_by("municipality__sort_key"), to_attr="shown"),
            "evidence",
        )
    )


def rows_of(practice: Practice) -> list[MeasuredHere]:
    """What was measured of a practice from ``shown_practices``, aim by aim."""
    return [row for aim in practice.aims.all() for row in aim.shown]  # type: ignore[attr-defined]  # by Prefetch
