"""How far a value can be acted on: a grade from what is known of it. The rule is public, its reasons are printed.

1 nothing known against it; 2 usable, with something to know; 3 too unsure to act on. A value starts at 1. One reason
makes it 2. Three reasons, or one that is as grave as it gets, make it 3. Nothing here judges whether the number is
right: a grade knows only what was written down about it, and an uncertainty that nobody knows lowers none.
"""

from enum import StrEnum
from typing import NamedTuple

CLEAR, USABLE, UNSURE = 1, 2, 3
MANY = 3
"""So many reasons are as much as one grave one."""
WIDE, TOO_WIDE = 0.5, 1.0
"""An interval as wide as this part of the distance from the 10th to the 90th percentile of the municipalities."""
OLD, TOO_OLD = 2, 4
"""Years from the figure to the edition."""
FEW, TOO_FEW = 0.5, 0.3
"""Share of those asked who answered."""


class Reason(StrEnum):
    """Why a value is not the best there is."""

    WIDE = "wide"
    OLD = "old"
    FEW_ANSWERED = "few_answered"
    PROVISIONAL = "provisional"
    OWN_WORD = "own_word"


class Known(NamedTuple):
    """What is known of a value. ``width``: of its interval, as a part of P90–P10; ``answered``: of those asked; None
    where it does not apply. ``age`` in years; ``own_word``: the administration answers for itself."""

    width: float | None = None
    answered: float | None = None
    age: int = 0
    provisional: bool = False
    own_word: bool = False


class Quality(NamedTuple):
    """A grade and its reasons."""

    grade: int
    reasons: tuple[Reason, ...]


def quality(known: Known) -> Quality:
    """The grade of a value."""
    width, answered = known.width or 0.0, 1.0 if known.answered is None else known.answered
    told = {
        Reason.WIDE: width >= WIDE,
        Reason.OLD: known.age >= OLD,
        Reason.FEW_ANSWERED: answered < FEW,
        Reason.PROVISIONAL: known.provisional,
        Reason.OWN_WORD: known.own_word,
    }
    reasons = tuple(reason for reason, holds in told.items() if holds)
    grave = width >= TOO_WIDE or known.age >= TOO_OLD or answered < TOO_FEW
    return Quality(UNSURE if grave or len(reasons) >= MANY else USABLE if reasons else CLEAR, reasons)
