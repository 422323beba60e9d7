"""The proof of a printed number: back to its file and row, forward to the ranks it moved."""

from typing import Any

from django.utils.translation import gettext as _

from portal.addresses import Addresses, NumberId
from portal.components.links import Fact, Link, pinned
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting, phrases
from portal.language.worth import Worth, doubt_name, grade_name, worth, worth_in_full
from portal.published import Criterion, Edition, Indicator, Level, Measurement, Placement, Upload
from portal.published.proofs import NationalRecord, Record
from portal.published.subjects import OVERALL, Subject, localised
from portal.trace.source import period_steps, question_steps, source_steps
from rankings.engine.evidence import graded, unpacked


def parts_table(found: Record, addresses: Addresses) -> Table | None:
    """What a score is made of: each part's score, share and contribution."""
    heads = (_("Score"), _("Andel"), _("Bidrag"), _("Placering"))
    rows = []
    for key in found.tree.children(found.subject.key):
        subject, placement = _subject(found.tree.criteria[key]), found.tree.placements.get(key)
        share = found.tree.share(key)
        points = "" if share is None or placement is None else formatting.number(share * (placement.score or 0), 1)
        cells = (
            Cell(phrases.score(placement), heads[0], css="number", missing=_missing(placement)),
            Cell(_percent(share), heads[1], css="number"),
            Cell(points, heads[2], css="number"),
            Cell(_rank(placement), heads[3]),
        )
        rows.append(Row(subject.name, addresses.number(found.municipality.code, subject.code), cells=cells))
    columns = (
        Column(_("Del")),
        Column(heads[0], css="number"),
        Column(heads[1], note=_("af det, der er tal for"), css="number"),
        Column(heads[2], note=_("point"), css="number"),
        Column(heads[3]),
    )
    return Table(_("Hvad tallet er lavet af"), columns, tuple(rows)) if rows else None


def forward_table(found: Record, addresses: Addresses) -> Table | None:
    """The ranks a number took part in, with its share of each; None for the whole index, which is the last."""
    above = found.tree.above(found.subject.key)
    heads = (_("Andel af scoren"), _("Score"), _("Placering"))
    rows = []
    for key in above:
        subject = _subject(found.tree.criteria[key]) if key in found.tree.criteria else OVERALL
        placement = found.tree.placements.get(key)
        share = _percent(found.tree.share_of(found.subject.key, key))
        cells = (
            Cell(share, heads[0], css="number", missing="" if share else _("tæller ikke med")),
            Cell(phrases.score(placement), heads[1], css="number", missing=_missing(placement)),
            Cell(_rank(placement), heads[2], note=phrases.interval(placement)),
        )
        rows.append(Row(subject.name, addresses.number(found.municipality.code, subject.code), cells=cells))
    columns = (Column(_("Rangliste")), Column(heads[0], css="number"), Column(heads[1], css="number"), Column(heads[2]))
    return Table(_("Placeringer, tallet var med til at afgøre"), columns, tuple(rows)) if rows else None


def corrections_table(found: Record, addresses: Addresses) -> Table | None:
    """The same number in every revision of the year, with the reason; None where there is only one."""
    if len(found.revisions) < 2:
        return None
    indicator = found.subject.indicator
    heads = (_("Værdi") if indicator else _("Score"), _("Placering"), _("Begrundelse"))
    rows = []
    for placement in found.revisions:
        edition = placement.edition
        figure = phrases.value(indicator, placement.value) if indicator else phrases.score(placement)
        cells = (
            Cell(figure, heads[0], css="number", missing="" if figure else _missing(placement)),
            Cell(_rank(placement), heads[1]),
            Cell(localised(edition, "reason") or _("første revision"), heads[2]),
        )
        own = edition == found.edition
        number = NumberId(edition.release, found.municipality.code, found.subject.code)
        url = addresses.number(number.municipality, number.subject) if own else number.url
        day = formatting.day(edition.published_at) or _("ikke offentlig endnu")
        name = _("Udgave %(release)s") % {"release": edition.release}
        rows.append(Row(name, url, day, "chosen" if own else "", cells))
    columns = (Column(_("Revision")), Column(heads[0], css="number"), Column(heads[1]), Column(heads[2]))
    return Table(_("Rettelser: før og efter"), columns, tuple(rows))


def affected_table(found: Record) -> Table | None:
    """The places above the number in every revision: what a correction moved. None where there is only one."""
    if not found.affected:
        return None
    heads = [_("Udgave %(release)s") % {"release": one.edition.release} for one in found.revisions]
    rows = []
    for key in found.tree.above(found.subject.key):
        subject = _subject(found.tree.criteria[key]) if key in found.tree.criteria else OVERALL
        placed = [found.affected[one.edition_id].get(key) for one in found.revisions]
        cells = (Cell(_rank(one), head, note=phrases.score(one)) for one, head in zip(placed, heads, strict=True))
        rows.append(Row(subject.name, cells=tuple(cells)))
    columns = (Column(_("Rangliste")), *(Column(head, note=_("placering og score")) for head in heads))
    return Table(_("Placeringer før og efter rettelsen"), columns, tuple(rows)) if rows else None


def history_table(found: Record) -> Table | None:
    """Every value ever reported for the number; None where there is only one."""
    if len(found.measurements) < 2 or found.subject.indicator is None:
        return None
    heads = (_("Værdi"), _("Fil"), _("Sted"), _("Tilstand"))
    rows = tuple(
        Row(
            formatting.day(one.upload.uploaded_at),
            css="chosen" if one.pk == found.placement.measurement_id else "",
            cells=(
                Cell(measured(one, found.subject.indicator), heads[0], css="number"),
                Cell(one.upload.name, heads[1], note=one.upload.sha256[:12]),
                Cell(_("række %(row)s") % {"row": one.row}, heads[2]),
                Cell(_state(one), heads[3]),
            ),
        )
        for one in found.measurements
    )
    columns = (Column(_("Modtaget")), Column(heads[0], css="number"), *(Column(head) for head in heads[1:]))
    return Table(_("Alle indberetninger af tallet"), columns, rows)


def measured(measurement: Measurement, indicator: Indicator) -> str:
    """A reported value with every digit it came with."""
    if measurement.value is None:
        return formatting.missing(measurement.missing)
    return f"{formatting.exact(measurement.value)} {formatting.unit_name(phrases.unit(indicator))}"


def members_table(found: NationalRecord, addresses: Addresses, indicator: Indicator | None) -> Table:
    """Every municipality's figure behind a median or a spread."""
    heads = (_("Værdi") if indicator else _("Score"), _("Placering"))
    rows = []
    for placement in found.placements:
        figure = phrases.value(indicator, placement.value) if indicator else phrases.score(placement)
        cells = (
            Cell(figure, heads[0], css="number", missing="" if figure else _missing(placement)),
            Cell(_rank(placement), heads[1]),
        )
        code = placement.municipality.code
        rows.append(Row(placement.municipality.name, addresses.number(code, found.subject.code), cells=cells))
    columns = (Column(_("Kommune")), Column(heads[0], css="number"), Column(heads[1]))
    return Table(_("Tallene bag"), columns, tuple(rows))


def _subject(criterion: Criterion) -> Subject:
    return Subject(Level(criterion.level), criterion.area, criterion.theme, criterion.indicator)


def _rank(placement: Placement | None) -> str:
    return f"{phrases.rank_in_text(placement)} {phrases.of(placement)}".strip() or phrases.rank(None)


def _missing(placement: Placement | None) -> str:
    if placement is None or placement.score is not None or placement.value is not None:
        return ""
    return formatting.missing(placement.missing) if placement.missing else _("for få tal")


def _percent(share: float | None) -> str:
    return "" if share is None else formatting.percent(100 * share, 1)


def _state(measurement: Measurement) -> str:
    if measurement.superseded_by:
        return _("afløst af %(file)s") % {"file": measurement.superseded_by.name}
    return _("gælder nu") if measurement.is_current else _("taget tilbage")


def trace_page(found: Record | NationalRecord, addresses: Addresses) -> dict[str, Any]:
    """Dress what was found as a page."""
    if isinstance(found, NationalRecord):
        return _national_page(found, addresses)
    indicator = found.subject.indicator
    return dict(
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
        text = phrases.value(indicator, placement.value) or formatting.missing(placement.missing)
        facts.append(Fact(_("Værdi"), text, phrases.direction(indicator)))
        known = Worth.of_measurement(indicator, placement.measurement)
        if said := worth(indicator, known):
            facts.append(Fact(_("Hvor sikkert er tallet?"), said, worth_in_full(indicator, known)))
        if placement.value is not None:
            against = unpacked(placement.doubts)
            facts.append(Fact(_("Kvalitet"), grade_name(graded(against)), "; ".join(map(doubt_name, against))))
    rank = f"{phrases.rank(placement)} {phrases.of(placement)}".strip()
    facts.append(Fact(_("Placering"), rank, phrases.interval(placement) or phrases.why_not_ranked(placement, edition)))
    if placement.score is not None:
        facts.append(Fact(_("Score"), phrases.score(placement), _("0–100, højere er bedre")))
    if not indicator:
        facts.append(
            Fact(
                _("Dækning"),
                phrases.coverage_percent(placement.coverage),
                _("af vægten har tal"),
            )
        )
    return tuple(facts)


def _steps(found: Record, addresses: Addresses) -> tuple[dict[str, Any], ...]:
    indicator = found.subject.indicator
    if indicator is None:
        return ()
    links = addresses.links
    name = localised(indicator, "name")
    steps = [
        dict(name=_("Det trykte tal"), text=_printed(found.placement, indicator), note=_under(found.edition)),
        dict(
            name=_("Indikator"),
            text=name,
            note=localised(indicator, "definition"),
            url=addresses.page(links.indicator(indicator.code)),
        ),
    ]
    measurement = found.placement.measurement
    if measurement is None:
        return (*steps, dict(name=_("Måling"), text=_("Der er ingen måling: tallet er ikke indberettet.")))
    steps.append(dict(name=_("Måling"), text=measured(measurement, indicator), note=_measurement_note(measurement)))
    upload = found.placement.upload or measurement.upload
    asked = (*period_steps(upload, indicator), *question_steps(upload, indicator))
    return (*steps, *_file_steps(measurement, upload), *asked, *source_steps(upload, str(found.number)))


def _printed(placement: Placement, indicator: Indicator) -> str:
    value = phrases.value(indicator, placement.value) or formatting.missing(placement.missing)
    rank = f"{phrases.rank_in_text(placement)} {phrases.of(placement)}".strip()
    return f"{value} · {rank}" if rank else value


def _measurement_note(measurement: Measurement) -> str:
    notes = [_("for %(year)s") % {"year": measurement.year}]
    if measurement.provisional:
        notes.append(_("foreløbigt tal"))
    if measurement.superseded_by:
        notes.append(_("senere afløst af %(file)s") % {"file": measurement.superseded_by.name})
    return " · ".join(notes)


def _file_steps(measurement: Measurement, upload: Upload) -> tuple[dict[str, Any], ...]:
    received = _("modtaget %(day)s") % {"day": formatting.day(upload.uploaded_at)}
    size = f"{formatting.number(upload.size)} byte"
    demo = [_("demodata: filen er opdigtet")] if upload.is_demo else []
    place = [_("ark »%(sheet)s«") % {"sheet": measurement.sheet}] if measurement.sheet else []
    place += [
        _("række %(row)s") % {"row": measurement.row},
        _("kolonne »%(column)s«") % {"column": measurement.column},
    ]
    return (
        dict(name=_("Indberetning"), text=upload.name, note=" · ".join([received, size, *demo])),
        dict(name=_("Sted i filen"), text=", ".join(place)),
        dict(name=_("Filens kontrolsum (SHA-256)"), text=upload.sha256),
    )


def _national_page(found: NationalRecord, addresses: Addresses) -> dict[str, Any]:
    indicator = found.subject.indicator
    return dict(
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
        Fact(name, phrases.value(indicator, figure) if indicator else formatting.score(figure))
        for name, figure in figures
        if figure is not None
    ]
    return (*facts, Fact(_("Kommuner"), formatting.number(spread.n)))
