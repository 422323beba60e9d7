"""Facts to hold the rules against: a municipality in the middle, an indicator, an edition."""

from dataclasses import replace
from typing import Any

from portal.press.facts import (
    AreaFacts,
    Figure,
    IndicatorFacts,
    MunicipalityFacts,
    NationalFacts,
    PeerFacts,
    Place,
    SpreadFacts,
    Standing,
)

OVERALL = Standing("samlet", "", 97, rank=40, last=40, low=35, high=45, score=55.0)
FIGURE = Figure("x", "Ventetid", "12 dage", "lavere er bedre", 2025, 97, rank=50, last=50, score=50.0, median="14 dage")
SPREAD = SpreadFacts(97, "14 dage", "10 dage", "20 dage", "3 dage", "90 dage")
PEERS = PeerFacts(count=6, place=3, told_apart=6, best="Furesø", best_rank=2)


def municipality(**changes: Any) -> MunicipalityFacts:
    """Rødovre, nr. 40 of 97, with one indicator in the middle."""
    facts = MunicipalityFacts("Rødovre", "175", 2026, OVERALL, (), (FIGURE,), previous_year=2025)
    return replace(facts, **changes)


def standing(**changes: Any) -> Standing:
    """The overall standing with some of it changed."""
    return replace(OVERALL, **changes)


def figure(**changes: Any) -> Figure:
    """The indicator's figure with some of it changed."""
    return replace(FIGURE, **changes)


def place(name: str, rank: int, **changes: Any) -> Place:
    """A municipality's line, alone on its place."""
    code = f"{100 + rank}"
    return replace(Place(name, code, f"{rank} dage", rank, rank, max(1, rank - 1), rank + 1), **changes)


def indicator(**changes: Any) -> IndicatorFacts:
    """Waiting time: three municipalities, nothing missing."""
    places = (place("Ærø", 1), place("Odder", 2), place("Vejle", 3))
    facts = IndicatorFacts("Ventetid", "x", 2025, "lavere er bedre", neutral=False, spread=SPREAD, places=places)
    return replace(facts, **changes)


def edition(**changes: Any) -> NationalFacts:
    """An edition of three municipalities."""
    places = (place("Ærø", 1), place("Odder", 2), place("Vejle", 3))
    area = AreaFacts("voksne", "Udsatte voksne", (place("Odder", 1),))
    spread = SpreadFacts(3, "55,0", "50,0", "60,0", "35,0", "71,9")
    facts = NationalFacts("2026.1", 2026, 3, places, (area,), spread, indicators=103, previous_year=2025)
    return replace(facts, **changes)
