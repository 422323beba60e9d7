"""The scores of those compared, theme by theme, on lines of 0–100."""

from dataclasses import dataclass
from statistics import median

from portal.charts.scale import coordinate
from portal.comparing.rows import Compared
from portal.language import phrases
from portal.published.catalogue import catalogue, themes_of
from portal.published.edition import ShownEdition
from portal.published.subjects import localised

GROUP_MARK = 6  # the mark of a group's middle in the pattern, after at most five municipalities


@dataclass(frozen=True, slots=True)
class PatternMark:
    """Somebody's score on a line of the pattern: percent from the left, and which of them (1 is the first)."""

    at: str
    who: int


@dataclass(frozen=True, slots=True)
class PatternRow:
    """A theme of the pattern: everybody's score on one line of 0–100, the best at the right."""

    name: str
    area: str
    marks: tuple[PatternMark, ...]
    says: str


def pattern_of(shown: ShownEdition, compared: Compared) -> tuple[PatternRow, ...]:
    """The scores of those compared, theme by theme: where their lines cross is where they differ."""
    rows = []
    for theme in themes_of(catalogue(shown.edition)):
        key = ("theme", theme.pk)
        found = [
            (number, one.name, own)
            for number, one in enumerate(compared.municipalities, start=1)
            if (own := compared.placements.get(one.pk, {}).get(key)) and own.rank and own.printed is not None
        ]
        said = ", ".join(f"{name} {phrases.score(own)}" for _number, name, own in found)
        marks = [PatternMark(coordinate(own.printed or 0.0), number) for number, _name, own in found]
        scores = [one.printed for one in compared.group.get(key, ()) if one.rank and one.printed is not None]
        if compared.group_name and scores:
            marks.append(PatternMark(coordinate(median(scores)), GROUP_MARK))
        rows.append(PatternRow(localised(theme, "name"), theme.area.code, tuple(marks), said))
    return tuple(rows)
