"""The proof of a printed number: back to its file and row, forward to the ranks it moved."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.models import Indicator, Measurement, Upload
from portal.addresses.proofs import Addresses
from portal.components.facts import Fact
from portal.components.links import Link, pinned
from portal.components.tables import Table
from portal.language import formatting
from portal.language import phrases as words
from portal.published.proofs import NationalRecord, Record
from portal.published.subjects import Subject, localised
from portal.trace.tables import (
    affected_table,
    corrections_table,
    forward_table,
    history_table,
    measured,
    members_table,
    parts_table,
)
from rankings.models import Edition, Placement


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way back: what it is, what it says, where to read on."""

    name: str
    text: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class TracePage:
    """Everything a proof shows, as text. ``steps`` lead back; the tables are None where there is nothing to show."""

    number: str
    title: str
    under: str
    trail: tuple[Link, ...]
    facts: tuple[Fact, ...]
    steps: tuple[Step, ...]
    parts: Table | None
    forward: Table | None
    corrections: Table | None
    affected: Table | None
    history: Table | None
    permalink: str


def trace_page(found: Record | NationalRecord, addresses: Addresses) -> TracePage:
    """Dress what was found as a page."""
    if isinstance(found, NationalRecord):
        return _national_page(found, addresses)
    indicator = found.subject.indicator
    return TracePage(
        number=str(found.number),
        title=f"{found.municipality.name}: {found.subject.name}",
        under=_under(found.edition, found.placement),
        trail=_trail(found.subject, found.number.release, addresses, found.municipality.name, found.municipality.slug),
        facts=_facts(found.placement, indicator, found.edition),
        steps=_steps(found, addresses),
        parts=None if indicator else parts_table(found, addresses),
        forward=forward_table(found, addresses),
        corrections=corrections_table(found, addresses),
        affected=affected_table(found),
        history=history_table(found) if indicator else None,
        permalink=pinned(found.number.url),
    )


def _under(edition: Edition, placement: Placement | None = None) -> str:
    parts = [_("Udgave %(release)s") % {"release": edition.release}]
    if placement and placement.data_year:
        parts.append(_("tal for %(year)s") % {"year": placement.data_year})
    return " · ".join(parts)


def _trail(subject: Subject, release: str, addresses: Addresses, name: str = "", slug: str = "") -> tuple[Link, ...]:
    links = addresses.links
    first = Link(name, addresses.page(links.municipality(slug))) if slug else Link(_("Alle kommuner"))
    return first, Link(subject.name, addresses.page(subject.page(links))), Link(_("Spor i udgave %s") % release)


def _facts(placement: Placement, indicator: Indicator | None, edition: Edition) -> tuple[Fact, ...]:
    facts = []
    if indicator:
        text = words.value(indicator, placement.value) or formatting.missing(placement.missing)
        facts.append(Fact(_("Værdi"), text, words.direction(indicator)))
    rank = f"{words.rank(placement)} {words.of(placement)}".strip()
    facts.append(Fact(_("Placering"), rank, words.interval(placement) or words.why_not_ranked(placement, edition)))
    if placement.score is not None:
        facts.append(Fact(_("Score"), words.score(placement), _("0–100, højere er bedre")))
    if not indicator:
        facts.append(Fact(_("Dækning"), formatting.percent(100 * placement.coverage), _("af vægten har tal")))
    return tuple(facts)


def _steps(found: Record, addresses: Addresses) -> tuple[Step, ...]:
    indicator = found.subject.indicator
    if indicator is None:
        return ()
    links = addresses.links
    name = localised(indicator, "name")
    steps = [
        Step(_("Det trykte tal"), _printed(found.placement, indicator), _under(found.edition)),
        Step(_("Indikator"), name, localised(indicator, "definition"), addresses.page(links.indicator(indicator.code))),
    ]
    measurement = found.placement.measurement
    if measurement is None:
        return (*steps, Step(_("Måling"), _("Der er ingen måling: tallet er ikke indberettet.")))
    steps.append(Step(_("Måling"), measured(measurement, indicator), _measurement_note(measurement)))
    return (*steps, *_file_steps(measurement, found.placement.upload or measurement.upload))


def _printed(placement: Placement, indicator: Indicator) -> str:
    value = words.value(indicator, placement.value) or formatting.missing(placement.missing)
    rank = f"{words.rank_in_text(placement)} {words.of(placement)}".strip()
    return f"{value} · {rank}" if rank else value


def _measurement_note(measurement: Measurement) -> str:
    notes = [_("for %(year)s") % {"year": measurement.year}]
    if measurement.provisional:
        notes.append(_("foreløbigt tal"))
    if measurement.superseded_by:
        notes.append(_("senere afløst af %(file)s") % {"file": measurement.superseded_by.name})
    return " · ".join(notes)


def _file_steps(measurement: Measurement, upload: Upload) -> tuple[Step, ...]:
    received = _("modtaget %(day)s") % {"day": formatting.day(upload.uploaded_at)}
    size = f"{formatting.number(upload.size)} byte"
    demo = [_("demodata: filen er opdigtet")] if upload.is_demo else []
    place = [_("ark »%(sheet)s«") % {"sheet": measurement.sheet}] if measurement.sheet else []
    place += [
        _("række %(row)s") % {"row": measurement.row},
        _("kolonne »%(column)s«") % {"column": measurement.column},
    ]
    return (
        Step(_("Indberetning"), upload.name, " · ".join([received, size, *demo])),
        Step(_("Sted i filen"), ", ".join(place)),
        Step(_("Filens kontrolsum (SHA-256)"), upload.sha256),
    )


def _national_page(found: NationalRecord, addresses: Addresses) -> TracePage:
    indicator = found.subject.indicator
    return TracePage(
        number=str(found.number),
        title=_("Alle kommuner: %(subject)s") % {"subject": found.subject.name},
        under=_under(found.edition),
        trail=_trail(found.subject, found.number.release, addresses),
        facts=_spread_facts(found),
        steps=(),
        parts=members_table(found, addresses, indicator),
        forward=None,
        corrections=None,
        affected=None,
        history=None,
        permalink=pinned(found.number.url),
    )


def _spread_facts(found: NationalRecord) -> tuple[Fact, ...]:
    spread, indicator = found.spread, found.subject.indicator
    figures = (
        (_("Median"), spread.median),
        (_("Nedre kvartil"), spread.lower_quartile),
        (_("Øvre kvartil"), spread.upper_quartile),
        (_("Lavest"), spread.lowest),
        (_("Højest"), spread.highest),
    )
    facts = [
        Fact(name, words.value(indicator, figure) if indicator else formatting.score(figure))
        for name, figure in figures
        if figure is not None
    ]
    return (*facts, Fact(_("Kommuner"), formatting.number(spread.n)))
