"""The colours of the style sheet, of the figures and of the script are the same."""

import re
from pathlib import Path

from django.conf import settings

from portal.charts import figures

STATIC = Path(settings.BASE_DIR) / "static"


def _light() -> dict[str, str]:
    css = (STATIC / "css" / "foundation.css").read_text(encoding="utf-8")
    light = css.split("@media (prefers-color-scheme: dark)", maxsplit=1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))


def test_every_colour_of_a_figure_is_a_light_token() -> None:
    tokens = _light()
    for css, colour in figures.AREAS.items():
        assert colour == tokens[css]
    for name in ("INK", "MUTED", "PAPER", "LINE", "EDGE", "ACCENT"):
        assert getattr(figures, name) == tokens[name.lower()]


def test_the_script_swaps_exactly_the_light_tokens_it_names() -> None:
    script = (STATIC / "js" / "chart.js").read_text(encoding="utf-8")
    block = script.split("const LIGHT = {", maxsplit=1)[1].split("};", maxsplit=1)[0]
    named = dict(re.findall(r'"?([\w-]+)"?: "(#[0-9a-f]{6})"', block))
    assert len(named) == 10
    assert named == {name: _light()[name] for name in named}


def test_dark_has_a_value_for_every_colour() -> None:
    css = (STATIC / "css" / "foundation.css").read_text(encoding="utf-8")
    dark = css.split("@media (prefers-color-scheme: dark)", maxsplit=1)[1].split("}\n  }", maxsplit=1)[0]
    assert set(re.findall(r"--([\w-]+): #", dark)) == set(_light())
