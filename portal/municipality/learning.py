"""Who does better under like conditions, for each figure that pulls a municipality down: "Hvem gør det bedre?".

Alike is judged by conditions, never by outcome. Better is what `rankings.practices.whom_to_ask` calls better: in two
editions, each time by more than ordinary movement; and where the figure knows its interval, the intervals lie apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.links import citation, page_files, pinned, these_rows
from portal.components.tables import Cell, Column, Row, Table
from portal.downloads.files import about_all, is_english
from portal.language import formatting, phrases
from portal.practices.boxes import peers_of
from portal.published.edition import ShownEdition
from portal.published.municipality import Figures, figures_of
from portal.published.rows import Neighbour, survey_intervals
from portal.published.subjects import IndicatorEntry, localised
from rankings.bundle.formats import DataTable, Field, Kind, Value, as_printed
from rankings.own_weights import pulls
from rankings.practices.whom_to_ask import PEERS, Peers

BETTER = 3
SEEN = 0.005  # points: less is printed as nought

Intervals = Mapping[tuple[int, int | None], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A figure that pulls down: the points it costs, and who does better with which value, the best first.

    ``doubt`` says why nobody can be named; ``sampled`` whether the figure knows how sure its answers make it.
    """

    entry: IndicatorEntry
    points: float
    own: float
    better: tuple[tuple[Neighbour, float], ...]
    doubt: str
    sampled: bool

    @property
    def gap(self) -> str:
        """How far the best of them lies from here, in plain units; "" where nobody is named."""
        return phrases.gap(self.entry, self.own, self.better[0][1]) if self.better else ""


def lessons(figures: Figures) -> tuple[Lesson, ...]:
    """Every figure that pulls the municipality down and that it can influence, the costliest first. Empty where it has
    no overall score: nothing can be said in points then."""
    shown, own = figures.shown, figures.municipality
    points = pulls(shown.edition, own.code)
    peers = peers_of(shown)
    alike = figures.country.conditions.nearest(own, PEERS)
    intervals = survey_intervals(shown.edition)
    weak = sorted(
        (one for one in figures.country.indicators if points.get(one.code, 0.0) <= -SEEN and _can_act(peers, one)),
        key=lambda one: points[one.code],
    )
    found = (_lesson(figures, peers, one, points[one.code], (alike, intervals)) for one in weak)
    return tuple(one for one in found if one is not None)


def _can_act(peers: Peers, entry: IndicatorEntry) -> bool:
    known = peers.indicators.get(entry.pk)
    return known is not None and known.influenceable


def _lesson(
    figures: Figures,
    peers: Peers,
    entry: IndicatorEntry,
    points: float,
    around: tuple[list[Neighbour], Intervals],
) -> Lesson | None:
    own = figures.municipality
    placement = figures.own.get(("indicator", entry.pk))
    if placement is None or placement.value is None:
        return None
    alike, intervals = around
    advantage = peers.advantage(entry.pk, own.pk)
    better: list[tuple[Neighbour, float]] = []
    if advantage is not None:
        now, line_of = peers.figures.values[entry.pk, figures.shown.edition.year], peers.figures.line_of
        better = [
            (one, float(now[line_of[one.pk]]))
            for one in alike
            if one.pk in line_of and advantage[line_of[one.pk]] > 1 and _apart(intervals, entry.pk, own.pk, one.pk)
        ]
    lower = phrases.lower_is_right(entry)
    better.sort(key=lambda one: one[1] if lower else -one[1])
    return Lesson(
        entry,
        points,
        placement.value,
        tuple(better[:BETTER]),
        _doubt(known=advantage is not None, found=bool(better)),
        (own.pk, entry.pk) in intervals,
    )


def _apart(intervals: Intervals, indicator: int, own: int, other: int) -> bool:
    """Whether the two figures' intervals lie apart; where one of them knows none, nothing is held against it here."""
    mine, theirs = intervals.get((own, indicator)), intervals.get((other, indicator))
    return mine is None or theirs is None or mine[1] < theirs[0] or theirs[1] < mine[0]


def _doubt(*, known: bool, found: bool) -> str:
    if not known:
        return _("For dette tal kan vi endnu ikke skille en forskel fra almindelige udsving.")
    return "" if found else _("Ingen af de tolv er sikkert bedre.")


def lessons_table(figures: Figures, shown: Sequence[Lesson]) -> Table:
    """The lessons as a table: the figure, its value here, what it costs, who does better, how far away that is."""
    heads = (figures.municipality.name, _("Point"), _("Lignende kommuner, der klarer det bedre"), _("Forskel"))
    columns = (
        Column(_("Tal")),
        Column(heads[0], css="number"),
        Column(heads[1], _("på den samlede score"), css="number"),
        Column(heads[2]),
        Column(heads[3], _("til den bedste")),
    )
    caption = _("Tal, der trækker ned, og hvem der gør det bedre")
    return Table(caption, columns, tuple(_row(figures, one, heads) for one in shown), css="lessons")


def _row(figures: Figures, one: Lesson, heads: Sequence[str]) -> Row:
    entry = one.entry
    note = f"{phrases.sense(entry)}, {_('svarenes usikkerhed er regnet med')}" if one.sampled else phrases.sense(entry)
    note = ", ".join(filter(None, [note, figures.shown.said.tag(figures.municipality.code, entry.code)]))
    names = ", ".join(f"{other.name} {phrases.short_value(entry, value)}" for other, value in one.better)
    return Row(
        localised(entry, "name"),
        figures.story(entry.code),
        note=note,
        cells=(
            Cell(phrases.short_value(entry, one.own), heads[0], css="number"),
            Cell(formatting.signed(one.points, 2), heads[1], css="number"),
            Cell(names, heads[2], url=_comparison(figures, one) if names else "", missing="" if names else one.doubt),
            Cell(one.gap, heads[3]),
        ),
    )


def _comparison(figures: Figures, one: Lesson) -> str:
    slugs = (figures.municipality.slug, *(other.slug for other, _value in one.better))
    return f"{figures.links.to('comparison')}?{'&'.join(f'kommune={slug}' for slug in slugs)}"


def lessons_page(shown: ShownEdition, slug: str, links: Links) -> dict[str, Any]:
    """All of them on a page of their own."""
    figures = figures_of(shown, slug, links)
    found = lessons(figures)
    own = figures.municipality
    title = _("%(name)s: hvem gør det bedre?") % {"name": own.name}
    return dict(
        title=title,
        name=own.name,
        back=links.municipality(slug),
        peers=formatting.joined([one.name for one in figures.country.conditions.nearest(own, PEERS)]),
        table=lessons_table(figures, found) if found else None,
        rows=these_rows(sum(max(len(one.better), 1) for one in found)),
        downloads=page_files(links.to("municipality-lessons-csv", "slug", slug), shown) if found else (),
        citation=citation(shown, title),
        permalink=pinned(Links(f"@{shown.edition.release}").to("municipality-lessons", "slug", slug)),
    )


FIELDS = (
    Field("edition", "udgave", Kind.TEXT, "Udgavens id.", "The edition's id.", required=True),
    Field("municipality_code", "kommunekode", Kind.TEXT, "Kommunens kode.", "The municipality's code.", required=True),
    Field("municipality", "kommune", Kind.TEXT, "Kommunens navn.", "The municipality's name."),
    Field("indicator", "indikator", Kind.TEXT, "Indikatorens kode.", "The indicator's code.", required=True),
    Field("name", "navn", Kind.TEXT, "Indikatorens navn.", "The indicator's name."),
    Field("direction", "retning", Kind.TEXT, "Hvilken vej der er bedst.", "Which way is better."),
    Field("unit", "enhed", Kind.TEXT, "Værdiernes enhed.", "The values' unit."),
    Field("value", "værdi", Kind.NUMBER, "Kommunens værdi.", "The municipality's value."),
    Field("points", "point", Kind.NUMBER, "Point på den samlede score i forhold til midten.",
          "Points of the overall score, set against the middle."),
    Field("better_code", "bedre_kommunekode", Kind.TEXT, "En lignende kommune, der er bedre ud over udsving.",
          "A similar municipality that is better beyond noise."),
    Field("better", "bedre_kommune", Kind.TEXT, "Dens navn.", "Its name."),
    Field("better_value", "bedre_værdi", Kind.NUMBER, "Dens værdi.", "Its value."),
    Field("note", "bemærkning", Kind.TEXT, "Hvorfor ingen er nævnt; om tallet er opdigtet.",
          "Why nobody is named; whether the figure is invented."),
)  # fmt: skip


def lessons_file(shown: ShownEdition, slug: str) -> DataTable:
    """The same as a file: a row for each municipality that does better, one for a figure where nobody is named."""
    figures = figures_of(shown, slug, Links(shown.prefix))
    title = _("%(name)s: hvem gør det bedre?") % {"name": figures.municipality.name}
    about = about_all(shown, title, lambda links: links.to("municipality-lessons", "slug", slug))
    rows = tuple(_file_rows(figures))
    return DataTable(f"{slug}-{_('laer')}", FIELDS, about, lambda: rows)


def _file_rows(figures: Figures) -> Iterator[tuple[Value, ...]]:
    own, edition = figures.municipality, figures.shown.edition
    for one in lessons(figures):
        entry = one.entry
        said = (
            edition.release, own.code, own.name, entry.code, localised(entry, "name"), phrases.direction(entry),
            phrases.unit(entry), as_printed(one.own, entry.decimals), round(one.points, 4),
        )  # fmt: skip
        note = edition.warning(english=is_english())
        for other, value in one.better:
            yield (*said, other.code, other.name, as_printed(value, entry.decimals), note or None)
        if not one.better:
            yield (*said, None, None, None, " ".join(filter(None, [one.doubt, note])))
