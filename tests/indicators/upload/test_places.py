"""Municipalities as people write them."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.upload.places import fold, gazetteer

from .files import DATA

with (DATA / "municipalities.csv").open(encoding="utf-8") as _file:
    MUNICIPALITIES = {int(row["code"]): row["name"] for row in csv.DictReader(_file)}


def test_there_are_98_and_each_is_found_by_code_and_name() -> None:
    assert len(MUNICIPALITIES) == 98
    for code, name in MUNICIPALITIES.items():
        for label in (
            str(code),
            f"0{code}",
            code,
            float(code),
            name,
            f"{name} Kommune",
            f"{name}s Kommune",
            f"0{code} {name}",
            f"{name} ({code})",
        ):
            place = gazetteer().find(label)
            assert (place.kind, place.code, place.name) == ("municipality", code, name), label


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Københavns Kommune", 101), ("Bornholms Regionskommune", 400), ("Copenhagen", 101), ("KØBENHAVN", 101),
        ("Kobenhavn", 101),
        ("Århus", 751), ("Aarhus", 751), ("Arhus", 751), ("Ærø", 492), ("Aeroe", 492), ("Aero", 492),
        ("Rodovre", 175), ("Roedovre", 175),
        ("Åbenrå", 580), ("Ålborg", 851), ("Tårnby", 185), ("Taarnby", 185), ("Fåborg-Midtfyn", 430),
        ("Høje Taastrup", 169),
        ("Høje-Tåstrup", 169), ("Lyngby-Tårbæk", 173), ("Nordfyn", 480), ("Vesthimmerland", 820), ("KÃ¸benhavn", 101),
        ("Brøndby\xa0Kommune", 153), ("  Vejle  ", 630), ("Randers'", 730), ("Municipality of Odense", 461),
        ("Ringkøbing–Skjern", 760),
        ("A\u030aben ra\u030a".replace(" ", ""), 580),
    ],
)  # fmt: skip
def test_a_name_is_found_in_any_spelling(label: str, code: int) -> None:
    assert gazetteer().find(label).code == code


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Hele landet", "country"), ("Danmark", "country"), ("All Denmark", "country"), ("I alt", "country"),
        ("0", "country"), ("000", "country"),
        ("Region Sjælland", "region"), ("84", "region"), ("084", "region"), ("1081", "region"),
        ("085 Region Sjælland", "region"),
        ("Landsdel Fyn", "part_of_country"), ("Province Bornholm", "part_of_country"),
        ("Københavns omegn", "part_of_country"),
        ("411", "no_municipality"), ("Christiansø", "no_municipality"), ("997", "no_municipality"),
        ("998", "no_municipality"),
        ("Uoplyst kommune", "no_municipality"), ("Landkommuner", "group"), ("Kobenhvn", "unknown"),
        ("102", "unknown"), ("101 Odense", "unknown"),
        ("", "unknown"), ("12,5", "unknown"), ("2019", "unknown"),
    ],
)  # fmt: skip
def test_what_is_no_municipality_is_told_apart(label: str, kind: str) -> None:
    assert gazetteer().find(label).kind == kind


def test_an_unknown_name_gets_the_nearest() -> None:
    assert gazetteer().nearest("Kobenhvn Kommune") == "København"
    assert gazetteer().nearest("Frederikshvan") == "Frederikshavn"
    assert gazetteer().nearest("Atlantis") is None


def test_no_two_municipalities_share_a_spelling() -> None:
    keys = [fold(name) for name in MUNICIPALITIES.values()]
    assert len(set(keys)) == 98


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_any_label_is_answered(label: str | float) -> None:
    assert gazetteer().find(label).kind in {
        "municipality", "country", "region", "part_of_country", "group", "no_municipality", "unknown"
    }  # fmt: skip
