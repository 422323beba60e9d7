"""Rows written in every layout and number format read back as the same rows."""

import io
from typing import NamedTuple

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.upload.cells import Missing, write_csv
from indicators.upload.places import gazetteer
from indicators.upload.reader import read
from indicators.upload.reading import ReadingOptions

from .files import values_of

NAMES = gazetteer().names
Values = dict[tuple[str, int, str], float | str | None]
SYMBOLS = {Missing.NOT_AVAILABLE: "..", Missing.NOT_APPLICABLE: ".", Missing.SUPPRESSED: "x", Missing.NOT_REPORTED: ""}
WORDS = {
    Missing.NOT_AVAILABLE: "ikke tilgængelig", Missing.NOT_APPLICABLE: "ikke relevant",
    Missing.SUPPRESSED: "diskretioneret",
    Missing.NOT_REPORTED: "ikke indberettet", Missing.NOT_COLLECTED: "ikke opgjort",
}  # fmt: skip


class Format(NamedTuple):
    """How a file is written."""

    delimiter: str
    encoding: str
    decimal: str
    thousands: str
    places: str


formats = st.builds(
    Format,
    delimiter=st.sampled_from([";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    decimal=st.sampled_from([",", "."]),
    thousands=st.sampled_from(["", " ", "other"]),
    places=st.sampled_from(["code", "code0", "name", "kommune", "both"]),
)
numbers = st.one_of(st.integers(-9_999, 9_999_999).map(lambda n: n / 100), st.integers(0, 5_000_000).map(float))
cells = st.one_of(numbers, st.sampled_from(list(SYMBOLS)))


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[int], list[int], dict[tuple[int, int], float | Missing]]:
    """Municipalities, years and a value for each; one value at least shows its decimals beyond doubt."""
    codes = draw(st.lists(st.sampled_from(list(NAMES)), min_size=2, max_size=8, unique=True))
    years = draw(st.lists(st.integers(1990, 2030), min_size=1, max_size=4, unique=True))
    values = {(code, year): draw(cells) for code in codes for year in years}
    values.update({(codes[0], year): 1234.5 for year in years})
    return codes, years, values


def _place(code: int, how: str) -> list[str]:
    name = NAMES[code]
    return {
        "code": [str(code)],
        "code0": [f"0{code} {name}"],
        "name": [name],
        "kommune": [f"{name} Kommune"],
        "both": [str(code), name],
    }[how]


def _text(value: float | Missing, how: Format) -> str:
    if isinstance(value, Missing):
        return SYMBOLS[value]
    other = "." if how.decimal == "," else ","
    grouping = other if how.thousands == "other" else how.thousands
    text = f"{value:,.2f}" if not value.is_integer() else f"{value:,.0f}"
    return text.replace(",", "G").replace(".", how.decimal).replace("G", grouping)


def _file(rows: list[list[str]], how: Format) -> bytes:
    return "\r\n".join(
        how.delimiter.join(f'"{cell}"' if how.delimiter in cell else cell for cell in row) for row in rows
    ).encode(how.encoding)


def _expected(values: dict[tuple[int, int], float | Missing], indicator: str) -> Values:
    return {(str(code), year, indicator): value for (code, year), value in values.items()}


@given(tables(), formats)
def test_wide_by_year(table: tuple[list[int], list[int], dict[tuple[int, int], float | Missing]], how: Format) -> None:
    codes, years, values = table
    head = {"both": ["kode", "kommune"]}.get(how.places, ["kommune"])
    rows = [[*head, *(f"pop_{year}" for year in years)]]
    rows += [[*_place(code, how.places), *(_text(values[code, year], how) for year in years)] for code in codes]
    reading = read(_file(rows, how), name="fil")
    assert not reading.problems
    assert values_of(reading) == _expected(values, "pop")


@given(tables(), formats)
def test_long(table: tuple[list[int], list[int], dict[tuple[int, int], float | Missing]], how: Format) -> None:
    _codes, _years, values = table
    head = {"both": ["kode", "kommune"]}.get(how.places, ["kommune"])
    rows = [[*head, "indikator", "aar", "vaerdi"]]
    rows += [[*_place(code, how.places), "a-x", str(year), _text(value, how)] for (code, year), value in values.items()]
    reading = read(_file(rows, how), name="fil")
    assert not reading.problems
    assert values_of(reading) == _expected(values, "a-x")


@given(tables(), formats)
def test_statbank(table: tuple[list[int], list[int], dict[tuple[int, int], float | Missing]], how: Format) -> None:
    codes, years, values = table
    rows = [
        ["Titel efter kommune og tid"],
        [],
        [" ", " ", *map(str, years)],
        ["I alt"],
        [" ", "Hele landet", *("1" for _year in years)],
    ]
    rows += [[" ", NAMES[code], *(_text(values[code, year], how) for year in years)] for code in codes]
    rows += [[], ["Kilde: Danmarks Statistik"]]
    reading = read(_file(rows, how), name="fil")
    assert not reading.problems
    assert values_of(reading) == _expected(values, "Titel")


@given(tables(), formats)
def test_wide_by_indicator(
    table: tuple[list[int], list[int], dict[tuple[int, int], float | Missing]], how: Format
) -> None:
    codes, years, values = table
    head = {"both": ["kode", "kommune"]}.get(how.places, ["kommune"])
    rows = [[*head, *(f"indikator {'abcd'[i]}" for i in range(len(years)))]]
    rows += [[*_place(code, how.places), *(_text(values[code, year], how) for year in years)] for code in codes]
    reading = read(_file(rows, how), name="fil", options=ReadingOptions(year=2024))
    assert not reading.problems
    assert values_of(reading) == {
        (str(c), 2024, f"indikator {'abcd'[years.index(y)]}"): v for (c, y), v in values.items()
    }


@given(tables())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_workbook(table: tuple[list[int], list[int], dict[tuple[int, int], float | Missing]]) -> None:
    codes, years, values = table
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["kommune", *years])
    for row, code in enumerate(codes, start=1):
        written = [values[code, year] for year in years]
        sheet.write_row(row, 0, [NAMES[code], *(SYMBOLS[v] if isinstance(v, Missing) else v for v in written)])
    book.close()
    reading = read(stream.getvalue(), name="fil")
    assert not reading.problems
    assert values_of(reading) == _expected(values, "")


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(list(NAMES)), st.integers(2000, 2030), st.sampled_from(["a-x", "b-y"])),
        st.one_of(
            st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
            st.sampled_from(list(WORDS)),
        ),
        min_size=1,
    )
)
def test_what_we_write_ourselves(values: dict[tuple[int, int, str], float | Missing]) -> None:
    rows: list[list[object]] = [["kode", "kommune", "indikator", "aar", "vaerdi", "status", "note"]]
    for (code, year, indicator), value in values.items():
        gap = isinstance(value, Missing)
        rows.append(
            [
                code,
                NAMES[code],
                indicator,
                year,
                None if gap else value,
                WORDS[value] if isinstance(value, Missing) else None,
                "=1+1",
            ]
        )
    stream = io.StringIO(newline="")
    write_csv(stream, rows)
    reading = read(stream.getvalue().encode("utf-8-sig"), name="fil", options=ReadingOptions(decimal=",", thousands=""))
    assert not reading.problems
    assert values_of(reading) == {
        (str(code), year, indicator): value for (code, year, indicator), value in values.items()
    }
    assert set(reading.cells.notes.values()) == {"'=1+1"}
