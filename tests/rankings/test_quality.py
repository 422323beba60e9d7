"""How good a value is: the warnings that were accepted count, and files and API say what the page says."""

import csv
import io
from collections import Counter
from typing import Any

import pytest
from django.test import Client

from indicators.models import Measurement, Upload
from portal.published.edition import edition_of_address
from portal.published.subjects import subject
from portal.published.worth import Worth
from rankings.bundle.edition import PLACEMENT, SINCE_SAMPLING, columns_of
from rankings.engine.evidence import graded, unpacked
from rankings.models import Edition, Placement
from rankings.pinned import as_published
from rankings.quality import accepted_warnings, doubts_anew
from tests.world import NEWEST

pytestmark = pytest.mark.django_db


def edition() -> Edition:
    return Edition.objects.published().get(year=NEWEST)


def test_an_accepted_warning_lowers_the_values_that_it_names_and_no_others() -> None:
    figures = Placement.objects.of(edition()).filter(value__isnull=False, indicator__code="b-underret-24-timer")
    own, other = figures.order_by("municipality__code")[:2]
    upload = Upload.objects.get(pk=own.upload_id or 0)
    before = accepted_warnings([upload.pk]).get(upload.pk, Counter())
    finding: dict[str, Any] = {"key": "k", "rule": "swapped", "indicator": "b-underret-24-timer", "year": own.data_year}
    named = {"municipalities": [], "codes": [own.municipality.code]}
    findings = [*upload.report["findings"], finding | named, finding | named | {"key": "not accepted"}]
    upload.report |= {"findings": findings, "accepted": {**upload.report["accepted"], "k": "Ringet efter."}}
    upload.save(update_fields=["report"])
    assert accepted_warnings([upload.pk])[upload.pk] - before == Counter(
        [("b-underret-24-timer", own.data_year, own.municipality.code)]
    )
    with as_published(edition()):
        found = doubts_anew(edition(), [own.indicator_id or 0])
    assert found[own.municipality_id, own.indicator_id or 0]["warnings"] == 2
    assert "warnings" not in found.get((other.municipality_id, other.indicator_id or 0), {})


def test_a_warning_about_the_whole_column_counts_for_everybody_and_one_about_gaps_for_nobody() -> None:
    upload = Upload.objects.applied().first()
    assert upload is not None
    finding: dict[str, Any] = {"indicator": "b-neet", "year": 2025, "municipalities": [], "codes": []}
    whole, gaps = (
        finding | {"key": "w", "rule": "same_as_last_year"},
        finding | {"key": "g", "rule": "coverage_dropped"},
    )
    upload.report |= {"findings": [whole, gaps], "accepted": {"w": "Ja", "g": "Ja"}}
    upload.save(update_fields=["report"])
    assert accepted_warnings([upload.pk]) == {upload.pk: Counter([("b-neet", 2025, None)])}


def test_what_the_demo_accepted_counts_in_pages_files_and_api_alike(client: Client) -> None:
    code = "b-medl-tidlig-hjaelp"
    of = Worth.of(edition_of_address(), subject("indicator", code))
    pairs = zip(of.panel.municipalities, map(of.doubts, range(len(of.panel.municipalities))), strict=True)
    said = {one.code: (graded(found), " ".join(found)) for one, found in pairs if found is not None}
    assert {grade for grade, _why in said.values()} >= {1, 2}
    address = f"/rangliste/indikator/{code}.plain.csv"
    text = client.get(address).content.decode("utf-8-sig")
    rows = [*csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#"))]
    in_file = {row["municipality_code"]: (int(row["quality"]), row["quality_why"]) for row in rows if row["quality"]}
    asked = {"subject": code, "level": "indicator", "page_size": "1000"}
    answered = client.get("/api/v1/placements", asked).json()["rows"]
    by_api = {
        row["municipality_code"]: (row["quality"], row["quality_why"] or "") for row in answered if row["quality"]
    }
    assert said == in_file == by_api
    assert {row["quality"] for row in rows if not row["value"]} == {""}


def test_an_edition_of_an_older_method_keeps_the_columns_it_was_published_with() -> None:
    old = Edition(method={"robustness": {"draws": 1000}})
    kept = columns_of(old, PLACEMENT)
    assert kept == PLACEMENT[: len(kept)]  # the newer stand last: rows are cut
    assert {field.name for field in PLACEMENT[len(kept) :]} == SINCE_SAMPLING
    assert columns_of(edition(), PLACEMENT) == PLACEMENT


def test_every_value_of_an_edition_has_the_grade_of_its_own_file() -> None:
    found = {key: unpacked(packed) for key, packed in Placement.objects.of(edition()).doubted().items()}
    with as_published(edition()):
        assert found == doubts_anew(edition())
    assert {name for one in found.values() for name in one} >= {"own_word", "interval", "warnings"}
    assert Measurement.objects.current().filter(provisional=True).exists() == any(
        "provisional" in one for one in found.values()
    )
