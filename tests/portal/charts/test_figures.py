"""Plotly figures: held against Plotly's own validators, and light."""

import json

import plotly.graph_objects as go
import pytest

from portal.charts.figures import Figure, Frame, development
from portal.charts.scale import Series

YEARS = (2022, 2023, 2024, 2025, 2026)
FRAME = Frame("Placering 2022–2026", "Kilde: Danmarks Statistik. Socialt Indeks, udgave 2026", "da")


def _development(values: list[float | None], **options: object) -> Figure:
    lines = [Series("Rødovre", values, "chosen"), Series("Varde", [2, 2, 2, 2, 2])]
    return development(lines, YEARS, FRAME, value_text=lambda value: f"nr. {value:.0f}", **options)  # type: ignore[arg-type]


FIGURES = {
    "ranks": _development([12, 8, None, 7, 4], ranks_of=97, breaks={2024: "databrud"}),
    "values": _development([12.1, 8.4, 9, 7, 4]),
    "nothing": _development([None] * 5),
    "answers": _development([0, 0, 1, 1, 1], marks=(0.0, 1.0)),
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


def test_a_scale_of_answers_has_the_answers_alone() -> None:
    axis = FIGURES["answers"]["layout"]["yaxis"]
    assert (axis["tickvals"], axis["ticktext"]) == ([0, 1], ["nr. 0", "nr. 1"])


def test_a_scale_that_does_not_begin_at_nought_says_so() -> None:
    frame = Frame("Median", "Kilde", "da", "Aksen begynder ikke ved 0.")
    for values, source in (([41.2, 42], "Kilde · Aksen begynder ikke ved 0."), ([0.2, 42], "Kilde")):
        figure = development([Series("Median", values)], YEARS[:2], frame, value_text=str)
        assert figure["layout"]["annotations"][0]["text"] == source
