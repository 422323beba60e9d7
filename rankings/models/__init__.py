"""Editions and what was found in them."""

from .editions import Audit, Computation, Edition, EditionState, Look, PressLink, PressLinkOpening, SourcePlan
from .following import Follower, Told
from .placements import (
    NOT_COLLECTED,
    Criterion,
    Explanation,
    ExplanationQuerySet,
    Level,
    Placement,
    Spread,
    VariantPlacement,
)

__all__ = [
    "NOT_COLLECTED",
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
