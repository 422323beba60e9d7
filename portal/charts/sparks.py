"""Developments as small as a row: a line without axes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from portal.charts.scale import Scale, coordinate

_WIDTH, _HEIGHT, _EDGE = 88.0, 24.0, 4.0


@dataclass(frozen=True, slots=True)
class Spark:
    """A small development in a box of 88 × 24, and its drawing (made here, as a bar's is, for there are a hundred)."""

    path: str
    end_x: str
    end_y: str

    @property
    def svg(self) -> SafeString:
        """The drawing: the line, and a dot at its last value."""
        return mark_safe(  # noqa: S308  coordinates only
            '<svg class="spark" viewBox="0 0 88 24" aria-hidden="true">'
            f'<path d="{self.path}"/><circle cx="{self.end_x}" cy="{self.end_y}" r="3"/></svg>'
        )


def spark(
    values: Sequence[float | None], *, rank: bool = False, breaks_before: frozenset[int] = frozenset()
) -> Spark | None:
    """Draw a row's development; None when fewer than two values are there.

    ``rank`` puts 1 on top. A missing value is a gap, and so is the step into a position of ``breaks_before``
    (its index in ``values``): figures on either side of a break are not joined.
    """
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    across, down = _places(len(values)), _scale([value for _index, value in known], rank=rank)
    path, before, y = [], -2, ""
    for index, value in known:
        y = coordinate(down(value))
        path.append(f"{'L' if before == index - 1 and index not in breaks_before else 'M'}{across[index]} {y}")
        before = index
    return Spark("".join(path), across[before], y)


@lru_cache(maxsize=64)
def _places(count: int) -> tuple[str, ...]:
    """How far to the right each of so many values stands."""
    scale = Scale(0, count - 1, _EDGE, _WIDTH - _EDGE)
    return tuple(coordinate(scale.at(index)) for index in range(count))


def _scale(known: Sequence[float], *, rank: bool) -> Callable[[float], float]:
    """``Scale.at`` for values that lie between its ends: there are a hundred sparks on a page."""
    low, high, height = min(known), max(known), _HEIGHT - 2 * _EDGE
    if low == high:
        return lambda _value: _HEIGHT / 2
    start, length = (_EDGE, height) if rank else (_HEIGHT - _EDGE, -height)
    return lambda value: start + (value - low) / (high - low) * length
