"""Practices: what is known, what was measured here, whom to call. Other rooms may use the boxes and the rows."""

from portal.practices.boxes import (
    Box,
    Recommendations,
    box_of_indicator,
    box_of_municipality,
    box_of_place,
    box_of_theme,
    peers_of,
    recommendations,
)
from portal.practices.files import FIELDS as PRACTICE_FIELDS
from portal.practices.files import practice_rows

__all__ = [
    "PRACTICE_FIELDS",
    "Box",
    "Recommendations",
    "box_of_indicator",
    "box_of_municipality",
    "box_of_place",
    "box_of_theme",
    "peers_of",
    "practice_rows",
    "recommendations",
]
