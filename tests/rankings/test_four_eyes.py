import pytest
from django.test import override_settings

from indicators.models import LogEntry
from rankings.models import Edition, EditionState, Placement
from rankings.services.computing import EditionError
from rankings.services.editions import (
    FourEyesError,
    delete_draft,
    own_uploads,
    prepare_edition,
    publish_edition,
    renew_edition,
    send_to_hearing,
)
from tests.filled_in import NOW, imported, publisher, steward

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_prepared")]


def prepare() -> None:
    """A draft with a figure that the steward brought."""
    imported("101;;b-omgoerelse;2030;12,5;")
    prepare_edition(year=2030, by=steward(), now=NOW, draws=300)


def draft() -> Edition:
    return Edition.objects.get(year=2030)


def test_whoever_brought_new_figures_cannot_publish_them_and_somebody_else_can() -> None:
    edition = draft()
    assert len(own_uploads(edition, steward())) == 1
    with pytest.raises(FourEyesError):
        publish_edition(edition=edition, by=steward(), now=NOW, unheard_because="En prøve.")
    edition.refresh_from_db()
    assert edition.state == EditionState.DRAFT
    assert (
        publish_edition(edition=edition, by=publisher(), now=NOW, unheard_because="En prøve.").state
        == EditionState.PUBLISHED
    )


def test_figures_that_are_public_already_stop_nobody() -> None:
    publish_edition(edition=draft(), by=publisher(), now=NOW, unheard_because="En prøve.")
    following = prepare_edition(year=2031, by=steward(), now=NOW, draws=300)
    assert own_uploads(following, steward()) == []
    assert (
        publish_edition(edition=following, by=steward(), now=NOW, unheard_because="En prøve.").state
        == EditionState.PUBLISHED
    )


def test_the_setting_lets_one_person_do_both() -> None:
    edition = draft()
    with override_settings(FOUR_EYES=False):
        assert (
            publish_edition(edition=edition, by=steward(), now=NOW, unheard_because="En prøve.").state
            == EditionState.PUBLISHED
        )


def test_a_draft_takes_newer_figures_when_it_is_computed_again() -> None:
    edition = draft()
    year = edition.criterion_set.get(indicator__code="b-neet").data_year
    imported("101;;b-neet;2030;12,5;")
    edition = renew_edition(edition=edition, by=steward(), now=NOW)
    assert year != 2030
    assert edition.criterion_set.get(indicator__code="b-neet").data_year == 2030


def test_a_draft_goes_to_hearing_and_may_be_deleted_and_a_public_edition_neither() -> None:
    edition = send_to_hearing(edition=draft(), by=publisher(), now=NOW)
    assert edition.state == EditionState.HEARING
    with pytest.raises(EditionError):
        send_to_hearing(edition=edition, by=publisher(), now=NOW)
    delete_draft(edition=edition, reason="Forkert år.", by=publisher(), now=NOW)
    assert not Edition.objects.filter(year=2030).exists()
    public = Edition.objects.published().newest_first()[0]
    placed = Placement.objects.of(public).count()
    with pytest.raises(EditionError, match="offentliggjort"):
        delete_draft(edition=public, reason="Forkert år.", by=publisher(), now=NOW)
    for step in (send_to_hearing, renew_edition):
        with pytest.raises(EditionError):
            step(edition=public, by=publisher(), now=NOW)
    assert Placement.objects.of(public).count() == placed


def test_every_step_of_an_edition_is_logged() -> None:
    edition = send_to_hearing(edition=draft(), by=steward(), now=NOW, origin="192.0.2.7")
    publish_edition(edition=edition, by=publisher(), now=NOW, unheard_because="En prøve.")
    said = LogEntry.objects.about("edition 2030.1").order_by("pk").values_list("action", "by__username")
    assert list(said) == [
        ("edition_prepared", "dorte"),
        ("edition_sent_to_hearing", "dorte"),
        ("edition_published", "paula"),
    ]
