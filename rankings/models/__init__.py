"""Editions and what was found in them."""

from .editions import Audit, Computation, Edition, EditionState, Level, Look, SourcePlan, warning
from .following import Follower, PressLink, PressLinkOpening, Told
from .placements import (
    Criterion,
    Explanation,
    ExplanationQuerySet,
    Placement,
    Spread,
    VariantPlacement,
)

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
    "warning",
]
