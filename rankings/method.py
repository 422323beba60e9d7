"""The method an edition is born with. Frozen in the edition: changing it here moves only new drafts."""

from typing import Any

METHOD_VERSION = "2022"

METHOD: dict[str, Any] = {
    "normalise": {"method": "goalposts", "scale": [0, 100], "clip": True},
    "goalposts": {"percentiles": [5, 95]},
    "missing": {"method": "rescale", "coverage": 0.6},
    "aggregate": "arithmetic",
    "rank": {"decimals": 1, "first": "highest"},
    "robustness": {"draws": 1000, "share": 0.9, "seed": 2014},
}
