"""How sure the placements are, as an edition stores it: intervals, variations, and the ranking without a source."""

import numpy as np
import pytest

from rankings.engine.compute import compute
from rankings.engine.robustness import robustness
from rankings.loading import INDEX_NODE, frozen_matrix, specification
from rankings.models import Edition, Level, Placement, VariantPlacement
from tests.world import NEWEST

pytestmark = pytest.mark.django_db
SOURCE = "survey_managers"


@pytest.fixture
def edition() -> Edition:
    return Edition.objects.published().get(year=NEWEST)


def test_the_edition_says_what_was_varied_with_how_many_draws_and_how_exact_the_shares_are(edition: Edition) -> None:
    assert edition.robustness["draws"] == edition.method["robustness"]["draws"]
    for variation in edition.robustness["variations"]:
        assert 0 <= variation["share"][INDEX_NODE] <= 1
        assert 0 < variation["error"][INDEX_NODE] < 0.1


def test_without_the_administrations_answers_it_is_the_index_without_their_indicators(
    edition: Edition,
) -> None:
    spec = specification(edition).without(SOURCE)
    assert {indicator.source for indicator in spec.indicators} >= {"register", "survey_members"}
    assert SOURCE not in {indicator.source for indicator in spec.indicators}
    matrix = frozen_matrix(edition)
    outcome, certainty = compute(matrix, spec), robustness(matrix, spec)
    top = outcome.position[INDEX_NODE]
    rows = VariantPlacement.objects.filter(edition=edition, source=SOURCE, level=Level.OVERALL)
    found = {
        row.municipality.code: (row.printed, row.rank, row.rank_last, row.low, row.high, row.n, row.coverage)
        for row in rows.select_related("municipality")
    }
    assert len(found) == 98
    for line, unit in enumerate(outcome.units):
        printed, rank, last, low, high, n, coverage = found[unit]
        columns = (outcome.rank, outcome.last, certainty.low, certainty.high)
        assert [rank or 0, last or 0, low or 0, high or 0] == [int(column[line, top]) for column in columns]
        assert (n, coverage) == (int(outcome.n[top]), float(outcome.coverage[line, top]))
        assert printed == (None if np.isnan(outcome.printed[line, top]) else float(outcome.printed[line, top]))


def test_who_did_not_answer_the_administrations_survey_is_ranked_without_it(edition: Edition) -> None:
    """What is left out is not missing: coverage is that of the other sources."""
    matrix, spec = frozen_matrix(edition), specification(edition)
    asked = [i.code for i in spec.indicators if i.source == SOURCE]
    silent = np.array(matrix.units)[np.isnan(matrix.select(asked).values).all(axis=1)].tolist()
    rows = VariantPlacement.objects.filter(edition=edition, level=Level.OVERALL, municipality__code__in=silent)
    whole = Placement.objects.of(edition).overall().filter(municipality__code__in=silent)
    published = dict(whole.values_list("municipality_id", "coverage"))
    assert len(published) >= 2
    assert all(row.coverage > published[row.municipality_id] + 0.1 for row in rows)
    levels = set(VariantPlacement.objects.filter(edition=edition).values_list("level", flat=True))
    assert levels == {Level.OVERALL, Level.AREA, Level.THEME}
