"""From answers to figures: the numbers, what may be shown, and the command with its files."""

import csv
import io
import math
import random
import subprocess
import sys
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indicators.surveys.aggregate import (
    AnswersError,
    Figure,
    Kind,
    Question,
    Reason,
    Respondent,
    Rules,
    aggregate,
    share_interval,
)
from indicators.surveys.aggregate.intervals import t_quantile
from tests.indicators.surveys import oracle

SHARE = Question("q", Kind.SHARE, yes="ja")
SCALE = Question("q", Kind.MEAN, low=1, high=5)
SHOW_ALL = Rules(publish_from=1, rank_from=1, rank_rate=Fraction(0))
Answer = str | float


def figure(
    answers: Sequence[Answer], asked: int, question: Question = SHARE, weights: Sequence[float] | None = None
) -> Figure:
    """The one figure of one municipality, whatever its size."""
    weights = weights or [1.0] * len(answers)
    people = [Respondent("101", {"q": a}, w) for a, w in zip(answers, weights, strict=True)]
    [found] = aggregate(people, [question], {"101": asked}, SHOW_ALL)
    return found


def close(found: Figure, wanted: tuple[float | None, ...]) -> None:
    """The figure's five numbers are these."""
    numbers = (found.estimate, *(found.interval or (None, None)), found.bound_low, found.bound_high)
    for one, other in zip(numbers, wanted, strict=True):
        assert (one is None) == (other is None), (numbers, wanted)
        assert one is None or other is None or one == pytest.approx(other, rel=2e-6, abs=1e-6), (numbers, wanted)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (40, (75.0, 51.0, 89.6, 22.5, 92.5)),
        (14, (75.0, 64.4, 78.6, 64.3, 78.6)),  # Wilson's 83.3 is more than is possible
        (12, (75.0, None, None, 75.0, 75.0)),  # all have answered: nothing is unsure
    ],
)
def test_the_worked_examples_come_out_to_the_printed_digit(asked: int, wanted: tuple[float | None, ...]) -> None:
    found = figure(["ja"] * 9 + ["nej"] * 3, asked)
    numbers = (found.estimate, *(found.interval or (None, None)), found.bound_low, found.bound_high)
    assert tuple(None if each is None else round(each, 1) for each in numbers) == wanted


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_of_a_group_without_end_the_interval_is_that_of_statsmodels(counted: tuple[int, int]) -> None:
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415  a second and a half, for this one test

    yes, n = counted
    found = share_interval(yes / n, n, 10**15)
    assert found == pytest.approx(proportion_confint(yes, n, method="wilson"), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("degrees", "quantile"), [(1, 12.706), (2, 4.303), (5, 2.571), (11, 2.201), (30, 2.042), (120, 1.980)]
)
def test_students_t_is_that_of_the_printed_tables(degrees: int, quantile: float) -> None:
    assert round(t_quantile(degrees), 3) == quantile


weighing = st.sampled_from([0.25, 0.5, 1.0, 2.0, 3.5])


@st.composite
def surveys(draw: st.DrawFn, answer: st.SearchStrategy[float]) -> tuple[list[float], list[float], int]:
    """Answers, their weights and how many were asked."""
    answers = draw(st.lists(answer, min_size=2, max_size=25))
    weights = draw(st.lists(weighing, min_size=len(answers), max_size=len(answers)))
    if draw(st.booleans()):
        weights = [1.0] * len(answers)
    return answers, weights, len(answers) + draw(st.integers(0, 60))


@given(surveys(st.sampled_from([0.0, 100.0])))
def test_shares_agree_with_the_slow_second_implementation(survey: tuple[list[float], list[float], int]) -> None:
    answers, weights, asked = survey
    found = figure(["ja" if each else "nej" for each in answers], asked, SHARE, weights)
    close(found, oracle.figure(answers, weights, asked, (0, 100)))


@given(surveys(st.integers(1, 5).map(float)))
@example(([1.0, 5.0], [1.0, 1.0], 3))
def test_means_agree_with_the_slow_second_implementation(survey: tuple[list[float], list[float], int]) -> None:
    answers, weights, asked = survey
    close(figure(list(answers), asked, SCALE, weights), oracle.figure(answers, weights, asked, (1, 5)))


@given(surveys(st.sampled_from([0.0, 100.0])), st.randoms(use_true_random=False))
def test_the_order_of_the_answers_and_the_unit_of_the_weights_change_nothing(
    survey: tuple[list[float], list[float], int], chance: random.Random
) -> None:
    answers, weights, asked = survey
    pairs = list(zip(answers, weights, strict=True))
    chance.shuffle(pairs)
    numbers = Question("q", Kind.MEAN, low=0, high=100)
    first = figure(list(answers), asked, numbers, weights)
    assert figure([a for a, _w in pairs], asked, numbers, [w for _a, w in pairs]) == first
    assert figure(list(answers), asked, numbers, [w * 1024 for w in weights]) == first


@given(surveys(st.integers(1, 5).map(float)))
def test_estimate_interval_and_bounds_stand_in_order(survey: tuple[list[float], list[float], int]) -> None:
    found = figure(list(survey[0]), survey[2], SCALE, survey[1])
    low, high = found.interval or (found.estimate, found.estimate)
    ends = [found.bound_low, low, found.estimate, high, found.bound_high]
    assert all(each is not None for each in ends)
    assert all((a or 0) <= (b or 0) + 1e-9 for a, b in pairwise(ends))


@given(surveys(st.sampled_from([0.0, 100.0])), st.data())
def test_an_answer_turned_to_blank_lowers_coverage_and_never_counts(
    survey: tuple[list[float], list[float], int], data: st.DataObject
) -> None:
    answers, weights, asked = survey
    gone = data.draw(st.integers(0, len(answers) - 1))
    people = [Respondent("101", {"q": "ja" if a else "nej"}, w) for a, w in zip(answers, weights, strict=True)]
    blank = [*people[:gone], Respondent("101", {}, weights[gone]), *people[gone + 1 :]]
    [whole] = aggregate(people, [SHARE], {"101": asked}, SHOW_ALL)
    [less] = aggregate(blank, [SHARE], {"101": asked}, SHOW_ALL)
    assert (less.asked, less.answered) == (whole.asked, whole.answered - 1)
    [absent] = aggregate(people[:gone] + people[gone + 1 :], [SHARE], {"101": asked}, SHOW_ALL)
    assert less == absent  # neither a no nor a zero: as if the person had said nothing


def test_a_scale_without_an_end_has_no_bound_there() -> None:
    days = Question("q", Kind.MEAN, low=0)
    found = figure([10.0, 20.0, 30.0], 6, days)
    assert (found.bound_low, found.bound_high) == (10.0, None)
    assert found.interval is not None
    assert found.interval.high > 30


def test_equal_numbers_have_no_interval_but_bounds() -> None:
    assert figure([4.0] * 12, 40, SCALE)[4:8] == (4.0, None, (12 * 4 + 28) / 40, (12 * 4 + 28 * 5) / 40)


def test_one_heavy_answer_makes_no_false_certainty() -> None:
    found = figure([5.0] + [1.0] * 9, 200, SCALE, [1e6] + [1.0] * 9)
    assert found.interval == (found.bound_low, found.bound_high)
    assert found.estimate == pytest.approx(5.0, abs=1e-4)


@pytest.mark.parametrize(
    ("answered", "asked", "published", "ranked", "reason"),
    [
        (0, 0, False, False, Reason.NOBODY_ASKED),
        (0, 30, False, False, Reason.UNANSWERED),
        (9, 9, False, False, Reason.SUPPRESSED),
        (10, 10, True, False, Reason.TOO_FEW_ANSWERS),
        (19, 20, True, False, Reason.TOO_FEW_ANSWERS),
        (20, 66, True, True, Reason.NONE),
        (20, 67, True, False, Reason.LOW_RESPONSE),
        (21, 70, True, True, Reason.NONE),  # exactly three tenths
    ],
)
def test_what_is_shown_and_what_is_ranked(
    answered: int, asked: int, published: bool, ranked: bool, reason: Reason
) -> None:
    people = [Respondent("101", {"q": "ja" if each % 2 else "nej"}) for each in range(answered)]
    [found] = aggregate(people, [SHARE], {"101": asked}, Rules())
    assert (found.published, found.ranked, found.reason) == (published, ranked, reason)
    assert (found.asked, found.answered) == (asked, answered)
    if not published:
        assert found[4:8] == (None, None, None, None)


def test_more_answers_than_people_asked_are_refused() -> None:
    people = [Respondent("101", {"q": "ja"})] * 3
    with pytest.raises(AnswersError, match="'101': 3 people answered, 2 were asked"):
        aggregate(people, [SHARE], {"101": 2}, Rules())


@pytest.mark.parametrize(
    "rules", [{"publish_from": 0}, {"rank_from": 9}, {"rank_rate": Fraction(3)}, {"rank_rate": Fraction(-1, 2)}]
)
def test_rules_that_contradict_themselves_are_refused(rules: dict[str, int]) -> None:
    with pytest.raises(AnswersError):
        Rules(**rules)  # type: ignore[arg-type]


# The command and its files


QUESTIONS = "question,kind,yes,min,max\nstemme,mean,,1,5\nsupervision,share,1,,\n"
FRAME = "municipality,asked\n101,40\n147,30\n"
ANSWERS = "municipality,stemme,supervision\n" + "".join(
    f"{'101' if i < 20 else '147'},{i % 5 + 1},{int(i % 4 > 0)}\n" for i in range(29)
)


def run(folder: Path, *options: str, **files: str) -> subprocess.CompletedProcess[str]:
    """Run the command on these files, the good ones unless told."""
    for name, text in {"answers": ANSWERS, "questions": QUESTIONS, "frame": FRAME, **files}.items():
        (folder / f"{name}.csv").write_bytes(text.encode())
    paths = [f"--{name}={folder / name}.csv" for name in ("questions", "frame")] + [f"--out={folder / 'result.csv'}"]
    command = [sys.executable, "-m", "indicators.surveys.aggregate", f"{folder / 'answers.csv'}", *paths, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def result(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / "result.csv").read_text("utf-8"))))


def test_the_command_writes_a_row_for_every_municipality_and_question(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    rows = result(tmp_path)
    assert [(r["municipality"], r["question"]) for r in rows] == [
        ("101", "stemme"), ("101", "supervision"), ("147", "stemme"), ("147", "supervision"),
    ]  # fmt: skip
    assert rows[1] | {"low": "", "high": ""} == {
        "municipality": "101", "question": "supervision", "asked": "40", "answered": "20", "estimate": "75.0",
        "low": "", "high": "", "bound_low": "37.5", "bound_high": "87.5", "published": "true", "ranked": "true",
        "reason": "",
    }  # fmt: skip
    assert rows[3] == {
        "municipality": "147", "question": "supervision", "asked": "30", "answered": "9", "estimate": "", "low": "",
        "high": "", "bound_low": "", "bound_high": "", "published": "false", "ranked": "false", "reason": "suppressed",
    }  # fmt: skip


def test_the_command_takes_other_limits_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    answers = ANSWERS.replace(",", ";").replace("municipality;stemme", "weight;municipality;stemme")
    head, *rows = answers.splitlines()
    answers = "\ufeff" + "\r\n".join([head, *(f"1,5;{row}" for row in rows)])
    done = run(tmp_path, "--publish-from", "9", "--rank-from", "9", "--rank-rate", "0.3", answers=answers)
    assert (done.returncode, done.stderr) == (0, "")
    rows_out = result(tmp_path)
    assert [r["ranked"] for r in rows_out] == ["true"] * 4


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"answers": ANSWERS + "999,1,1\n"}, "answers.csv, line 31, column municipality: '999' is not in the frame"),
        ({"answers": ANSWERS + "101,99,1\n"}, "answers.csv, line 31, column stemme: '99' is above the max 5"),
        ({"answers": ANSWERS + "101,ved ikke,1\n"}, "line 31, column stemme: 'ved ikke' is not a number"),
        ({"answers": ANSWERS + "101,nan,1\n"}, "line 31, column stemme: 'nan' is not a number"),
        ({"answers": ANSWERS + "101,1\n"}, "answers.csv, line 31: 2 cells, the header has 3"),
        ({"answers": ANSWERS.replace("stemme", "stem")}, "the column 'stemme' is not in the header"),
        ({"answers": ANSWERS.replace("stemme,super", "stemme,stemme,super", 1)}, "'stemme' stands twice"),
        ({"answers": ""}, "answers.csv: empty"),
        ({"answers": 'municipality,stemme,supervision\n101,"1,1\n'}, "answers.csv, line 2: unexpected end of data"),
        ({"answers": "municipality,stemme,supervision,weight\n101,1,1,0\n"}, "column weight: '0' is not more than 0"),
        ({"answers": "municipality,stemme,supervision,weight\n101,1,1,\n"}, "column weight: empty"),
        ({"frame": "municipality,asked\n101,19\n147,30\n"}, "'101' has more answers than the 19 asked"),
        ({"frame": "municipality,asked\n101,forty\n"}, "frame.csv, line 2, column asked: 'forty' is not a whole"),
        ({"frame": "municipality,asked\n101,40\n101,41\n"}, "frame.csv, line 3, column municipality: '101' stands"),
        ({"questions": "question,kind\nstemme,median\n"}, "questions.csv, line 2, column kind: 'median' is not known"),
        ({"questions": "question,kind\nsupervision,share\n"}, "column yes: the share 'supervision' needs the answer"),
        ({"questions": "question,kind,min,max\nstemme,mean,5,1\n"}, "column max: '1' is not more than the min '5'"),
        ({"questions": "question,kind\nweight,mean\n"}, "column question: 'weight' is the name of a column"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line_and_nothing_is_written(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    (tmp_path / "result.csv").write_text("as it was", encoding="utf-8")
    done = run(tmp_path, **files)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
    assert done.stderr.startswith("surveys.aggregate: ")
    assert (tmp_path / "result.csv").read_text(encoding="utf-8") == "as it was"
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize(
    "options", [("--rank-rate", "30%"), ("--publish-from", "ten"), ("--rank-from", "5"), ("--sideways",)]
)
def test_wrong_options_are_refused_in_one_line(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run(tmp_path, *options)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, "--out", str(tmp_path / "nowhere" / "result.csv"))
    assert (done.returncode, done.stderr) == (
        2,
        f"surveys.aggregate: {tmp_path / 'nowhere' / 'result.csv'}: No such file or directory\n",
    )


@pytest.mark.parametrize("module", ["indicators.surveys", "indicators.surveys.aggregate.__main__"])
def test_neither_django_nor_numpy_is_loaded(module: str) -> None:
    code = f"import sys, {module}; print(*{{m.split('.')[0] for m in sys.modules}} & {{'django', 'psycopg', 'numpy'}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "")


def test_a_number_is_the_answer_that_counts_however_it_is_written() -> None:
    question = Question("q", Kind.SHARE, yes="1")
    found = figure(["1", "1.0", " 1 ", "0", "2", "ja"], 6, question)
    assert found.estimate == pytest.approx(50)
    assert math.isfinite(found.estimate or math.nan)
