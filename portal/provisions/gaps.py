"""Where no place is registered for a target group, and how fresh that is; how the places have spread."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.provisions.shown.gaps import Cell as Registered
from indicators.provisions.shown.gaps import Gaps, OverTime, gaps_on, over_time
from indicators.provisions.shown.question import Choices, UnknownValueError
from portal.components.links import Link
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.provisions import words
from portal.published.subjects import localised


def gaps_page(day: dt.date, asked: str) -> dict[str, Any]:
    """Gather the page; ``asked`` is the code of a target group for the table over time, "" for all of them."""
    choices = Choices.on(day)
    gaps = gaps_on(day, choices)
    group = choices.groups.get(asked)
    time = over_time(day, choices.meant[group.pk] if group else ())
    options = [dict(value="", text=_("Alle målgrupper"), selected=group is None)]
    options += [
        dict(value=code, text=localised(one, "name"), selected=code == asked) for code, one in choices.groups.items()
    ]
    unknown = bool(asked) and group is None
    return dict(
        says=_says(gaps),
        by_landsdel=_table(
            gaps,
            _("Målgrupper efter landsdel"),
            {row.group.pk: row.by_landsdel for row in gaps.rows},
            gaps.landsdele,
            "cards",
        ),
        by_region=_table(
            gaps, _("Målgrupper efter region"), {row.group.pk: row.by_region for row in gaps.rows}, gaps.regions, "many"
        ),
        protected=_protected(gaps),
        groups=tuple(options),
        time=_over_time(time),
        time_says=_time_says(time),
        error=_("Målgruppen »%(value)s« kender vi ikke.") % {"value": asked} if unknown else "",
        decides=words.who_decides(),
        not_coverage=words.not_coverage(),
        downloads=(
            Link("CSV", reverse("provisions-gaps-csv")),
            Link("API", "/api/v1/provisions/gaps"),
            Link(_("CSV kommune for kommune"), reverse("provisions-around-csv")),
        ),
        ways=(
            Link(_("Alle tilbud"), reverse("provisions")),
            Link(_("Hvad er kendt om specialisering?"), reverse("provisions-levels")),
            Link(_("Hvor er behovet størst?"), reverse("need")),
        ),
        is_demo=gaps.is_demo,
    )


def group_asked(asked: str, choices: Choices) -> None:
    """Raise UnknownValueError for a target group that nobody knows."""
    if asked and asked not in choices.groups:
        raise UnknownValueError("maalgruppe", asked)


def _says(gaps: Gaps) -> tuple[str, ...]:
    texts = [
        _("Vi talte %(day)s, og kun tilbud i drift, der er bekræftet inden for et år.")
        % {"day": formatting.date(gaps.day)},
        _("%(services)s er ikke bekræftet det seneste år og er derfor ikke med.")
        % {"services": words.services(gaps.unconfirmed)},
    ]
    if gaps.without_group:
        text = _("%(services)s har ingen registreret målgruppe.")
        texts.append(text % {"services": words.services(gaps.without_group)})
    texts.append(
        _(
            "En tom celle betyder, at der ikke er registreret en plads. Den siger ikke, at der ikke findes en anden "
            "løsning, og heller ikke noget om behovet."
        )
    )
    texts.append(_("Under hvert tal står den ældste bekræftelse bag det."))
    texts.append(_("Et tilbud kan tage imod flere målgrupper. Rækkerne kan derfor ikke lægges sammen."))
    return tuple(texts)


def _table(
    gaps: Gaps, caption: str, cells: Mapping[int, Mapping[str, Registered]], parts: list[str], css: str = ""
) -> Table:
    rows = tuple(
        Row(
            localised(row.group, "name"),
            f"{reverse('provisions')}?maalgruppe={row.group.code}",
            cells=tuple(_cell(cells[row.group.pk][part], _(part)) for part in parts),
        )
        for row in gaps.rows
    )
    return Table(caption, (Column(_("Målgruppe")), *(Column(_(part)) for part in parts)), rows, css=css)


def _cell(one: Registered, part: str) -> Cell:
    if not one.services:
        return Cell("", part, missing=words.none_registered())
    text = _("%(places)s i %(services)s") % {
        "places": formatting.count(one.places, _("plads"), _("pladser")),
        "services": words.services(one.services),
    }
    if one.without_places == one.services:
        text = _("%(services)s, pladser ikke oplyst") % {"services": words.services(one.services)}
    notes = []
    if one.per_1000 is not None:
        notes.append(_("%(number)s pr. 1.000 i gruppen") % {"number": formatting.number(one.per_1000, 1)})
    if one.oldest is not None:
        notes.append(formatting.date(one.oldest))
    return Cell(text, part, " · ".join(notes), css="text")


def _protected(gaps: Gaps) -> Table:
    head = _("Beskyttede tilbud")
    rows = tuple(
        Row(_(region), cells=(Cell(formatting.number(count), head, css="number"),))
        for region, count in gaps.protected_by_region.items()
    )
    return Table(
        _("Beskyttede tilbud efter region"), (Column(_("Region")), Column(head, css="number")), rows, css="plain"
    )


def _over_time(time: OverTime) -> Table | None:
    if not time.years:
        return None
    heads = [str(year) for year in time.years]
    rows = [
        Row(
            landsdel,
            cells=tuple(
                Cell(formatting.number(places), head, css="number") for head, places in zip(heads, line, strict=True)
            ),
        )
        for landsdel, line in time.by_landsdel.items()
    ]
    services = tuple(
        Cell(formatting.number(count), head, css="number") for head, count in zip(heads, time.services, strict=True)
    )
    rows.append(Row(_("Tilbud bag tallene"), css="group-start", cells=services))
    columns = (Column(_("Landsdel")), *(Column(head, css="number") for head in heads))
    return Table(_("Registrerede pladser 1. januar hvert år"), columns, tuple(rows), css="plain")


def _time_says(time: OverTime) -> str:
    if not time.years:
        return ""
    return _("Flere tilbud bag tallene kan skyldes, at flere er registreret, og ikke at der er kommet flere pladser.")
