"""A subject of a ranking as pages show it: its map with the legend, the dots of its figures, and a sentence."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import cache, partial

from django.conf import settings
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.charts.dots import Distribution, Entry, distribution, thinned
from portal.charts.maps import Map, Outlines, Place, Step, fifth, legend, municipality_map, outlines
from portal.charts.scale import extent
from portal.language import formatting, phrases
from portal.published import Direction, Indicator, Municipality, Placement, Spread
from portal.published.edition import NOTHING, Statements
from portal.published.ranking import Answer, Line
from portal.published.subjects import OVERALL, Subject


@cache
def drawn_outlines() -> Outlines:
    """The catalogue's outlines of the municipalities, read once; one without any draws an empty map."""
    file = settings.CATALOGUE / "municipality_outlines.json"
    return outlines(file.read_text(encoding="utf-8") if file.exists() else "{}")


def subject_map(
    subject: Subject,
    placements: list[Placement],
    links: Links,
    *,
    aside: Collection[str] = (),
    said: Statements = NOTHING,
    mine: Municipality | None = None,
    whole: bool = True,
) -> Map:
    """Colour the map by a subject's fifths; every municipality is a link with its place in words.

    ``aside`` are the codes of those that are not asked for: they are drawn pale. ``mine`` is the reader's own.
    ``whole`` is False where a row beside says n and how sure a place is.
    """
    n = placements[0].n if placements else 0
    drawn = drawn_outlines()
    places = [
        Place(
            code=placement.municipality.code,
            title=phrases.named_place(
                placement.municipality.name,
                placement,
                said.tag(placement.municipality.code, subject.code),
                whole=whole,
            ),
            url=links.municipality(placement.municipality.slug),
            rank=placement.rank,
            aside=placement.municipality.code in aside,
            chosen=mine is not None and placement.municipality.code == mine.code,
            name=placement.municipality.name,
        )
        for placement in placements
        if placement.municipality.code in drawn.paths
    ]
    name = _("Danmarkskort over placeringen: %(subject)s") % {"subject": subject.name}
    return municipality_map(drawn, places, n=n, name=name)


FEW_VALUES = 5  # an indicator with no more different values than this is told by them, not by its fifths


def legend_of(subject: Subject, placements: Sequence[Placement], missing_text: str = "") -> tuple[Step, ...]:
    """What the colours of a subject's map mean: the classes that occur among all placements of an edition."""
    ranked = [(row.rank, row.rank_last or row.rank, row) for row in placements if row.rank is not None]
    if not ranked:
        return ()
    indicator, named = subject.indicator, {}
    if indicator and len({first for first, _last, _row in ranked}) <= FEW_VALUES:
        named = {first: phrases.value(indicator, row.value) for first, _last, row in ranked}
    missing = missing_text if len(ranked) < len(placements) else ""
    return legend([(first, last) for first, last, _row in ranked], ranked[0][2].n, named=named, missing_text=missing)


def spread_sentence(spread: Spread | None) -> str:
    """Say how far apart the municipalities lie: not only who is first."""
    if spread is None or spread.lowest is None or spread.highest is None:
        return ""
    return _("Scoren går fra %(low)s til %(high)s, og den midterste halvdel ligger mellem %(q1)s og %(q3)s.") % {
        "low": formatting.score(spread.lowest),
        "high": formatting.score(spread.highest),
        "q1": formatting.score(spread.lower_quartile or 0.0),
        "q3": formatting.score(spread.upper_quartile or 0.0),
    }


def median_text(subject: Subject, spread: Spread | None, *, short: bool = False) -> str:
    """The median of a subject with its unit, ``short`` where the head has said that; empty where there is none."""
    if spread is None or spread.median is None:
        return ""
    if subject.indicator is None:
        return formatting.score(spread.median)
    return (phrases.short_value if short else phrases.value)(subject.indicator, spread.median)


NAMED = 6  # so few dots are named on the spot


def map_of(answer: Answer, links: Links, mine: Municipality | None = None) -> Map:
    """The map of the rows; municipalities that were not asked for are pale, and n stays the edition's."""
    aside = {line.municipality.code for line in answer.aside}
    rows: Sequence[Line] = (*answer.lines, *answer.aside)
    placements = [line.placement for line in rows]
    said = answer.shown.said
    return subject_map(answer.subject, placements, links, aside=aside, said=said, mine=mine, whole=False)


def distribution_of(answer: Answer, links: Links | None = None, mine: Municipality | None = None) -> Distribution:
    """Draw the rows of an answer along one scale, the better to the right; with ``links`` every dot leads on."""
    indicator = answer.subject.indicator
    named = _named_dots(answer)
    figures = [one.placement.value if indicator else one.placement.printed for one in answer.lines]
    drawn, every = thinned(figures, [place for place, one in enumerate(answer.lines) if one.municipality.pk in named])
    entries = []
    for place in drawn:
        own, one, figure = answer.lines[place].placement, answer.lines[place].municipality, figures[place]
        shown = phrases.value(indicator, figure) if indicator else phrases.score(own)
        chosen = mine is not None and one.pk == mine.pk
        css = "" if own.rank is None else f"fifth-{fifth(own.rank, own.n)}"
        url = links.municipality(one.slug) if links else ""
        label = one.name if chosen or one.pk in named else ""
        entries.append(Entry(figure, f"{one.name}: {shown}", label, css, url, chosen))
    spread = answer.spreads.get(answer.subject.code)
    median = spread.median if spread else None
    answers = indicator is not None and formatting.is_yes_no(indicator.unit)
    return distribution(
        entries,
        tick_text=_counted(answer, indicator) if indicator and answers and links else partial(phrases.tick, indicator),
        says=phrases.dots(indicator),
        median=median,
        median_text="" if median is None else _("midten %(value)s") % {"value": median_text(answer.subject, spread)},
        middle=None if answers else _middle(spread),
        lower_is_right=phrases.lower_is_right(indicator) if indicator else False,
        ends=extent(figures),
        every=every,
    )


def _counted(answer: Answer, indicator: Indicator) -> Callable[[float, int], str]:
    """Yes and no under their piles, with how many answered so: dots on one spot cannot be counted."""
    counts = Counter(line.placement.value for line in answer.lines)

    def text(value: float, decimals: int) -> str:
        said = phrases.tick(indicator, value, decimals)
        return f"{said}: {formatting.count(counts[value], _('kommune'), _('kommuner'))}" if said else ""

    return text


def _middle(spread: Spread | None) -> tuple[float, float] | None:
    if spread is None or spread.lower_quartile is None or spread.upper_quartile is None:
        return None
    return spread.lower_quartile, spread.upper_quartile


def _named_dots(answer: Answer) -> set[int]:
    """Who is named among the dots: everybody where they are few, else who lies alone at either end."""
    figures = [(line.placement.value if answer.subject.indicator else line.placement.printed, line.municipality.pk)
               for line in answer.lines]  # fmt: skip
    known = [(figure, pk) for figure, pk in figures if figure is not None]
    if len(known) <= NAMED:
        return {pk for _figure, pk in known}
    ends = min(known)[0], max(known)[0]
    there = [[pk for figure, pk in known if figure == end] for end in ends]
    return {pks[0] for pks in there if len(pks) == 1}


MOST_NAMED = 3


def subject_said(answer: Answer) -> str:
    """In a sentence that can stand alone, who stands first among those that are shown, with how sure that is; of an
    indicator the median and the ends."""
    return _of_indicator(answer) if answer.subject.indicator else _of_places(answer)


def _of_places(answer: Answer) -> str:
    first = _first(answer.lines)
    year = answer.shown.edition.year
    if not first:
        return _("Ingen af de viste kommuner har en placering i %(year)s.") % {"year": year}
    own = first[0].placement
    what = _("samlet") if answer.subject == OVERALL else answer.subject.name
    words = {"names": _all_named(first), "what": what, "year": year, "place": phrases.rank_in_text(own), "n": own.n}
    among = {"count": len(answer.lines), **words}
    text = (
        _("Af de %(count)s viste kommuner ligger %(names)s øverst i %(year)s (%(what)s): %(place)s af %(n)s") % among
        if answer.is_filtered
        else _("Øverst i %(year)s (%(what)s): %(names)s, %(place)s af %(n)s") % words
    )
    if len(first) == 1 and own.low is not None and own.high is not None:
        interval = formatting.rank_interval(own.low, own.high)
        text = _("%(text)s, %(interval)s i 9 af 10 beregninger") % {"text": text, "interval": interval}
        if own.alike:
            alike = formatting.count(len(own.alike), _("anden kommune"), _("andre kommuner"))
            text = _("%(text)s; den kan ikke skelnes fra %(alike)s") % {"text": text, "alike": alike}
    little = phrases.rests_on(own) if len(first) == 1 else ""
    return f"{text} ({little})." if little else f"{text}."


def _of_indicator(answer: Answer) -> str:
    indicator, spread = answer.subject.indicator, answer.spreads.get(answer.subject.code)
    with_value = [line.placement for line in answer.lines if line.placement.value is not None]
    if indicator is None or spread is None or spread.median is None or not with_value:
        return _("%(name)s: ingen af de viste kommuner har et tal.") % {"name": answer.subject.name}
    words = {
        "name": answer.subject.name,
        "year": with_value[0].data_year,
        "median": phrases.value(indicator, spread.median),
        "direction": phrases.direction(indicator),
        "n": spread.n,
        "low": _end(indicator, spread.lowest),
        "high": _end(indicator, spread.highest),
    }
    return (
        _("%(name)s, %(year)s: medianen af %(n)s kommuner er %(median)s, fra %(low)s til %(high)s (%(direction)s).")
        % words
    )


def _end(indicator: Indicator, figure: float | None) -> str:
    return phrases.value(indicator, figure) or _("ukendt")


def _first(lines: Sequence[Line]) -> list[Line]:
    best = min((line.placement.rank for line in lines if line.placement.rank is not None), default=None)
    return [line for line in lines if best is not None and line.placement.rank == best]


def _all_named(lines: Sequence[Line]) -> str:
    """All who share, or how many they are: never some of them."""
    if len(lines) > MOST_NAMED:
        return formatting.count(len(lines), _("kommune"), _("kommuner"))
    return formatting.joined([line.municipality.name for line in lines])


def my_line(answer: Answer, mine: Municipality | None) -> str:
    """What is said of the reader's own: "Hjørring: nr. 39–40 af 95, mellem nr. 26 og 50"; empty without one."""
    line = next((one for one in (*answer.lines, *answer.aside) if mine and one.municipality.pk == mine.pk), None)
    return said_of(line, answer.subject, answer.shown.said) if line else ""


def said_of(line: Line, subject: Subject, said: Statements) -> str:
    """A municipality's place in words, with its value, its n and how sure it is."""
    own, indicator = line.placement, subject.indicator
    figure = phrases.value(indicator, own.value) if indicator else ""
    place = f"{phrases.rank_in_text(own) or phrases.rank(None).lower()} {phrases.of(own)}".strip()
    missing = formatting.missing(own.missing) if own.missing else ""
    tag = said.tag(line.municipality.code, subject.code)
    parts = [missing or figure, "" if missing or _is_neutral(subject) else place, phrases.interval(own)]
    return f"{line.municipality.name}: {', '.join(filter(None, parts))}{f' ({tag})' if tag else ''}"


def _is_neutral(subject: Subject) -> bool:
    return subject.indicator is not None and subject.indicator.direction == Direction.NEUTRAL
