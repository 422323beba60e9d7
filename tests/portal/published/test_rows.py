"""Whether a difference may be called one: the laws of the one rule. And light instances are instances."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.models import Municipality
from portal.published.rows import PlacementRow, change_of, light
from rankings.engine.rank import distinguishable
from rankings.models import Placement

ENDS = st.tuples(st.integers(1, 98), st.integers(1, 98)).map(sorted)


@given(ENDS, ENDS, st.integers(80, 98), st.integers(80, 98))
def test_only_intervals_apart_from_both_ends_of_the_list_are_a_difference(
    now: list[int], before: list[int], n: int, before_n: int
) -> None:
    assume(now[1] <= n and before[1] <= before_n)
    said = distinguishable((now[0], now[1], n), (before[0], before[1], before_n))
    overlap = now[1] >= before[0] and now[0] <= before[1]
    assert not (said and overlap)
    assert said == distinguishable((before[0], before[1], before_n), (now[0], now[1], n))  # seen from either year
    from_below = (n + 1 - now[1], n + 1 - now[0], n), (before_n + 1 - before[1], before_n + 1 - before[0], before_n)
    assert said == distinguishable(*from_below)


def test_the_last_of_97_and_the_last_of_95_are_no_different() -> None:
    assert not distinguishable((95, 95, 95), (97, 97, 97))


def test_without_an_interval_nobody_has_moved() -> None:
    before = PlacementRow(rank=90, n=97, low=85, high=95, printed=30.0)
    change = change_of(PlacementRow(rank=3, n=97, printed=70.0), before, 87)
    assert change is not None
    assert (change.clear, change.places, change.points) == (False, 87, 40.0)


def test_without_a_place_in_both_there_is_no_change() -> None:
    placed, none = PlacementRow(rank=3, n=97, low=1, high=5, printed=70.0), PlacementRow(n=97)
    assert change_of(none, placed, None) is None
    assert change_of(placed, none, None) is None
    assert change_of(placed, None, None) is None


@pytest.mark.django_db
def test_light_instances_are_those_that_django_makes() -> None:
    rows = Placement.objects.filter(edition__year=2026, indicator__code="b-neet").order_by("pk")
    everyone = Municipality.objects.in_bulk()
    slow, found = list(rows.select_related("municipality", "upload")), light(rows, "upload", municipality=everyone)
    fields = [field.attname for field in Placement._meta.concrete_fields]
    assert [[getattr(one, name) for name in fields] for one in found] == [
        [getattr(one, name) for name in fields] for one in slow
    ]
    with CaptureQueriesContext(connection) as asked:
        assert [(one.municipality, one.upload) for one in found] == [(one.municipality, one.upload) for one in slow]
        found[0].refresh_from_db(fields=["rank"])
    assert len(asked) == 1
