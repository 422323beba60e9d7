"""What goes out: templates that read back, cells that run no formula, choices that are remembered."""

import csv
import io
import json
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from indicators.upload.cells import Missing, safe_cell, write_csv, write_xlsx_row
from indicators.upload.checks import IndicatorFacts, check
from indicators.upload.reading import ReadingOptions
from indicators.upload.template_file import STATUSES, write_template

from .files import reading_of, values_of

FACTS = [IndicatorFacts("a-x", "Andel x", "%"), IndicatorFacts("b-y", "Score y", "score 1-5")]


def test_a_template_reads_back_as_it_is() -> None:
    content = write_template(
        indicators=FACTS, year=2026, source='=HYPERLINK("x")', values={("101", "a-x"): 12.5, ("860", "b-y"): 3.25}
    )
    reading = reading_of(content, known={"a-x": "a-x", "b-y": "b-y"})
    values = values_of(reading)
    assert (reading.layout, reading.sheet, reading.problems, len(values)) == ("long", "Tal", [], 196)
    assert values["101", 2026, "a-x"] == 12.5
    assert values["860", 2026, "b-y"] == 3.25
    assert sum(value == Missing.NOT_REPORTED for value in values.values()) == 194
    findings = check(reading, catalogue={facts.code: facts for facts in FACTS}, expected_years={2026})
    assert not [finding for finding in findings if finding.severity == "refusal"]


def test_a_template_explains_itself_and_checks_what_is_typed() -> None:
    content = write_template(indicators=FACTS, year=2026, source="Ankestyrelsen")
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    words = " ".join(str(cell) for row in book.get_sheet_by_name("Forklaring").to_python() for cell in row)
    assert "Ankestyrelsen" in words
    assert all(status in words for status in STATUSES)
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<dataValidation ") == 3
    assert 'sqref="E2:E99"' in sheet


@pytest.mark.parametrize("word", STATUSES)
def test_every_status_of_the_template_is_understood(word: str) -> None:
    value = "5" if word in {"", "foreløbig"} else ""
    assert not reading_of(f"kode;indikator;aar;vaerdi;status\n101;x;2019;{value};{word}\n").problems


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_a_text_that_would_run_gets_an_apostrophe(text: str) -> None:
    stream = io.StringIO(newline="")
    write_csv(stream, [[text, -1.5, 2, None, "Ærø"]])
    assert next(csv.reader(io.StringIO(stream.getvalue(), newline=""), delimiter=";")) == [
        f"'{text}",
        "-1,5",
        "2",
        "",
        "Ærø",
    ]


def test_a_workbook_row_holds_texts_and_numbers_never_formulas() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    write_xlsx_row(book.add_worksheet(), 0, ["=1+1", "http://x.dk", -1.5, None, "-"])
    book.close()
    stream.seek(0)
    assert CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python() == [
        ["=1+1", "http://x.dk", -1.5, "", "-"]
    ]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_goes_out_with_all_its_digits_and_no_exponent(number: float) -> None:
    text = safe_cell(number)
    assert float(text.replace(",", ".")) == number
    assert "e" not in text.lower()


def test_corrections_of_the_reading_are_remembered() -> None:
    options = ReadingOptions(year=2024, decimal=",", columns={"2pop_014": "pop@2014"})
    assert ReadingOptions.from_json(json.loads(json.dumps(options.as_json()))) == options
    assert options.as_json() == {"year": 2024, "decimal": ",", "columns": {"2pop_014": "pop@2014"}}
    assert ReadingOptions.from_json({"gammel": 1}) == ReadingOptions()
