"""Numbers: a column's marks by evidence, each symbol with its meaning, anything else refused."""

from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.upload.cells import Missing
from indicators.upload.numbers import Evidence, NumberFormat, NumberParser, Refused

from .files import column_of, reading_of, rules_of


def column(*cells: str, delimiter: str = ";") -> list[float | str | None]:
    quoted = "".join(
        f'{code}{delimiter}"{cell}"\n' for code, cell in zip((101, 147, 151, 153, 155), cells, strict=False)
    )
    return column_of(reading_of(f"kode{delimiter}2019\n{quoted}"))


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("3.427", "644.431"), [3427, 644431]),
        (("7.152", "800"), [7152, 800]),
        (("7.152", "12.5"), [7.152, 12.5]),
        (("7.152", "0.125"), [7.152, 0.125]),
        (("1.234.567", "800"), [1234567, 800]),
        (("1.234,5", "7.152"), [1234.5, 7152]),
        (("12,5", "1.234"), [12.5, 1234]),
        (("7,152", "12,5"), [7.152, 12.5]),
        (("42955,60", "12"), [42955.6, 12]),
        (("1 234 567", "12"), [1234567, 12]),
        (("1\xa0234,5", "12"), [1234.5, 12]),
        (("1'234.5", "12"), [1234.5, 12]),
        (("-3,5", "+2"), [-3.5, 2]),
        (("\u22123,5", "2"), [-3.5, 2]),
        (("\u20113,5", "2"), [-3.5, 2]),
        (("12,5 %", "13%"), [12.5, 13]),
        (("12,5 pct.", "13"), [12.5, 13]),
        (("800", "12"), [800, 12]),
        (("0", "0,0"), [0, 0]),
    ],
)
def test_a_column_decides_its_marks(cells: tuple[str, ...], values: list[float]) -> None:
    assert column(*cells) == values


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1,234.5", "12"), [1234.5, 12]),
        (("7,152", "800"), [7152, 800]),
        (("25.361", "26.884"), [25.361, 26.884]),
        (("7.152", "800"), [7152, 800]),
    ],
)
def test_a_comma_separated_file_writes_english_unless_its_numbers_say_otherwise(
    cells: tuple[str, ...], values: list[float]
) -> None:
    assert column(*cells, delimiter=",") == values


def test_two_readings_are_told() -> None:
    reading = reading_of("kode\t2019\n101\t3.427\n147\t4.111\n")
    assert column_of(reading) == [3427, 4111]
    assert [str(note) for note in reading.notes] == [
        "Tallene i kolonnen »2019« kan læses på to måder. ».« er læst som tusinder."
    ]


def test_a_person_decides_over_the_evidence() -> None:
    assert column_of(reading_of("kode;2019\n101;3.427\n147;4.111\n", decimal=".")) == [3.427, 4.111]
    assert column_of(reading_of("kode,2019\n101,3.427\n147,4.111\n", thousands=".")) == [3427, 4111]


def test_one_column_helps_another() -> None:
    assert column_of(reading_of("kode\t2019\t2020\n101\t3.427\t1,5\n147\t4.111\t2,5\n")) == [3427, 1.5, 4111, 2.5]
    assert column_of(reading_of("kode\t2019\t2020\n101\t3.427\t1.5\n147\t4.111\t2.5\n")) == [3.427, 1.5, 4.111, 2.5]


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        ("..", Missing.NOT_AVAILABLE), ("…", Missing.NOT_AVAILABLE), (".", Missing.NOT_APPLICABLE),
        ("", Missing.NOT_REPORTED),
        (" ", Missing.NOT_REPORTED), ("x", Missing.SUPPRESSED), ("X", Missing.SUPPRESSED),
        ("*", Missing.SUPPRESSED), ("<5", Missing.SUPPRESSED), ("< 5", Missing.SUPPRESSED),
        ("færre end 5", Missing.SUPPRESSED), ("mindre end 3", Missing.SUPPRESSED),
        ("-", 0.0), ("–", 0.0), ("..*", Missing.NOT_AVAILABLE), ("...", Missing.NOT_AVAILABLE),
    ],
)  # fmt: skip
def test_a_symbol_has_its_meaning(cell: str, meaning: float | Missing) -> None:
    assert column(cell, "12,5") == [meaning, 12.5]


def test_a_star_marks_a_preliminary_figure() -> None:
    cells = list(reading_of("kode;2019;2020*\n101;12,5*;3\n").cells)
    assert [(cell.value, cell.provisional) for cell in cells] == [(12.5, True), (3, True)]


@pytest.mark.parametrize(
    "cell",
    [
        "ca. 5",
        "5. dec",
        "maj-23",
        "12-05-2023",
        "2023-05-12",
        "=1+1",
        "1e5",
        "NaN",
        "inf",
        "ja",
        "#N/A",
        "1.2.3",
        "12,5,6",
        "0101",
        "(5)",
        "5 kr.",
        "5‰",
        "1-4",
        "--",
    ],
)
def test_what_is_no_number_is_refused_with_its_place(cell: str) -> None:
    reading = reading_of(f'kode;2019\n101;12,5\n147;"{cell}"\n')
    assert [(p.rule, p.row, p.column, p.value) for p in reading.problems] == [("not_a_number", 3, "2019", cell)]
    assert len(reading.cells) == 1


def test_mixed_marks_are_refused_not_guessed() -> None:
    reading = reading_of("kode;2019\n101;12,5\n147;13.5\n151;14,5\n")
    assert rules_of(reading) == ["not_a_number"]
    assert column_of(reading) == [12.5, 14.5]


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12),
    st.sampled_from([",", "."]),
    st.booleans(),
)
def test_every_number_reads_back_in_every_format(number: float, decimal: str, grouped: bool) -> None:
    thousands = "." if decimal == "," else ","
    text = f"{round(number, 4):,.4f}" if grouped else f"{round(number, 4):.4f}"
    text = text.replace(",", "G").replace(".", decimal).replace("G", thousands)
    parsed = NumberParser(NumberFormat(decimal, thousands if grouped else None))(text)
    assert parsed == (round(number, 4), 0)


@given(st.lists(st.text(alphabet="0123456789.,-+ *%x<'eE", max_size=12), max_size=8))
def test_any_cell_is_a_finite_number_a_gap_or_refused(cells: list[str]) -> None:
    parse = NumberParser(Evidence.of(cells).decide(delimiter=";"))
    for cell in cells:
        parsed = parse(cell)
        assert isinstance(parsed, Refused) or isnan(parsed[0]) == bool(parsed[1] & 7)
