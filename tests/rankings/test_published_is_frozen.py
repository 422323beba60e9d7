"""The database itself refuses to change what is published, whoever asks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from indicators.models import Measurement, Municipality
from rankings.models import Audit, Criterion, Edition, Explanation, Placement, Spread, VariantPlacement

pytestmark = pytest.mark.django_db

ATTEMPTS: dict[str, Callable[[Edition], object]] = {
    "a placement's score": lambda edition: Placement.objects.of(edition).ranked().update(score=50),
    "a placement deleted": lambda edition: Placement.objects.of(edition).delete(),
    "a weight": lambda edition: Criterion.objects.of(edition).filter(level="theme").update(weight=7),
    "the ranking without a source": lambda edition: VariantPlacement.objects.filter(edition=edition).update(n=98),
    "what it was compared with": lambda edition: Edition.objects.filter(pk=edition.pk).update(compared_with=None),
    "an explanation": lambda edition: Explanation.objects.filter(edition=edition).update(change_n=1),
    "an explanation that no correction asked for": lambda edition: Explanation.objects.create(
        edition=edition, municipality=Municipality.objects.earliest("pk"), compared_with=edition
    ),
    "what was found when it was looked over": lambda edition: Audit.objects.filter(edition=edition).update(findings={}),
    "the audit deleted": lambda edition: Audit.objects.filter(edition=edition).delete(),
    "a median": lambda edition: Spread.objects.filter(edition=edition).update(median=1),
    "the method": lambda edition: Edition.objects.filter(pk=edition.pk).update(method={}),
    "back to a draft": lambda edition: Edition.objects.filter(pk=edition.pk).update(
        state="draft", published_at=None, published_by=None, corrected_at=None
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("state", ["published", "corrected"])
def test_what_is_published_is_never_changed(attempt: str, state: str) -> None:
    edition = Edition.objects.filter(state=state).newest_first()[0]
    with pytest.raises(IntegrityError, match="is never changed"):
        ATTEMPTS[attempt](edition)


def test_a_measurement_is_never_changed() -> None:
    with pytest.raises(IntegrityError, match="A measurement is never changed"):
        Measurement.objects.filter(value__isnull=False, asked__isnull=True).update(value=1)


@pytest.mark.parametrize("nothing", [{"level": "area", "area_id": 0}, {"level": "indicator", "indicator_id": 0}])
def test_a_row_that_refers_to_nothing_is_refused_by_its_own_statement(nothing: dict[str, Any]) -> None:
    """A foreign key would say so at the commit, and ask once a row."""
    draft = Edition.objects.create(year=2040, method_version="x", method={})
    with pytest.raises(IntegrityError, match="refers to"), transaction.atomic():
        Spread.objects.create(edition=draft, n=0, **nothing)
    with pytest.raises(IntegrityError, match="refers to"), transaction.atomic():
        VariantPlacement.objects.create(edition=draft, source="x", level="overall", municipality_id=0, n=1, coverage=1)
