"""Rows that are read column by column give what reading them one by one gives."""

import pytest

from indicators.upload.extraction import Extraction
from indicators.upload.reader import read
from indicators.upload.reading import ReadingOptions

PLAIN = [f"{code};;{indicator};{year};{value};;" for code, value in ((101, "1,5"), (147, ".."), (151, "2"), (153, ""))
         for indicator in ("a-x", "a-y") for year in (2024, 2025)]  # fmt: skip
UNLIKE = {
    "nothing else": "155;;a-x;2025;3;;",
    "a status": "155;;a-x;2025;;diskretioneret;",
    "a status and a value": "155;;a-x;2025;3;diskretioneret;",
    "a note": "155;;a-x;2025;3;;talt om",
    "an unknown place": "999;;a-x;2025;3;;",
    "the country": ";Hele landet;a-x;2025;3;;",
    "another indicator": "155;;b-z;2025;3;;",
    "no indicator": "155;;;2025;3;;",
    "no year": "155;;a-x;2025K1;3;;",
    "text": "155;;a-x;2025;mange;;",
    "a short row": "155;;a-x;2025;3",
    "a wide row": "155;;a-x;2025;3;;;4",
    "a blank row": ";;;;;;",
    "a line of words": "Sådan er det;;;;;;",
    "a second head": "kode;kommune;indikator;aar;vaerdi;status;note",
}


@pytest.mark.parametrize("last", UNLIKE)
@pytest.mark.parametrize("options", [ReadingOptions(), ReadingOptions(year=2025), ReadingOptions(indicator="a-x")])
def test_reading_together_is_reading_one_by_one(
    last: str, options: ReadingOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["kode;kommune;indikator;aar;vaerdi;status;note", *PLAIN, UNLIKE[last], *PLAIN[:1]]
    content, known = "\n".join(rows).encode(), {"a-x": "a-x", "a-y": "a-y"}
    monkeypatch.setattr("indicators.upload.extraction.rows_at_once", lambda _plan: 3)
    together = read(content, options=options, known_indicators=known)
    monkeypatch.setattr(Extraction, "_alike", lambda _self, _some: False)
    one_by_one = read(content, options=options, known_indicators=known)
    assert list(together.cells) == list(one_by_one.cells)
    assert together.cells.indicators == one_by_one.cells.indicators
    assert list(together.cells.state) == list(one_by_one.cells.state)
    for name in ("rows", "left_out", "left_out_count", "problems", "problem_count", "unmapped", "notes", "questions"):
        assert str(getattr(together, name)) == str(getattr(one_by_one, name)), name
