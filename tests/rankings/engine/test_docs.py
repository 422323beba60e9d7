"""Every example of docs/engine.md does what the page says."""

from __future__ import annotations

import csv
import json
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import rankings.engine
from rankings.engine import __main__ as command
from rankings.engine.compute import compute
from rankings.engine.matrix import Matrix
from rankings.engine.specification import Specification
from tests.rankings.engine.test_specification import VALID

ROOT = Path(rankings.engine.__file__).parents[2]
PAGE = (ROOT / "docs" / "engine.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


EXAMPLE, HUMAN_DEVELOPMENT, VULNERABILITY = (json.loads(block) for block in blocks("json"))


def test_the_example_from_end_to_end_gives_the_rows_it_shows(tmp_path: Path) -> None:
    data, result = blocks("csv")
    (tmp_path / "spec.json").write_text(json.dumps(EXAMPLE), "utf-8")
    (tmp_path / "data.csv").write_text(data, "utf-8")
    out = tmp_path / "result.csv"
    assert command.main([str(tmp_path / "spec.json"), str(tmp_path / "data.csv"), "--out", str(out)]) == 0
    lines = out.read_text("utf-8").splitlines()
    assert [lines[0], *(line for line in lines if ",T1," in line or ",INDEX," in line)] == result.splitlines()


@pytest.mark.parametrize("spec", [EXAMPLE, HUMAN_DEVELOPMENT, VULNERABILITY])
def test_every_specification_on_the_page_is_valid_and_names_what_the_page_says(spec: dict[str, object]) -> None:
    VALID.validate(spec)
    Specification.from_json(spec)


def test_the_human_development_index_of_a_country_comes_out_by_its_own_formula() -> None:
    specification = Specification.from_json(HUMAN_DEVELOPMENT)
    norway = np.array([[83.1, 18.7, 13.1, 112710.0], [60.0, 10.0, 6.0, 4000.0]])
    result = compute(Matrix(("NOR", "AAA"), ("le", "eys", "mys", "gnipc"), norway), specification)
    education = (1 + 13.1 / 15) / 2
    assert result.score[0, -1] == pytest.approx(((83.1 - 20) / 65 * education * 1) ** (1 / 3))
    income = math.log(40) / math.log(750)
    plain = ((40 / 65) * (10 / 18 + 6 / 15) / 2 * income) ** (1 / 3)
    assert result.printed[1, -1] == round(plain, 3)


def test_the_vulnerability_index_sums_percentile_ranks_and_puts_the_lowest_first() -> None:
    specification = Specification.from_json(VULNERABILITY)
    values = np.array([[10.0, 3, 5], [20, 2, 9], [30, 1, 7]])
    result = compute(Matrix(("a", "b", "c"), ("poverty", "noveh", "age65"), values), specification)
    # T1 sums are 1, 1 and 1: nobody is worse, all 0. T2 ranks are 0, 1 and 0.5.
    assert result.score[:, -1].tolist() == [0, 1, 0.5]
    assert result.rank[:, -1].tolist() == [1, 3, 2]


def test_the_recipe_for_a_published_index_runs_on_a_folder_of_that_shape(tmp_path: Path) -> None:
    folder = tmp_path / "stages"
    folder.mkdir()
    head = ["UnitCode", "UnitName", "Group_EurAsia"]
    columns = ["IndCode", "Direction", "IndWeight", "Agg1", "Agg2", "Agg3"]
    write(folder / "indicators.csv", [columns, ["x", "1", "1", "G", "S", "I"], ["y", "-1", "1", "G", "S", "I"]])
    write(folder / "aggregates.csv", [["Code", "Weight"], ["G", "1"]])
    names = [["a", "A", "E"], ["b", "B", "E"], ["c", "C", "E"]]
    raw = [["1", "4"], ["3", "8"], ["", "6"]]
    full = [["1", "4"], ["3", "8"], ["2", "6"]]
    scores = [["0", "100"], ["100", "0"], ["50", "50"]]
    for name, cells in (("2_denominated", raw), ("3_imputed", full), ("4_treated", full), ("5_normalised", scores)):
        rows = [[*who, *row] for who, row in zip(names, cells, strict=True)]
        write(folder / f"stage{name}.csv", [[*head, "x", "y"], *rows])
    fifty = [[*who, "50", "50", "50"] for who in names]
    write(folder / "stage6_aggregated.csv", [[*head, "G", "S", "I"], *fifty])
    write(folder / "published_scores.csv", [["UnitCode", "I"], *([who[0], "50"] for who in names)])
    write(folder / "published_ranks.csv", [["UnitCode", "I"], *([who[0], "1"] for who in names)])
    (recipe,) = blocks("python")
    script = tmp_path / "asem.py"
    script.write_text(recipe, "utf-8")
    ran = subprocess.run(
        [sys.executable, script, folder, tmp_path / "work"],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    counts = re.findall(r"(\d+) of (\d+)$", ran.stdout, re.MULTILINE)
    assert len(counts) == 10
    assert all(same == cells for same, cells in counts)


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
