"""Editions and what was found in them."""

from .audits import Audit
from .editions import Edition, EditionState
from .embargo import PressLink, PressLinkOpening
from .following import Follower, Told
from .placements import Explanation, ExplanationQuerySet, Placement, VariantPlacement
from .subjects import Criterion, Level, Spread

__all__ = [
    "Audit",
    "Criterion",
    "Edition",
    "EditionState",
    "Explanation",
    "ExplanationQuerySet",
    "Follower",
    "Level",
    "Placement",
    "PressLink",
    "PressLinkOpening",
    "Spread",
    "Told",
    "VariantPlacement",
]
