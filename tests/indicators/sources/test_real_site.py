"""`make real`: from an empty database to a draft of the registers, against a publisher on this machine."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from indicators.declared import rows_of
from indicators.demo.registers import Registers, Wanted
from indicators.models import Indicator, Measurement, Municipality, Upload
from indicators.services.catalogue import DATA
from indicators.sources.models import Fetch
from indicators.sources.recipes import recipes_of_the_catalogue
from indicators.sources.services import ROBOT
from portal.language import formatting
from portal.operating.roles import DATA_STEWARD
from rankings.models import Criterion, Edition, Explanation, Placement
from rankings.services.criteria import share_of_the_index
from tests.accounts import Person, SignIn, person, signed_in

from .stand_in import Misbehaving

__all__ = ["person", "signed_in"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_draws")]


@pytest.fixture
def office(db: None, settings: Any) -> Iterator[Misbehaving]:
    """A publisher that has every table, with a figure for everybody but Vallensbæk where Ishøj reports for it."""
    rows = rows_of(DATA / "municipalities.csv")
    inhabitants = {row["code"]: int(row["population_2023"]) for row in rows}
    recipes = [recipe for recipe in recipes_of_the_catalogue().recipes.values() if not recipe.waits_for]
    ranges = {i.code: (i.plausible_min or 15.0, i.plausible_max or 30.0) for i in Indicator.objects.all()}
    registers = Registers(inhabitants)
    for number, recipe in enumerate(recipes):
        low, high = ranges[recipe.indicator]
        cells: dict[str, float | str] = {
            place: low + (high - low) * (0.3 + 0.4 * ((17 * line + 31 * number) % 97) / 96)
            for line, place in enumerate(inhabitants)
        }
        if recipe.indicator == "k-indbyggere":
            cells.update(inhabitants)
        cells.update(dict.fromkeys(recipe.reported_by, "."))
        registers.fill(Wanted(recipe, 2025, cells))
    names = {row["code"]: row["name"] for row in rows}
    with Misbehaving(registers.tables(names, updated="2026-09-01T08:00:00")) as server:
        settings.SOURCE_URLS = {"statbank": server.url}
        yield server


def real() -> str:
    out = io.StringIO()
    call_command("real", stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("_empty_site")
def test_one_command_leads_from_an_empty_site_to_a_draft_of_the_registers(
    office: Misbehaving, person: Person, signed_in: SignIn
) -> None:
    said = real()
    edition = Edition.objects.get()
    assert (edition.state, edition.registers_only, edition.is_demo) == ("draft", True, True)
    assert "trial figures" in said
    assert edition.note_en in said
    applied = Upload.objects.filter(applied_by__username=ROBOT)
    assert applied.count() + Fetch.objects.waiting().count() == Fetch.objects.filter(upload__isnull=False).count()
    weighed = Criterion.objects.of(edition).for_indicators().filter(weight__gt=0)
    assert weighed.count() >= 15
    assert Measurement.objects.filter(upload__in=applied, indicator__criterion__in=weighed).exists()
    others = Placement.objects.of(edition).filter(level="indicator", missing="not_collected")
    assert others.count() == Municipality.objects.count() * others.values("indicator").distinct().count()
    assert others.values("indicator").distinct().count() > 70
    assert Placement.objects.of(edition).overall().filter(rank__isnull=False).count() >= 90
    assert not Explanation.objects.filter(edition=edition, bridge_rank__isnull=False).exists()  # held against nothing
    steward = signed_in(person("stine", DATA_STEWARD))
    _every_page_says_that_it_is_no_index(edition, steward)
    _each_look_leads_to_the_next_figures(steward)
    before = (Upload.objects.count(), Measurement.objects.count())  # and once more: nothing new, one draft
    assert "nothing new" in real()
    assert (Upload.objects.count(), Measurement.objects.count(), Edition.objects.count()) == (*before, 1)


PAGES = ("", "rangliste/", "kommune/odense/", "kommune/odense/kort-fortalt/", "kommune/odense/presse/", "presse/",
         "presse.txt", "sammenlign/?kommune=odense&kommune=struer", "laes-indekset/", "metode/", "hent/")  # fmt: skip


def _every_page_says_that_it_is_no_index(edition: Edition, client: Client) -> None:
    draft = f"/{settings.ADMIN_PATH}/rankings/edition/{edition.pk}/kladde/"
    pages = {page: client.get(draft + page) for page in PAGES}
    assert {page: answer.status_code for page, answer in pages.items() if answer.status_code != 200} == {}
    said = {page: answer.content.decode() for page, answer in pages.items()}
    assert [page for page, text in said.items() if "egisterudgave" not in text] == []
    counted = Criterion.objects.of(edition).for_indicators().filter(weight__gt=0).count()
    shown = Criterion.objects.of(edition).for_indicators().exclude(note_da="Ikke indsamlet.").count()
    assert f"98 kommuner, {shown} tal" in said[""]
    assert shown >= counted >= 15
    assert "i registerudgaven af Socialt Indeks" in said["kommune/odense/presse/"]
    assert "Skriv ikke »Socialt Indeks« alene" in said["presse.txt"].replace("\n", " ")
    page = client.get(reverse("admin:rankings_edition_change", args=[edition.pk])).content.decode()
    assert "Registerudgave" in page
    assert f"{shown} af 103 indikatorer har tal. Der er ingen tidligere udgave" in page


def _each_look_leads_to_the_next_figures(client: Client) -> None:
    first, second = Fetch.objects.filter(upload__applied_by__username=ROBOT).order_by("pk")[:2]
    page = client.get(reverse("admin:sources_fetch_change", args=[first.pk])).content.decode()
    stored = Measurement.objects.get(upload=first.upload, municipality__code="461")
    written = formatting.with_unit(stored.value or 0.0, first.indicator.unit, first.indicator.decimals)
    assert re.search(rf'<th scope="row">Odense</th><td class="number">{re.escape(written)}</td>', page)
    answer = client.post(reverse("admin:sources_fetch_seen", args=[first.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("admin:sources_fetch_change", args=[second.pk])
    left = Fetch.objects.filter(upload__applied_by__username=ROBOT).count() - 1
    assert f"du mangler {left}." in answer.content.decode()


@pytest.mark.usefixtures("_empty_site")
def test_what_failed_is_told_and_the_others_are_there(office: Misbehaving) -> None:
    del office.tables["LABY10"]
    said = real()
    assert "b-neet: Danmarks Statistik, Statistikbanken svarede 400: EXTRACT-NOTFOUND" in said
    assert "1 failed" in said
    assert Edition.objects.count() == 1


@pytest.mark.usefixtures("_empty_site")
def test_without_network_it_says_so_in_one_line_and_changes_nothing(settings: Any) -> None:
    settings.SOURCE_URLS = {"statbank": "http://127.0.0.1:9/v1"}
    with pytest.raises(CommandError, match=r"kan ikke nås\. Er der netværk\? Nothing was changed\.$") as error:
        real()
    assert "\n" not in str(error.value)
    assert (Fetch.objects.count(), Upload.objects.count(), Edition.objects.count()) == (0, 0, 0)


def test_a_year_that_has_an_edition_of_the_index_gets_none_of_registers(office: Misbehaving) -> None:
    for name in list(office.tables)[3:]:  # what the others would bring is the first test's
        del office.tables[name]
    said = real()  # on a demo: trial figures may be laid beside invented ones
    assert "Der er allerede en udgave 2026" in said
    assert not Edition.objects.filter(registers_only=True).exists()


def test_an_edition_of_registers_is_never_held_against_one_of_the_index() -> None:
    registers = Edition(year=2031, registers_only=True)
    assert not Edition.objects.comparable_to(registers).exists()
    assert Edition.objects.comparable_to(Edition(year=2031)).count() == Edition.objects.count()


def test_the_share_of_the_index_weighs_each_level_alike() -> None:
    every = list(Indicator.objects.of_the_index().select_related("theme"))
    assert share_of_the_index(every, {i.pk for i in every}) == pytest.approx(1)
    assert share_of_the_index(every, set()) == 0
    first = next(i for i in every if i.direction != "neutral")
    assert first.theme is not None
    beside = [i for i in every if i.theme_id == first.theme_id and i.direction != "neutral"]
    themes = {i.theme_id for i in every if i.theme and i.theme.area_id == first.theme.area_id}
    assert share_of_the_index(every, {first.pk}) == pytest.approx(1 / len(beside) / len(themes) / 3)
