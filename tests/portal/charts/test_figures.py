"""Plotly figures: held against Plotly's own validators, and light."""

import json

import plotly.graph_objects as go
import pytest

from portal.charts.figures import Figure, Frame, Line, Spot, development, distribution, scatter

YEARS = (2022, 2023, 2024, 2025, 2026)
FRAME = Frame("Placering 2022–2026", "Kilde: Danmarks Statistik. Socialt Indeks, udgave 2026", "da")
SPOTS = [Spot(float(index), float(index % 7), f"{index}") for index in range(97)] + [
    Spot(None, 3.0, "missing"),
    Spot(4.0, 5.0, "Ærø: 4", "Ærø"),
]


def _development(values: list[float | None], **options: object) -> Figure:
    lines = [Line("Rødovre", values, "chosen"), Line("Varde", [2, 2, 2, 2, 2])]
    return development(lines, YEARS, FRAME, value_text=lambda value: f"nr. {value:.0f}", **options)  # type: ignore[arg-type]


FIGURES = {
    "ranks": _development([12, 8, None, 7, 4], ranks_of=97, breaks={2024: "databrud"}),
    "values": _development([12.1, 8.4, 9, 7, 4]),
    "nothing": _development([None] * 5),
    "scatter": scatter(SPOTS, FRAME, x_title="a, %", y_title="b, %"),
    "distribution": distribution(SPOTS, FRAME, x_title="a, %", median=48, median_text="median 48 %"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_plotly_accepts_the_figure(name: str) -> None:
    accepted = go.Figure(FIGURES[name], skip_invalid=False)
    assert len(accepted.data) == 2


@pytest.mark.parametrize("name", FIGURES)
def test_title_source_and_separators_are_inside_the_picture(name: str) -> None:
    layout = FIGURES[name]["layout"]
    assert layout["title"]["text"] == FRAME.title
    assert [note["text"] for note in layout["annotations"] if note.get("name") == "source"] == [FRAME.source]
    assert layout["separators"] == ",."
    assert layout["showlegend"] is False


def test_a_figure_is_light() -> None:
    assert len(json.dumps(FIGURES["ranks"], ensure_ascii=False).encode()) < 4096


def test_ranks_have_1_on_top() -> None:
    foot, top = FIGURES["ranks"]["layout"]["yaxis"]["range"]
    assert foot >= 97
    assert top <= 1


def test_a_break_cuts_the_line_and_a_missing_year_stays_a_gap() -> None:
    line = FIGURES["ranks"]["data"][1]
    assert line["x"] == [2022, 2023, 2023.5, 2024, 2025, 2026]
    assert line["y"][2] is None
    assert line["connectgaps"] is False
    assert FIGURES["ranks"]["data"][0]["y"][3] is None


def test_names_stand_at_the_ends_of_the_lines_with_the_last_value() -> None:
    texts = [note["text"] for note in FIGURES["ranks"]["layout"]["annotations"]]
    assert "Rødovre nr. 4" in texts
    assert "Varde nr. 2" in texts


def test_the_chosen_ones_are_named_and_the_missing_left_out() -> None:
    pale, chosen = FIGURES["scatter"]["data"]
    assert chosen["text"] == ["Ærø"]
    assert len(pale["x"]) == 97
    assert "text" not in pale
