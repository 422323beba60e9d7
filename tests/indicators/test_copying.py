"""Columns that come packed hold what the rows hold, one by one."""

import numpy as np
import pytest

from indicators.copying import in_groups
from rankings.models import Edition, Placement
from tests.world import NEWEST


@pytest.mark.django_db
def test_packed_columns_are_the_rows_and_what_is_missing_is_0_or_nan() -> None:
    rows = Placement.objects.of(Edition.objects.published().get(year=NEWEST))
    one_by_one: dict[str, set[tuple[int, int, float]]] = {}
    for level, municipality, rank, value in rows.values_list("level", "municipality", "rank", "value"):
        one_by_one.setdefault(level, set()).add((municipality, rank or 0, -1.0 if value is None else value))
    packed: dict[str, set[tuple[int, int, float]]] = {}
    for (level,), (municipalities, ranks, values) in in_groups(
        rows, ("level",), whole=("municipality", "rank"), real=("value",)
    ):
        known = np.where(np.isnan(values), -1.0, values)  # NaN is equal to nothing, itself included
        packed[level] = set(zip(municipalities.tolist(), ranks.tolist(), known.tolist(), strict=True))
    assert packed == one_by_one
    assert any(rank == 0 for each in packed.values() for _municipality, rank, _value in each)
    assert any(value == -1.0 for _municipality, _rank, value in packed["indicator"])
