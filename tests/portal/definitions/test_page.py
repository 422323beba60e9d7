"""The catalogue in the browser, by two people, and the log that everybody reads."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import DefinitionChange, Indicator, Municipality, MunicipalityAlias
from portal.operating.roles import DATA_STEWARD, EDITOR, PUBLISHER
from tests.accounts import Person, SignIn, person, signed_in

__all__ = ["person", "signed_in"]
CODE = "b-omgoerelse"


def form_of(client: Client, address: str) -> dict[str, str]:
    """The form as the page shows it, to be sent again with a change."""
    form = client.get(address).context["form"]
    said = {name: form[name].value() for name in form.fields}
    given = {name: value for name, value in said.items() if value is not None and value is not False}
    return {name: "on" if value is True else str(value) for name, value in given.items()}


def proposed(client: Client, address: str, **changed: object) -> DefinitionChange:
    answer = client.post(address, form_of(client, address) | {"reason_da": "Ny lov."} | changed)
    assert answer.status_code == 302, answer.context["form"].errors
    return DefinitionChange.objects.latest("pk")


def decide(client: Client, change: DefinitionChange, decision: str = "approve", answer: str = "") -> int:
    address = reverse("admin:indicators_definitionchange_decide", args=[change.pk])
    return client.post(address, {"decision": decision, "answer": answer}).status_code


@pytest.fixture
def editor(person: Person, signed_in: SignIn) -> Client:
    return signed_in(person("edith", EDITOR))


@pytest.fixture
def another(person: Person, signed_in: SignIn) -> Client:
    return signed_in(person("paul", PUBLISHER))


def page_of(row: Indicator | MunicipalityAlias) -> str:
    return reverse(f"admin:indicators_{row._meta.model_name}_change", args=[row.pk])


def test_an_editor_proposes_another_approves_and_everybody_reads_why(editor: Client, another: Client) -> None:
    row = Indicator.objects.get(code=CODE)
    change = proposed(editor, page_of(row), name_da="Medhold i klager", reason_en="A new law.")
    decide(editor, change, "approve")
    assert Indicator.objects.get(code=CODE).name_da == row.name_da
    assert (
        "Skal være"
        in another.get(reverse("admin:indicators_definitionchange_change", args=[change.pk])).content.decode()
    )
    decide(another, change)
    assert Indicator.objects.get(code=CODE).name_da == "Medhold i klager"
    danish, english = Client().get("/definitioner/").content.decode(), Client().get("/en/definitions/").content.decode()
    for words in ("Ny lov.", "Medhold i klager", f'<del lang="da">{row.name_da}</del>'):
        assert words in danish
    assert "A new law." in english
    lines = list(
        csv.DictReader(io.StringIO(Client().get("/definitioner.csv").content.decode("utf-8-sig")), delimiter=";")
    )
    assert [(line["code"], line["before"], line["after"]) for line in lines] == [
        (CODE, row.name_da, "Medhold i klager")
    ]


def test_a_direction_is_changed_for_an_edition_to_come_only(editor: Client, another: Client) -> None:
    address = page_of(Indicator.objects.get(code=CODE))
    wrong = form_of(editor, address) | {"direction": "higher_is_better", "reason_da": "Fejl.", "edition_year": 2026}
    assert "Udgave 2026 er offentlig" in editor.post(address, wrong).content.decode()
    gone = form_of(editor, address) | {"retired_from": 2026, "reason_da": "Udgår."}
    assert "Udgave 2026 er offentlig" in editor.post(address, gone).content.decode()  # it is in that edition for good
    change = proposed(editor, address, direction="higher_is_better", edition_year=2027, break_year=2026)
    decide(another, change)
    assert Indicator.objects.get(code=CODE).direction == "lower_is_better"
    assert "Gælder fra udgave 2027" in Client().get("/definitioner/").content.decode()


def test_a_steward_proposes_an_alias_and_may_not_approve(person: Person, signed_in: SignIn, another: Client) -> None:
    steward, other = signed_in(person("dora", DATA_STEWARD)), signed_in(person("dan", DATA_STEWARD))
    add = reverse("admin:indicators_municipalityalias_add")
    change = proposed(steward, add, municipality=str(Municipality.objects.get(name="Odense").pk), name="Nyt navn")
    assert decide(other, change) == 403
    assert decide(another, change) == 302
    assert MunicipalityAlias.objects.filter(name="Nyt navn").exists()


def test_who_may_only_look_sees_the_words_and_no_form(another: Client) -> None:
    page = another.get(page_of(Indicator.objects.get(code=CODE)))
    assert page.context["form"] is None
    assert "lavere er bedre" in page.content.decode()


def test_the_log_of_a_fresh_site_says_that_nothing_was_changed(client: Client, db: None) -> None:
    assert "Ingen ændringer endnu" in client.get("/definitioner/").content.decode()
