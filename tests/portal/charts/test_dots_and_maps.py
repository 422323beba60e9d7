"""The distribution, the scatter and the map."""

import itertools
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import indicators
from portal.charts import maps
from portal.charts.dots import Entry, Pair, distribution, scatter, thinned
from portal.charts.scale import Spot, box_of, names_beside

OUTLINES = maps.outlines(
    (Path(indicators.__file__).parent / "data" / "municipality_outlines.json").read_text(encoding="utf-8")
)


def written(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}"


@given(st.lists(st.one_of(st.none(), st.floats(min_value=-1e4, max_value=1e4, allow_nan=False)), max_size=98))
def test_a_distribution_has_a_dot_inside_the_picture_for_each_value(values: list[float | None]) -> None:
    drawn = distribution([Entry(value, "x") for value in values], tick_text=written, says="")
    assert len(drawn.dots) == sum(value is not None for value in values)
    assert all(0 <= float(dot.x) <= 100 and 0 < float(dot.y) < drawn.base < drawn.height for dot in drawn.dots)


def test_a_large_country_has_fewer_dots_from_end_to_end_with_everyone_who_is_named_and_says_so() -> None:
    values = [float(value % 977) for value in range(3000)]
    places, every = thinned(values, named=[5])
    assert every == 10
    entries = [Entry(values[place], "x", "Ærø" if place == 5 else "") for place in places]
    drawn = distribution(entries, tick_text=written, says="", ends=(min(values), max(values)), every=every)
    assert 300 <= len(drawn.dots) <= 301
    assert [mark.text for mark in drawn.marks] == ["Ærø"]
    assert min(float(dot.x) for dot in drawn.dots) == 2.5
    assert max(float(dot.x) for dot in drawn.dots) > 97


def test_yes_and_no_pile_up_and_still_fit() -> None:
    drawn = distribution([Entry(float(index % 2), "x") for index in range(98)], tick_text=written, says="")
    assert drawn.height < 260
    assert len({dot.x for dot in drawn.dots}) == 2


def test_chosen_municipalities_are_named_and_lie_on_top() -> None:
    entries = [Entry(float(value), f"{value}") for value in range(20)] + [Entry(5.0, "Ærø: 5", "Ærø")]
    drawn = distribution(entries, tick_text=written, says="", median=9.5, median_text="median 9,5")
    assert drawn.dots[-1].css == "chosen"
    assert [mark.text for mark in drawn.marks] == ["Ærø", "median 9,5"]
    assert float(drawn.marks[0].y) < float(drawn.dots[-1].y)


def test_lower_is_better_lies_to_the_right() -> None:
    drawn = distribution([Entry(0.0, "low"), Entry(10.0, "high")], tick_text=written, says="", lower_is_right=True)
    places = {dot.title: float(dot.x) for dot in drawn.dots}
    assert places["low"] > places["high"]


def test_a_scatter_leaves_out_whoever_lacks_a_value() -> None:
    pairs = [Pair(5.0, 9.0, "d", "Varde", chosen=True), Pair(1.0, 2.0, "a", "Ærø"), Pair(None, 2.0, "b", "Fanø")]
    drawn = scatter(
        [*pairs, Pair(3.0, None, "c", "Faxe")], x_title="x", y_title="y", x_text=written, y_text=written, says=""
    )
    assert [dot.title for dot in drawn.dots] == ["a", "d"]
    assert [(dot.name, dot.css, dot.chosen) for dot in drawn.dots] == [("Ærø", "", False), ("Varde", "", True)]
    assert float(drawn.dots[1].y) < float(drawn.dots[0].y)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(40, 370), st.integers(3, 17)), max_size=98))
def test_names_in_a_scatter_lie_neither_on_points_nor_on_each_other(rows: list[tuple[float, float, int]]) -> None:
    spots = [Spot(x, y, "n" * length) for x, y, length in rows]
    named = names_beside(spots, [300.0, 700.0], 372.0)
    for width in (300.0, 700.0):
        boxes = {index: box_of(spots[index], side, width) for index, side in named.items()}
        for one, (left, top, right, bottom) in boxes.items():
            assert 0 <= left < right <= width
            assert not any(
                left < b[2] and b[0] < right and top < b[3] and b[1] < bottom for o, b in boxes.items() if o != one
            )
            assert not any(
                left < spot.x / 100 * width < right and top < spot.y < bottom
                for o, spot in enumerate(spots)
                if o != one
            )


def test_whoever_is_asked_for_is_named_even_in_a_crowd() -> None:
    spots = [Spot(50.0, 200.0, f"kommune {index}", wanted=index == 7) for index in range(20)]
    assert 7 in names_beside(spots, [300.0], 372.0)


@given(st.integers(min_value=1, max_value=120))
def test_fifths_are_even_and_fall_with_the_place(n: int) -> None:
    found = [maps.fifth(rank, n) for rank in range(1, n + 1)]
    assert found[0] == 5
    assert found == sorted(found, reverse=True)
    sizes = [found.count(number) for number in range(1, 6)]
    assert max(sizes) - min(sizes) <= 1


@given(st.integers(min_value=1, max_value=120))
def test_the_legend_names_every_place_once(n: int) -> None:
    words = [
        step.text.removeprefix("nr. ")
        for step in maps.legend([(rank, rank) for rank in range(1, n + 1)], n, language="da")
    ]
    named: list[int] = []
    for text in words:
        first, _, last = text.partition("–")
        named += range(int(first), int(last or first) + 1)
    assert named == list(range(1, n + 1))


def test_the_legend_says_what_the_hatch_means() -> None:
    steps = maps.legend([(1, 97)], 97, missing_text="ikke opgjort", language="da")
    assert steps[-1] == maps.Step("missing", "ikke opgjort")


def test_the_legend_has_the_classes_that_occur_and_says_what_a_few_values_are() -> None:
    """64 share nr. 1–64 of 91 and 27 share nr. 65–91: two classes, not five."""
    steps = maps.legend([(1, 64), (65, 91)] * 3, 91, named={1: "ja", 65: "nej"}, language="da")
    assert steps == (maps.Step("fifth-5", "nr. 1–64 (ja)"), maps.Step("fifth-2", "nr. 65–91 (nej)"))


def _map(**chosen: int | None) -> maps.Map:
    places = [maps.Place(code, code, f"/{code}/", 7, code == "101") for code in OUTLINES.paths] + [
        maps.Place("999", "nowhere", "/", 1)
    ]
    return maps.municipality_map(OUTLINES, places, n=97, name="kort", **chosen)  # type: ignore[arg-type]


def test_the_map_has_all_98_municipalities_and_the_chosen_one_last() -> None:
    drawn = _map()
    assert len(drawn.places) == 98
    assert drawn.places[-1].code == "101"
    assert drawn.places[-1].css == "fifth-5 chosen"


def test_each_municipality_is_reached_once_by_keyboard() -> None:
    drawn = _map()
    in_main = {place.code for place in drawn.places if not place.in_zoom}
    zoomed = {place.code for place in drawn.zoomed}
    assert {place.code for place in drawn.places} == in_main | zoomed
    assert all(place.in_zoom for place in drawn.zoomed if place.code not in in_main)
    assert {"101", "147", "175"} <= zoomed


def test_without_a_place_a_municipality_is_hatched_and_has_no_colour() -> None:
    drawn = maps.municipality_map(OUTLINES, [maps.Place("492", "Ærø", "/", None)], n=97, name="kort", zoom=False)
    assert drawn.places[0].missing
    assert drawn.places[0].css == ""
    assert drawn.zoomed == ()


def test_everybody_in_the_zoom_is_named_and_no_name_lies_on_another() -> None:
    places = [maps.Place(code, code, "/", 1, name=f"Navn på {code}") for code in OUTLINES.paths]
    drawn = maps.municipality_map(OUTLINES, places, n=98, name="kort")
    assert {f"Navn på {code}" for code in OUTLINES.inside} <= {name.text for name in drawn.zoom_names}
    spots = [(float(name.x), float(name.y)) for name in drawn.zoom_names]
    half, tall = len("Navn på 101") * maps.LETTER / 4, maps.LETTER * 0.9
    pairs = itertools.combinations(spots, 2)
    assert not [pair for pair in pairs if abs(pair[0][0] - pair[1][0]) < half and abs(pair[0][1] - pair[1][1]) < tall]
    assert len(drawn.names) == len(OUTLINES.named) + 1  # and whoever was moved, over its box
