"""Editions and what was found in them."""

from .editions import Edition, EditionState
from .placements import Explanation, Placement
from .subjects import Criterion, Level, Spread

__all__ = ["Criterion", "Edition", "EditionState", "Explanation", "Level", "Placement", "Spread"]
