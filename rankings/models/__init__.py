"""Editions and what was found in them."""

from .audits import Audit
from .desk import Computation, Look, SourcePlan
from .editions import Edition, EditionState
from .embargo import PressLink, PressLinkOpening
from .following import Follower, Told
from .placements import Explanation, ExplanationQuerySet, Placement, VariantPlacement
from .subjects import Criterion, Level, Spread

__all__ = [
    "Audit",
    "Computation",
    "Criterion",
    "Edition",
    "EditionState",
    "Explanation",
    "ExplanationQuerySet",
    "Follower",
    "Level",
    "Look",
    "Placement",
    "PressLink",
    "PressLinkOpening",
    "SourcePlan",
    "Spread",
    "Told",
    "VariantPlacement",
]
