"""A member of a municipality confirms its services on a page of its own; nobody else can."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from indicators.people.models import MemberRole, Organisation, OrganisationKind
from indicators.people.services.members import join
from indicators.provisions.models import Confirmation, Provision
from tests.filled_in import publisher

pytestmark = pytest.mark.django_db
PAGE = "/arbejdsbord/tilbud/"


@pytest.fixture
def respondent(client: Client) -> Client:
    user = User.objects.create_user("sara")
    struer = Organisation.objects.get(kind=OrganisationKind.MUNICIPALITY, municipality__name="Struer")
    join(user=user, organisation=struer, role=MemberRole.RESPONDENT, by=publisher(), now=timezone.now())
    client.force_login(user)
    return client


def test_a_member_sees_the_services_of_the_municipality_and_confirms_one(respondent: Client) -> None:
    rows = respondent.get(PAGE).context["rows"]
    assert {one["row"].provision.number for one in rows} == set(
        Provision.objects.filter(registrations__municipality__name="Struer").values_list("number", flat=True)
    )
    assert f'href="{PAGE}"' in respondent.get("/arbejdsbord/").content.decode()  # its menu leads here
    assert respondent.post(PAGE, {"tilbud": "D1001"}).status_code == 302
    confirmation = Confirmation.objects.get(provision__number="D1001")
    assert confirmation.by.username == "sara"
    page = respondent.get("/tilbud/id/D1001/").context["page"]
    assert confirmation.speaker in next(fact["by"] for fact in page["facts"] if fact["name"] == "Bekræftet")


def test_nobody_confirms_what_is_not_theirs(respondent: Client) -> None:
    assert respondent.post(PAGE, {"tilbud": "D1003"}).status_code == 404
    assert respondent.post(PAGE, {"tilbud": "findes-ikke"}).status_code == 404
    assert not Confirmation.objects.exists()


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, {"tilbud": "D1001"}).status_code == 302
    assert not Confirmation.objects.exists()
