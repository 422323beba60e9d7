"""Recipes: what they want is found in what a table has, or the fetch stops; every figure is counted by hand here."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.demo.publisher import InventedTable, StandIn
from indicators.demo.registers import Registers, Wanted
from indicators.services.catalogue import DATA, rows_of
from indicators.sources.answers import SourceError
from indicators.sources.making import Making, as_file, make, stale
from indicators.sources.publishers import Variable, client_of
from indicators.sources.recipes import Filter, Part, Recipe, newest_year, recipe_book
from indicators.upload.cells import Missing
from indicators.upload.reader import read

from . import stand_in
from .stand_in import MUNICIPALITIES, SEX, Misbehaving, patient, publisher, table

BOOK = recipe_book(DATA / "recipes.toml")
KIND = Variable("YDELSE", "ydelse", {"00": "I alt", "1": "Støtte", "2": "Botilbud", "031": "Andet"})
AGE = Variable("ALDER", "alder", {"IALT": "Alder i alt", **{str(n): f"{n} år" for n in range(4)}})
LITTLE = table(
    "LITTLE",
    {
        ("101", "1", "2025"): 30, ("101", "2", "2025"): 10, ("101", "00", "2025"): 50, ("101", "031", "2025"): 10,
        ("183", "1", "2025"): 7, ("183", "2", "2025"): 0, ("183", "00", "2025"): 7, ("183", "031", "2025"): 0,
        ("461", "1", "2025"): "..", ("461", "2", "2025"): 4, ("461", "00", "2025"): 9, ("461", "031", "2025"): ".",
        ("825", "1", "2025"): "-", ("825", "2", "2025"): 0, ("825", "00", "2025"): 0, ("825", "031", "2025"): 0,
    },
    KIND,
    SEX,
)  # fmt: skip
PEOPLE = table(
    "PEOPLE",
    {(place, age, "2026K1"): 100 * (n + 1) for place in MUNICIPALITIES for n, age in enumerate(AGE.values)},
    AGE,
    periods=("2025K1", "2026K1"),
)


def part(name: str, *codes: str, period: str = "", **more: object) -> Part:
    return Part(name, (Filter(variable=("YDELSE",), codes=codes, **more),), period)  # type: ignore[arg-type]


def made(recipe: Recipe, *tables: InventedTable, interface: str = "statbank", year: int = 2025) -> Making:
    with Misbehaving(tables) as server, patient() as collector:
        asked = publisher(server, interface)
        described = {name: client_of(asked).describe(collector, asked, name) for name in recipe.tables}
        return make(
            recipe,
            year=year,
            publisher=asked,
            collector=collector,
            described=described,
            municipalities=MUNICIPALITIES,
            place_names=("OMRÅDE",),
        )


def values(making: Making) -> dict[str, float | Missing | None]:
    return {each.municipality: each.missing or each.value for each in making.figures}


@pytest.mark.parametrize("interface", ["statbank", "pxweb1", "pxweb2"])
def test_a_share_is_its_parts_over_its_whole_in_every_interface(interface: str) -> None:
    recipe = Recipe("x", "statbank", part("LITTLE", "1"), part("LITTLE", "1", "2"), factor=100, absent="not_reported")
    assert values(made(recipe, LITTLE, interface=interface)) == {
        "101": 75.0,  # 30 of 40
        "183": 100.0,  # 7 of 7
        "187": Missing.NOT_REPORTED,  # no row at all
        "461": Missing.NOT_AVAILABLE,  # .. in a part
        "825": Missing.NOT_APPLICABLE,  # - is a real 0, and 0 of 0 is nothing
    }


def test_a_rate_takes_its_two_sides_from_two_tables_each_of_its_own_period() -> None:
    people = Part("PEOPLE", (Filter(variable=("ALDER",), first=0, last=2),), "{next}K1")
    recipe = Recipe("x", "statbank", part("LITTLE", "1"), people, factor=1000)
    assert values(made(recipe, LITTLE, PEOPLE))["101"] == 1000 * 30 / (200 + 300 + 400)


def test_a_sum_with_one_part_missing_is_missing_and_the_worst_kind_is_told() -> None:
    recipe = Recipe("x", "statbank", part("LITTLE", "1", "031"))
    assert values(made(recipe, LITTLE))["461"] == Missing.NOT_AVAILABLE  # .. and . : not available weighs more


def test_the_figures_of_a_municipality_that_another_reports_for_are_never_zero() -> None:
    recipe = Recipe("x", "statbank", part("LITTLE", "1"), reported_by={"187": "183", "825": "183"})
    making = made(recipe, LITTLE)
    assert values(making)["187"] == values(making)["825"] == Missing.NOT_APPLICABLE
    assert "kommune 183" in next(each.note for each in making.figures if each.municipality == "187")


def test_a_nought_that_may_hide_a_small_figure_is_asked_about_taken_for_hidden_or_believed() -> None:
    hiding = InventedTable(LITTLE.code, LITTLE.title, LITTLE.variables, LITTLE.cell, suppressed="0")

    def of(rule: str) -> Making:
        return made(Recipe("x", "statbank", part("LITTLE", "2"), zeros=rule), hiding)

    assert values(of("missing"))["183"] == Missing.SUPPRESSED
    assert values(of("real"))["183"] == values(of("ask"))["183"] == 0
    assert [doubt.rule for doubt in of("ask").doubts if doubt.municipalities == ("183", "825")] == ["zeros"]
    assert "zeros" not in {doubt.rule for doubt in of("real").doubts}
    assert "zeros" not in {doubt.rule for doubt in made(Recipe("x", "statbank", part("LITTLE", "2")), LITTLE).doubts}


def test_municipalities_without_a_row_are_named() -> None:
    [absent] = made(Recipe("x", "statbank", part("LITTLE", "1")), LITTLE).doubts
    assert (absent.rule, absent.municipalities) == ("absent", ("187",))
    assert "ingen tal for 1 kommuner" in str(absent.text)


def test_a_code_is_found_without_its_leading_zeros_but_a_total_never_is() -> None:
    assert values(made(Recipe("x", "statbank", part("LITTLE", "31")), LITTLE))["101"] == 10
    with pytest.raises(SourceError, match=r"har ikke »0« i YDELSE\. Den har: 00 I alt, 1 Støtte"):
        made(Recipe("x", "statbank", part("LITTLE", "0")), LITTLE)
    assert values(made(Recipe("x", "statbank", part("LITTLE", "0", words=("i alt",))), LITTLE))["101"] == 50


def test_words_that_are_not_beside_their_code_are_a_doubt() -> None:
    [doubt] = [d for d in made(Recipe("x", "statbank", part("LITTLE", "2", words=("fleks",))), LITTLE).doubts
               if d.rule == "other_words"]  # fmt: skip
    assert "LITTLE YDELSE=2: »Botilbud«" in str(doubt.text)


def test_a_value_is_found_by_its_words_where_nobody_knows_its_code() -> None:
    assert values(made(Recipe("x", "statbank", part("LITTLE", words=("botil",))), LITTLE))["101"] == 10
    with pytest.raises(SourceError, match="har ikke »t«"):
        made(Recipe("x", "statbank", part("LITTLE", words=("t",))), LITTLE)  # three have it


def test_a_variable_that_is_called_otherwise_is_found_by_its_codes() -> None:
    recipe = Recipe("x", "statbank", Part("LITTLE", (Filter(variable=("INDSATS",), codes=("2",)),)))
    with pytest.raises(SourceError, match="Opskriften søger 2 i LITTLE, som har variablerne YDELSE"):
        made(recipe, LITTLE)  # the sexes have a 2 as well
    recipe = Recipe("x", "statbank", Part("LITTLE", (Filter(variable=("INDSATS",), codes=("031",)),)))
    assert values(made(recipe, LITTLE))["101"] == 10


def test_a_variable_that_must_be_chosen_and_is_not_named_takes_its_total() -> None:
    whole = Recipe("x", "statbank", Part("LITTLE"))
    assert values(made(whole, LITTLE))["101"] == 50


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (Recipe("x", "statbank", part("LITTLE", "9")), "har ikke »9«"),
        (Recipe("x", "statbank", part("LITTLE", "1"), period="{year}K4"), "ikke perioden 2025K4. Den nyeste er 2025"),
        (Recipe("x", "statbank", part("GONE", "1")), "GONE"),
    ],
)  # fmt: skip
def test_what_a_table_does_not_have_stops_the_fetch_and_says_what_it_has(recipe: Recipe, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        made(recipe, LITTLE)


def test_a_table_without_municipalities_says_so() -> None:
    times = Variable("Tid", "tid", {"2025": "2025"}, is_time=True)
    national = InventedTable("LITTLE", "Hele landet", (KIND, times), lambda _chosen: 1)
    with pytest.raises(SourceError, match="har ingen kommuner: variablerne er YDELSE, Tid"):
        made(Recipe("x", "statbank", part("LITTLE", "1")), national)


def test_the_newest_year_is_one_that_both_tables_have() -> None:
    people = Part("PEOPLE", (), "{year}K1")
    with Misbehaving([LITTLE, PEOPLE]) as server, patient() as collector:
        asked = publisher(server)
        described = {n: client_of(asked).describe(collector, asked, n) for n in ("LITTLE", "PEOPLE")}
        assert newest_year(Recipe("x", "s", part("LITTLE"), people), described, up_to=2040) == 2025
        assert newest_year(Recipe("x", "s", part("LITTLE")), described, up_to=2024) == 2024
        assert newest_year(Recipe("x", "s", part("LITTLE"), period="{year}M1"), described, up_to=2026) is None


# What a publisher must not answer


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.replace(b"101;1;2025;30", b"101;1;2025;30\r\n101;1;2025;31"), "svarer to gange for 101, 1, 2025"),
        (lambda c: c.replace(b"101;1;", b"147;1;"), "svarer med »147«"),
        (lambda c: c.replace(b";30", b";30,5"), "»30,5«, hvor der skal stå et tal"),
        (lambda c: c.replace(b";30", b";nan"), "»nan«"),
        (lambda c: c.replace(b";30", b";"), None),
        (lambda c: c.replace(b";30", b";12.50*"), None),
        (lambda c: c.replace(b"101;1;2025;30", b"101;1;30"), "linje 2 har 3 felter og ikke 4"),
        (lambda c: c.replace(b"INDHOLD", b"VALUE"), "ikke med CSV"),
        (lambda c: c.replace(b"YDELSE", b"ANDET"), "ikke med CSV"),
        (lambda _c: b"<html>Under maintenance</html>", "Svaret begynder: »<html>"),
        (lambda _c: b"\xff\xfe\x00", "ikke med CSV"),
        (lambda _c: b"", "ikke med CSV"),
        (lambda c: c.splitlines(keepends=True)[0], "uden et eneste tal"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_what_was_asked_for_is_refused(change, said: str | None) -> None:  # type: ignore[no-untyped-def]
    recipe = Recipe("x", "statbank", part("LITTLE", "1"))
    with Misbehaving([LITTLE]) as server, patient() as collector:
        asked = publisher(server)
        described = {"LITTLE": client_of(asked).describe(collector, asked, "LITTLE")}
        server.fault = (stand_in.changed(change), 1)

        def run() -> Making:
            return make(recipe, year=2025, publisher=asked, collector=collector, described=described,
                        municipalities=MUNICIPALITIES)  # fmt: skip

        if said is None:
            assert values(run())["101"] in {12.5, Missing.NOT_AVAILABLE}
        else:
            with pytest.raises(SourceError, match=said):
                run()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>", "ikke med JSON"),
        (b"[]", "beskriver ikke tabellen"),
        (b"{}", "tom eller ikke hel"),
        (b'{"variables": [{"id": "A", "values": []}]}', "tom eller ikke hel"),
        (b'{"variables": [{"id": "A", "values": [{"id": "1", "text": "x"}]}]}', "ikke én tidsvariabel"),
    ],
)
@pytest.mark.parametrize("interface", ["statbank", "pxweb1", "pxweb2"])
def test_a_description_that_is_none_is_refused(interface: str, content: bytes, said: str) -> None:
    with Misbehaving([LITTLE]) as server, patient() as collector:
        server.fault = (stand_in.instead(content, "application/json"), 1)
        asked = publisher(server, interface)
        with pytest.raises(SourceError, match=f"{said}|tom eller ikke hel"):
            client_of(asked).describe(collector, asked, "LITTLE").time  # noqa: B018


def test_a_publisher_without_a_client_is_told() -> None:
    with Misbehaving([]) as server, pytest.raises(SourceError, match="grænsefladen »telex«"):
        client_of(publisher(server, "telex"))


def test_more_cells_than_a_publisher_gives_are_not_asked_for() -> None:
    many = Variable("YDELSE", "ydelse", {str(n): str(n) for n in range(51_000)})
    recipe = Recipe("x", "statbank", Part("LITTLE", (Filter(variable=("YDELSE",), first=0),)))
    with pytest.raises(SourceError, match=r"1020000 celler i LITTLE\. Grænsen er 1000000"):
        made(recipe, table("LITTLE", {}, many))


# The file


def test_the_file_is_read_by_the_reader_of_uploads_as_it_was_made() -> None:
    recipe = Recipe("b-neet", "statbank", part("LITTLE", "1"), part("PEOPLE", period="2026K1"), factor=100)
    making = made(Recipe("b-neet", "statbank", part("LITTLE", "1"), part("LITTLE", "00"), factor=100), LITTLE)
    assert recipe.tables == ("LITTLE", "PEOPLE")
    with Misbehaving([]) as server:
        content = as_file(making, MUNICIPALITIES, publisher=publisher(server))
    reading = read(content, known_indicators={"b-neet": "b-neet"})
    assert reading.problems == []
    assert {cell.municipality: cell.missing or cell.value for cell in reading.cells} == values(making)
    assert b"LITTLE: 30 / 50; opdateret 2026-09-01T08:00:00" in content


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_figure_keeps_its_full_precision_on_its_way_through_the_file(value: float) -> None:
    from indicators.sources.making import _plain  # noqa: PLC0415

    text = _plain(value)
    assert "e" not in text
    assert float(text.replace(",", ".")) == pytest.approx(value, rel=1e-15, abs=1e-18)


def test_figures_that_stand_alone_and_come_again_are_called_stale() -> None:
    recipe = Recipe("x", "statbank", part("LITTLE", "1"))
    figures = [each._replace(missing=None, value=n + 0.5) for n, each in enumerate(made(recipe, LITTLE).figures)] * 4
    figures = [
        each._replace(municipality=str(n), value=each.value and each.value + n) for n, each in enumerate(figures)
    ]
    before = {each.municipality: each.value or 0.0 for each in figures}
    found = stale(figures, before)
    assert found is not None
    assert len(found.municipalities) == len(figures)
    assert stale(figures, {code: value + 1e-9 for code, value in before.items()}) is None
    assert stale([each._replace(value=3.0) for each in figures], dict.fromkeys(before, 3.0)) is None


# All recipes that are shipped


@pytest.fixture(scope="module")
def registers() -> Iterator[tuple[StandIn, Mapping[str, Mapping[str, float | str]], Mapping[str, str]]]:
    """Every table that the recipes need, made so that each indicator has a figure of its own in each municipality."""
    rows = rows_of(DATA / "municipalities.csv")
    names = {row["code"]: row["name"] for row in rows}
    ranges = {row["code"]: (float(row["plausible_min"]), float(row["plausible_max"])) for row in
              rows_of(DATA / "indicators.csv")}  # fmt: skip
    wanted = {}
    for number, (code, recipe) in enumerate(BOOK.recipes.items()):
        if code in ranges and not recipe.waits_for:
            low, high = ranges[code]
            wanted[code] = {
                place: low + (high - low) * ((17 * line + 31 * number) % 97) / 96 for line, place in enumerate(names)
            }
    filled = Registers({row["code"]: int(row["population_2023"]) for row in rows})
    filled.fill_all([Wanted(BOOK.recipes[code], 2025, cells) for code, cells in wanted.items()])
    with StandIn(filled.tables(names, updated="2026-09-01T08:00:00")) as server:
        yield server, wanted, names


@pytest.mark.parametrize("code", [code for code, recipe in BOOK.recipes.items() if code[0] != "k"])
def test_every_recipe_gives_what_its_tables_were_made_from(
    code: str, registers: tuple[StandIn, Mapping[str, Mapping[str, float | str]], Mapping[str, str]]
) -> None:
    server, wanted, names = registers
    recipe = BOOK.recipes[code]
    if recipe.waits_for:
        assert code == "v-housing-first"
        return
    with patient() as collector:
        asked = BOOK.asked("statbank", url=server.url)
        described = {name: client_of(asked).describe(collector, asked, name) for name in recipe.tables}
        making = make(recipe, year=2025, publisher=asked, collector=collector, described=described,
                      municipalities=names, place_names=BOOK.places["statbank"])  # fmt: skip
    assert {doubt.rule for doubt in making.doubts} == set()
    large = [place for place in names if place in {"101", "461", "751", "851", "561", "630"}]  # counts are whole
    for each in making.figures:
        if each.municipality in recipe.reported_by:
            continue
        assert each.value is not None
        if each.municipality in large:
            assert each.value == pytest.approx(wanted[code][each.municipality], rel=0.03, abs=0.05)


def test_every_recipe_is_of_an_indicator_of_the_catalogue_and_names_its_table() -> None:
    files = ("indicators.csv", "context_figures.csv")
    catalogue = {row["code"]: row for file in files for row in rows_of(DATA / file)}
    for code, recipe in BOOK.recipes.items():
        assert code in catalogue
        assert catalogue[code]["source_table"] in recipe.tables, code
    assert len([code for code in BOOK.recipes if not code.startswith("k-")]) == 30


def test_a_recipe_that_cannot_be_right_is_refused_when_it_is_read(tmp_path: Path) -> None:
    start = '[publishers.a]\ninterface="pxweb2"\nurl="https://a.example"\ntitle="A"\n[[recipes]]\nindicator="x"\n'
    good = 'publisher="a"\nnumerator={table="T"}\n'
    for more, said in (
        (good + "faktor=100\n", "faktor"),
        ('publisher="a"\n', "numerator"),
        ('publisher="b"\nnumerator={table="T"}\n', "unknown publisher"),
        (
            'publisher="a"\nnumerator={table="T"}\n[[recipes]]\nindicator="x"\npublisher="a"\nnumerator={table="T"}\n',
            "two",
        ),
    ):
        path = tmp_path / f"{said.split()[0]}.toml"
        path.write_text(start + more)
        with pytest.raises(ValueError, match=said):
            recipe_book(path)
