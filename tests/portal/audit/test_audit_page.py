"""Is the index sound: what the page says is what the audit found, and the rules call nothing a weakness by chance."""

import io
import json
import math
import re
import zipfile

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from portal.audit.rules import GRAVE, limit_of, weaknesses
from portal.language import formatting
from rankings.engine.audit import audit
from rankings.models import Audit, Edition
from rankings.services.auditing import audit_edition, audit_the_rest
from tests.markup import body_of
from tests.rankings.engine.indices import municipalities
from tests.visited import visited

pytestmark = pytest.mark.django_db

SOUND = municipalities(units=98, indicators=60, missing=0)


def kinds(findings: dict[str, object]) -> set[str]:
    return {one.kind for one in weaknesses(findings)}


def test_every_planted_fault_is_called_by_its_name_and_grave_ones_stand_first() -> None:
    findings = json.loads(json.dumps(audit(SOUND.matrix, SOUND.specification)))
    a, b, _r, n = findings["correlations"][0]
    findings["nodes"] = []
    findings["correlations"][0] = [a, b, 0.9, n]
    findings["negative"] = [["x3", "x5", -0.6, n]]
    findings["influence"] = {"area:b": {"nominal": 0.5, "effective": 0.1, "effective_share": 0.1}}
    findings["left_out"]["x1"] = {"mean": 4.0, "largest": 20.0}
    findings["alternatives"]["geometric"] = {"mean": 6.0, "largest": 30.0}
    findings["overlaps"] = [["x7", "x8", 0.2, n]]
    findings["alpha"]["theme:T0"] = 0.1
    findings["clipped"]["x1"] = 0.3
    findings["conditions"] = {"index": 0.4}
    found = weaknesses(findings)
    assert {one.kind for one in found} == GRAVE | {"overlap", "no_scale", "clipped", "conditions"}
    assert [one.is_grave for one in found] == sorted((one.is_grave for one in found), reverse=True)
    findings["overlaps"] = [[b, a, 0.9, n]]
    assert "strong" not in kinds(findings)  # declared: said once, as what it is


def test_of_indicators_that_have_nothing_to_do_with_each_other_none_is_called_against_another() -> None:
    rng = np.random.default_rng(1)
    pairs = [["a", "b", 0.0, 98]] * 1000
    limit = limit_of({"correlations": pairs}, 98)
    lowest = [min(np.tanh(rng.normal(0, 1 / math.sqrt(95), 1000))) for _ in range(300)]
    assert np.mean(np.array(lowest) <= limit) < 0.08


def test_the_page_the_files_and_the_api_say_what_was_stored(client: Client) -> None:
    findings = Audit.objects.get(edition__year=2026).findings
    page = visited("/metode/sundhed/")
    first = max(findings["alternatives"].values(), key=lambda one: one["mean"])
    assert f"{first['mean']:.1f}".replace(".", ",") in page.body.decode()
    rows = client.get("/api/v1/audit?page_size=200").json()["rows"]
    stored = findings["influence"]["theme:socialpsykiatri"]
    told = next(row for row in rows if row["subject"] == "socialpsykiatri")
    assert {name: told[name] for name in stored} == stored
    pairs = client.get("/metode/sundhed/par.json").json()["rows"]
    assert len(pairs) > 4000
    assert "NaN" not in json.dumps(findings)
    (bundle,) = re.findall(r'href="([^"]+\.zip)"', page.body.decode())
    with zipfile.ZipFile(io.BytesIO(body_of(client.get(bundle)))) as archive:
        assert json.loads(archive.read("socialt-indeks-2026.1/audit.json"))["influence"] == findings["influence"]
        assert b"audit.json" in archive.read("socialt-indeks-2026.1/README.md")


def test_every_edition_that_is_computed_has_an_audit_and_an_older_one_says_that_it_has_none(client: Client) -> None:
    assert not Edition.objects.ever_published().filter(audit__isnull=True).exists()
    assert audit_the_rest(now=timezone.now()) == []
    edition = Edition.objects.published().get(year=2024)
    with pytest.raises(ValueError, match="looked over already"):
        audit_edition(edition=edition, now=timezone.now())
    assert edition.audit.made_at <= (edition.published_at or timezone.now())


def test_the_verdict_gives_figures_and_no_list_is_cut_among_those_who_share_a_printed_figure() -> None:
    findings, page = Audit.objects.get(edition__year=2026).findings, visited("/metode/sundhed/").page
    largest, mean = (max(one[key] for one in findings["alternatives"].values()) for key in ("largest", "mean"))
    assert f"højst {str(round(mean, 1)).replace('.', ',')} pladser i gennemsnit" in page.text
    assert f"ingen kommune mere end {largest:.0f}." in page.text
    tables = {
        " ".join("".join(caption.itertext()).split()): table
        for table in page.all("table")
        for caption in table.iter("caption")
    }
    rows = [
        ["".join(cell.itertext()).strip() for cell in row.iter("th", "td")]
        for row in tables["Flest uden for målstolperne"].iter("tr")
    ][1:]
    shares = {name: float(text[:-2].replace(",", ".")) for name, text in rows}
    named = re.search(r"I (».*?«) får mindst hver femte kommune 0 eller 100 point", page.text)
    assert set(re.findall(r"»(.*?)«", named[1] if named else "")) == {name for name, one in shares.items() if one >= 20}
    clipped = [one for one in findings["clipped"].values() if one]
    assert len(shares) == sum(round(100 * one) >= min(shares.values()) for one in clipped)


def test_a_figure_stands_on_its_side_of_what_it_is_compared_with() -> None:
    assert [formatting.beside(one, 2, 0.5, 0.7) for one in (0.496, 0.5, 0.6999, 0.4)] == [
        "0,496",
        "0,50",
        "0,6999",
        "0,40",
    ]
    assert formatting.beside(4.96, 1, 5.0) == "4,96"
