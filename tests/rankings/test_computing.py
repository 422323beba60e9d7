"""How sure the placements are, as an edition stores it: intervals, variations, and the ranking without a source."""

import numpy as np
import pytest

from rankings.engine.compute import compute
from rankings.engine.robustness import robustness
from rankings.loading import frozen_errors, frozen_matrix, load, specification
from rankings.method import INDEX_NODE
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


def test_what_is_said_of_a_place_holds_sampling_too_and_the_methods_interval_stands_beside_it(edition: Edition) -> None:
    alone = robustness(frozen_matrix(edition), specification(edition))
    top = alone.nodes.index(INDEX_NODE)
    rows = Placement.objects.of(edition).overall().ranked().select_related("municipality")
    wider = 0
    for row in rows:
        line = alone.units.index(row.municipality.code)
        assert (row.method_low, row.method_high) == (alone.low[line, top], alone.high[line, top])
        assert row.low is not None
        assert row.high is not None
        assert row.low <= alone.low[line, top] <= alone.high[line, top] <= row.high
        wider += (row.low, row.high) != (row.method_low, row.method_high)
    assert wider > len(rows) / 4


def test_only_a_samples_figures_are_drawn_and_only_where_they_are_ranked(edition: Edition) -> None:
    rows = Placement.objects.of(edition).filter(level=Level.INDICATOR)
    drawn = rows.filter(low__isnull=False)
    assert set(drawn.values_list("indicator__source_kind", flat=True)) == {"survey_members"}
    assert not drawn.filter(rank__isnull=True).exists()
    assert not rows.filter(indicator__source_kind="survey_members", rank__isnull=False, low__isnull=True).exists()
    figures = rows.filter(measurement__interval__in=["wilson", "student"], value__isnull=False)
    assert edition.robustness["drawn"] == figures.count()
    errors = frozen_errors(edition)
    assert errors is not None
    known = ~np.isnan(errors.low)
    assert (errors.bound_low[known] <= errors.low[known]).all()
    assert (errors.bound_high[known] >= errors.high[known]).all()


def test_an_edition_whose_method_knows_no_sampling_goes_on_without_it(edition: Edition) -> None:
    rule = {key: value for key, value in edition.method["robustness"].items() if key != "sampling"}
    edition.method = edition.method | {"robustness": rule}
    assert load(edition).errors is None
    assert frozen_errors(edition) is None


def test_without_the_administrations_answers_it_is_the_index_without_their_indicators(
    edition: Edition,
) -> None:
    spec = specification(edition).without(SOURCE)
    assert {indicator.source for indicator in spec.indicators} >= {"register", "survey_members"}
    assert SOURCE not in {indicator.source for indicator in spec.indicators}
    matrix = frozen_matrix(edition)
    outcome, certainty = compute(matrix, spec), robustness(matrix, spec, errors=frozen_errors(edition))
    top = outcome.position[INDEX_NODE]
    rows = VariantPlacement.objects.filter(edition=edition, source=SOURCE, level=Level.OVERALL)
    found = {
        row.municipality.code: (row.printed, row.rank, row.rank_last, row.low, row.high, row.n, row.coverage)
        for row in rows.select_related("municipality")
    }
    assert len(found) == 98
    for line, unit in enumerate(outcome.units):
        printed, rank, last, low, high, n, coverage = found[unit]
        columns = (outcome.rank, outcome.last, certainty.joint_low, certainty.joint_high)
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
