"""Before and after against all others: the arithmetic held against plain fractions, the laws, and the command."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rankings.engine import before_after
from rankings.engine.before_after import Finding, Reason, Verdict
from rankings.engine.matrix import DataError, Floats

HIGHER, LOWER = "higher_is_better", "lower_is_better"
Answer = dict[str, Any]


def by_fractions(before: list[list[Fraction]], after: list[list[Fraction]], place: int, sign: int) -> tuple[Any, Any]:
    """Residual (positive = better) and p, counted as the text of the method says it, without rounding."""
    x = [sum(row) / len(row) for row in before]
    y = [sum(row) / len(row) for row in after]
    n = len(x)
    mean_x, mean_y = sum(x) / n, sum(y) / n
    slope = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum((a - mean_x) ** 2 for a in x)
    left = [sign * (b - mean_y - slope * (a - mean_x)) for a, b in zip(x, y, strict=True)]
    own = left[place]
    as_far = sum(1 for other in left if (other >= own if own >= 0 else other <= own))
    return own, Fraction(as_far, n)


def whole(rows: list[list[int]]) -> Floats:
    return np.array(rows, dtype=np.float64)


worlds = st.integers(20, 40).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.integers(-50, 50), min_size=2, max_size=2), min_size=n, max_size=n),
        st.lists(st.lists(st.integers(-50, 50), min_size=2, max_size=2), min_size=n, max_size=n),
        st.integers(0, n - 1),
    )
)
World = tuple[list[list[int]], list[list[int]], int]


def an_ordinary_world(n: int = 60, seed: int = 5) -> tuple[Floats, Floats]:
    """Units that keep their level and move a little from year to year."""
    random = np.random.default_rng(seed)
    lasting = random.normal(50, 10, (n, 1))
    return lasting + random.normal(0, 3, (n, 2)), lasting + random.normal(0, 3, (n, 2))


@settings(max_examples=60, deadline=None)
@given(worlds, st.sampled_from([(HIGHER, 1), (LOWER, -1)]))
def test_residual_and_p_are_those_of_exact_fractions(world: World, way: tuple[str, int]) -> None:
    before, after, place = world
    if len({sum(row) for row in before}) == 1:
        return
    exact = [[[Fraction(v) for v in row] for row in side] for side in (before, after)]
    residual, p = by_fractions(exact[0], exact[1], place, way[1])
    found = before_after.measured(whole(before), whole(after), place, way[0])
    assert found.residual == pytest.approx(float(residual), abs=1e-9)
    assert found.p == pytest.approx(float(p), abs=1e-12)
    far = p <= Fraction(1, 20)
    expected = Verdict.NOT_DISTINGUISHABLE if not far else Verdict.STANDS_OUT if residual > 0 else Verdict.OTHER_WAY
    assert found.verdict is expected


@settings(max_examples=40, deadline=None)
@given(worlds, st.integers(1, 7), st.integers(-100, 100))
def test_another_unit_of_measurement_changes_the_residual_alone(world: World, times: int, plus: int) -> None:
    before, after, place = whole(world[0]), whole(world[1]), world[2]
    one = before_after.measured(before, after, place, HIGHER)
    other = before_after.measured(before * times + plus, after * times + plus, place, HIGHER)
    assert (one.verdict, one.p, one.n, one.reason) == (other.verdict, other.p, other.n, other.reason)
    if one.residual is not None:
        assert other.residual == pytest.approx(times * one.residual, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(worlds)
def test_the_direction_turns_the_sign_and_never_the_share(world: World) -> None:
    before, after, place = whole(world[0]), whole(world[1]), world[2]
    up, down = (before_after.measured(before, after, place, way) for way in (HIGHER, LOWER))
    assert (up.n, up.expected) == (down.n, pytest.approx(down.expected) if down.expected is not None else None)
    if up.residual is not None and abs(up.residual) > 1e-9:
        assert (up.residual, up.p) == (-(down.residual or 0), down.p)
        turned = {Verdict.STANDS_OUT: Verdict.OTHER_WAY, Verdict.OTHER_WAY: Verdict.STANDS_OUT}
        assert down.verdict is turned.get(up.verdict, up.verdict)


@settings(max_examples=30, deadline=None)
@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_the_units_does_not_matter(world: World, random: Any) -> None:
    before, after, place = whole(world[0]), whole(world[1]), world[2]
    order = list(range(len(before)))
    random.shuffle(order)
    one = before_after.measured(before, after, place, HIGHER)
    other = before_after.measured(before[order], after[order], order.index(place), HIGHER)
    assert (one.verdict, one.p, one.n) == (other.verdict, other.p, other.n)


def test_units_with_a_gap_are_left_out_and_never_filled() -> None:
    before, after = an_ordinary_world()
    gaps = [(3, before, 0), (7, before, 1), (11, after, 0), (12, after, 1)]
    for row, side, column in gaps:
        side[row, column] = np.nan
    kept = [row for row in range(60) if row not in {3, 7, 11, 12}]
    found = before_after.measured(before, after, 20, LOWER)
    alone = before_after.measured(before[kept], after[kept], kept.index(20), LOWER)
    assert found.n == 56
    assert found == alone


@pytest.mark.parametrize(("side", "column"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_place_with_a_missing_figure_gets_no_verdict(side: int, column: int) -> None:
    world = an_ordinary_world()
    world[side][4, column] = np.nan
    found = before_after.measured(world[0], world[1], 4, HIGHER)
    assert found == Finding(Verdict.CANNOT_BE_COMPUTED, 59, preliminary=False, reason=Reason.MISSING)


def test_nineteen_units_are_too_few_and_twenty_are_enough() -> None:
    before, after = an_ordinary_world(20)
    assert before_after.measured(before, after, 0, HIGHER).verdict is not Verdict.CANNOT_BE_COMPUTED
    after[19, 0] = np.nan
    found = before_after.measured(before, after, 0, HIGHER)
    assert found == Finding(Verdict.CANNOT_BE_COMPUTED, 19, preliminary=False, reason=Reason.TOO_FEW)


def test_where_all_start_alike_nothing_can_be_expected() -> None:
    before = np.full((30, 2), 3.1)
    _, after = an_ordinary_world(30)
    found = before_after.measured(before, after, 0, HIGHER)
    assert found == Finding(Verdict.CANNOT_BE_COMPUTED, 30, preliminary=False, reason=Reason.SAME_START)


def test_rounding_in_the_arithmetic_makes_nobody_stand_out() -> None:
    """All moved by the same amount: what is left is noise in the sixteenth digit."""
    before, _ = an_ordinary_world(40)
    for place in range(40):
        found = before_after.measured(before, before + 0.1, place, HIGHER)
        assert (found.verdict, found.p) == (Verdict.NOT_DISTINGUISHABLE, 1.0)


def test_one_edition_on_a_side_is_preliminary() -> None:
    before, after = an_ordinary_world()
    assert not before_after.measured(before, after, 0, HIGHER).preliminary
    assert before_after.measured(before, after[:, :1], 0, HIGHER).preliminary
    assert before_after.measured(before[:, 1:], after, 0, HIGHER).preliminary


def test_a_place_that_moved_far_stands_out_and_the_others_do_not_pay_for_it() -> None:
    before, after = an_ordinary_world()
    after[8] -= 25
    found = before_after.measured(before, after, 8, LOWER)
    assert (found.verdict, found.p) == (Verdict.STANDS_OUT, 1 / 60)
    assert found.expected is not None
    assert found.after is not None
    assert found.residual == pytest.approx(found.expected - found.after)
    assert before_after.measured(before, after, 8, HIGHER).verdict is Verdict.OTHER_WAY


def test_what_a_chart_draws_adds_up_to_the_verdict() -> None:
    before, after = an_ordinary_world()
    fan = before_after.residuals(before_after.level(before), np.hstack([before, after]))
    found = before_after.measured(before, after, 17, HIGHER)
    assert fan[17, 2:].mean() == pytest.approx(found.residual)
    assert fan[:, :2].mean(axis=1) == pytest.approx(np.zeros(60), abs=1e-9)  # the start predicts itself


def test_a_neutral_indicator_and_three_editions_are_refused() -> None:
    before, after = an_ordinary_world()
    with pytest.raises(DataError, match="neutral"):
        before_after.measured(before, after, 0, "neutral")
    with pytest.raises(DataError, match="not of 3"):
        before_after.measured(np.hstack([before, before[:, :1]]), after, 0, HIGHER)


def test_holm_takes_the_number_of_aims_into_account() -> None:
    assert before_after.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert before_after.holm([0.9, 0.8]) == [1.0, 1.0]
    assert before_after.holm([0.04]) == [0.04]
    assert before_after.holm([]) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=8))
def test_holm_never_lowers_a_p_and_keeps_their_order(shares: list[float]) -> None:
    adjusted = before_after.holm(shares)
    assert all(one >= raw for one, raw in zip(adjusted, shares, strict=True))
    assert max(adjusted) <= 1
    pairs = sorted(zip(shares, adjusted, strict=True))
    assert [after for _, after in pairs] == sorted(after for _, after in pairs)


# The command.


def text_of(before: Floats, after: Floats, separator: str = ",") -> str:
    lines = [separator.join(["unit", "2022", "2023", "2025", "2026"])]
    for row, figures in enumerate(np.hstack([before, after]).tolist()):
        lines.append(separator.join([str(101 + row), *("" if math.isnan(v) else repr(v) for v in figures)]))
    return "\n".join(lines) + "\n"


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command on a text; the JSON as it was printed, or the refusal after its prefix."""

    def ask(text: str | bytes, *more: str, unit: str = "105", after: str = "2025,2026", way: str = LOWER) -> Any:
        path = tmp_path / "data.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        arguments = [str(path), "--unit", unit, "--before", "2022,2023", "--after", after, "--direction", way, *more]
        try:
            code = before_after.main(arguments)
        except SystemExit as end:
            code = int(str(end.code))
        said = capsys.readouterr()
        if code:
            assert (code, said.out, said.err.count("\n")) == (2, "", 1)
            prefix, _, message = said.err.strip().partition(": ")
            assert prefix == "rankings.engine.before_after"
            return message
        assert said.err == ""
        return json.loads(said.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))

    return ask


def test_the_command_prints_exactly_what_was_agreed(asked: Any) -> None:
    before, after = an_ordinary_world()
    after[4] -= 25
    found = before_after.measured(before, after, 4, LOWER)
    expected = {"verdict": "stands_out", "p": 1 / 60, "n": 60, "residual": found.residual, "preliminary": False}
    assert asked(text_of(before, after)) == {**expected, "reason": None}
    assert list(asked(text_of(before, after))) == ["verdict", "p", "n", "residual", "preliminary", "reason"]
    assert asked(text_of(before, after), way=HIGHER)["verdict"] == "other_way"
    assert asked(text_of(before, after), after="2025")["preliminary"] is True


def test_semicolons_decimal_commas_and_a_byte_order_mark_are_read_alike(asked: Any) -> None:
    before, after = an_ordinary_world()
    plain = asked(text_of(before, after))
    assert asked("\ufeff" + text_of(before, after, ";").replace(".", ",")) == plain


def test_what_cannot_be_computed_has_nulls_and_a_reason(asked: Any) -> None:
    before, after = an_ordinary_world()
    after[4, 1] = np.nan
    none = {"verdict": "cannot_be_computed", "p": None, "residual": None, "preliminary": False}
    assert asked(text_of(before, after)) == {**none, "n": 59, "reason": "a figure is missing"}
    few = asked(text_of(*an_ordinary_world(19)))
    assert few == {**none, "n": 19, "reason": "too few units can be compared"}
    same = asked(text_of(np.full((60, 2), 4.0), an_ordinary_world()[1]))
    assert (same["verdict"], same["p"], same["residual"], same["n"]) == ("cannot_be_computed", None, None, 60)
    nobody = asked("unit,2022,2023,2025,2026\n105,1,2,3,\n106,2,3,4,\n")
    assert (nobody["verdict"], nobody["n"]) == ("cannot_be_computed", 0)


HEAD = "unit,2022,2023,2025,2026\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "data.csv: empty"),
        ("\n\n", "data.csv: empty"),
        (HEAD, "data.csv: no units, only a header"),
        ("code,2022,2023,2025,2026\n105,1,2,3,4\n", "data.csv: column 'unit' is not in the header"),
        ("unit,2022,2023,2025\n105,1,2,3\n", "data.csv: column '2026' is not in the header"),
        ("unit,2022,2022,2025,2026\n105,1,2,3,4\n", "data.csv: column '2022' stands twice in the header"),
        (HEAD + "105,1,2,3,4\n105,1,2,3,4\n", "data.csv, line 3, column unit: unit '105' stands twice"),
        (HEAD + ",1,2,3,4\n", "data.csv, line 2, column unit: a unit without a name"),
        (HEAD + "106,1,2,3,4\n", "data.csv: unit '105' is not in the file"),
        (HEAD + "105,1,2,3\n", "data.csv, line 2: 4 cells, the header has 5"),
        (HEAD + "105,1,x,3,4\n", "data.csv, line 2, column 2023: 'x' is not a number"),
        (HEAD + "105,1,2,nan,4\n", "data.csv, line 2, column 2025: 'nan' is not a number"),
        (HEAD + "105,1,2,3,inf\n", "data.csv, line 2, column 2026: 'inf' is not a number"),
        (HEAD + "105,1,2,3,1e300\n", "data.csv, line 2, column 2026: '1e300' is too large to compute with"),
        (b"unit,2022\n105,\xff\n", "data.csv: not UTF-8 text (byte 14)"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(asked: Any, text: str | bytes, message: str) -> None:
    assert str(asked(text)).startswith(message)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--direction", "neutral"], "argument --direction: invalid choice: 'neutral'"),
        (["--before", "2022,"], "argument --before: '2022,' is not one or two editions"),
        (["--after", "2024,2025,2026"], "argument --after: '2024,2025,2026' names 3 editions"),
        (["--after", "2023,2025"], "edition '2023' is named twice"),
        (["--before", "2026", "--after", "2022"], "the editions before (2026) must lie before those after (2022)"),
        (["--wrong"], "unrecognized arguments: --wrong"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_in_one_line(asked: Any, more: list[str], message: str) -> None:
    assert str(asked(text_of(*an_ordinary_world()), *more)).startswith(message)


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = before_after.main(
        [str(tmp_path / "none.csv"), "--unit", "1", "--before", "a", "--after", "b", "--direction", HIGHER]
    )
    said = capsys.readouterr()
    assert (code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "none.csv: No such file or directory" in said.err


def test_the_command_runs_as_a_module_without_django(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(text_of(*an_ordinary_world()), encoding="utf-8")
    names = ["--unit", "105", "--before", "2022,2023", "--after", "2025,2026", "--direction", LOWER]
    command = [sys.executable, "-m", "rankings.engine.before_after", str(path), *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["n"] == 60
