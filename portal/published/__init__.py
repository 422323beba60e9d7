"""Reading what is published: the only room that asks the database for it.

Rooms of subjects name rows and kinds by what stands here, and have them read by the functions of this room.
"""

from indicators.models import Area, Direction, Indicator, Measurement, Municipality, Source, Theme, Upload
from rankings.models import Criterion, Edition, EditionState, Explanation, Follower, Level, Placement, PressLink, Spread

__all__ = [
    "Area",
    "Criterion",
    "Direction",
    "Edition",
    "EditionState",
    "Explanation",
    "Follower",
    "Indicator",
    "Level",
    "Measurement",
    "Municipality",
    "Placement",
    "PressLink",
    "Source",
    "Spread",
    "Theme",
    "Upload",
]
