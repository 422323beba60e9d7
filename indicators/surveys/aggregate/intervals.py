"""How sure a figure of a sample is, when the whole group that was asked is known and small.

Every interval is a 95 % interval times the finite-population correction √((N−n)/(N−1)): who has heard 30 of 32 knows
more than who has heard 30 of 3 000, and who has heard all needs no interval. It says what would be likely *if those who
did not answer are like those who did*; the bounds beside it say what is possible whoever they are.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95
Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


class Interval(NamedTuple):
    """The two ends, low first, in the unit of what was estimated."""

    low: float
    high: float

    def clipped(self, low: float | None, high: float | None) -> "Interval":
        """The part of it between two bounds, of which either may be unknown."""
        return Interval(
            self.low if low is None else max(self.low, low), self.high if high is None else min(self.high, high)
        )


def correction(answered: int, asked: int) -> float:
    """√((N−n)/(N−1)): 1 for a few of very many, 0 for all. A group of one is all or nothing."""
    return math.sqrt((asked - answered) / (asked - 1)) if asked > 1 else float(asked > answered)


def share_interval(share: float, answered: int, asked: int, effective: float | None = None) -> Interval | None:
    """Wilson's interval (1927) for a share 0–1, z made smaller by the finite-population correction.

    `effective` is Kish's n where answers have weights; the correction takes the people who answered. None when nobody
    or everybody has answered.
    """
    if not 0 < answered < asked:
        return None
    n = float(answered if effective is None else effective)
    squared = (Z * correction(answered, asked)) ** 2
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    half = math.sqrt(squared * (share * (1 - share) / n + squared / (4 * n * n))) / (1 + squared / n)
    # Rounding may leave an end on the wrong side of the share itself when the share is 0 or 1.
    return Interval(max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share)))


def mean_interval(mean: float, deviation: float, answered: int, asked: int, effective: float) -> Interval | None:
    """Student's interval for a mean: t with n−1 degrees, times s/√n, times the finite-population correction.

    `deviation` is the sample's standard deviation s; `effective` is Kish's n (the number of answers without weights),
    which gives both √n and the degrees of freedom. None when all answers are equal (s = 0 says nothing of how the rest
    would answer), when one or nobody answered, or everybody did. Endless where one answer has nearly all the weight.
    """
    if not 1 < answered < asked or deviation <= 0:
        return None
    if effective <= 1:
        return Interval(-math.inf, math.inf)
    half = t_quantile(effective - 1) * deviation / math.sqrt(effective) * correction(answered, asked)
    return Interval(mean - half, mean + half)


def bound(mean: float, answered: int, asked: int, end: float | None) -> float | None:
    """The mean of all asked if every one who did not answer stood at this end of the scale; None for no such end."""
    if answered == asked:
        return mean
    return None if end is None else (mean * answered + end * (asked - answered)) / asked


def kish(weights: Sequence[float]) -> float:
    """Kish's effective n, (Σw)²/Σw²: how many answers without weights would say as much. At most their number."""
    largest = max(weights)
    if largest == min(weights):
        return float(len(weights))  # exact, however the weights are scaled
    scaled = [weight / largest for weight in weights]
    return min(math.fsum(scaled) ** 2 / math.fsum(weight * weight for weight in scaled), float(len(weights)))


@lru_cache(maxsize=4096)
def t_quantile(degrees: float) -> float:
    """The 97.5 % quantile of Student's t; degrees may be a fraction. Infinite where it is beyond any number.

    Newton's method on the logarithm of the tail over the logarithm of t. That curve is concave and falls, so from any
    start the second step lies to the right of the root, and the rest come down to it.
    """
    wanted = math.log(1 - LEVEL)
    step, log_t = math.inf, math.log(Z)
    for _attempt in range(200):
        if log_t > 300 or abs(step) < 1e-15:
            break
        t = math.exp(log_t)
        tail = _tail(t, degrees)
        step = (math.log(tail) - wanted) * tail / (2 * t * _density(t, degrees))
        log_t += step
    return math.exp(log_t) if log_t <= 300 else math.inf


def _density(t: float, degrees: float) -> float:
    front = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2) - math.log(degrees * math.pi) / 2
    return math.exp(front - (degrees + 1) / 2 * math.log1p(t * t / degrees))


def _tail(t: float, degrees: float) -> float:
    """How likely |T| is above t: the regularised incomplete beta function I_x(ν/2, ½) at x = ν/(ν+t²)."""
    a, b, x = degrees / 2, 0.5, degrees / (degrees + t * t)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(log_front + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(a, b, x) / a
    return 1 - front * _beta_fraction(b, a, 1 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method."""
    tiny = 1e-300
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or tiny)
    value = d
    for m in range(1, 2000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def bounds_of(
    value: float, answered: int | None, asked: int | None, scale: tuple[float | None, float | None]
) -> tuple[float | None, float | None]:
    """The least and the most that it would be if all had answered, each at an end of the scale.

    None where the scale or the counts are not known.
    """
    if not asked or answered is None:
        return None, None
    low, high = scale
    return bound(value, answered, asked, low), bound(value, answered, asked, high)
