"""Questionnaires as workbooks: ours and others', their conditions, and answers of other systems."""

import contextlib
import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from indicators.surveys.conditions import ConditionError, Kind, holds, names_in
from indicators.surveys.forms import Choice, Form, FormError, Item, Section, read_form, write_form
from indicators.surveys.respondents import ColumnMapping, ExportError, read_export, remembered
from indicators.surveys.services.questionnaires import SHIPPED
from tests.indicators.surveys.rounds import FEW_ITEMS

DATA = Path(settings.BASE_DIR) / "indicators" / "data"
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@pytest.mark.parametrize("name", sorted(SHIPPED.values()))
def test_the_forms_that_ship_are_read_by_the_conventions_own_library(name: str) -> None:
    from pyxform.xls2xform import convert  # noqa: PLC0415  half a second, for this one test

    converted = convert(DATA / name, validate=False)
    assert converted.warnings == []
    form = read_form((DATA / name).read_bytes())
    assert all(f"/{item.code}" in converted.xform for item in form.items)
    assert write_form(form) == (DATA / name).read_bytes()


def test_the_forms_ask_for_every_survey_indicator_once_and_for_no_other() -> None:
    rows = list(csv.DictReader(io.StringIO((DATA / "indicators.csv").read_text("utf-8"))))
    for instrument, kind in (("administrations", "survey_managers"), ("members", "survey_members")):
        wanted = [row["code"] for row in rows if row["source_kind"] == kind]
        form = read_form((DATA / SHIPPED[instrument]).read_bytes())  # type: ignore[index]
        assert [item.indicator for item in form.items] == wanted
        assert all(item.label_en and item.universe_da and item.period_da and item.since for item in form.items)


items = st.builds(
    Item,
    code=st.from_regex(r"[a-z][a-z_]{0,20}", fullmatch=True),
    kind=st.sampled_from([Kind.SHARE, Kind.COUNT, Kind.DAYS, Kind.NUMBER, Kind.TEXT]),
    label_da=words,
    label_en=words,
    hint_da=words,
    section=st.sampled_from(["a", "b"]),
    required=st.booleans(),
    low=st.none() | st.integers(0, 9).map(float),
    since=st.none() | st.integers(2014, 2030),
)


@given(st.lists(items, min_size=1, max_size=8, unique_by=lambda item: item.code))
def test_a_form_that_is_written_is_read_as_the_same_form(found: list[Item]) -> None:
    in_order = tuple(sorted(found, key=lambda item: item.section))
    sections = tuple(Section(code, f"Afsnit {code}", f"Part {code}") for code in sorted({i.section for i in in_order}))
    form = Form("skema", "administrations", 3, "Titel", "Title", sections, in_order)
    assert read_form(write_form(form)) == form


def book(**sheets: list[list[str]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return stream.getvalue()


HEAD = ["type", "name", "label::Dansk (da)", "relevant", "kind"]
SETTINGS = [["form_title", "form_id", "version", "instrument"], ["T", "t", "1", "members"]]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["select_one nothing", "q", "Ord"], "survey, row 2, column type: the sheet choices has no list 'nothing'"),
        (["range", "q", "Ord"], "survey, row 2, column type: 'range' is not used here"),
        (["integer", "", "Ord"], "survey, row 2, column name: '' is not a name"),
        (["integer", "q", ""], "survey, row 2, column label::Dansk (da): empty"),
        (["integer", "q", "Ord", "${p} = 1"], "survey, row 2, column relevant: there is no question p"),
        (["integer", "q", "Ord", "${q} =="], "survey, row 2, column relevant: '${q} ==': "),
        (["integer", "q", "Ord", "", "sum"], "survey, row 2, column kind: 'sum' is not known"),
        (["integer", "q", "Ord", "", "scale"], "survey, row 2, column kind: 'scale' does not fit"),
    ],
)
def test_what_is_wrong_in_a_form_is_said_with_its_row_and_column(row: list[str], said: str) -> None:
    with pytest.raises(FormError) as refused:
        read_form(book(survey=[HEAD, row], settings=SETTINGS))
    assert any(problem.startswith(said) for problem in refused.value.problems), refused.value.problems


def test_a_workbook_that_is_no_form_is_refused() -> None:
    with pytest.raises(FormError, match="no such sheet"):
        read_form(book(Ark1=[["a"]]))
    with pytest.raises(FormError):
        read_form(b"PK\x03\x04 broken")


@pytest.mark.parametrize(
    ("condition", "answers", "wanted"),
    [
        ("", {}, True),
        ("${a} = 'ja'", {"a": "ja"}, True),
        ("${a} = '1'", {"a": 1.0}, True),
        ("${a} > 0 and ${b} != ''", {"a": 2.0, "b": "x"}, True),
        ("${a} > 0 or ${b} > 0", {"a": "", "b": 1.0}, True),
        ("${a} > 0", {}, False),
        ("not(${a} = 'ja')", {"a": "nej"}, True),
        ("selected(${a}, 'c')", {"a": "b c"}, True),
        ("selected(${a}, 'c')", {"a": "bc"}, False),
        ("(${a} = 1 or ${a} = 2) and ${b} <= 3", {"a": 2.0, "b": 3.0}, True),
        (". >= 0", {".": -1.0}, False),
    ],
)
def test_conditions_say_what_the_convention_says(
    condition: str, answers: dict[str, str | float], *, wanted: bool
) -> None:
    assert holds(condition, answers) is wanted


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_of_conditions(text: str) -> None:
    with contextlib.suppress(ConditionError):  # whatever else it raised would be a server's error on a page
        names_in(text)
        assert holds(text, {"a": "1"}) in {True, False}


KOBO = (
    "start,kommune,afsnit/vold,afsnit/tid,afsnit/hvorfor,_weight\n"
    "2026-01-01,Rødovre,Ja,4,,1.5\n2026-01-02,101,nej,99,x,0.5\n"
)


def test_an_export_is_read_by_names_behind_paths_words_or_codes_and_codes_for_no_answer() -> None:
    mapping = ColumnMapping(municipality="kommune", weight="_weight", missing=("", "99"))
    export = read_export(KOBO.encode(), FEW_ITEMS, mapping)
    assert [(r.municipality, dict(r.answers), r.weight) for r in export.respondents] == [
        ("175", {"vold": "1", "tid": "4"}, 1.5),
        ("101", {"vold": "0", "hvorfor": "x"}, 0.5),
    ]
    assert ColumnMapping.from_json(export.mapping.as_json()).columns["tid"] == "afsnit/tid"


def test_a_mapping_is_remembered_for_next_years_file_of_the_same_head_and_for_no_other() -> None:
    plain = ColumnMapping().as_json()
    said = ColumnMapping(municipality="kommune", weight="_weight", missing=("", "99")).as_json()
    assert remembered(KOBO.replace("2026-", "2027-").encode(), [{}, plain, said]).missing == ("", "99")
    assert remembered(KOBO.replace("_weight", "vægt").encode(), [plain, said]) == ColumnMapping()
    with pytest.raises(ExportError, match="column 'kommune' is in the file twice"):
        read_export(KOBO.replace("start", "kommune").encode(), FEW_ITEMS, ColumnMapping(municipality="kommune"))


def test_a_code_that_nobody_has_explained_is_refused_with_its_row() -> None:
    mapping = ColumnMapping(municipality="kommune")
    with pytest.raises(ExportError) as refused:
        read_export(KOBO.encode(), FEW_ITEMS, mapping)
    assert refused.value.problems == [
        "row 3, column afsnit/tid: '99' is no answer to tid; say what it stands for, or that it is no answer"
    ]
    spss = "kommune;vold;tid;hvorfor\nLæsø;2;5;\nAtlantis;1;5;\n"
    told = replace(mapping, values={"vold": {"2": "nej"}})
    with pytest.raises(ExportError, match="row 3, column kommune: 'Atlantis' is no municipality"):
        read_export(spss.encode("cp1252"), FEW_ITEMS, told)
    with pytest.raises(ExportError, match="no column for the question 'hvorfor'"):
        read_export(b"kommune,vold,tid\n", FEW_ITEMS, mapping)


def test_choices_may_be_named_as_the_form_names_them() -> None:
    item = Item("q", Kind.CHOICE, "Ord", choices=(Choice("altid", "Altid", "Always"), Choice("aldrig", "Aldrig")))
    rows = "municipality,q\n101,Always\n101,aldrig\n101,\n"
    export = read_export(rows.encode(), (item,), ColumnMapping())
    assert [dict(r.answers) for r in export.respondents] == [{"q": "altid"}, {"q": "aldrig"}, {}]
