"""Spreadsheets: what Excel and LibreOffice store, and what they hide."""

import io
from datetime import date, datetime

import xlsxwriter

from indicators.upload.cells import Missing

from .files import column_of, ods, ods_row, reading_of, rules_of, values_of, xlsx


def test_years_as_numbers_and_a_title_above() -> None:
    reading = reading_of(
        xlsx([["Titel"], ["Enhed: pct."], [], ["", 2019.0, 2020], ["Hele landet", 1, 2], ["Odense", 72.5, ".."]])
    )
    assert (reading.layout, reading.sheet, reading.encoding) == ("statbank", "Tal", None)
    assert values_of(reading) == {("461", 2019, "Titel"): 72.5, ("461", 2020, "Titel"): Missing.NOT_AVAILABLE}
    assert (reading.cells[0].row, reading.cells[0].column) == (6, "2019")


def test_a_cell_shown_as_per_cent_is_read_as_it_is_shown() -> None:
    rows = [["kommune", 2019, 2020], ["Odense", 0.125, 12.5], ["Vejle", 0.07, 7]]
    formats = {(1, 1): "0.0%", (2, 1): "0%", (1, 2): '0.0" %"'}
    assert column_of(reading_of(xlsx(rows, formats=formats))) == [12.5, 12.5, 7, 7]


def test_dates_truths_errors_and_formulas_never_computed_are_refused() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["kommune", 2019])
    for row, name in enumerate(["Odense", "Vejle", "Fanø", "Greve", "Sorø"], start=1):
        sheet.write(row, 0, name)
    sheet.write_datetime(1, 1, datetime(2020, 5, 12), book.add_format({"num_format": "dd-mm-yyyy"}))  # noqa: DTZ001
    sheet.write_boolean(2, 1, boolean=True)
    sheet.write_formula(3, 1, "=NA()", None, "#N/A")
    sheet.write_formula(4, 1, "=1+1", None, "")
    sheet.write_formula(5, 1, "=1+1", None, 2)
    book.close()
    reading = reading_of(stream.getvalue())
    assert [(p.rule, p.row) for p in reading.problems] == [("not_a_number", row) for row in (2, 3, 4, 5)]
    assert column_of(reading) == [2]
    assert len(reading.notes) == 1
    assert (
        reading_of(xlsx([["kommune", date(2019, 12, 31)], ["Odense", 5]], formats={(0, 1): "dd-mm-yyyy"})).cells[0].year
        == 2019
    )


def test_texts_that_are_numbers_are_read_as_in_a_text_file() -> None:
    assert column_of(
        reading_of(xlsx([["kommune", "2019"], ["Odense", "1.234,5"], ["Vejle", "7.152"], ["Fanø", 3]]))
    ) == [1234.5, 7152, 3]


def test_the_sheet_with_the_figures_is_found_and_another_can_be_chosen() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("Læs mig").write(0, 0, "Hej")
    for name, value in (("Tal", 5), ("Andet", 6), ("Skjult", 7)):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["kommune", 2019])
        sheet.write_row(1, 0, ["Odense", value])
    book.get_worksheet_by_name("Skjult").hide()
    book.close()
    reading = reading_of(stream.getvalue())
    assert (reading.sheet, reading.sheets, column_of(reading)) == ("Tal", ("Læs mig", "Tal", "Andet", "Skjult"), [5])
    assert column_of(reading_of(stream.getvalue(), sheet="Andet")) == [6]


def test_rows_are_counted_from_the_top_of_the_sheet() -> None:
    reading = reading_of(xlsx([[], [], ["", "kommune", 2019], [], ["", "Odense", 5]]))
    assert [(cell.row, cell.column, cell.value) for cell in reading.cells] == [(5, "2019", 5)]


def test_an_opendocument_sheet_is_read() -> None:
    body = (
        ods_row("Titel") + ods_row("kommune", 2019, "2020") + ods_row("Odense", 12.5, "..")
        + ods_row("Vejle", "1.234,5", 3)
        + '<table:table-row><table:table-cell office:value-type="string"><text:p>Fanø</text:p>'
        '<office:annotation><text:p>x</text:p>'
        '</office:annotation></table:table-cell><table:table-cell office:value-type="percentage" office:value="0.07"/>'
        '<table:table-cell office:value-type="date" office:date-value="2020-01-01"/></table:table-row>'
        + '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )  # fmt: skip
    reading = reading_of(ods(body), indicator="x")
    assert values_of(reading) == {
        ("461", 2019, "x"): 12.5, ("461", 2020, "x"): Missing.NOT_AVAILABLE, ("630", 2019, "x"): 1234.5, ("630",
        2020, "x"): 3,
        ("563", 2019, "x"): 7,
    }  # fmt: skip
    assert rules_of(reading) == ["not_a_number"]
    assert (reading.sheet, reading.cells[0].row) == ("Ark1", 3)


def test_a_date_that_cannot_be_costs_its_own_cell_only() -> None:
    odd = '<table:table-cell office:value-type="date" office:date-value="99999-01-01"/></table:table-row>'
    body = ods_row("kommune", 2019) + ods_row("Odense", 5) + ods_row("Vejle").replace("</table:table-row>", odd)
    reading = reading_of(ods(body))
    assert (rules_of(reading), column_of(reading)) == (["not_a_number"], [5])


def test_an_open_document_tells_unseen_figures_and_units_by_style_of_cell_and_column() -> None:
    styles = """<office:automatic-styles>
      <number:number-style style:name="n1"><number:number/><number:text> pr. 1.000</number:text></number:number-style>
      <number:number-style style:name="n2"><number:text/></number:number-style>
      <number:date-style style:name="n3"><number:day/></number:date-style>
      <style:style style:name="rate" style:data-style-name="n1"/>
      <style:style style:name="none" style:data-style-name="n2"/>
      <style:style style:name="pale"><style:text-properties fo:color="#ffffff"/></style:style>
      <style:style style:name="head"><style:table-cell-properties fo:background-color="#000080"/>
        <style:text-properties fo:color="#ffffff"/></style:style></office:automatic-styles>"""
    columns = '<table:table-column/><table:table-column table:default-cell-style-name="rate"/>'
    rows = [ods_row(name, 9.1) for name in ("Odense", "Vejle", "Aarhus", "Kolding")]
    styled = [
        row.replace(
            '<table:table-cell office:value-type="float"', f'<table:table-cell {style} office:value-type="float"'
        )
        for row, style in zip(
            rows, ("", *(f'table:style-name="{name}"' for name in ("none", "pale", "head"))), strict=True
        )
    ]
    reading = reading_of(ods(columns + ods_row("kommune", 2026) + "".join(styled), styles=styles), indicator="x")
    assert [cell.municipality for cell in reading.cells] == ["461", "621"]
    assert "2 tal kan ikke ses" in str([str(note) for note in reading.notes])
    assert "»pr. 1.000«: 1; uden enhed: 3" in str([str(note) for note in reading.notes])
    alone = reading_of(ods(columns + ods_row("kommune", 2026) + "".join(rows), styles=styles), indicator="x")
    assert [unit.text for unit in alone.units] == ["pr. 1.000"]
