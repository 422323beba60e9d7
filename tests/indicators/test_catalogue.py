import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from indicators.models import Area, Indicator, Municipality, Place, Region, RegionMembership, Role, Theme
from indicators.services.catalogue import DATA, load_catalogue
from indicators.services.defining import approve_change, propose_change
from tests.filled_in import NOW, publisher, steward

pytestmark = pytest.mark.django_db

Edit = Callable[[str, str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """A copy of the shipped files in which one field of one row says something else."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)

    def edit(file: str, code: str, field: str, new: str) -> Path:
        path = folder / file
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        next(row for row in rows if row["code"] == code)[field] = new
        with path.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return folder

    return edit


def test_the_catalogue_is_that_of_the_mission() -> None:
    assert Municipality.objects.count() == 98
    assert Region.objects.filter(memberships__ends__isnull=True).distinct().count() == 4
    assert set(Municipality.objects.values_list("region__name", flat=True)) == {
        f"Region {name}" for name in ("Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland")
    }
    assert Theme.objects.count() == 16
    per_area = [Indicator.objects.filter(theme__area=area).count() for area in Area.objects.order_by("position")]
    assert per_area == [38, 33, 32]
    assert Indicator.objects.filter(role=Role.INDEX, direction="neutral").count() == 6
    assert not Municipality.objects.filter(code="411").exists()


def test_loading_it_again_changes_nothing() -> None:
    assert load_catalogue() == []


def test_names_sort_as_danes_sort() -> None:
    names = list(Municipality.objects.in_danish_order().values_list("name", flat=True))
    assert names[:3] == ["Albertslund", "Allerød", "Assens"]
    assert [name for name in names if name.startswith("F")][-3:] == ["Frederikssund", "Furesø", "Faaborg-Midtfyn"]
    assert names[-4:] == ["Ærø", "Aabenraa", "Aalborg", "Aarhus"]


def test_a_place_lies_in_one_municipality() -> None:
    assert Place.objects.count() > 300
    assert set(Place.objects.filter(name="Skagen").values_list("municipality__name", flat=True)) == {"Frederikshavn"}


@pytest.mark.parametrize(
    ("file", "code", "field", "new"),
    [
        ("indicators.csv", "b-omgoerelse", "direction", "higher_is_better"),
        ("indicators.csv", "b-omgoerelse", "definition_da", "Noget helt andet."),
        ("indicator_texts.csv", "b-omgoerelse", "why_da", "Fordi."),
        ("themes.csv", "tidlig-forebyggelse", "area", "h"),
    ],
)
def test_the_shipped_catalogue_neither_changes_nor_stops_a_living_site(
    edited: Edit,
    capsys: pytest.CaptureFixture[str],
    settings: LazySettings,
    file: str,
    code: str,
    field: str,
    new: str,
) -> None:
    settings.CATALOGUE = edited(file, code, field, new)
    before = list(Indicator.objects.order_by("pk").values()), list(Theme.objects.order_by("pk").values())
    call_command("load_catalogue")
    assert (list(Indicator.objects.order_by("pk").values()), list(Theme.objects.order_by("pk").values())) == before
    told = capsys.readouterr().out
    assert "Catalogue: 0 added, 0 changed." in told
    assert f"{code}: {field}" in told
    assert "1 texts or rows are otherwise than shipped" in told


def test_the_shipped_catalogue_is_taken_over_when_somebody_says_so(edited: Edit) -> None:
    data = edited("indicators.csv", "b-omgoerelse", "direction", "higher_is_better")
    changes = load_catalogue(data=data, accept_changes=True)
    assert [(change.field, change.old, change.new) for change in changes] == [
        ("direction", "lower_is_better", "higher_is_better")
    ]


def test_what_somebody_changed_here_is_not_taken_over(edited: Edit) -> None:
    row = Indicator.objects.get(code="b-omgoerelse")
    change = propose_change(row=row, values={"why_da": "Vores."}, reason_da="Klarere.", by=steward(), now=NOW)
    approve_change(change=change, by=publisher(), now=NOW)
    edited("indicator_texts.csv", "b-omgoerelse", "caution_da", "Pas på.")
    data = edited("indicator_texts.csv", "b-omgoerelse", "why_da", "Fordi.")
    assert [each.field for each in load_catalogue(data=data, accept_changes=True)] == ["caution_da"]
    assert Indicator.objects.get(code="b-omgoerelse").why_da == "Vores."


def test_a_municipality_belongs_to_a_region_from_a_day_to_a_day() -> None:
    told = RegionMembership.objects.filter(municipality__name="Roskilde").order_by("begins")
    assert [(each.region.name, str(each.begins), str(each.ends)) for each in told] == [
        ("Region Sjælland", "2007-01-01", "2027-01-01"),
        ("Region Østdanmark", "2027-01-01", "None"),
    ]


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_catalogue")
    assert capsys.readouterr().out == "Catalogue: 0 added, 0 changed.\n"
