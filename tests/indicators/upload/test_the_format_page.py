"""Every example in docs/upload-format.md is read as the page says."""

import re
from pathlib import Path

import pytest

from indicators.upload.numbers import STATUS_OF
from indicators.upload.template_file import HEADERS, STATUSES

from .files import reading_of

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "upload-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- eksempel: (.*?); (\d+) tal; (\d+) problemer -->\n```csv\n(.*?)```", PAGE, re.DOTALL)


def test_all_examples_say_what_they_give() -> None:
    assert len(EXAMPLES) == PAGE.count("```csv") == 13


@pytest.mark.parametrize(("options", "values", "problems", "text"), EXAMPLES)
def test_an_example_is_read_as_it_says(options: str, values: str, problems: str, text: str) -> None:
    chosen = dict(re.findall(r"--(\w+) (\S+)", options))
    year = int(chosen["year"]) if "year" in chosen else None
    reading = reading_of(text, indicator=chosen.get("indicator"), year=year)
    assert (len(reading.cells), reading.problem_count) == (int(values), int(problems)), reading.problems


def test_the_page_names_every_column_and_status() -> None:
    assert all(f"`{header}`" in PAGE for header in HEADERS)
    assert all(f"`{status}`" in PAGE and status in STATUS_OF for status in STATUSES if status)
