import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from indicators.models import Area, Indicator, Municipality, Place, Region, Role, Theme
from indicators.services import CatalogueError, load_catalogue
from indicators.services.catalogue import DATA

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
    assert Region.objects.count() == 5
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
    ("field", "new"),
    [
        ("direction", "higher_is_better"),
        ("unit", "antal"),
        ("decimals", "3"),
        ("definition_da", "Noget helt andet."),
        ("theme_code", "skole-og-trivsel"),
    ],
)
def test_what_measured_figures_mean_is_not_changed_unasked(edited: Edit, field: str, new: str) -> None:
    data = edited("indicators.csv", "b-omgoerelse", field, new)
    before = Indicator.objects.filter(code="b-omgoerelse").values().get()
    with pytest.raises(CatalogueError, match="indicator b-omgoerelse: ") as error:
        load_catalogue(data=data)
    assert "nothing was changed" in str(error.value)
    assert "--accept-changes" in str(error.value)
    assert Indicator.objects.filter(code="b-omgoerelse").values().get() == before


def test_a_refused_change_takes_the_harmless_ones_with_it(edited: Edit) -> None:
    edited("municipalities.csv", "101", "landsdel", "Et andet sted")
    data = edited("indicators.csv", "b-omgoerelse", "unit", "antal")
    with pytest.raises(CatalogueError):
        load_catalogue(data=data)
    assert Municipality.objects.get(code="101").landsdel != "Et andet sted"


def test_a_change_of_meaning_that_was_accepted_is_told_with_old_and_new(edited: Edit) -> None:
    data = edited("indicators.csv", "b-omgoerelse", "direction", "higher_is_better")
    changes = load_catalogue(data=data, accept_changes=True)
    assert [(change.field, change.old, change.new, change.has_measurements) for change in changes] == [
        ("direction", "lower_is_better", "higher_is_better", True)
    ]
    assert "(has measurements)" in str(changes[0])


def test_a_theme_with_figures_does_not_change_area_in_silence(edited: Edit) -> None:
    with pytest.raises(CatalogueError, match="theme tidlig-forebyggelse: area"):
        load_catalogue(data=edited("themes.csv", "tidlig-forebyggelse", "area", "h"))


def test_a_better_wording_needs_no_acceptance(edited: Edit) -> None:
    changes = load_catalogue(data=edited("indicator_texts.csv", "b-omgoerelse", "why_da", "Fordi."))
    assert [change.field for change in changes] == ["why_da"]
    assert Indicator.objects.get(code="b-omgoerelse").why_da == "Fordi."


@pytest.mark.usefixtures("_empty_site")
def test_the_meaning_may_change_while_nothing_is_measured(edited: Edit) -> None:
    changes = load_catalogue(data=edited("indicators.csv", "b-omgoerelse", "direction", "higher_is_better"))
    assert [change.field for change in changes] == ["direction"]


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_catalogue")
    assert capsys.readouterr().out == "Catalogue: 0 added, 0 changed.\n"


def test_the_command_ends_with_the_reason() -> None:
    Indicator.objects.filter(code="b-omgoerelse").update(unit="noget andet")
    with pytest.raises(CommandError, match="b-omgoerelse: unit 'noget andet' → "):
        call_command("load_catalogue")
    assert Indicator.objects.get(code="b-omgoerelse").unit == "noget andet"
