"""The command: what it writes, and the one line it answers with when it cannot."""

from __future__ import annotations

import csv
import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rankings.engine import __main__ as command
from rankings.engine import files
from rankings.engine.compute import compute
from tests.rankings.engine import oracle
from tests.rankings.engine.indices import Index, Json, municipalities

SPEC: Json = {
    "unit": "code",
    "indicators": [
        {"code": "x", "parent": "I", "direction": "higher_is_better"},
        {"code": "y", "parent": "I", "direction": "lower_is_better"},
    ],
    "nodes": [{"code": "I", "parent": None}],
    "rank": {"decimals": 1},
}
NO_NUMBER = " is not a number (leave the cell empty if it is missing)"
DATA = "code,name,x,y\na,Aa,1,4\nb,Bb,3,\n"


class Desk:
    """A folder with a specification and data, and the command run on them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.write("spec.json", json.dumps(SPEC))
        self.write("data.csv", DATA)

    def write(self, name: str, content: str | bytes) -> None:
        raw = content if isinstance(content, bytes) else content.encode()
        (self.folder / name).write_bytes(raw)

    def run(self, *more: str, out: str = "result.csv") -> int:
        places = [str(self.folder / name) for name in ("spec.json", "data.csv")]
        return command.main([*places, *more, "--out", str(self.folder / out)])

    def result(self) -> list[dict[str, str]]:
        with (self.folder / "result.csv").open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def refusal(self, *more: str, out: str = "result.csv") -> str:
        before = sorted(path.name for path in self.folder.iterdir())
        assert self.run(*more, out=out) == 2
        assert sorted(path.name for path in self.folder.iterdir()) == before
        said = self.capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("rankings.engine: ")
        assert said.err.count("\n") == 1
        return said.err.removeprefix("rankings.engine: ").strip()


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_the_result_has_a_row_per_unit_and_node_with_numbers_that_read_back_the_same(desk: Desk) -> None:
    assert desk.run() == 0
    rows = desk.result()
    assert list(rows[0]) == ["code", "node", "level", "score", "score_rounded", "rank", "n", "coverage"]
    assert [tuple(row.values()) for row in rows] == [
        ("a", "x", "1", "0.0", "0.0", "2", "2", "1.0"),
        ("a", "y", "1", "50.0", "50.0", "1", "1", "1.0"),
        ("a", "I", "2", "25.0", "25.0", "2", "2", "1.0"),
        ("b", "x", "1", "100.0", "100.0", "1", "2", "1.0"),
        ("b", "y", "1", "", "", "", "1", "0.0"),
        ("b", "I", "2", "100.0", "100.0", "1", "2", "0.5"),
    ]


def test_full_precision_survives_the_file(desk: Desk) -> None:
    index = municipalities()
    use(desk, index)
    assert desk.run() == 0
    outcome = compute(index.matrix, index.specification)
    for row in desk.result():
        score = outcome.score[outcome.units.index(row["code"]), outcome.position[row["node"]]]
        assert row["score"] == ("" if score != score else repr(float(score)))  # noqa: PLR0124


def test_the_command_alone_agrees_with_the_second_implementation(tmp_path: Path, desk: Desk) -> None:
    index = municipalities(seed=7)
    use(desk, index)
    arguments = ["spec.json", "data.csv", "--out", "result.csv"]
    root = Path(command.__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-m", "rankings.engine", *arguments],
        cwd=tmp_path, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    expected = oracle.compute(index.spec, index.data)
    for row in desk.result():
        assert (int(row["rank"]) if row["rank"] else None) == expected[row["code"], row["node"]][2]


def test_weights_from_a_file_replace_the_declared_ones(desk: Desk) -> None:
    for content in ("code,weight\nx,0\n", "x,0\n", "\ufeffcode;weight\nx;0,0\ny;1,5\n"):
        desk.write("weights.csv", content)
        assert desk.run("--weights", str(desk.folder / "weights.csv")) == 0
        assert [row["score"] for row in desk.result() if row["node"] == "I"] == ["50.0", ""]


def test_other_separators_a_byte_order_mark_and_decimal_commas_are_read(desk: Desk) -> None:
    desk.write("data.csv", "\ufeffcode;x;y;\r\na; 1,5 ;4;\r\nb;3;;\r\n;;;\r\n")
    assert desk.run() == 0
    assert [row["score"] for row in desk.result() if row["node"] == "I"] == ["25.0", "100.0"]
    desk.write("data.csv", "code\tx\ty\na\t1\t4\nb\t3\t\n")
    assert desk.run() == 0
    desk.write("data.csv", '\n"in all, per cent, of, these";code;x;y\n9;a;1;4\n9;b;3;\n')
    assert desk.run() == 0


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("code,x\na,1\n", "data.csv: column 'y' is not in the header"),
        ("kode,x,y\na,1,2\n", "data.csv: column 'code' is not in the header"),
        ("code,x,y\na,many,2\n", "data.csv, line 2, column x: 'many'" + NO_NUMBER),
        ("code,x,y\na,1,NaN\n", "data.csv, line 2, column y: 'NaN'" + NO_NUMBER),
        ("code,x,y\na,1,-inf\n", "data.csv, line 2, column y: '-inf'" + NO_NUMBER),
        ("code,x,y\na,1,2e200\n", "data.csv, line 2, column y: '2e200' is too large to compute with"),
        ("code,x,y\na,1_0,2\n", "data.csv, line 2, column x: '1_0'" + NO_NUMBER),
        ("code,x,y\na,1,2\na,3,4\n", "data.csv, line 3, column code: unit 'a' stands twice"),
        ("code,x,y\n,1,2\n", "data.csv, line 2, column code: a unit without a name"),
        ("code,x,y,x\na,1,2,3\n", "data.csv: column 'x' stands twice in the header"),
        ("code,x,y\na,1,2,3\n", "data.csv, line 2: 4 cells, the header has 3"),
        ("code,x,y\n", "data.csv: no units, only a header"),
        ("", "data.csv: empty"),
        ('code,x,y\n"a,1,2\n', "data.csv, line 2: unexpected end of data"),
    ],
)  # fmt: skip
def test_data_that_cannot_be_used_is_refused_in_one_line_and_nothing_is_written(
    desk: Desk, data: str, line: str
) -> None:
    desk.write("data.csv", data)
    assert desk.refusal() == line


def test_a_group_column_is_read_as_text_for_filling_gaps(desk: Desk) -> None:
    desk.write("spec.json", json.dumps({**SPEC, "missing": {"method": "group_mean", "group": "name"}}))
    desk.write("data.csv", "code,name,x,y\na,G,1,4\nb,G,3,\nc,H,2,8\n")
    assert desk.run() == 0
    assert [row["score"] for row in desk.result() if row["node"] == "y"] == ["100.0", "100.0", "0.0"]


def test_the_module_ends_with_the_exit_code_of_the_command(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["engine", "no-spec.json", "no-data.csv", "--out", "no-result.csv"])
    with pytest.raises(SystemExit) as exit_:
        runpy.run_path(command.__file__, run_name="__main__")
    assert exit_.value.code == 2
    assert desk.capsys.readouterr().err == "rankings.engine: no-spec.json: No such file or directory\n"


def test_data_in_another_encoding_is_refused(desk: Desk) -> None:
    desk.write("data.csv", "code,x,y\nÆrø,1,2\n".encode("latin-1"))
    assert desk.refusal() == "data.csv: not UTF-8 text (byte 9)"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("{", "spec.json: not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ('{"unit": "a", "unit": "b"}', "spec.json: not JSON: the key 'unit' stands twice in one object"),
        (
            json.dumps({**SPEC, "rank": {"decimals": -1}}),
            "spec.json: rank.decimals: must be a whole number from 0 to 12, not -1",
        ),
        ('{"unit": "\\ud800"}', "spec.json: unit: must be a text, not '\\ud800'"),
        ('{"unit": ' + "[" * 900 + "]" * 900 + "}", "spec.json: unit: must be a text, not [[[...]]]"),
    ],
)  # fmt: skip
def test_a_bad_specification_is_refused_with_the_path_of_the_field(desk: Desk, content: str, line: str) -> None:
    desk.write("spec.json", content)
    assert desk.refusal() == line


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("z,1\n", "weights.csv: weights.z: is no indicator and no node of the specification"),
        ("x,-1\n", "weights.csv: weights.x: must be a finite number of at least 0, not -1.0"),
        ("x,1\nx,2\n", "weights.csv, line 2: 'x' stands twice"),
        ("x,\n", "weights.csv, line 1: 'x' has no weight"),
        (",1\n", "weights.csv, line 1: not a code and a weight"),
        ("x,0\ny,0\n", "weights.csv: nodes[0].code: the weights under 'I' are all 0 (x, y)"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(desk: Desk, content: str, line: str) -> None:
    desk.write("weights.csv", content)
    assert desk.refusal("--weights", str(desk.folder / "weights.csv")) == line


def test_a_file_that_is_not_there_and_a_folder_that_is_not_there_are_refused(desk: Desk) -> None:
    assert desk.refusal("--weights", "nowhere.csv") == "nowhere.csv: No such file or directory"
    assert "No such file or directory" in desk.refusal(out="nowhere/result.csv")


def test_a_bundle_holds_what_it_takes_to_get_the_same_result_byte_for_byte(desk: Desk) -> None:
    index = municipalities(units=12)
    index.spec["missing"] = {"method": "group_mean", "group": "group", "coverage": 0.6}
    found = files.bundle(index.matrix, index.specification, title="Edition 2025", notes="Demodata.")
    for name, content in found.items():
        desk.write(name, content)
    assert desk.run(out="again.csv") == 0
    assert (desk.folder / "again.csv").read_bytes() == found["result.csv"]
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=desk.folder, check=True)
    assert found["README.md"].decode().startswith("# Edition 2025\n\nDemodata.\n\n| file")
    plain = files.bundle(index.matrix, index.specification, title="Edition 2025")
    assert plain["README.md"].decode().startswith("# Edition 2025\n\n| file")


def test_last_observed_values_are_read_from_their_column(desk: Desk) -> None:
    desk.write("spec.json", json.dumps({**SPEC, "missing": {"method": "last_observed", "column": "{code}_old"}}))
    desk.write("data.csv", "code,x,y,x_old,y_old\na,1,4,,\nb,3,,,8\n")
    assert desk.run() == 0
    assert [row["score"] for row in desk.result() if row["node"] == "y"] == ["100.0", "0.0"]


def test_wrong_arguments_are_one_line_and_exit_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        command.main(["spec.json"])
    assert exit_.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_interrupted_writing_leaves_the_old_result_and_no_litter(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.run() == 0
    before = (desk.folder / "result.csv").read_bytes()

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        desk.run()
    assert (desk.folder / "result.csv").read_bytes() == before
    assert sorted(path.name for path in desk.folder.iterdir()) == ["data.csv", "result.csv", "spec.json"]


def test_importing_every_module_of_the_engine_loads_no_django_and_no_third_party_but_numpy() -> None:
    code = "\n".join(
        [
            "import importlib, pathlib, sys",
            "for path in pathlib.Path('rankings/engine').glob('*.py'):",
            "    importlib.import_module('rankings.engine.' + path.stem)",
            "loaded = {name.split('.')[0] for name in sys.modules}",
            "outside = {'django', 'psycopg', 'pandas', 'scipy', 'portal', 'indicators'}",
            "print(sorted(loaded & outside), 'numpy' in loaded)",
        ]
    )
    root = Path(command.__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert ran.stdout == "[] True\n"


def use(desk: Desk, index: Index) -> None:
    desk.write("spec.json", json.dumps(index.spec))
    names = list(next(iter(index.data.values())))
    rows = [[unit, *("" if row[name] is None else row[name] for name in names)] for unit, row in index.data.items()]
    with (desk.folder / "data.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["code", *names], *rows])


def intervals(desk: Desk, *more: str) -> list[dict[str, str]]:
    assert desk.run("--robustness", str(desk.folder / "intervals.csv"), *more) == 0
    with (desk.folder / "intervals.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def spread_out(desk: Desk) -> None:
    """Four units, of whom one lacks too much to be ranked, and two sources."""
    spec = {**SPEC, "missing": {"method": "rescale", "coverage": 0.6}, "robustness": {"draws": 2000, "seed": 3}}
    spec["indicators"] = [{**i, "source": source} for i, source in zip(SPEC["indicators"], "rs", strict=True)]
    desk.write("spec.json", json.dumps(spec))
    desk.write("data.csv", "code,x,y\na,1,4\nb,3,6\nc,2,1\nd,5,\n")


def test_the_intervals_stand_in_the_order_of_the_result_and_hold_the_rank(desk: Desk) -> None:
    spread_out(desk)
    rows = intervals(desk)
    assert list(rows[0]) == ["unit", "node", "rank", "low", "high", "n"]
    assert [(row["unit"], row["node"], row["rank"], row["n"]) for row in rows] == [
        (row["code"], row["node"], row["rank"], row["n"]) for row in desk.result()
    ]
    for row in rows:
        if row["rank"]:
            assert int(row["low"]) <= int(row["rank"]) <= int(row["high"]) <= int(row["n"])
        else:
            assert (row["unit"], row["low"], row["high"]) == ("d", "", "")
    assert rows == intervals(desk)


def test_with_errors_the_intervals_are_of_both_and_the_methods_own_stand_beside(desk: Desk) -> None:
    spread_out(desk)
    alone = intervals(desk)
    result = desk.result()
    desk.write("errors.csv", "unit;indicator;low;high\na;x;0,5;2,9\nb;x;1;4\n")
    both = intervals(desk, "--errors", str(desk.folder / "errors.csv"))
    assert desk.result() == result
    assert [(row["method_low"], row["method_high"]) for row in both] == [(row["low"], row["high"]) for row in alone]
    wider = {(row["unit"], row["node"]) for row, one in zip(both, alone, strict=True) if row["high"] != one["high"]}
    assert ("b", "x") in wider
    assert {node for _unit, node in wider} <= {"x", "I"}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("z,x,0,2", "errors.csv, line 2, column unit: 'z' is not a unit of the data"),
        ("a,q,0,2", "errors.csv, line 2, column indicator: 'q' is not an indicator of the specification"),
        ("a,x,2,3", "errors.csv, line 2: the interval 2 to 3 does not hold the value 1 of the data"),
        (
            "a,x,0,",
            "errors.csv, line 2, column high: no number (leave the whole row out if the value is known exactly)",
        ),
        ("a,x,0,2\na,x,0,2", "errors.csv, line 3: unit 'a' and indicator 'x' stand twice"),
        ("d,y,0,2", "errors.csv, line 2: an interval for a value that is missing in the data"),
        ("a,x,0,many", f"errors.csv, line 2, column high: 'many'{NO_NUMBER}"),
    ],
)
def test_errors_that_make_no_sense_are_refused_with_their_line(desk: Desk, rows: str, says: str) -> None:
    spread_out(desk)
    desk.write("errors.csv", f"unit,indicator,low,high\n{rows}\n")
    places = ("--robustness", str(desk.folder / "intervals.csv"), "--errors", str(desk.folder / "errors.csv"))
    assert desk.refusal(*places) == says


def test_bounds_that_do_not_hold_the_interval_are_refused(desk: Desk) -> None:
    spread_out(desk)
    desk.write("errors.csv", "unit,indicator,low,high,bound_low,bound_high\na,x,0,2,0.5,3\n")
    places = ("--robustness", str(desk.folder / "intervals.csv"), "--errors", str(desk.folder / "errors.csv"))
    assert desk.refusal(*places) == "errors.csv, line 2: the bounds do not hold the interval 0 to 2"


def test_without_a_source_the_index_is_as_if_it_had_never_been_in_it(desk: Desk) -> None:
    spread_out(desk)
    assert desk.run("--without", "s") == 0
    rows = desk.result()
    assert {row["node"] for row in rows} == {"x", "I"}
    assert {row["n"] for row in rows} == {"4"}  # d lacks nothing of it
    assert desk.refusal("--without", "q") == "spec.json: indicators: no indicator has the source 'q' (known: r, s)"


def test_two_results_never_share_a_file_and_none_is_written_when_one_cannot_be(desk: Desk) -> None:
    spread_out(desk)
    same = str(desk.folder / "result.csv")
    assert desk.refusal("--robustness", same) == "result.csv: two results in one file"
    nowhere = str(desk.folder / "no" / "such.json")
    assert "No such file or directory" in desk.refusal("--audit", nowhere)
