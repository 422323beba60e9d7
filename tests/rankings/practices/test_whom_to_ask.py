"""Peers are chosen by conditions, better means better twice beyond ordinary movement, and a place to begin has both."""

import numpy as np
import pytest
from django.db import connection

from indicators.conditions import known_conditions, nearest
from indicators.models import Indicator, Municipality
from rankings.engine.need import ordinary_movement
from rankings.models import Edition, Placement
from rankings.practices.models import Knowledge, Practice
from rankings.practices.whom_to_ask import PEERS, Peers, places_to_begin, recommended

pytestmark = pytest.mark.django_db


def edition() -> Edition:
    return Edition.objects.published().get(year=2026)


def indicators() -> list[Indicator]:
    return list(Indicator.objects.of_the_index().in_catalogue_order())


def test_ordinary_movement_is_what_nine_of_ten_stayed_within() -> None:
    earlier = np.zeros(101)
    later = np.arange(101.0)  # moved by 0 … 100; the median moved 50
    assert ordinary_movement(earlier, later) == 45
    assert ordinary_movement(earlier[:19], later[:19]) == np.inf
    later[3] = np.nan
    assert ordinary_movement(earlier, later) == pytest.approx(45, abs=1)


def test_whoever_is_called_better_is_better_in_both_editions_beyond_what_nine_of_ten_move() -> None:
    """Counted without arrays, from the rows that were published."""
    peers = Peers(edition(), indicators())
    seen = 0
    for indicator in indicators()[:40]:
        years = peers.years(indicator.pk)
        if years is None or indicator.direction == "neutral":
            continue
        values: dict[int, dict[int, float]] = {}
        for year in years:
            rows = Placement.objects.filter(edition__year=year, edition__state="published", indicator=indicator)
            values[year] = {r.municipality_id: r.value for r in rows if r.value is not None}
        both = [key for key in values[years[0]] if key in values[years[1]]]
        moved = sorted(values[years[1]][key] - values[years[0]][key] for key in both)
        middle = (moved[(len(moved) - 1) // 2] + moved[len(moved) // 2]) / 2
        within = sorted(abs(one - middle) for one in moved)
        sign = 1 if indicator.direction == "higher_is_better" else -1
        for municipality in Municipality.objects.order_by("code")[:10]:
            for better in peers.better(indicator, municipality):
                seen += 1
                for year in years:
                    apart = sign * (values[year][better.municipality.pk] - values[year][municipality.pk])
                    assert apart > within[int(0.9 * (len(within) - 1))] - 1e-9
    assert seen > 20


def test_outcomes_permuted_the_peers_stay_the_same() -> None:
    everyone = list(Municipality.objects.order_by("code"))
    before = Peers(edition(), indicators()[:5])
    like = {one.pk: [peer.pk for peer in before.conditions.nearest(one, PEERS)] for one in everyone}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what is published is frozen: here it is turned round
        cursor.execute(
            "UPDATE rankings_placement p SET value = q.value FROM rankings_placement q "
            "WHERE p.edition_id = q.edition_id AND p.indicator_id = q.indicator_id AND p.value IS NOT NULL "
            "AND q.value IS NOT NULL AND q.municipality_id = 99 - p.municipality_id"
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    after = Peers(edition(), indicators()[:5])
    for one in everyone:
        assert [peer.pk for peer in after.conditions.nearest(one, PEERS)] == like[one.pk]
        known = known_conditions(2026)
        assert {b.municipality.pk for b in after.better(indicators()[1], one)} <= {
            peer.pk for peer in nearest(one, everyone, known, PEERS)
        }


def test_a_place_to_begin_is_behind_influenceable_and_something_exists() -> None:
    found = 0
    peers = Peers(edition(), indicators())
    practices = Practice.objects.alive().by_knowledge().prefetch_related("aims", "municipalities")
    for municipality in Municipality.objects.order_by("code"):
        places = list(places_to_begin(peers, municipality.pk, practices))
        assert len(places) <= 3
        for indicator, helpful in places:
            found += 1
            assert indicator.influenceable
            assert helpful
            assert all(practice.knowledge != Knowledge.NO_EFFECT for practice in helpful)
            assert not any(municipality in practice.municipalities.all() for practice in helpful)
    assert found > 5


def test_recommendations_are_sorted_by_what_is_known_and_hold_the_null_results() -> None:
    everything = Practice.objects.alive().by_knowledge()
    places = [list(Knowledge).index(Knowledge(one.knowledge)) for one in everything]
    assert places == sorted(places)
    absence = Indicator.objects.get(code="b-fravaer-over-ti")
    assert [one.knowledge for one in recommended(absence)] == [Knowledge.NO_EFFECT]
    withdrawn = Practice.objects.get(state="withdrawn")
    aim = withdrawn.aims.get()
    assert withdrawn not in recommended(aim.indicator)
