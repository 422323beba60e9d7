"""A smooth curve through points, and how much of the variance it explains: the smoother of the audit.

Penalised cubic splines (Eilers and Marx 1996, "Flexible smoothing with B-splines and penalties", Statistical Science
11, 89–121): many knots, and a penalty on bends whose weight generalised cross-validation chooses (Craven and Wahba
1979). An endless penalty is the straight line, so that a linear relation costs nothing for the freedom to be another. A
part with few different values has a mean for each instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rankings.engine.matrix import Floats

SEGMENTS = 12
DEGREE = 3
FEW = 6
"""Up to so many different values, each has a mean of its own."""
PENALTIES = np.logspace(-2, 7, 28)


def explained(x: Floats, y: Floats) -> float | None:
    """The share of the variance of y that a smooth function of x explains, Var(ŷ)/Var(y), 0–1, over the units that have
    both; None where x or y does not vary or fewer than three have both."""
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    if x.size < 3 or not _varies(x) or not _varies(y):
        return None
    return min(float(np.var(fitted(x, y)) / np.var(y)), 1.0)


def fitted(x: Floats, y: Floats) -> Floats:
    """The smooth curve's values at x."""
    values, which = np.unique(x, return_inverse=True)
    if values.size <= FEW:
        means: Floats = (np.bincount(which, weights=y) / np.bincount(which))[which]
        return means
    basis = splines((x - x.min()) / (x.max() - x.min()))
    centre = float(y.mean())
    bends = np.diff(np.eye(basis.shape[1]), 2, axis=0)
    gram = basis.T @ basis
    gram += 1e-10 * np.trace(gram) / len(gram) * np.eye(len(gram))  # a segment without points
    root = np.linalg.inv(np.linalg.cholesky(gram))
    # In this basis the penalty is diagonal: each of its directions is shrunk by 1 / (1 + penalty · bend).
    bend, turn = np.linalg.eigh(root @ bends.T @ bends @ root.T)
    directions = basis @ root.T @ turn
    bend = np.maximum(bend, 0.0)
    bend[:2] = 0.0  # level and slope are not bent
    part = directions.T @ (y - centre)
    kept = 1 / (1 + PENALTIES[:, np.newaxis] * bend)
    rest = float(((y - centre) ** 2).sum()) - ((2 * kept - kept**2) * part**2).sum(axis=1)
    free = x.size - kept.sum(axis=1)
    best = int(np.argmin(np.maximum(rest, 0.0) / np.maximum(free, 1e-9) ** 2))
    result: Floats = centre + directions @ (kept[best] * part)
    return result


def splines(x: Floats) -> Floats:
    """Cubic B-splines on `SEGMENTS` equal segments of 0–1 at x (points × splines), by de Boor and Cox's recursion."""
    knots = np.arange(-DEGREE, SEGMENTS + DEGREE + 1) / SEGMENTS
    inside = np.minimum(x, 1 - 1e-12)[:, np.newaxis]
    basis = ((inside >= knots[:-1]) & (inside < knots[1:])).astype(float)
    for degree in range(1, DEGREE + 1):
        width = degree / SEGMENTS
        left = (inside - knots[: -degree - 1]) / width * basis[:, :-1]
        right = (knots[degree + 1 :] - inside) / width * basis[:, 1:]
        basis = left + right
    return basis


def _varies(values: Floats) -> bool:
    return bool(np.ptp(values) > 1e-9 * max(1.0, float(np.abs(values).max())))
