"""JSON-stat and PX files as offices of statistics write them: every number in its place, or refused with a reason."""

import json
from itertools import product
from math import isnan, prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.upload.reading import Unreadable
from indicators.upload.statistics_files import StatisticsTable, read_statistics, statistics_format

# Worlds of numbers, and the two formats written from them by hand: the slow other road to every table.

CODES = st.text("ABCæøå0123456789 .-", min_size=1, max_size=6).map(str.strip).filter(bool)
NUMBERS = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 3)))
CELLS = st.one_of(NUMBERS, st.sampled_from(["..", ".", "...", "-"]))


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, list[str]], list[float | int | str]]:
    """Dimensions with their codes, and a number or a symbol for each combination."""
    names = draw(st.lists(CODES, min_size=1, max_size=3, unique_by=str.casefold))
    dimensions = {name: draw(st.lists(CODES, min_size=1, max_size=4, unique=True)) for name in names}
    count = prod(map(len, dimensions.values()))
    return dimensions, draw(st.lists(CELLS, min_size=count, max_size=count))


def expected(
    dimensions: dict[str, list[str]], cells: list[float | int | str]
) -> dict[tuple[str, ...], tuple[Any, str]]:
    """Each combination of codes with its number (None where a symbol stands for none) and its symbol."""
    number = {"-": 0.0}
    return {
        codes: (number.get(cell), cell) if isinstance(cell, str) else (float(cell), "")
        for codes, cell in zip(product(*dimensions.values()), cells, strict=True)
    }


def found(table: StatisticsTable) -> dict[tuple[str, ...], tuple[Any, str]]:
    return {cell.codes: (None if isnan(cell.value) else cell.value, cell.mark) for cell in table}


def json_stat(
    dimensions: dict[str, list[str]], cells: list[float | int | str], *, version: str, sparse: bool
) -> dict[str, Any]:
    """The same as JSON-stat. 1.x keeps ids, sizes and roles inside `dimension` and wraps the whole in a name."""
    numbers = [None if isinstance(cell, str) else cell for cell in cells]
    described: dict[str, Any] = {
        name: {"label": f"{name}!", "category": {"index": {code: n for n, code in enumerate(codes)}}}
        if sparse
        else {"label": f"{name}!", "category": {"index": codes, "label": {code: f"{code}?" for code in codes}}}
        for name, codes in dimensions.items()
    }
    shape: dict[str, Any] = {"id": list(dimensions), "size": [len(codes) for codes in dimensions.values()]}
    data: dict[str, Any] = {
        "label": "En tabel",
        "value": {str(n): each for n, each in enumerate(numbers) if each is not None} if sparse else numbers,
        "status": {str(n): each for n, each in enumerate(cells) if isinstance(each, str)},
    }
    if version == "1":
        return {"dataset": data | {"dimension": described | shape}}
    return data | {"version": "2.0", "class": "dataset", "dimension": described} | shape


def px(dimensions: dict[str, list[str]], cells: list[float | int | str], *, quoted: bool) -> str:
    """The same as PX, the last dimension in the heading."""
    *stub, heading = dimensions
    lines = ['CHARSET="ANSI"', 'AXIS-VERSION="2013"', 'TITLE="En tabel; med DATA=i", "titlen"']
    lines += ["STUB=" + ",".join(f'"{name}"' for name in stub)] * bool(stub) + [f'HEADING="{heading}"']
    for name, codes in dimensions.items():
        lines += [f'VALUES("{name}")=' + ",\n".join(f'"{code}?"' for code in codes)]
        lines += [f'CODES("{name}")=' + ",".join(f'"{code}"' for code in codes)]
    body = " ".join(f'"{cell}"' if isinstance(cell, str) and quoted else str(cell) for cell in cells)
    return ";\n".join([*lines, f"DATA=\n{body}\n"]) + ";"


@given(tables(), st.sampled_from(["1", "2.0"]), st.booleans())
def test_a_json_stat_file_gives_every_number_at_its_codes(
    made: tuple[dict[str, list[str]], list[float | int | str]], version: str, sparse: bool
) -> None:
    table = read_statistics(json.dumps(json_stat(*made, version=version, sparse=sparse)).encode())
    assert found(table) == expected(*made)
    assert [dimension.code for dimension in table.dimensions] == list(made[0])


@given(tables(), st.booleans())
def test_a_px_file_gives_every_number_at_its_codes(
    made: tuple[dict[str, list[str]], list[float | int | str]], quoted: bool
) -> None:
    table = read_statistics(px(*made, quoted=quoted).encode())
    assert found(table) == expected(*made)
    assert [dimension.texts for dimension in table.dimensions] == [
        tuple(f"{code}?" for code in codes) for codes in made[0].values()
    ]


@given(tables(), st.binary(max_size=6), st.integers(0, 10_000), st.booleans())
def test_a_broken_file_is_a_table_or_a_refusal_and_nothing_else(
    made: tuple[dict[str, list[str]], list[float | int | str]], noise: bytes, place: int, as_px: bool
) -> None:
    written = px(*made, quoted=True) if as_px else json.dumps(json_stat(*made, version="2.0", sparse=False))
    content = written.encode()
    place %= len(content)
    try:
        table = read_statistics(content[:place] + noise + content[place + len(noise) // 2 :])
    except Unreadable as error:
        said, shape, size = str(error), 0, 0
    else:
        said, shape, size = "a table", prod(len(dimension.codes) for dimension in table.dimensions), len(table)
    assert said
    assert size == shape


def test_a_file_says_what_its_dimensions_are_when_it_was_updated_and_what_to_mind() -> None:
    data = json_stat({"Region": ["0301", "1103"], "Tid": ["2024"]}, [1, 2], version="2.0", sparse=False)
    data |= {"updated": "2026-02-26T07:00:00Z", "source": "Et kontor", "role": {"geo": ["Region"], "time": ["Tid"]}}
    data |= {"note": ["Tallene er foreløbige."], "extension": {"px": {"tableid": "07459", "decimals": 1}}}
    table = read_statistics(json.dumps(data).encode())
    assert (table.updated, table.source, table.table) == ("2026-02-26T07:00:00Z", "Et kontor", "07459")
    assert (table.notes, table.decimals, table.title) == (("Tallene er foreløbige.",), 1, "En tabel")
    assert [dimension.role for dimension in table.dimensions] == ["geo", "time"]
    assert table.of_role("geo") == table.dimensions[0]


def test_a_px_file_says_the_same() -> None:
    table = read_statistics(
        b'CHARSET="ANSI";\nMATRIX="BU43";\nDECIMALS=1;\nSOURCE="Et kontor";\nTITLE="B\xf8rn"\n" efter omr\xe5de";\n'
        b'UNITS="pct.";\nLAST-UPDATED="20260226 08:00";\nNOTEX="F\xf8rste#anden";\nNOTEX[en]="First";\n'
        b'LANGUAGE="da";LANGUAGES="da","en";\nTITLE[en]="Children";\nSTUB="omr\xe5de";\nHEADING="periode 1","m\xe5l";\n'
        b'VALUES("omr\xe5de")="Odense";\nVALUES("periode 1")="2024","2025";\nVALUES("m\xe5l")="antal","andel";\n'
        b'VALUES[en]("m\xe5l")="number","share";\nMAP("omr\xe5de")="kommuner";\nCONTVARIABLE="m\xe5l";\n'
        b'TIMEVAL("periode 1")=TLIST(A1),"2024"-"2025";\nDATASYMBOL2="Oplysning kan ikke vises";\n'
        b'DATA=\n1.5 2 -3.25 "..";\n'
    )
    assert (table.table, table.title, table.unit) == ("BU43", "Børn efter område", "pct.")
    assert (table.updated, table.notes, table.source) == ("20260226 08:00", ("Første\nanden",), "Et kontor")
    assert [dimension.role for dimension in table.dimensions] == ["geo", "time", "metric"]
    assert found(table)["Odense", "2025", "andel"] == (None, "..")
    assert table.mark_texts == {"..": "Oplysning kan ikke vises"}


def test_a_px_file_with_keys_has_real_noughts_where_its_rows_were_left_out() -> None:
    table = read_statistics(
        b'STUB="kommune","koen";\nHEADING="tid";\nVALUES("kommune")="Odense","Vejle";\nCODES("kommune")="461","630";\n'
        b'VALUES("koen")="m","k";\nVALUES("tid")="2024","2025";\nKEYS("kommune")=CODES;\nKEYS("koen")=VALUES;\n'
        b'DATA=\n"461","k",1 2\n"630","m",".." 4\n;\n'
    )
    assert found(table) == {
        ("461", "m", "2024"): (0, ""), ("461", "m", "2025"): (0, ""),
        ("461", "k", "2024"): (1, ""), ("461", "k", "2025"): (2, ""),
        ("630", "m", "2024"): (None, ".."), ("630", "m", "2025"): (4, ""),
        ("630", "k", "2024"): (0, ""), ("630", "k", "2025"): (0, ""),
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-15", "windows-1252", "cp850"])
def test_danish_letters_of_a_px_file_are_read_in_every_encoding_it_may_have(encoding: str) -> None:
    charset = "" if encoding == "cp850" else 'CHARSET="ANSI";\n'
    codepage = 'CODEPAGE="iso-8859-15";\n' if encoding == "iso-8859-15" else ""
    text = f'{charset}{codepage}STUB="område";\nVALUES("område")="Ærø","Hjørring";\nDATA=\n1 2;'
    assert read_statistics(text.encode(encoding)).dimensions[0].texts == ("Ærø", "Hjørring")


def test_the_answer_of_statistics_denmark_is_read_in_the_shape_that_it_has() -> None:
    answer = {
        "dataset": {
            "dimension": {
                "OMRÅDE": {
                    "label": "område",
                    "category": {"index": {"101": 0, "155": 1}, "label": {"101": "København"}},
                },
                "ContentsCode": {
                    "label": "Indhold",
                    "category": {
                        "index": {"BU43": 0},
                        "label": {"BU43": "Andel"},
                        "unit": {"BU43": {"base": "Pct.", "decimals": 1}},
                    },
                },
                "Tid": {"label": "tid", "category": {"index": {"2025": 0}, "label": {"2025": "2025"}}},
                "id": ["OMRÅDE", "ContentsCode", "Tid"],
                "size": [2, 1, 1],
                "role": {"metric": ["ContentsCode"], "time": ["Tid"]},
            },
            "label": "Andel efter område, Indhold og tid",
            "source": "Danmarks Statistik",
            "updated": "2026-09-25T06:00:00Z",
            "value": [2.3, None],
            "extension": {"px": {"tableid": "BU43", "decimals": 1}},
        }
    }
    table = read_statistics(b"\xef\xbb\xbf" + json.dumps(answer).encode())
    assert found(table) == {("101", "BU43", "2025"): (2.3, ""), ("155", "BU43", "2025"): (None, "")}
    assert (table.unit, table.table, table.of_role("metric")) == ("Pct.", "BU43", table.dimensions[1])
    assert table.dimensions[0].texts == ("København", "155")


TINY = {"id": ["a"], "size": [2], "dimension": {"a": {"category": {"index": ["x", "y"]}}}, "value": [1, 2]}
TINY_PX = 'STUB="a";\nVALUES("a")="x","y";\nDATA=\n1 2;'


def _tiny(**changed: Any) -> bytes:
    return json.dumps(TINY | changed).encode()


def _described(**category: Any) -> dict[str, Any]:
    return {"a": {"category": category}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "linje 1, tegn 2"),
        (b"[1, 2]", "ikke JSON-stat"),
        (b'{"a": 1}', "»dimension«"),
        (b'{"a": "\xe6"}', "UTF-8"),
        (b"[" * 100_000, "ikke en tabel"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "ikke en tabel"),
        (json.dumps({"en": TINY, "to": TINY}).encode(), "2 tabeller"),
        (_tiny(value=[1]), "1 tal, men dimensionerne giver 2"),
        (_tiny(value=[1, 2, 3]), "3 tal, men dimensionerne giver 2"),
        (_tiny(value={"2": 1}), "plads »2«"),
        (_tiny(value={"-1": 1}), "plads »-1«"),
        (_tiny(value=[1, "ti"]), "Celle 2 i »value« er en tekst: »ti«"),
        (_tiny(value=[1, True]), "Celle 2"),
        (_tiny(value=[1, [2]]), "Celle 2"),
        (_tiny().replace(b"2]}", b"NaN]}").replace(b"[1, 2]", b"[1, NaN]"), "NaN"),
        (_tiny(value=[1, 10**400]), "for stort"),
        (_tiny().replace(b"[1, 2]", b"[1, 1e999]"), "for stort"),
        (_tiny(status=["p", "p", "p"]), "3 mærker til 2 tal"),
        (_tiny(size=[3]), "»a« har ikke de 3 værdier"),
        (_tiny(size=[-2]), "»a« har ikke de -2 værdier"),
        (_tiny(size=[2, 2]), "lige lange"),
        (_tiny(id=["b"]), "»b« er ikke beskrevet"),
        (_tiny(id=[], size=[]), "ingen dimensioner"),
        (_tiny(dimension=_described(index=["x", "x"])), "»a« har ikke de 2 værdier"),
        (_tiny(dimension=_described(index={"x": 0, "y": 2})), "nummererer ikke"),
        (_tiny(dimension=_described(label={"x": "X", "y": "Y"})), "»a« har ikke de 2 værdier"),
        (b"kommune;2025\n101;1", "hverken JSON-stat eller PX"),
        (TINY_PX.replace("1 2", "1").encode(), "1 tal, men dimensionerne giver 2"),
        (TINY_PX.replace("1 2", "1 to").encode(), "»to«"),
        (TINY_PX.replace("1 2", "1 nan").encode(), "»nan«"),
        (TINY_PX.replace("1 2", "1 1_0").encode(), "»1_0«"),
        (TINY_PX.replace("1 2", "1 1e999").encode(), "»inf«"),
        (TINY_PX.replace("1 2", "1 1.2.3").encode(), "»1.2.3«"),
        (TINY_PX.replace('"x","y"', '"x","x"').encode(), "»a« har 2 koder og 2 tekster"),
        (TINY_PX.replace('STUB="a";', 'CHARSET="ANSI";').encode(), "STUB og HEADING"),
        (TINY_PX.partition("DATA")[0].encode(), "ingen DATA"),
        (TINY_PX.replace("STUB", 'CODEPAGE="klingonsk";\nSTUB').replace("x", "ø").encode("latin-1"), "klingonsk"),
    ],
)  # fmt: skip
def test_a_file_that_contradicts_itself_is_refused_with_the_reason(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said.replace("(", r"\(")):
        read_statistics(content)


def test_a_table_that_claims_to_be_huge_is_refused_before_it_takes_memory() -> None:
    dimensions = {name: [str(n) for n in range(200)] for name in "abcdefgh"}
    data = json_stat(dimensions, [], version="2.0", sparse=True)
    with pytest.raises(Unreadable, match="Grænsen er 5000000"):
        read_statistics(json.dumps(data).encode())


def test_a_symbol_in_the_place_of_a_number_and_a_mark_for_all_are_kept() -> None:
    table = read_statistics(_tiny(value=[1, ".."], status=None))
    assert found(table) == {("x",): (1, ""), ("y",): (None, "..")}
    assert {cell.mark for cell in read_statistics(_tiny(status="p"))} == {"p"}
    assert [cell.mark for cell in read_statistics(_tiny(status=["e"]))] == ["e", "e"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [(b'\xef\xbb\xbf {"a"', "json"), (b'CHARSET="ANSI"', "px"), (b"MULTILINGUAL=YES;", "px"), (b"kommune;2025", None),
     (b"A=1", None), (b"", None)],
)  # fmt: skip
def test_the_kind_of_file_is_seen_from_its_first_bytes(head: bytes, kind: str | None) -> None:
    assert statistics_format(head) == kind


def test_one_category_needs_no_index() -> None:
    table = read_statistics(_tiny(size=[1], value=[1], dimension=_described(label={"x": "Det hele"})))
    assert table.dimensions[0].texts == ("Det hele",)
