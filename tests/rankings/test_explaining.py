"""What a change is measured against, among whom it is counted, and that a correction of the year before is followed."""

import statistics
from collections.abc import Callable

import pytest

from rankings.models import Edition, Explanation, Level, Placement
from rankings.services.editions import correct_edition, prepare_edition, publish_edition, renew_edition
from tests.filled_in import NOW, imported, publisher, steward
from tests.world import CORRECTED, NEWEST, OLDEST

pytestmark = pytest.mark.django_db


def edition_of(year: int) -> Edition:
    return Edition.objects.published().get(year=year)


def ranks(edition: Edition, **subject: object) -> dict[int, int]:
    rows = Placement.objects.of(edition).ranked().filter(**{"level": Level.OVERALL, **subject})
    return {row.municipality_id: row.rank or 0 for row in rows}


def among_both(before: dict[int, int], after: dict[int, int]) -> dict[int, int]:
    """Counted by hand: one more than how many of those ranked in both are ahead."""
    both = before.keys() & after.keys()
    old, new = ({one: 1 + sum(all_[other] < all_[one] for other in both) for one in both} for all_ in (before, after))
    return {one: old[one] - new[one] for one in both}


def test_an_edition_keeps_the_revision_that_it_was_compared_with() -> None:
    newest = edition_of(NEWEST)
    assert newest.compared_with is not None
    assert newest.compared_with.release == f"{CORRECTED}.1"  # corrected only after the newest was published
    assert edition_of(OLDEST).compared_with is None


def test_parts_add_up_to_the_change_among_those_ranked_in_both_before_and_after_a_correction() -> None:
    newest, corrected = edition_of(NEWEST), edition_of(CORRECTED)
    assert newest.compared_with is not None
    for rows, before in (
        (Explanation.objects.made_first(newest), newest.compared_with),
        (Explanation.objects.holding_now(newest), corrected),
    ):
        assert {row.compared_with_id for row in rows} == {before.pk}
        expected = among_both(ranks(before), ranks(newest))
        found = {row.municipality_id: sum(row.change.values()) for row in rows if row.change}
        assert found == expected
        assert {row.change_n for row in rows if row.change} == {len(expected)}
        assert len(rows) == 98


def test_the_correction_moved_what_is_said_now_and_nothing_that_was_said_first() -> None:
    newest = edition_of(NEWEST)
    first = {row.municipality_id: row.movers for row in Explanation.objects.made_first(newest)}
    now = {row.municipality_id: row.movers for row in Explanation.objects.holding_now(newest)}
    assert first != now
    assert {key: row.lift for key, row in _by_municipality(Explanation.objects.made_first(newest)).items()} == {
        key: row.lift for key, row in _by_municipality(Explanation.objects.holding_now(newest)).items()
    }


def _by_municipality(rows: object) -> dict[int, Explanation]:
    return {row.municipality_id: row for row in rows}  # type: ignore[attr-defined]


def test_one_more_correction_is_followed_too_and_the_year_after_next_is_left_alone() -> None:
    imported("101;København;b-omgoerelse;2024;1,5;")
    before = Explanation.objects.filter(edition=edition_of(NEWEST)).count()
    revision = correct_edition(year=OLDEST, reason="Talt forkert.", by=steward(), now=NOW)
    oldest = publish_edition(edition=revision, by=publisher(), now=NOW)
    next_year = edition_of(CORRECTED)
    rows = Explanation.objects.holding_now(next_year)
    assert {row.compared_with_id for row in rows} == {oldest.pk}
    assert {row.municipality_id: sum(row.change.values()) for row in rows if row.change} == among_both(
        ranks(oldest), ranks(next_year)
    )
    assert Explanation.objects.filter(edition=edition_of(NEWEST)).count() == before


def test_the_share_of_paired_draws_stands_beside_the_change() -> None:
    rows = [row for row in Explanation.objects.holding_now(edition_of(NEWEST)) if row.change]
    assert all(row.ahead_share is not None and row.behind_share is not None for row in rows)
    risen = [row.ahead_share for row in rows if sum(row.change.values()) >= 10]
    fallen = [row.behind_share for row in rows if sum(row.change.values()) <= -10]
    assert statistics.median(share or 0 for share in [*risen, *fallen]) > 0.7
    unranked = Explanation.objects.holding_now(edition_of(NEWEST)).filter(change={})
    assert {row.ahead_share for row in unranked} <= {None}


@pytest.fixture
def older_method() -> Callable[[], Edition]:
    """Prepare and publish a year under a method whose rankings are made the same, but said to be less sure."""

    def make() -> Edition:
        draft = prepare_edition(year=2030, by=steward(), now=NOW, draws=300)
        draft.method_version = "2022"
        draft.method = {**draft.method, "robustness": {"draws": 300, "share": 0.9, "seed": 2014}}
        draft.save(update_fields=["method_version", "method"])
        draft = renew_edition(edition=draft, by=steward(), now=NOW)
        return publish_edition(edition=draft, by=publisher(), now=NOW, unheard_because="En prøve.")

    return make


def test_a_method_that_scores_the_same_keeps_the_goalposts_and_the_bridge_gives_the_published_ranks(
    older_method: Callable[[], Edition],
) -> None:
    older = older_method()
    newer = prepare_edition(year=2031, by=steward(), now=NOW, draws=300)
    assert newer.method_version != older.method_version
    posts = [
        dict(edition.criterion_set.filter(indicator__isnull=False).values_list("indicator", "low"))
        for edition in (older, newer)
    ]
    assert posts[0] == posts[1]
    bridged = {row.municipality_id: row.bridge_rank for row in Explanation.objects.made_first(newer) if row.bridge_rank}
    assert bridged == ranks(older)
    shared = Placement.objects.of(older).filter(level=Level.OVERALL, rank__isnull=False)
    last = {row.municipality_id: row.bridge_last for row in Explanation.objects.made_first(newer) if row.bridge_rank}
    assert last == dict(shared.values_list("municipality", "rank_last"))
