"""`python -m indicators.upload`: JSON lines, three exit codes, no Django."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from indicators.upload.__main__ import main

from .files import xlsx

ROOT = Path(__file__).resolve().parents[3]


def run(
    capsys: pytest.CaptureFixture[str], path: Path, *options: str
) -> tuple[int, dict[str, Any], list[dict[str, Any]]]:
    code = main([str(path), *options])
    first, *rest = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return code, first, rest


def test_only_a_preliminary_figure_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tal.csv"
    path.write_text("kommune;2019;2020*\nOdense;1;2\n", "utf-8")
    assert [value.get("provisional") for value in run(capsys, path)[2]] == [None, True]


def test_a_file_without_a_figure_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tal.csv"
    path.write_text("kommune;2019\n", "utf-8")
    code, first, values = run(capsys, path)
    assert (code, [problem["rule"] for problem in first["problems"]], values) == (1, ["empty"], [])
    assert "det rigtige ark" in first["problems"][0]["advice"]


def test_a_good_file_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tal.csv"
    path.write_text(
        "kode;kommune;2019\n000;Hele landet;9\n101;København;1,5\n147;Frederiksberg;..\n", encoding="cp1252"
    )
    code, first, values = run(capsys, path, "--indicator", "a-x")
    assert code == 0
    assert first == {
        "layout": "wide_by_year", "encoding": "latin-1", "decimal": ",", "thousands": None, "rows": 2,
        "left_out": [{"reason": "country", "row": 2, "label": "000 Hele landet"}], "problems": [],
    }  # fmt: skip
    same = {"year": 2019, "indicator": "a-x", "sheet": None, "column": "2019"}
    assert values == [
        {"municipality": "101", "value": 1.5, "missing": None, "row": 3, **same},
        {"municipality": "147", "value": None, "missing": "not_available", "row": 4, **same},
    ]


def test_problems_end_with_1_and_name_their_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tal.csv"
    path.write_text("kommune;2019\nOdense;1\nOdense;2\nVejle;tre\nKobenhvn;4\n", encoding="utf-8")
    code, first, values = run(capsys, path)
    assert code == 1
    assert [(p["rule"], p["row"]) for p in first["problems"]] == [
        ("not_a_number", 4),
        ("unknown_municipality", 5),
        ("duplicate", 3),
    ]
    assert first["problems"][1]["advice"] == "Mener du København?"
    assert len(values) == 2
    assert values[0]["indicator"] is None


def test_an_unreadable_file_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tal.xlsx"
    path.write_bytes(b"PK\x03\x04 broken")
    code, first, values = run(capsys, path)
    assert (code, first["layout"], values) == (2, None, [])
    assert first["problems"][0]["rule"] == "unreadable"
    assert run(capsys, tmp_path / "findes-ikke.csv")[0] == 2
    assert run(capsys, tmp_path)[0] == 2


def test_sheet_and_year_are_obeyed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "uden endelse"
    path.write_bytes(xlsx([["kommune", "værdi"], ["Odense", 5]]))
    code, _first, values = run(capsys, path, "--sheet", "Tal", "--year", "2024", "--indicator", "x")
    assert (code, values[0]["year"], values[0]["sheet"]) == (0, 2024, "Tal")
    assert run(capsys, path, "--sheet", "Findes ikke")[0] == 2


def test_it_runs_without_django(tmp_path: Path) -> None:
    path = tmp_path / "tal.csv"
    path.write_text("kommune;2019\nÆrø;1\nChristiansø;2\n", encoding="utf-8")
    blocked = (
        "import sys, runpy; sys.modules['django'] = None; sys.argv[0] = 'x'; "
        "runpy.run_module('indicators.upload', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", blocked, str(path)],
        capture_output=True,
        cwd=ROOT,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.splitlines()[1])["municipality"] == "492"
