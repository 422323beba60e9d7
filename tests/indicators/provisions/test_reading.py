"""What a file of the register may look like, and what is refused with its row and column. No database."""

import datetime as dt
import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from indicators.provisions.files.columns import COLUMNS, NotReadableError, date, paragraphs, persons, whole
from indicators.provisions.files.reading import read_table
from indicators.upload.reading import Unreadable

HEAD = "tilbudsid;navn;form;kommune"


def csv_of(*lines: str) -> bytes:
    return "\n".join((*lines, "")).encode()


def refused(content: bytes, table: str = "provisions") -> list[tuple[str, int | None, str | None]]:
    found = read_table(content, table).findings
    return [(each.rule, each.place.row, each.place.column) for each in found]


def test_a_file_is_read_whatever_its_encoding_order_of_columns_and_title() -> None:
    text = "Udtræk pr. 1. marts;;;\nKommune;Form;Navn;Tilbudsid;Leder\nÆrø;kommunal;Blåbærhuset;A-1;Nogen\n"
    for encoding in ("utf-8", "utf-8-sig", "windows-1252"):
        reading = read_table(text.encode(encoding), "provisions")
        assert reading.findings == []
        assert [(line.row, line.values["name"], line.values["municipality"]) for line in reading.lines] == [
            (3, "Blåbærhuset", "492")
        ]
        assert reading.left_out == ["Leder"]  # a name of a person is not even read


def test_a_workbook_gives_the_same_rows_as_the_text() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Pladser")
        sheet.write_row(0, 0, ["tilbudsid", "paragraf", "pladser", "gælder fra"])
        sheet.write_row(1, 0, [4711, "SEL § 107", 12])
        sheet.write_datetime(1, 3, dt.datetime(2026, 3, 1), book.add_format({"num_format": "dd-mm-yyyy"}))  # noqa: DTZ001
        book.add_worksheet("Om").write(0, 0, "Udtræk")
    (of_book,) = read_table(file.getvalue(), "capacity").lines
    text = csv_of("tilbudsid;paragraf;pladser;gælder fra", "4711;SEL § 107;12;1.3.2026")
    (of_text,) = read_table(text, "capacity").lines
    assert of_book.values == of_text.values


def test_two_sheets_that_could_both_be_meant_are_refused() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for name in ("2025", "2026"):
            book.add_worksheet(name).write_row(0, 0, ["tilbudsid", "målgruppe"])
    assert ("two_sheets", None, None) in refused(file.getvalue(), "target_groups")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (";Huset;kommunal;Struer", "tilbudsid"),
        ("A/1;Huset;kommunal;Struer", "tilbudsid"),
        ("A1;;kommunal;Struer", "navn"),
        ("A1;Huset;hemmelig;Struer", "form"),
        ("A1;Huset;kommunal;Strør", "kommune"),
        ("A1;Huset;kommunal;Region Midtjylland", "kommune"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named_with_its_row_and_column(line: str, column: str) -> None:
    assert refused(csv_of(HEAD, "B1;Andet;privat;101", line)) == [("cell", 3, column)]


def test_a_missing_column_a_doubled_one_and_an_empty_file_are_said() -> None:
    assert refused(csv_of("tilbudsid;navn;form", "A1;Huset;privat")) == [("no_column", 1, None)]
    assert refused(csv_of(f"{HEAD};navn", "A1;Huset;privat;101;Hus")) == [("column_twice", 1, None)]
    assert refused(csv_of(HEAD)) == [("no_rows", None, None)]
    assert refused(csv_of("dette;er;noget andet", "1;2;3")) == [("no_headings", None, None)]
    with pytest.raises(Unreadable):
        read_table(b"%PDF-1.7", "provisions")


def test_every_table_can_be_read_by_its_danish_and_its_english_headings() -> None:
    for table, columns in COLUMNS.items():
        for place in (0, -1):
            head = ";".join(f'"{column.headings[place]}"' for column in columns)
            assert [one.rule for one in read_table(csv_of(head), table).findings] == ["no_rows"]


@given(st.sets(st.sampled_from(["sel-107", "sel-108", "sel-85a", "bl-32", "bl-43"]), min_size=1), st.randoms())
def test_paragraphs_are_the_same_in_any_order_and_writing(codes: set[str], random: st.randoms) -> None:  # type: ignore[valid-type]
    written = [f"{code.split('-')[0].upper()} § {code.split('-')[1]}" for code in codes]
    random.shuffle(written)  # type: ignore[attr-defined]
    for between in (", ", "; ", " og "):
        assert paragraphs(between.join(written)) == tuple(sorted(codes))


def test_a_paragraph_without_a_law_has_the_law_before_it() -> None:
    assert paragraphs("Servicelovens § 107, 108 og barnets lov § 43") == ("bl-43", "sel-107", "sel-108")
    with pytest.raises(NotReadableError):
        paragraphs("§ 107")


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_a_day_is_read_in_every_danish_writing(day: dt.date) -> None:
    for written in (day.isoformat(), f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}", f"{day.day}/{day.month}/{day.year}"):
        assert date(written) == day


def test_a_day_that_is_none_is_refused() -> None:
    for words in ("31-02-2026", "03-2026", "2026", "i går"):
        with pytest.raises(NotReadableError):
            date(words)


@given(st.integers(0, 999_999))
def test_a_whole_number_is_itself_with_and_without_points(number: int) -> None:
    assert whole(str(number)) == number
    assert whole(f"{number:,}".replace(",", ".")) == number


def test_what_is_not_stated_is_never_nought() -> None:
    assert whole("") is None
    assert whole("ikke oplyst") is None
    assert whole("0") == 0
    for words in ("12,5", "-3", "1.20", "ca. 8"):
        with pytest.raises(NotReadableError):
            whole(words)


@pytest.mark.parametrize("words", ["<5", "under 5", "x", "for få", "diskretioneret", "færre end 3"])
def test_too_few_to_show_is_not_a_number(words: str) -> None:
    assert not isinstance(persons(words), int)
    assert persons(words) is not None
