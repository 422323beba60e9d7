"""The office's page of a hearing: what it rules on, also a heard figure that it corrects itself."""

import re

import pytest
from django.urls import reverse

from portal.operating.roles import EDITOR
from rankings.hearing.models import Hearing, Ruling
from tests.accounts import Person, SignIn, person, signed_in

__all__ = ["person", "signed_in"]
pytestmark = pytest.mark.django_db


def test_when_all_is_ruled_a_heard_figure_can_still_be_corrected_and_nothing_typed_is_lost(
    person: Person, signed_in: SignIn
) -> None:
    hearing, before = Hearing.objects.get(edition__year=2026), Ruling.objects.count()
    client = signed_in(person("eva-h", EDITOR))
    page = client.get(reverse("admin:hearing_hearing_change", args=[hearing.pk])).content.decode()
    (listed,) = re.findall(r'<select id="upload".*?</select>', page, re.DOTALL)
    assert "rettelser-efter-hoering.csv" in listed
    assert "demo-provisions" not in listed
    upload = re.findall(r'value="(\d+)">demo-2026-rettelser-efter-hoering.csv', listed)[0]

    typed = {"outcome": "upheld", "reason": "Registret er rettet.", "upload": ""}
    refused = client.post(reverse("admin:hearing_rule", args=[hearing.pk]), typed).content.decode()
    assert "Vælg, hvad du afgør, eller den fil" in refused
    assert ">Registret er rettet.</textarea>" in refused
    assert Ruling.objects.count() == before
    client.post(reverse("admin:hearing_rule", args=[hearing.pk]), {**typed, "upload": upload})
    assert Ruling.objects.latest("pk").upload_id == int(upload)
    settled = client.get(reverse("admin:hearing_hearing_change", args=[hearing.pk])).content.decode()
    assert "Registret er rettet." in settled.partition('id="afgjort"')[2]  # it stands in public: the office sees it too
