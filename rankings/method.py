"""The method an edition is born with, frozen in it: a change here moves only new drafts. And its tree's names."""

from typing import Any

from indicators.models import Area, Theme

METHOD_VERSION = "2026"

METHOD: dict[str, Any] = {
    "normalise": {"method": "goalposts", "scale": [0, 100], "clip": True},
    "goalposts": {"percentiles": [5, 95]},
    "missing": {"method": "rescale", "coverage": 0.6},
    "aggregate": "arithmetic",
    "rank": {"decimals": 1, "first": "highest"},
    # Figures of samples are drawn within their intervals as well: what a few members answered could be another.
    # A third of the weight is the administrations' own word about themselves: the ranking without it stands beside.
    "robustness": {"draws": 20_000, "share": 0.9, "seed": 2014, "without": ["survey_managers"], "sampling": True},
}


INDEX_NODE = "index"


def area_node(area: Area) -> str:
    """An area's name in the engine."""
    return f"area:{area.code}"


def theme_node(theme: Theme) -> str:
    """A theme's name in the engine."""
    return f"theme:{theme.code}"
