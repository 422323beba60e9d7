"""How other scales would name what is known: our own reading of theirs, beside ours and never instead of it.

Vidensportalen declares A–D on five dimensions (target group, method, implementation, effect, economy); here stands its
effect. What Works for Health rates outcomes in six words. Foundations (until 2023 EIF) rates 4, 3, 2, NL2 (not level 2)
and NE (no effect), and says itself that this is no rating of the size of an effect.
"""

from dataclasses import dataclass

from rankings.practices.models import Knowledge

DIMENSIONS = ("målgruppe", "metode", "implementering", "effekt", "økonomi")
SOURCES = (
    ("Vidensportalen", "vidensportal.dk"),
    ("What Works for Health", "countyhealthrankings.org"),
    ("Foundations", "guidebook.eif.org.uk"),
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One step in three other scales; "" where a scale has no word for it."""

    vidensportalen: str
    what_works: str
    foundations: str


NAMES: dict[Knowledge, Elsewhere] = {
    Knowledge.SEVERAL_CONTROLLED: Elsewhere("A", "Scientifically Supported", "4"),
    Knowledge.ONE_CONTROLLED: Elsewhere("B", "Some Evidence", "3"),
    Knowledge.COMPARED: Elsewhere("C", "Some Evidence", "2"),
    Knowledge.PROMISING: Elsewhere("D", "Expert Opinion", "NL2"),
    Knowledge.DESCRIBED: Elsewhere("D", "Insufficient Evidence", "NL2"),
    Knowledge.MIXED: Elsewhere("", "Mixed Evidence", ""),
    Knowledge.NO_EFFECT: Elsewhere("", "Evidence of Ineffectiveness", "NE"),
}
