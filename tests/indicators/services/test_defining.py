"""Changing the catalogue: by two people, from an edition that is not public, told for ever."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from indicators.models import ChangeState, DefinitionChange, Indicator, LogEntry, MunicipalityAlias, SeriesBreak
from indicators.services.defining import (
    DefinitionError,
    approve_change,
    bring_into_force,
    propose_change,
    refuse_change,
)
from rankings.models import Edition
from rankings.pinned import as_published
from tests.filled_in import NOW, publisher, steward

pytestmark = pytest.mark.django_db
CODE = "b-omgoerelse"


def proposed(**said: Any) -> DefinitionChange:
    """A proposal about one indicator; without more a better text."""
    options: dict[str, Any] = {"values": {"why_da": "Fordi det betyder noget."}, "reason_da": "Klarere.", **said}
    return propose_change(row=indicator(), by=steward(), now=NOW, **options)


def indicator() -> Indicator:
    return Indicator.objects.get(code=CODE)


def test_a_text_holds_when_another_has_approved_it() -> None:
    change = proposed()
    assert indicator().why_da != "Fordi det betyder noget."
    with pytest.raises(DefinitionError, match="En anden skal godkende"):
        approve_change(change=change, by=steward(), now=NOW)
    approve_change(change=change, by=publisher(), now=NOW)
    assert indicator().why_da == "Fordi det betyder noget."
    assert list(LogEntry.objects.about(f"indicator {CODE}").values_list("action", flat=True)) == [
        "definition_proposed",
        "definition_approved",
    ]


def test_the_database_refuses_an_approval_of_ones_own_and_a_change_of_what_was_decided() -> None:
    change = proposed()
    with pytest.raises(IntegrityError), transaction.atomic():
        DefinitionChange.objects.filter(pk=change.pk).update(state="approved", decided_by=steward(), decided_at=NOW)
    approve_change(change=change, by=publisher(), now=NOW)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        DefinitionChange.objects.filter(pk=change.pk).update(reason_da="En anden.")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        DefinitionChange.objects.filter(pk=change.pk).delete()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"values": {}}, "ændrer intet"),
        ({"reason_da": " "}, "hvorfor"),
        ({"values": {"direction": "higher_is_better"}}, "fra hvilken udgave"),
        ({"values": {"unit": "antal"}, "edition_year": 2027}, "hvilket dataår"),
        ({"values": {"direction": "sidelæns"}}, "sidelæns"),
        ({"values": {"name_da": "Klager"}, "reason_da": ""}, "hvorfor"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_with_its_reason(said: dict[str, object], why: str) -> None:
    with pytest.raises(DefinitionError, match=why):
        proposed(**said)


def test_one_proposal_at_a_time_and_none_over_another_change() -> None:
    change = proposed()
    with pytest.raises(DefinitionError, match="venter allerede"):
        proposed(values={"caution_da": "Pas på."})
    Indicator.objects.filter(code=CODE).update(why_da="Ændret imens.")
    with pytest.raises(DefinitionError, match="Stil det igen"):
        approve_change(change=change, by=publisher(), now=NOW)
    assert refuse_change(change=change, by=steward(), now=NOW).state == ChangeState.WITHDRAWN
    with pytest.raises(DefinitionError, match="allerede afgjort"):
        approve_change(change=change, by=publisher(), now=NOW)


def test_a_change_of_meaning_begins_a_series_and_holds_from_its_edition_only() -> None:
    change = proposed(
        values={"direction": "higher_is_better", "unit": "antal"}, edition_year=2027, break_year=2026, reason_en="Why."
    )
    approve_change(change=change, by=publisher(), now=NOW)
    assert (indicator().direction, indicator().unit) == ("lower_is_better", "%")
    assert SeriesBreak.objects.get(indicator__code=CODE, year=2026).note_en == "Why."
    this, following = Edition.objects.published().get(year=2026), Edition(year=2027, revision=1)
    for edition, direction in ((this, "lower_is_better"), (following, "higher_is_better")):
        with as_published(edition):
            assert indicator().direction == direction
    assert bring_into_force(edition_year=2026, by=publisher(), now=NOW) == []
    bring_into_force(edition_year=2027, by=publisher(), now=NOW)
    assert (indicator().direction, indicator().unit) == ("higher_is_better", "antal")
    with as_published(this):
        assert indicator().direction == "lower_is_better"


def test_a_better_wording_of_a_definition_begins_no_series() -> None:
    change = proposed(values={"definition_da": "Samme, men klarere."}, wording_only=True)
    approve_change(change=change, by=publisher(), now=NOW)
    assert indicator().definition_da == "Samme, men klarere."
    assert not SeriesBreak.objects.filter(indicator__code=CODE).exists()


def test_a_new_indicator_and_a_new_alias_are_added_and_a_retired_one_leaves_later_editions() -> None:
    pattern = indicator()
    names = {"code": "b-ny", "name_da": "Ny", "name_en": "New", "first_edition": 2027}
    kept = ("theme_id", "source_id", "unit", "direction", "decimals", "source_kind", "definition_da")
    values = {name: getattr(pattern, name) for name in kept} | names
    for row, said in (
        (Indicator(), values),
        (MunicipalityAlias(), {"municipality_id": 1, "name": "Nyt navn"}),
        (pattern, {"retired_from": 2027}),
    ):
        change = propose_change(row=row, values=said, reason_da="Ny lov.", by=steward(), now=NOW)
        approve_change(change=change, by=publisher(), now=NOW)
    of = {year: set(Indicator.objects.of_edition(year).values_list("code", flat=True)) for year in (2026, 2027)}
    assert (of[2026] - of[2027], of[2027] - of[2026]) == ({CODE}, {"b-ny"})
    assert MunicipalityAlias.objects.get(name="Nyt navn").search_key == "nyt navn"


def test_a_proposal_of_another_is_refused_with_an_answer() -> None:
    change = proposed()
    with pytest.raises(DefinitionError, match="hvorfor forslaget afvises"):
        refuse_change(change=change, by=publisher(), now=NOW)
    assert refuse_change(change=change, by=publisher(), now=NOW, answer="Nej.").state == ChangeState.REFUSED
