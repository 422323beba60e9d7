"""A second implementation of the figures of a survey, slow and plain; it shares no code with the first.

Wilson's interval is found as what it is, the shares that a test would not reject; Student's t by adding up its density;
the bounds by filling in an answer for everybody who gave none.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

Z = 1.959963984540054
Number = float | None


def wilson(share: float, n: float, factor: float) -> tuple[float, float]:
    def rejected(true: float) -> float:
        return abs(share - true) - Z * factor * math.sqrt(true * (1 - true) / n)

    return halved(rejected, share, 0.0), halved(rejected, share, 1.0)


def halved(rejected: Callable[[float], float], inside: float, outside: float) -> float:
    """Where a function turns positive between a point that is not rejected and one that may be."""
    if rejected(outside) <= 0:
        return outside
    for _ in range(200):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if rejected(middle) <= 0 else (inside, middle)
    return inside


def student(degrees: float) -> float:
    """The 97.5 % quantile: the density is added up over the angle arctan(t/√ν), where it is a power of a cosine."""
    steps = 4000
    angles = [math.pi / 2 * i / steps for i in range(steps + 1)]
    heights = [math.cos(a) ** (degrees - 1) for a in angles]
    areas = [0.0]
    for (a, b), (y, z) in zip(pairwise(angles), pairwise(heights), strict=True):
        areas.append(areas[-1] + (b - a) * (y + 4 * math.cos((a + b) / 2) ** (degrees - 1) + z) / 6)
    wanted = 0.95 * areas[-1]
    for i, (before, after) in enumerate(pairwise(areas)):
        if after >= wanted:
            angle = angles[i] + (angles[i + 1] - angles[i]) * (wanted - before) / (after - before)
            return math.sqrt(degrees) * math.tan(angle)
    raise AssertionError


def figure(
    answers: Sequence[float], weights: Sequence[float], asked: int, scale: tuple[Number, Number]
) -> tuple[float, Number, Number, Number, Number]:
    """Estimate, low, high, bound low, bound high of answers that are numbers; a share's are 0 and 100 and have a Wilson
    interval when the scale is exactly that."""
    n = len(answers)
    total = sum(weights)
    estimate = sum(w * x for w, x in zip(weights, answers, strict=True)) / total
    silent = asked - n
    bounds = [
        estimate if silent == 0 else None if end is None else (sum([estimate] * n) + sum([end] * silent)) / asked
        for end in scale
    ]
    if silent == 0:
        return estimate, None, None, bounds[0], bounds[1]
    factor = math.sqrt((asked - n) / (asked - 1))
    effective = total**2 / sum(w * w for w in weights)
    if scale[0] == 0 and scale[1] == 100:
        low, high = (100 * end for end in wilson(estimate / 100, effective, factor))
    elif n == 1 or len(set(answers)) == 1:
        return estimate, None, None, bounds[0], bounds[1]
    else:
        about = sum(w * (x - estimate) ** 2 for w, x in zip(weights, answers, strict=True))
        variance = about / (total - sum(w * w for w in weights) / total)
        half = student(effective - 1) * math.sqrt(variance / effective) * factor
        low, high = estimate - half, estimate + half
    low = low if bounds[0] is None else max(low, bounds[0])
    high = high if bounds[1] is None else min(high, bounds[1])
    return estimate, low, high, bounds[0], bounds[1]
