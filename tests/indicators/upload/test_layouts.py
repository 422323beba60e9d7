"""One small file for each layout and trap."""

from pathlib import Path

import pytest

from indicators.upload.cells import Missing
from indicators.upload.places import gazetteer
from indicators.upload.reader import read

from .files import column_of, reading_of, rules_of, values_of, xlsx

KNOWN = {"a-x": "a-x", "Andel anbragte": "a-x", "b-y": "b-y"}


def test_the_upload_format_is_read() -> None:
    reading = reading_of(
        "\ufeffkode;kommune;indikator;aar;vaerdi;status;note\r\n"
        "0101;København;a-x;2025;12,5;;\r\n"
        "147;Frederiksberg;a-x;2025;;diskretioneret;for få\r\n"
        "151;;a-x;2025;1.234,5;foreløbig;\r\n"
        ";Brøndby Kommune;a-x;2025;;;\r\n"
        "155;Dragør;b-y;2025;-;;\r\n"
        "157;Gentofte;b-y;2025;;ikke opgjort;\r\n"
    )
    assert (reading.layout, reading.encoding, reading.delimiter, reading.decimal, reading.rows) == (
        "long",
        "utf-8",
        ";",
        ",",
        6,
    )
    assert not reading.problems
    assert values_of(reading) == {
        ("101", 2025, "a-x"): 12.5, ("147", 2025, "a-x"): Missing.SUPPRESSED, ("151", 2025, "a-x"): 1234.5,
        ("153", 2025, "a-x"): Missing.NOT_REPORTED, ("155", 2025, "b-y"): 0, ("157",
        2025, "b-y"): Missing.NOT_COLLECTED,
    }  # fmt: skip
    assert reading.cells[2].provisional
    assert reading.cells.notes == {1: "for få"}
    assert [(cell.row, cell.column) for cell in reading.cells][:2] == [(2, "vaerdi"), (3, "vaerdi")]


def test_english_headers_are_read_too() -> None:
    reading = reading_of(
        "code,municipality,indicator,year,value,missing\n101,Copenhagen,x,2019,1.5,\n147,,x,2019,,suppressed\n"
    )
    assert values_of(reading) == {("101", 2019, "x"): 1.5, ("147", 2019, "x"): Missing.SUPPRESSED}


@pytest.mark.parametrize(("status", "rule"), [("diskretioneret", "value_and_status"), ("måske", "unknown_status")])
def test_a_status_that_contradicts_or_is_unknown_is_refused(status: str, rule: str) -> None:
    reading = reading_of(f"kode;indikator;aar;vaerdi;status\n101;x;2019;5;{status}\n147;x;2019;6;\n")
    assert rules_of(reading) == [rule]
    assert column_of(reading) == [6]


def test_wide_by_year_names_the_indicator_by_what_stands_beside_the_year() -> None:
    reading = reading_of(
        "navn;Kom.nr;pop_2019;pop_2020\nKøbenhavns Kommune;101;623.404;632.340\nFanø Kommune;563;3.427;800\n"
    )
    assert (reading.layout, reading.decimal, reading.thousands) == ("wide_by_year", ",", ".")
    assert values_of(reading)["563", 2019, "pop"] == 3427
    assert reading.cells[3].column == "pop_2020"


def test_a_misspelt_header_is_offered_and_never_guessed() -> None:
    text = "navn;Kom.nr;pop_2013;2pop_014;pop_2015\nFanø;563;3.207;3.208;3.209\n"
    reading = reading_of(text)
    assert [(u.label, u.suggestion) for u in reading.unmapped] == [("2pop_014", "2014")]
    assert rules_of(reading) == ["unmapped_column"]
    assert sorted(cell.year for cell in reading.cells) == [2013, 2015]
    mapped = reading_of(text, columns={"2pop_014": "pop@2014"})
    assert not mapped.problems
    assert values_of(mapped)["563", 2014, "pop"] == 3208
    assert not reading_of(text, columns={"2pop_014": ""}).problems


def test_several_indicators_and_years_in_the_headers() -> None:
    reading = reading_of("kommune;x_2019;x_2020;y_2019\nOdense;1;2;3\n")
    assert values_of(reading) == {("461", 2019, "x"): 1, ("461", 2020, "x"): 2, ("461", 2019, "y"): 3}
    assert rules_of(reading_of("kommune;x_2019;y_2019\nOdense;1;2\n", indicator="z")) == ["several_indicators"]


@pytest.mark.parametrize(
    "text",
    ["kommune;2019;;2020;\n;x;y;x;y\nOdense;1;2;3;4\n", ";2019;;2020;\nkommune;x;y;x;y\nOdense;1;2;3;4\n"],
)
def test_two_header_rows_are_read_together(text: str) -> None:
    reading = reading_of(text)
    assert values_of(reading) == {
        ("461", 2019, "x"): 1,
        ("461", 2019, "y"): 2,
        ("461", 2020, "x"): 3,
        ("461", 2020, "y"): 4,
    }


def test_a_quarter_is_no_year_unless_a_person_says_which() -> None:
    text = "kommune;2019K1;2019K2\nOdense;1;2\n"
    assert rules_of(reading_of(text)) == ["not_a_year", "not_a_year"]
    assert not reading_of(text).cells
    assert values_of(reading_of("kommune;2019K1\nOdense;1\n", year=2019, indicator="x")) == {("461", 2019, "x"): 1}
    assert rules_of(reading_of(text, year=2019)) == ["not_a_year", "not_a_year"]
    rows = "kommune;tid;vaerdi\nOdense;2019K4;1\nVejle;2019K4;2\nOdense;2018K4;3\n"
    assert rules_of(reading_of(rows)) == ["no_year"] * 3
    assert column_of(reading_of(rows, year=2019)) == [1, 2]
    assert rules_of(reading_of(rows + "Odense;2019K3;4\n", year=2019)) == ["no_year"]


def test_one_year_of_many_is_read_when_asked_for() -> None:
    text = "kommune;2018;2019\nOdense;1;2\n"
    reading = reading_of(text, year=2019, indicator="x")
    assert values_of(reading) == {("461", 2019, "x"): 2}
    assert [(left.reason, left.label) for left in reading.left_out] == [("other_year", "2018")]
    assert rules_of(reading_of(text, year=2020)) == ["wrong_year"]
    assert rules_of(reading_of("kode;aar;vaerdi\n101;2018;5\n", year=2020)) == ["wrong_year"]


def test_wide_by_indicator_for_a_year_that_is_told() -> None:
    text = "kode;navn;Andel A;Antal B\n101;København;12,5;7.152\n147;Frederiksberg;13,25;800\n"
    assert values_of(reading_of(text, year=2024))["101", 2024, "Antal B"] == 7152
    assert rules_of(reading_of(text)) == ["no_year"]
    known = reading_of(text, year=2024, known={"a": "a", "Andel A": "a"})
    assert set(known.cells.indicators) == {"a"}
    assert [u.label for u in known.unmapped] == ["Antal B"]
    assert rules_of(known) == ["unknown_indicator"]
    assert set(
        reading_of(text, year=2024, known={"a": "a", "Andel A": "a"}, columns={"Antal B": "b"}).cells.indicators
    ) == {"a", "b"}


def test_a_column_for_the_year_and_one_for_each_indicator() -> None:
    reading = reading_of("municipality,year,gini,median\nAabenraa,2007,25.36,1\nAabenraa,2008,26.88,2\n")
    assert values_of(reading)["580", 2008, "gini"] == 26.88


def test_two_columns_a_year_and_an_indicator() -> None:
    reading = reading_of("kommune;værdi\nKøbenhavn;12,5\nÅrhus;..\n", indicator="a-x", year=2024)
    assert values_of(reading) == {("101", 2024, "a-x"): 12.5, ("751", 2024, "a-x"): Missing.NOT_AVAILABLE}
    assert values_of(reading_of("101;12,5\n147;13,1\n", indicator="a", year=2024)) == {
        ("101", 2024, "a"): 12.5,
        ("147", 2024, "a"): 13.1,
    }


def test_one_indicator_of_many_is_read_when_asked_for() -> None:
    reading = reading_of("kommune;indikator;aar;vaerdi\nOdense;x;2019;1\nOdense;y;2019;2\n", indicator="x")
    assert values_of(reading) == {("461", 2019, "x"): 1}


STATBANK = (
    '"Kommunale budgetter (1000 kr.) efter prisenhed,"\n"kommune og tid"\n\n'
    '" ";" ";" ";"2011";"2012*"\n"Pr. indbygger"\n'
    '" ";"I alt (netto)"\n" ";" ";"Hele landet";62646;65787\n" ";" ";"Region Hovedstaden";63195;66353\n'
    '" ";" ";"København";42955,60;..\n'
    '" ";" ";"Læsø";.;-\n" ";" ";"Christiansø";1;2\n\n"Kilde: Danmarks Statistik; 2013"\n'
)


def test_an_export_from_statbank_is_read_with_its_stubs_symbols_and_totals() -> None:
    reading = reading_of(STATBANK, encoding="latin-1")
    assert (reading.layout, reading.encoding, reading.decimal, reading.rows) == ("statbank", "latin-1", ",", 2)
    name = "Kommunale budgetter (1000 kr.)"
    assert values_of(reading) == {
        ("101", 2011, name): 42955.6, ("101", 2012, name): Missing.NOT_AVAILABLE,
        ("825", 2011, name): Missing.NOT_APPLICABLE, ("825", 2012, name): 0,
    }  # fmt: skip
    assert [cell.provisional for cell in reading.cells] == [False, True, False, True]
    assert [(left.reason, left.row) for left in reading.left_out] == [
        ("country", 7),
        ("region", 8),
        ("no_municipality", 11),
        ("text", 13),
    ]
    assert not reading.problems


@pytest.mark.parametrize(
    "rows",
    [
        '"København";"Mænd";1;2\n" ";"Kvinder";3;4\n"Odense";"Mænd";5;6\n" ";"Kvinder";7;8\n',
        '"København"\n" ";"Mænd";1;2\n" ";"Kvinder";3;4\n"Odense"\n" ";"Mænd";5;6\n" ";"Kvinder";7;8\n',
        '"Mænd"\n" ";"København";1;2\n" ";"Odense";5;6\n"Kvinder"\n" ";"København";3;4\n" ";"Odense";7;8\n',
        '"Mænd";"København";1;2\n"";"Odense";5;6\n"Kvinder";"København";3;4\n"";"Odense";7;8\n',
    ],
)
def test_stubs_that_tell_figures_apart_name_the_indicator(rows: str) -> None:
    reading = reading_of(f'"Anbragte efter kommune, køn og tid"\n\n" ";" ";"2019";"2020"\n{rows}')
    assert not reading.problems
    values = values_of(reading)
    assert len(values) == 8
    assert values["101", 2019, "Mænd"] == 1
    assert values["461", 2020, "Kvinder"] == 8
    mapped = reading_of(f'"T"\n\n" ";" ";"2019";"2020"\n{rows}', known=KNOWN, columns={"Mænd": "a-x", "Kvinder": ""})
    assert not mapped.problems
    assert set(mapped.cells.indicators) == {"a-x"}


def test_a_municipality_on_the_first_of_its_rows_counts_for_the_next() -> None:
    reading = reading_of(
        '"T"\n\n" ";" ";"Antal"\n"København";"2019";1\n" ";"2020";2\n"Odense";"2019";3\n" ";"2020";4\n', indicator="x"
    )
    assert values_of(reading)["461", 2020, "x"] == 4
    assert rules_of(reading_of("kode;aar;vaerdi\n101;2019;1\n101;2020;2\n;2021;3\n")) == ["no_municipality"]


EVERY = {("461", 2019, "A"): 1, ("630", 2019, "A"): 2, ("461", 2019, "B"): 3, ("630", 2019, "B"): 4}


@pytest.mark.parametrize(
    "text",
    [
        "indikator;kommune;2019\nA;Odense;1\n;Vejle;2\nB;Odense;3\n;Vejle;4\n",
        "indikator;kommune;2019\nA;Hele landet;9\n;Odense;1\n;Vejle;2\nB;Hele landet;9\n;Odense;3\n;Vejle;4\n",
        "år;kommune;indikator;værdi\n2019;Odense;A;1\n;Vejle;A;2\n;Odense;B;3\n;Vejle;B;4\n",
        "indikator;år;kommune;værdi\nA;2019;Odense;1\n;;Vejle;2\nB;2019;Odense;3\n;;Vejle;4\n",
        "kommune;år;indikator;værdi\nOdense;2019;A;1\n;;B;3\nVejle;2019;A;2\n;;B;4\n",
        "indikator;kommune;2019\nA;Odense;1\nindikator;kommune;2019\n;Vejle;2\nB;Odense;3\n;Vejle;4\n",
        "OMRÅDE;ENHED;TID;INDHOLD\nOdense;A;2019;1\nOdense;B;2019;3\nVejle;A;2019;2\nVejle;B;2019;4\n",
    ],
)
def test_a_year_or_indicator_on_the_first_of_its_rows_counts_for_the_next(text: str) -> None:
    reading = reading_of(text)
    assert values_of(reading) == EVERY
    assert not reading.problems


def test_a_gap_in_the_column_of_the_year_or_the_indicator_is_refused() -> None:
    assert rules_of(reading_of("kommune;år;værdi\nOdense;2019;1\nVejle;2019;2\nFanø;;3\n")) == ["no_year"]
    assert rules_of(reading_of("år;kommune;værdi\n2019;Odense;1\n;Vejle;2\n2019;Fanø;3\n")) == ["no_year"]
    gap = reading_of("kommune;indikator;år;værdi\nOdense;A;2019;1\nVejle;;2019;2\n")
    assert [(problem.rule, problem.row) for problem in gap.problems] == [("unknown_indicator", 3)]


def test_an_indicator_may_be_called_by_a_number() -> None:
    reading = reading_of("kommune;indikator;år;værdi\nOdense;101;2019;1\nVejle;101;2019;2\n")
    assert values_of(reading) == {("461", 2019, "101"): 1, ("630", 2019, "101"): 2}


def test_a_table_from_the_statbank_interface() -> None:
    reading = reading_of(
        "OMRÅDE;TID;INDHOLD\nHele landet;2019;100\nKøbenhavn;2019;12,5\nOdense;2019;..\n", indicator="x"
    )
    assert values_of(reading) == {("101", 2019, "x"): 12.5, ("461", 2019, "x"): Missing.NOT_AVAILABLE}


def test_totals_regions_and_unknown_places_are_left_out_and_listed() -> None:
    reading = reading_of(
        "kode;kommune;2019\n000;Hele landet;100\n084;Region Hovedstaden;50\n1085;Region "
        "Sjælland;3\n101;København;5\n411;Christiansø;0\n"
        "998;Uoplyst kommune;3\n02;Københavns omegn;3\n;I alt;100\n"
    )
    assert list(values_of(reading)) == [("101", 2019, "")]
    assert not reading.problems
    assert [left.reason for left in reading.left_out] == [
        "country", "region", "region", "no_municipality", "no_municipality", "part_of_country", "country"
    ]  # fmt: skip
    assert next(left.label for left in reading.left_out) == "000 Hele landet"


def test_an_unknown_municipality_is_refused_with_the_nearest() -> None:
    reading = reading_of("kommune;2019\nKobenhvn;1\nOdense;3\nXyzzy;3\n")
    assert [(p.rule, p.row, p.value, str(p.advice)) for p in reading.problems] == [
        ("unknown_municipality", 2, "Kobenhvn", "Mener du København?"),
        ("unknown_municipality", 4, "Xyzzy", "Ret kommunens navn eller kode."),
    ]


def test_a_code_and_a_name_that_disagree_are_refused() -> None:
    assert rules_of(reading_of("kode;kommune;2019\n101;Odense;12\n147;Frederiksberg;1\n")) == ["unknown_municipality"]


def test_repeated_headers_blank_rows_and_footnotes_are_no_values() -> None:
    reading = reading_of(
        "kommune;2019;2020\nOdense;1;2\n;;\nkommune;2019;2020\nVejle;3;4\n\nAnm.: Tallene er foreløbige; se "
        "kilden\n1) Uden Christiansø\nKilde: egen; 2023\n"
    )
    assert column_of(reading) == [1, 2, 3, 4]
    assert not reading.problems
    assert [left.reason for left in reading.left_out] == ["repeated_header", "text", "text", "text"]


def test_decimal_commas_in_a_comma_separated_file_are_refused() -> None:
    reading = reading_of("kode,aar,vaerdi\n101,2019,12,5\n147,2019,13,1\n", indicator="x")
    assert set(rules_of(reading)) == {"too_wide"}
    assert not reading.cells


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("latin-1", "latin-1"), ("cp850", "cp850"),
        ("mac-roman", "mac-roman"),
        ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_ends_are_found_out(encoding: str, named: str, delimiter: str, end: str) -> None:
    lines = ['kommune;2019;"a;b,c|d"', 'Ærø;5;"x"', 'København;"7";y', "Rødovre;8;z"]
    text = end.join(lines).replace(";", delimiter) + end
    reading = reading_of(text.replace(f'"a{delimiter}', '"a;'), encoding=encoding)
    assert (reading.encoding, reading.delimiter) == (named, delimiter)
    assert column_of(reading) == [5, 7, 8]


def test_windows_letters_outside_latin_1_are_named_so() -> None:
    assert reading_of("kommune;2019\nKøbenhavn;1\nÆrø;–\n", encoding="cp1252").encoding == "windows-1252"


def test_excels_own_separator_line_is_obeyed() -> None:
    reading = reading_of("sep=;\nkommune;2019\nOdense;12,5\n")
    assert [(cell.value, cell.row) for cell in reading.cells] == [(12.5, 3)]


def test_a_column_of_words_under_a_year_is_refused_not_passed_over() -> None:
    assert set(rules_of(reading_of("kommune;2019;2020\nOdense;1;ukendt\nVejle;2;ukendt\n"))) == {"not_a_number"}


def test_a_column_that_names_nothing_known_is_offered() -> None:
    reading = reading_of("kommune;region;areal;2019\nOdense;Syddanmark;300;1\nVejle;Syddanmark;400;2\n")
    assert [unmapped.label for unmapped in reading.unmapped] == ["areal"]
    assert [(left.reason, left.label) for left in reading.left_out] == [("column", "region")]


@pytest.mark.parametrize("header", ["REGION", "Enhed", "Nr", "Landsdel"])
def test_what_stands_in_a_column_says_more_than_its_header(header: str) -> None:
    for rows in ("000;9\n101;1\n461;2\n", "Hele landet;9\nKøbenhavn;1\nOdense;2\n"):
        assert column_of(reading_of(f"{header};2019\n{rows}")) == [1, 2]


def test_codes_that_were_written_as_decimal_numbers_are_codes() -> None:
    assert list(values_of(reading_of("kode;navn;2019\n101,0;København;5\n461.0;Odense;6\n"))) == [
        ("101", 2019, ""),
        ("461", 2019, ""),
    ]


def test_a_file_without_municipalities_says_so() -> None:
    reading = reading_of("a;b\nx;1\ny;2\n")
    assert reading.layout is None
    assert rules_of(reading) == ["no_municipalities"]


def test_97_municipalities_are_as_good_as_98() -> None:
    names = [name for name in gazetteer().names.values() if name != "Vallensbæk"]
    reading = reading_of("kommune;2019\n" + "".join(f"{name};1\n" for name in names))
    assert reading.rows == 97
    assert not reading.problems


def test_a_person_can_say_what_a_column_is() -> None:
    text = "sted;periode_x;tallet\nOdense;2019;5\n"
    reading = reading_of(text, columns={"sted": "=kommune", "periode_x": "=aar", "tallet": "=vaerdi"}, indicator="x")
    assert values_of(reading) == {("461", 2019, "x"): 5}
    assert values_of(reading_of("hilsen;x\nkommune;2019\nOdense;5\n", header_row=2)) == {("461", 2019, "hilsen x"): 5}


def test_a_row_cut_short_at_the_end_of_the_file_is_told() -> None:
    assert rules_of(reading_of("kode;2019;2020\n101;1;2\n147;3")) == ["cut_short"]
    assert not reading_of("kode;2019;2020\n101;1\n147;3;4").problems


def test_a_column_that_only_counts_the_rows_is_left_out() -> None:
    reading = reading_of(",kommune,2019\n0,Odense,5\n1,Vejle,6\n")
    assert column_of(reading) == [5, 6]
    assert not reading.problems


def test_a_region_in_a_column_of_its_own_marks_a_total() -> None:
    reading = reading_of(
        "Region;Kommune;2019\nRegion Syddanmark;Odense;5\nRegion Syddanmark;Vejle;6\nRegion Syddanmark;;11\n"
    )
    assert column_of(reading) == [5, 6]
    assert ("region", 4, "Region Syddanmark") in reading.left_out
    assert rules_of(reading_of("Kommune;2019\nOdense;5\n;11\n")) == ["no_municipality"]


def test_a_row_of_units_under_the_header_is_no_name() -> None:
    reading = reading_of("Kommune;2019;2020\n;pct.;pct.\nOdense;1;2\n", indicator="x")
    assert values_of(reading) == {("461", 2019, "x"): 1, ("461", 2020, "x"): 2}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_progress_rises_to_one_and_can_end_the_reading(kind: str, tmp_path: Path) -> None:
    rows: list[list[object]] = [["kode", "indikator", "aar", "vaerdi"]]
    rows += [[code, f"x-{number}", 2019, 5] for number in range(400) for code in list(gazetteer().names)[:50]]
    path = tmp_path / "fil"
    text = "\n".join(";".join(map(str, row)) for row in rows).encode()
    path.write_bytes(text if kind == "csv" else xlsx(rows))
    told: list[float] = []
    assert len(read(path, name="fil", progress=told.append).cells) == 20_000
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(set(told)) > 4

    def cancel(done: float) -> None:
        raise KeyError(done)

    with pytest.raises(KeyError):
        read(path, name="fil", progress=cancel)
