"""A file's way through the admin: one person brings it, another approves it, with a yes for each warning."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators.provisions.models import Delivery, Provision, Table
from tests.accounts import Person, SignIn, person, signed_in  # fixtures
from tests.indicators.provisions.register import file_of, service

__all__ = ["person", "signed_in"]
pytestmark = pytest.mark.django_db


def _bring(client: object, *rows: str) -> Delivery:
    content = file_of(Table.PROVISIONS, *rows).content
    assert isinstance(content, bytes)
    data = {
        "file": SimpleUploadedFile("tilbud.csv", content),
        "table": "provisions",
        "source": "Opdigtet tilbudsregister",
    }
    answer = client.post(reverse("admin:provisions_delivery_add"), data)  # type: ignore[attr-defined]
    assert answer.status_code == 302, answer.context["form"].errors
    return Delivery.objects.order_by("-pk")[0]


def test_whoever_brings_a_file_cannot_approve_it_and_somebody_else_can(person: Person, signed_in: SignIn) -> None:
    steward = signed_in(person("anna", "data steward", "publisher"))
    delivery = _bring(steward, service("X1", rest=";;;;i drift;2026-01-01"))
    page = reverse("admin:provisions_delivery_change", args=[delivery.pk])
    approve = reverse("admin:provisions_delivery_approve", args=[delivery.pk])
    assert "En anden skal godkende den" in steward.get(page).content.decode()
    steward.post(approve, {"accept": [], "reason": "x"})
    assert not Provision.objects.filter(number="X1").exists()
    other = signed_in(person("bent", "publisher"))
    answer = other.get(page)
    warnings = [each["key"] for each in answer.context["warnings"]]
    assert warnings  # the demo's services are left out of the file
    other.post(approve, {"accept": [], "reason": "x"})
    assert not Provision.objects.filter(number="X1").exists()
    other.post(approve, {"accept": warnings, "reason": "Et uddrag."})
    assert Provision.objects.filter(number="X1").exists()
    other.post(reverse("admin:provisions_delivery_take_back", args=[delivery.pk]), {"reason": "Fortrudt."})
    delivery.upload.refresh_from_db()
    assert delivery.upload.state == "taken_back"


def test_what_is_refused_is_shown_with_its_row_and_column(person: Person, signed_in: SignIn) -> None:
    steward = signed_in(person("anna", "data steward"))
    delivery = _bring(steward, service("X1", where="Ingensteds"))
    text = steward.get(reverse("admin:provisions_delivery_change", args=[delivery.pk])).content.decode()
    assert "Række 2" in text
    assert "»Ingensteds« er ikke en kommune." in text
    assert steward.post(reverse("admin:provisions_delivery_approve", args=[delivery.pk])).status_code == 403
