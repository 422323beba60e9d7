"""An edition is published when its hearing is over and ruled; one without a hearing with a public reason."""

import pytest

from indicators.people.services.members import found_organisations_of_municipalities
from rankings.hearing.models import Outcome, RemarkKind
from rankings.hearing.publication import readiness
from rankings.hearing.services.answering import give_response, save_remark
from rankings.hearing.services.ruling import rule
from rankings.models import Edition
from rankings.services.computing import EditionError
from rankings.services.editions import publish_edition
from tests.filled_in import NOW, publisher
from tests.rankings.hearing.heard import CLOSES, DAY, OPENS, draft, hearing, indicator, member, response

pytestmark = pytest.mark.django_db


def test_an_edition_that_nobody_heard_asks_for_a_reason_and_is_not_published_without_one() -> None:
    edition = draft()
    found = readiness(edition, NOW)
    assert (found.asks_why, found.hinders, found.is_ready) == (True, (), False)
    with pytest.raises(EditionError, match="ikke været i høring"):
        publish_edition(edition=edition, by=publisher(), now=NOW, unheard_because="  ")


def test_a_correction_has_a_reason_of_its_own() -> None:
    corrected = Edition.objects.ever_published().filter(revision__gt=1).get()
    assert readiness(corrected, NOW).is_ready


def test_an_open_hearing_and_then_an_unruled_remark_hold_the_publication_and_are_named() -> None:
    found_organisations_of_municipalities(now=OPENS - DAY)
    held = hearing()
    mine, by = response(held), member()
    remark = save_remark(
        response=mine, indicator=indicator(), kind=RemarkKind.REMARK, text="Vi har få sager.", by=by, now=OPENS + DAY
    )
    give_response(response=mine, final=True, by=by, now=OPENS + DAY)
    said = readiness(held.edition, CLOSES - DAY).hinders
    assert said[0] == "Høringen er ikke lukket."
    assert "nr. 1 (Rødovre" in said[1]
    assert len(readiness(held.edition, CLOSES).hinders) == 1
    rule(remarks=[remark], outcome=Outcome.NOT, reason="Tallet svarer til kilden.", by=publisher(), now=CLOSES)
    assert readiness(held.edition, CLOSES).is_ready
