"""Every example of docs/provisions.md is read as it stands there."""

import re

import pytest
from django.conf import settings

from indicators.provisions.files.columns import COLUMNS
from indicators.provisions.files.reading import read_table

PAGE = (settings.BASE_DIR / "docs" / "provisions.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- example: (\w+); (\d+) rows; (\d+) problems -->\n```csv\n(.*?)```", PAGE, re.DOTALL)


def test_every_table_has_an_example() -> None:
    assert {table for table, *_rest in EXAMPLES} == set(COLUMNS)


@pytest.mark.parametrize(("table", "rows", "problems", "text"), EXAMPLES)
def test_an_example_is_read_as_the_page_says(table: str, rows: str, problems: str, text: str) -> None:
    reading = read_table(text.encode(), table)
    assert (len(reading.lines), len(reading.findings), reading.left_out) == (int(rows), int(problems), [])


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_every_column_of_a_table_stands_on_the_page(table: str) -> None:
    assert [column.headings[0] for column in COLUMNS[table] if column.headings[0] not in PAGE] == []
