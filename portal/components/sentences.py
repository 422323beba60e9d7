"""A ranking in one sentence that can stand alone: who is first, with how sure that is; of an indicator the median."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.language import formatting, phrases
from portal.published import Direction, Indicator, Municipality
from portal.published.edition import Statements
from portal.published.ranking import Answer, Line
from portal.published.subjects import OVERALL, Subject

MOST_NAMED = 3


def subject_said(answer: Answer) -> str:
    """Who stands first among those that are shown, with how sure that is; of an indicator the median and the ends."""
    return _of_indicator(answer) if answer.subject.indicator else _of_places(answer)


def _of_places(answer: Answer) -> str:
    first = _first(answer.lines)
    year = answer.shown.edition.year
    if not first:
        return _("Ingen af de viste kommuner har en placering i %(year)s.") % {"year": year}
    own = first[0].placement
    what = _("samlet") if answer.subject == OVERALL else answer.subject.name
    words = {"names": _named(first), "what": what, "year": year, "place": phrases.rank_in_text(own), "n": own.n}
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


def _named(lines: Sequence[Line]) -> str:
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
