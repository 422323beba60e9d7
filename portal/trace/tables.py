"""The tables of a proof: parts below, ranks above, corrections, every value ever reported."""

from django.utils.translation import gettext as _

from indicators.models import Indicator, Measurement
from portal.addresses.numbers import NumberId
from portal.addresses.proofs import Addresses
from portal.components.tables import Cell, Column, Row, Table
from portal.language import formatting
from portal.language import phrases as words
from portal.published.proofs import NationalRecord, Record
from portal.published.subjects import OVERALL, Subject, localised
from rankings.models import Criterion, Level, Placement


def parts_table(found: Record, addresses: Addresses) -> Table | None:
    """What a score is made of: each part's score, share and contribution."""
    heads = (_("Score"), _("Andel"), _("Bidrag"), _("Placering"))
    rows = []
    for key in found.tree.children(found.subject.key):
        subject, placement = _subject(found.tree.criteria[key]), found.tree.placements.get(key)
        share = found.tree.share(key)
        points = "" if share is None or placement is None else formatting.number(share * (placement.score or 0), 1)
        cells = (
            Cell(words.score(placement), heads[0], css="number", missing=_missing(placement)),
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
            Cell(words.score(placement), heads[1], css="number", missing=_missing(placement)),
            Cell(_rank(placement), heads[2], note=words.interval(placement)),
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
        figure = words.value(indicator, placement.value) if indicator else words.score(placement)
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
        cells = (Cell(_rank(one), head, note=words.score(one)) for one, head in zip(placed, heads, strict=True))
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
    return f"{formatting.exact(measurement.value)} {formatting.unit_name(words.unit(indicator))}"


def members_table(found: NationalRecord, addresses: Addresses, indicator: Indicator | None) -> Table:
    """Every municipality's figure behind a median or a spread."""
    heads = (_("Værdi") if indicator else _("Score"), _("Placering"))
    rows = []
    for placement in found.placements:
        figure = words.value(indicator, placement.value) if indicator else words.score(placement)
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
    return f"{words.rank_in_text(placement)} {words.of(placement)}".strip() or words.rank(None)


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
