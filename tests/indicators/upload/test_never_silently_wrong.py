"""What a file says against the choices that were made is understood, told or asked; never passed over."""

import io
from collections.abc import Callable
from typing import NamedTuple

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.upload.cells import BLANK, NO_WORTH, Cell, Cells, Missing, Worth
from indicators.upload.grid import ROLES, grid_of
from indicators.upload.places import gazetteer
from indicators.upload.reader import offered_factor
from indicators.upload.reading import Reading

from .files import column_of, reading_of, rules_of, values_of

NAMES = gazetteer().names
THREE = {("461", 2026, "x"): 9.1, ("630", 2026, "x"): 7.7, ("751", 2026, "x"): 10.2}
BOTH = THREE | {("461", 2025, "x"): 9.0, ("630", 2025, "x"): 7.5, ("751", 2025, "x"): 10.0}


def notes_of(reading: Reading) -> str:
    return " | ".join(map(str, reading.notes))


@pytest.mark.parametrize(
    "text",
    [
        "Kommune;2025;Kommune;2026\nOdense;9,0;Aarhus;10,2\nVejle;7,5;Odense;9,1\nAarhus;10,0;Vejle;7,7\n",
        "Kommune;2025;;2026\nOdense;9,0;Aarhus;10,2\nVejle;7,5;Odense;9,1\nAarhus;10,0;Vejle;7,7\n",
        "Kommune;2025;;Kommune;2026\nOdense;9,0;;Aarhus;10,2\nVejle;7,5;;Odense;9,1\nAarhus;10,0;;Vejle;7,7\n",
        "Kode;2025;Kode;2026\n461;9,0;751;10,2\n630;7,5;461;9,1\n751;10,0;630;7,7\n",
        "Kode;Navn;2025;Kode;Navn;2026\n461;Odense;9,0;751;Aarhus;10,2\n630;Vejle;7,5;461;Odense;9,1\n751;Aarhus;10,0;630;Vejle;7,7\n",
    ],
)
def test_each_of_two_lists_is_read_by_its_own_municipalities(text: str) -> None:
    reading = reading_of(text, indicator="x")
    assert values_of(reading) == BOTH
    assert "2 lister ved siden af hinanden" in notes_of(reading)
    assert [cell.row for cell in reading.cells if cell.municipality == "461"] == [2, 3]


def test_the_list_of_the_chosen_year_is_read_beside_one_of_another_year() -> None:
    text = "Kommune;2025;Kommune;2026\nOdense;9,0;Aarhus;10,2\nVejle;7,5;Odense;9,1\nAarhus;10,0;Vejle;7,7\n"
    reading = reading_of(text, indicator="x", year=2026)
    assert (values_of(reading), rules_of(reading)) == (THREE, [])
    assert rules_of(reading_of(text, indicator="x", year=2024)) == ["wrong_year", "wrong_year"]


def test_two_municipalities_in_a_row_are_refused() -> None:
    reading = reading_of("Bopælskommune;Handlekommune;2026\nOdense;Vejle;9\nAarhus;Odense;8\n", indicator="x")
    assert (rules_of(reading), len(reading.cells)) == (["two_municipalities"], 0)


@pytest.mark.parametrize(
    "text",
    [
        "År;Odense;Vejle;Aarhus\n2025;9,0;7,5;10,0\n2026;9,1;7,7;10,2\n",
        "Tabel 1\n\n;Odense;Vejle;Aarhus;Hele landet\n2025;9,0;7,5;10,0;8\n2026;9,1;7,7;10,2;9\n",
        "Kommunekode;461;630;751\n2025;9,0;7,5;10,0\n2026;9,1;7,7;10,2\n",
    ],
)
def test_municipalities_that_stand_across_are_read_with_their_places_in_the_file(text: str) -> None:
    reading = reading_of(text, indicator="x")
    assert values_of(reading) == BOTH
    assert reading.is_turned
    last = text.rstrip("\n").count("\n") + 1
    assert {(cell.row, cell.column) for cell in reading.cells if cell.municipality == "461"} == {
        (last - 1, "B"),
        (last, "B"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Kommune;Andel;;Antal;\n;2025;2026;2025;2026\nOdense;1;2;3;4\n",
        ";Andel;;Antal;\nKommune;2025;2026;2025;2026\nOdense;1;2;3;4\n",
        "Kommune;Andel;;Antal;\n;2025;2026;2025;2026\n;pct.;pct.;1.000 kr.;1.000 kr.\nOdense;1;2;3;4\n",
    ],
)
def test_an_indicator_over_its_years_is_read(text: str) -> None:
    expected = {(2025, "Andel"): 1, (2026, "Andel"): 2, (2025, "Antal"): 3, (2026, "Antal"): 4}
    reading = reading_of(text)
    assert not reading.problems
    assert {(year, label): value for (_code, year, label), value in values_of(reading).items()} == expected


@pytest.mark.parametrize(
    "heading",
    ["Ændring fra 2025", "Rang 2026", "Budget 2026", "Indeks 2026", "Hele landet 2026", "Afvigelse 2026", "Diff. 2026",
     "Kvintil 2026", "Udkast 2026", "2026e", "Landsgns. 2026", "Median 2026", "95 % KI 2026"],
)  # fmt: skip
def test_a_column_that_is_no_plain_figure_is_left_out_and_told(heading: str) -> None:
    text = f"Kommune;2026;{heading}\nOdense;9,1;3\nVejle;7,7;1\nAarhus;10,2;2\n"
    reading = reading_of(text, indicator="x")
    assert values_of(reading) == THREE
    assert heading in notes_of(reading)
    alone = reading_of(f"Kommune;{heading}\nOdense;3\nVejle;1\n", indicator="x")
    assert "doubtful_words" in rules_of(alone)


def test_a_title_that_says_another_year_is_a_question_and_its_answer_is_obeyed() -> None:
    text = "Andel anbragte 2025\n\nKommune;Andel\nOdense;9,1\nVejle;7,7\nAarhus;10,2\n"
    assert rules_of(reading_of(text, indicator="x", year=2026)) == ["year_in_title"]
    answered = reading_of(text, indicator="x", year=2026, answers={"year:2025:2026": "chosen"})
    assert (values_of(answered), rules_of(answered)) == (THREE, [])
    assert {year for _code, year, _label in values_of(reading_of(text, indicator="x"))} == {2025}
    footer = reading_of("Kommune;Andel\nOdense;9,1\nTallene er for 2025\n", indicator="x", year=2026)
    assert "filen siger 2025" in notes_of(footer)


def test_a_title_or_heading_that_names_another_indicator_is_a_question() -> None:
    known = {"a-x": "a-x", "Andel anbragte": "a-x", "b-y": "b-y"}
    for text in ("Kommune;Andel anbragte\nOdense;1\n", "Andel anbragte\n\nKommune;Andel\nOdense;1\n"):
        reading = reading_of(text, indicator="b-y", year=2026, known=known)
        assert "indicator_in_title" in rules_of(reading)
        assert not reading_of(text, indicator="a-x", year=2026, known=known).problems


@pytest.mark.parametrize(
    "text",
    [
        "Kommune;Antal underretninger 2025;Antal underretninger 2026\nOdense;1;2\nVejle;3;4\n",
        "Kommune;Antal underretninger;\n;2025;2026\nOdense;1;2\nVejle;3;4\n",
        "Tabel 2: Antal underretninger pr. kommune\nKommune;2026\nOdense;1\nVejle;2\n",
        "Kommune;År;Indikator;Værdi\nOdense;2026;b-y;5\nVejle;2026;b-y;6\n",
        "Kommune;Emne;2026\nOdense;Antal underretninger;2\nVejle;Antal underretninger;4\n",
        "Kommune;Odense;Vejle;Aarhus\nAntal underretninger 2026;1;2;3\n",
    ],
)
def test_wherever_a_file_names_another_indicator_it_is_asked_once(text: str) -> None:
    known = {"a-x": "a-x", "Andel anbragte": "a-x", "b-y": "b-y", "Antal underretninger": "b-y"}
    reading = reading_of(text, indicator="a-x", known=known)
    assert rules_of(reading) == ["indicator_in_title"]
    (question,) = reading.questions
    assert not reading_of(text, indicator="a-x", known=known, answers={question.key: "chosen"}).problems
    assert not reading_of(text, indicator="b-y", known=known).problems


def test_a_name_inside_a_longer_one_is_not_taken_for_another_indicator() -> None:
    known = {"a-x": "a-x", "Andel anbragte børn og unge": "a-x", "b-y": "b-y", "Andel anbragte børn": "b-y"}
    text = "Tabel 1. Andel anbragte børn og unge efter kommune\nKommune;2026\nOdense;1\n"
    assert not reading_of(text, indicator="a-x", known=known).problems
    assert rules_of(reading_of(text, indicator="b-y", known=known)) == ["indicator_in_title"]


def test_the_command_asks_where_the_file_has_another_code() -> None:
    text = "Kommune;År;Indikator;Værdi\nOdense;2026;b-neet;5\nVejle;2026;b-neet;6\n"
    assert rules_of(reading_of(text, indicator="b-trivsel")) == ["indicator_in_title"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Tal for 2025\nKommune;År;Værdi\nOdense;2026;5\nVejle;2026;6\n", "2026"),
        ("Opgjort 2019\nKommune;2025;2026\nOdense;1;2\nVejle;3;4\n", "2025, 2026"),
    ],
)
def test_a_title_of_other_years_than_the_figures_is_told(text: str, read: str) -> None:
    assert f"men tallene er læst som {read}" in notes_of(reading_of(text, indicator="x"))


def test_a_month_that_stands_for_the_chosen_year_is_told() -> None:
    reading = reading_of("Kommune;December 2026\nOdense;1\nVejle;2\n", indicator="x", year=2026)
    assert "»December 2026« er en del af et år" in notes_of(reading)


def test_figures_of_unlike_units_do_not_stand_side_by_side() -> None:
    lines = "Kommune;År;Værdi;Enhed\nOdense;2026;5;pct.\nVejle;2026;6;"
    assert rules_of(reading_of(f"{lines}antal\n", indicator="x")) == ["units_vary"]
    assert not reading_of(f"{lines}%\n", indicator="x").problems


def test_the_heading_of_the_municipalities_is_not_carried_over_years() -> None:
    reading = reading_of("Kommune;;Andel;;Antal\n;2025;2026;2025;2026\nOdense;1;2;3;4\nVejle;1;2;3;4\n", indicator="x")
    assert "several_indicators" in rules_of(reading)


@pytest.mark.parametrize("heading", ["2026 (foreløbige tal)", "2026*", "2026 (f)", "2026p"])
def test_a_heading_that_says_preliminary_marks_its_figures(heading: str) -> None:
    reading = reading_of(f"Kommune;2025;{heading}\nOdense;1;2\n", indicator="x")
    assert [(cell.year, cell.provisional) for cell in reading.cells] == [(2025, False), (2026, True)]


def test_a_preliminary_figure_is_not_taken_for_a_blank_cell() -> None:
    reading = reading_of("Kommune;2025;2026 (foreløbige tal)\nOdense;1;2\nVejle;;\n", indicator="x")
    filled = [(cell.municipality, cell.year, cell.provisional) for cell in reading.cells.without_blanks()]
    assert filled == [("461", 2025, False), ("461", 2026, True)]


@pytest.mark.parametrize(
    ("said", "wanted", "by"),
    [
        ("Udgift (1.000 kr.)", "kr.", 1000), ("mio. kr.", "kr.", 1e6), ("Promille 2026", "%", 0.1), ("uger", "dage", 7),
        ("pr. 10.000 indbyggere", "pr. 1.000 indbyggere", 0.1), ("pct.", "%", None), ("dage", "dage", None),
        ("kr.", "%", None), ("Antal i tusinder", "indbyggere", 1000),
    ],
)  # fmt: skip
def test_a_unit_is_offered_with_its_factor(said: str, wanted: str, by: float | None) -> None:
    assert offered_factor(said, wanted) == (None if by is None else pytest.approx(by))


def test_a_factor_that_was_chosen_is_used_and_told() -> None:
    text = "Kommune;Udgift (1.000 kr.)\nOdense;1.234\nVejle;987\n"
    plain = reading_of(text, indicator="x", year=2026)
    assert (column_of(plain), [unit.text for unit in plain.units]) == ([1234, 987], ["Udgift (1.000 kr.)"])
    times = reading_of(text, indicator="x", year=2026, answers={"unit:Udgift (1.000 kr.)": "1000.0"})
    assert column_of(times) == [1_234_000, 987_000]
    assert "ganget med 1000" in notes_of(times)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Tabel 1. Børn\nKommune;2026\nOdense;1\n\nTabel 2. Voksne\nKommune;2026\nVejle;2\n", "second_table"),
        ("Kommune;2025\nOdense;1\n\nKommune;2026\nVejle;2\n", "second_heading"),
        ("Kommune;2026\nOdense;1\nVoksne\nVejle;2\n", "second_table"),
        ("Kommune;Andel 2026\nOdense;1\n\nKommune;Antal\nVejle;2\n", "second_heading"),
    ],
)
def test_a_second_table_below_the_first_is_refused(text: str, rule: str) -> None:
    assert rule in rules_of(reading_of(text, indicator="x"))


def test_a_category_in_codes_is_no_figure() -> None:
    same = reading_of("OMRÅDE;KØN;TID;INDHOLD\n461;2;2026;9,1\n630;2;2026;7,7\n751;2;2026;10,2\n", indicator="x")
    assert (values_of(same), rules_of(same)) == (THREE, [])
    assert "»KØN« er »2« i alle rækker" in notes_of(same)
    each = reading_of("KOMMUNE;YDELSESTYPE;ÅR;VÆRDI\n461;31202;2026;1\n630;31203;2026;2\n", indicator="x")
    assert rules_of(each) == ["category_varies"]
    several = "OMRÅDE;KØN;TID;INDHOLD\n461;1;2026;1\n461;2;2026;2\n630;1;2026;3\n630;2;2026;4\n"
    assert rules_of(reading_of(several, indicator="x")) == ["several_indicators"]
    chosen = reading_of(several, columns={"1": "x", "2": ""}, known={"x": "x"})
    assert (values_of(chosen), rules_of(chosen)) == ({("461", 2026, "x"): 1, ("630", 2026, "x"): 3}, [])


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        fill(book)
    return stream.getvalue()


def sheet(book: xlsxwriter.Workbook, name: str, rows: list[list[object]]) -> xlsxwriter.workbook.Worksheet:
    added = book.add_worksheet(name)
    for number, row in enumerate(rows):
        added.write_row(number, 0, row)
    return added


def sheets(book: xlsxwriter.Workbook, named: dict[str, list[list[object]]]) -> None:
    for name, rows in named.items():
        sheet(book, name, rows)


ROWS: list[list[object]] = [["Kommune", "2026"], ["Odense", 9.1], ["Vejle", 7.7]]


def test_of_sheets_with_one_shape_the_one_of_the_year_is_read_else_it_is_asked() -> None:
    other: list[list[object]] = [["Kommune", "Andel"], ["Odense", 1.0]]
    years = workbook(lambda book: sheets(book, {"2025": other, "2026": other}))
    assert reading_of(years, indicator="x", year=2026).sheet == "2026"
    assert "which_sheet" in rules_of(reading_of(years, indicator="x"))
    twins = workbook(lambda book: sheets(book, {"Tal": ROWS, "Rettede tal": ROWS}))
    assert rules_of(reading_of(twins, indicator="x")) == ["which_sheet"]
    assert reading_of(twins, indicator="x", sheet="Rettede tal").sheet == "Rettede tal"
    unlike = workbook(lambda book: sheets(book, {"Tal": ROWS, "Andre": [*other, ["Vejle", 2.0]]}))
    assert "flere ark" in notes_of(reading_of(unlike, indicator="x"))


def test_what_is_hidden_or_struck_through_is_told_and_left_to_a_decision() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        struck = book.add_format({"font_strikeout": True})
        tal = sheet(book, "Tal", [["Kommune", "2026", "Kladde 2025"], ["Odense", 9.1, 99], ["Vejle", 7.7, 99]])
        tal.write(3, 0, "Aarhus")
        tal.write(3, 1, 10.2, struck)
        tal.write(4, 0, "Kolding")
        tal.write(4, 1, 5)
        tal.set_row(2, None, None, {"hidden": True})
        tal.set_column(2, 2, None, None, {"hidden": True})
        tal.write_comment(4, 1, "Foreløbigt tal")
        sheet(book, "Skjult", ROWS).hide()

    content = workbook(fill)
    reading = reading_of(content, indicator="x")
    assert values_of(reading) == {("461", 2026, "x"): 9.1, ("621", 2026, "x"): 5}
    assert [cell.provisional for cell in reading.cells] == [False, True]
    told = notes_of(reading)
    for words in (
        "tal: 1, skjulte eller filtrerede rækker med indhold: 1",
        "streget over",
        "kommentar",
        "skjulte ark »Skjult«",
    ):
        assert words in told
    every = reading_of(content, indicator="x", answers={"hidden": "read", "struck": "read"})
    assert {value for (_code, year, _label), value in values_of(every).items() if year == 2026} == {9.1, 7.7, 10.2, 5}


def test_numbers_shown_otherwise_than_they_are_stored_are_told() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        tal = sheet(book, "Tal", [["Kommune", "2025", "2026"], ["Odense"], ["Vejle"]])
        tal.write(1, 1, 1234567, book.add_format({"num_format": "#,##0,"}))
        tal.write(2, 1, 987654, book.add_format({"num_format": "#,##0,"}))
        tal.write(1, 2, 0.123, book.add_format({"num_format": "0.0%"}))
        tal.write(2, 2, 9.8)

    reading = reading_of(workbook(fill), indicator="x")
    assert column_of(reading) == [1234567, 12.3, 987654, 9.8]
    assert "vises i tusinder" in notes_of(reading)
    assert "1 tal skrevet som procent og 1 uden" in notes_of(reading)


@pytest.mark.parametrize("told", ["De er ladt ude", "read"])
def test_numbers_that_cannot_be_seen_are_told_and_left_to_a_decision(told: str) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        tal = sheet(book, "Tal", [["Kommune", "2026"], ["Odense", 9.1], ["Vejle"], ["Aarhus"], ["Kolding"], ["Ribe"]])
        head = book.add_format({"font_color": "#FFFFFF", "bg_color": "#1F4E78"})
        tal.write(0, 0, "Kommune", head)
        tal.write(1, 1, 9.1, head)  # white on blue is seen
        for row, unseen in enumerate(
            ({"font_color": "white"}, {"num_format": ";;;"}, {"font_color": "#FFF2CC", "bg_color": "#FFF2CC"}), start=2
        ):
            tal.write(row, 1, 99, book.add_format(unseen))
        tal.write(5, 0, "Esbjerg")
        tal.write(5, 1, "99", book.add_format({"font_color": "#FEFEFE"}))

    reading = reading_of(workbook(fill), indicator="x", answers={"unseen": told})
    assert column_of(reading) == ([9.1, 99, 99, 99, 99] if told == "read" else [9.1])
    assert ("4 tal kan ikke ses" in notes_of(reading)) == (told != "read")


@pytest.mark.parametrize(
    ("formats", "said"),
    [
        (('0.0" pr. 1.000"', '0.0" pr. 1.000"'), "pr. 1.000"),
        (('#,##0 "mio. kr.";-#,##0 "mio. kr."',) * 2, "mio. kr."),
        (("_-* #,##0.00\\ [$kr.-406]_-",) * 2, "kr."),
        (('0\\ "uger"', "0.0 \\u\\g\\e\\r"), "uger"),
        (('0.0"%"', '0"%"'), "%"),
        (("0.0%", "0%"), "%"),
        (("0.0", "#,##0"), ""),
        (('0.0" pr. 1.000"', "0.0"), "forskellige enheder"),
        (('0.0" uger"', '0.0" dage"'), "forskellige enheder"),
    ],
)
def test_a_unit_that_stands_in_the_number_format_alone_is_a_question_like_one_in_the_head(
    formats: tuple[str, str], said: str
) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        tal = sheet(book, "Tal", [["Kommune", "2026"], ["Odense"], ["Vejle"]])
        for row, form in enumerate(formats, start=1):
            tal.write(row, 1, 0.5, book.add_format({"num_format": form}))

    reading = reading_of(workbook(fill), indicator="x")
    told = [unit.text for unit in reading.units] or ["forskellige enheder"] * ("forskellige" in notes_of(reading))
    assert told == [said] * bool(said)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("kr. 1.234.567", "987.654 kr.", "1.050.000,50 kr."), [1234567, 987654, 1050000.5]),
        (("9,1 ‰", "7,7‰", "8 ‰"), [9.1, 7.7, 8]),
        (("'9,1", "'7,7", "'10,2"), [9.1, 7.7, 10.2]),
        (("1'234", "12 345", "7 654,5"), [1234, 12345, 7654.5]),
        (("12,5 1)", "9,1¹", "8,8 a)"), [12.5, 9.1, 8.8]),
        (("1,2E+3", "900", "1"), [1200, 900, 1]),
        (("Ja", "Nej", "ja"), [1, 0, 1]),
        (("-0,0", "1,0", "0"), [0, 1, 0]),
    ],
)
def test_numbers_are_understood_as_people_store_them(cells: tuple[str, ...], values: list[float]) -> None:
    lines = "".join(f'{code};"{cell}"\n' for code, cell in zip((461, 630, 751), cells, strict=True))
    reading = reading_of(f"kode;2026\n{lines}", indicator="x")
    assert (column_of(reading), rules_of(reading)) == (values, [])
    assert "-" not in str([str(value) for value in column_of(reading)])


def test_a_number_with_two_readings_says_so_whatever_divides_the_cells() -> None:
    for mark in ";\t|":
        reading = reading_of(f"Kommune{mark}2026\nOdense{mark}1.234\nVejle{mark}2.345\n", indicator="x")
        assert "kan læses på to måder" in notes_of(reading)


def test_one_whole_number_among_many_does_not_make_the_others_thousands_in_silence() -> None:
    body = "".join(f"{code};1.{code}\n" for code in range(101, 861) if gazetteer().find(str(code)).is_municipality)
    assert "to måder" in notes_of(reading_of(f"kode;2026\n{body.replace('1.101', '7')}", indicator="x"))
    assert not notes_of(reading_of("kode;2026\n101;1.234\n147;998\n151;2.345\n", indicator="x"))


@pytest.mark.parametrize(
    ("parts", "rule", "year", "value"),
    [
        ("2025K1;2025K2;2025K3;2025K4", "sum", 2025, 10), ("2025K1;2025K2;2025K3;2025K4", "mean", 2025, 2.5),
        ("2025K4;2025K3;2025K2;2025K1", "last", 2025, 1), ("2025K1;2025K2;2025K3;2025K4", "part:2", 2025, 2),
        ("1. halvår 2025;2. halvår 2025;x;y", "sum", 2025, 3),
    ],
)  # fmt: skip
def test_parts_of_a_year_become_a_year_by_the_chosen_rule(parts: str, rule: str, year: int, value: float) -> None:
    text = f"Kommune;{parts}\nOdense;1;2;3;4\n".replace(";x;y\nOdense;1;2;3;4", "\nOdense;1;2")
    open_question = reading_of(text, indicator="x")
    key = open_question.questions[0].key
    assert set(rules_of(open_question)) == {"not_a_year"}
    assert values_of(reading_of(text, indicator="x", answers={key: rule})) == {("461", year, "x"): value}


def test_a_school_year_is_its_first_or_its_second_year_and_half_a_year_is_no_year() -> None:
    text = "Kommune;2023/24;2024/25\nOdense;1;2\n"
    for rule, first in (("first", 2023), ("second", 2024)):
        read = values_of(reading_of(text, indicator="x", answers={"period:span": rule}))
        assert read == {("461", first, "x"): 1, ("461", first + 1, "x"): 2}
    lacking = "Kommune;Tid;Værdi\nOdense;2025K1;1\nOdense;2025K1;2\nOdense;2025K2;3\nOdense;2025K3;4\n"
    assert rules_of(reading_of(lacking, indicator="x", answers={"period:quarter": "sum"})) == ["incomplete_year"]


def test_px_and_json_stat_are_read_with_their_dimensions() -> None:
    px = (
        'CHARSET="ANSI";\nAXIS-VERSION="2006";\nMATRIX="BU43";\nTITLE="Børn efter område og tid";\nUNITS="pct.";\n'
        'STUB="område";\nHEADING="tid";\nVALUES("område")="Hele landet","København","Odense";\n'
        'VALUES("tid")="2025","2026";\n'
        'CODES("område")="000","101","461";\nDATA=\n10.1 10.2\n12.1 12.5\n9.0 ..\n;\n'
    )
    reading = reading_of(px, encoding="cp1252", indicator="x")
    assert values_of(reading) == {
        ("101", 2025, "x"): 12.1, ("101", 2026, "x"): 12.5, ("461", 2025, "x"): 9.0,
        ("461", 2026, "x"): Missing.NOT_AVAILABLE,
    }  # fmt: skip
    assert (reading.layout, [unit.text for unit in reading.units]) == ("px", ["pct."])


def test_every_cell_of_the_first_rows_has_a_role() -> None:
    text = "Tabel 1\n\nKommune;2026;Rang\nOdense;9,1;1\nVejl;7;2\nHele landet;8;3\nVejle;;4\n"
    reading = reading_of(text, indicator="x")
    grid = grid_of(reading.first_rows, reading.roles)
    assert [row.roles for row in grid.rows[2:]] == [
        ("head", "head", "head"),
        ("municipality", "value", "left_out"),
        ("doubtful", "value", "left_out"),
        ("left_out", "left_out", "left_out"),
        ("municipality", "missing", "left_out"),
    ]
    assert {role for row in grid.rows for role in row.roles} <= ROLES.keys()


# The strongest property: whatever the file looks like, a figure stands where it was written, or something is said.


class Composed(NamedTuple):
    """A file that was put together, what each of its figures is, and the year that is chosen beside it."""

    rows: list[list[str]]
    mark: str
    sheets: list[str]
    """The names of the sheets that all have these rows; none where the file is text."""
    truth: dict[tuple[str, int], float]
    year: int | None
    read: set[int]
    """The years whose figures stand in the file."""
    known: dict[str, str] | None
    is_other: bool
    """The file says that its figures are another indicator's."""

    @property
    def content(self) -> str | bytes:
        """The file."""
        if not self.sheets:
            return "\n".join(self.mark.join(row) for row in self.rows) + "\n"
        cells: list[list[object]] = [[*row] for row in self.rows]
        return workbook(lambda book: sheets(book, dict.fromkeys(self.sheets, cells)))


@st.composite
def composed(draw: st.DrawFn, layout: str) -> Composed:
    """Municipalities and years in one of many layouts, in any order, with titles, totals, blank rows and decoys; as
    text with any separator or as a workbook, whose sheet is called anything."""
    codes = draw(st.lists(st.sampled_from(list(NAMES)), min_size=3, max_size=6, unique=True))
    years = draw(st.lists(st.integers(2015, 2026), min_size=1 if layout == "one" else 2, max_size=3, unique=True))
    truth = {(str(c), y): draw(st.integers(10, 999)) / 10 for c in codes for y in years}
    mark = draw(st.sampled_from([";", "\t", "|"]))
    rows = _LAYOUTS[layout](codes, years, truth)
    chosen = draw(st.sampled_from([None, None, years[0], years[0] + 1]))
    rows = draw(_decorated(rows, layout, years))
    spelling = draw(st.sampled_from(_SPELLINGS))
    rows = [[spelling(cell) if cell in _CODES else cell for cell in row] for row in rows]
    known = draw(st.sampled_from([None, KNOWN]))
    is_other = draw(st.integers(0, 4)) == 0
    if is_other:
        rows = [[f"Tabel 2: Antal underretninger pr. kommune, {years[0]}"], [], *rows]
    read = {years[0]} if layout == "one" else set(years)
    sheet = draw(st.sampled_from(["Tal", "Ark1", str(years[0]), str(years[0] - 1)]))
    names = draw(st.sampled_from([[], [], [sheet], [sheet], [sheet, "Rettede tal"]]))
    return Composed(rows, mark, names, truth, chosen, read, known, is_other)


KNOWN = {"x": "x", "Andel anbragte børn": "x", "y": "y", "Antal underretninger": "y"}
_CODES = {name: code for code, name in NAMES.items()}
_SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    lambda name: f"{name} Kommune",
    lambda name: f"{_CODES[name]} {name}",
)


def _number(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


Truth = dict[tuple[str, int], float]


def _wide(codes: list[int], years: list[int], truth: Truth) -> list[list[str]]:
    return [["Kommune", *map(str, years)], *([NAMES[c], *(_number(truth[str(c), y]) for y in years)] for c in codes)]


def _long(codes: list[int], years: list[int], truth: Truth) -> list[list[str]]:
    return [["Kommune", "År", "Værdi"], *([NAMES[c], str(y), _number(truth[str(c), y])] for c in codes for y in years)]


def _turned(codes: list[int], years: list[int], truth: Truth) -> list[list[str]]:
    head = ["År", *(NAMES[c] for c in codes)]
    return [head, *([str(y), *(_number(truth[str(c), y]) for c in codes)] for y in years)]


def _beside(codes: list[int], years: list[int], truth: Truth) -> list[list[str]]:
    rows = [[cell for year in years for cell in ("Kommune", str(year))]]
    for number in range(len(codes)):
        row = []
        for shift, year in enumerate(years):
            code = codes[(number + shift) % len(codes)]
            row += [NAMES[code], _number(truth[str(code), year])]
        rows.append(row)
    return rows


def _stacked(codes: list[int], years: list[int], truth: Truth) -> list[list[str]]:
    rows: list[list[str]] = []
    for year in years:
        rows += [[f"Opgjort {year}"], ["Kommune", "Pct."]]
        rows += [[NAMES[code], _number(truth[str(code), year])] for code in codes]
    return rows


def _one(codes: list[int], years: list[int], truth: Truth) -> list[list[str]]:
    year = years[0]
    return [[f"Andel {year}"], ["Kommune", "Andel"], *([NAMES[c], _number(truth[str(c), year])] for c in codes)]


def _two_heads(codes: list[int], years: list[int], truth: Truth) -> list[list[str]]:
    head = ["Kommune", "Andel", *([""] * (len(years) - 1))]
    rows = [[NAMES[c], *(_number(truth[str(c), y]) for y in years)] for c in codes]
    return [head, ["", *map(str, years)], *rows]


_LAYOUTS = {
    "wide": _wide, "long": _long, "turned": _turned, "beside": _beside, "stacked": _stacked, "one": _one,
    "two_heads": _two_heads,
}  # fmt: skip


@st.composite
def _decorated(draw: st.DrawFn, rows: list[list[str]], layout: str, years: list[int]) -> list[list[str]]:
    if draw(st.booleans()):
        rows = [["Tabel 3. Andel anbragte børn"], [], *rows]
    if draw(st.booleans()):
        rows = [*rows, [], ["Kilde: egen optælling"]]
    if layout in {"wide", "two_heads", "one"} and draw(st.booleans()):
        width = max(map(len, rows))
        heads = [i for i, row in enumerate(rows) if row[:1] == ["Kommune"]]
        decoy = draw(st.sampled_from([f"Ændring fra {years[0] - 1}", f"Rang {years[0]}", f"Budget {years[0]}"]))
        rows = [
            [
                *row,
                *([""] * (width - len(row))),
                decoy if i in heads else "7" if i > heads[-1] + 1 and len(row) > 1 else "",
            ]
            if len(row) > 1
            else row
            for i, row in enumerate(rows)
        ]
    if layout != "turned" and draw(st.booleans()):
        rows = [*rows[:-1], ["Hele landet" if layout != "beside" else "", *([""] * (len(rows[-1]) - 1))], rows[-1]]
    return rows


@pytest.mark.parametrize("layout", _LAYOUTS)
@given(data=st.data())
@settings(max_examples=30)
def test_no_figure_lands_elsewhere_unless_the_file_is_refused(layout: str, data: st.DataObject) -> None:
    file = data.draw(composed(layout))
    reading = reading_of(file.content, indicator="x", year=file.year, known=file.known)
    if reading.problems:
        return
    assert len(file.sheets) < 2
    assert not (file.is_other and file.known)
    read = {(code, year): value for (code, year, _label), value in values_of(reading).items()}
    assert read
    assert read == {
        key: value for key, value in file.truth.items() if file.year in {None, key[1]} and key[1] in file.read
    }


def test_what_a_figure_is_worth_survives_blank_cells_and_a_second_table() -> None:
    cells = Cells(sheet=None, columns=("",))
    worth = Worth(asked=40, answered=12, low=51.0, high=90.0, interval="wilson")
    cells.add(Cell("461", 2025, "x", 1.0, None, False, None, 2, ""))
    cells.state[0] |= BLANK
    cells.add(Cell("630", 2025, "x", 2.0, None, False, None, 3, ""))
    cells.worth[1] = worth
    filled = cells.without_blanks()
    assert [cell.worth for cell in filled] == [worth]
    filled.extend(cells)
    assert [cell.worth for cell in filled] == [worth, NO_WORTH, worth]


@pytest.mark.parametrize("heading", ["Mål 2026", "N", "Antal svar", "Respondenter 2026", "2026 i pct. af landet"])
def test_a_base_a_target_and_a_share_of_the_country_are_no_figures_unless_a_person_says_so(heading: str) -> None:
    reading = reading_of(f"Kommune;{heading}\nOdense;9\nVejle;7\n", indicator="x", year=2026)
    assert "doubtful_words" in rules_of(reading)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Tallene er opgjort i 1.000 kr.", True),
        ("Beløb i mio. kr.", True),
        ("Enhed: promille", True),
        ("I uger", True),
        ("Opgjort pr. 1. januar 2026", False),
        ("Kilde: kommunens regnskab", False),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_unit_in_a_line_beside_the_figures_is_told(line: str, said: bool, above: bool) -> None:
    table = "Kommune;Andel\nOdense;9,1\nVejle;7,7\n"
    reading = reading_of(f"{line}\n{table}" if above else f"{table}\n{line}\n", indicator="x", year=2026)
    assert not rules_of(reading)
    assert [unit.text for unit in reading.units] == [line] * said
