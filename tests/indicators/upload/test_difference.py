"""What a file would change."""

from hypothesis import given
from hypothesis import strategies as st

from indicators.upload.cells import Missing
from indicators.upload.difference import Change, Current, State, difference
from indicators.upload.places import gazetteer

from .files import reading_of

_FILE = (
    "kode;indikator;aar;vaerdi;status\n101;a;2024;12,5;\n"
    "147;a;2024;;diskretioneret\n151;a;2024;3;foreløbig\n153;b;2024;7;\n155;a;2024;;\n"
)
_STORED = [
    ("a", 2024, "101", 12.5, None, False),
    ("a", 2024, "147", 8.0, None, False),
    ("a", 2024, "151", 3.0, None, False),
    ("a", 2024, "155", None, "not_reported", False),
    ("a", 2024, "860", 1.0, None, False),
    ("a", 2023, "101", 1.0, None, False),
    ("c", 2024, "101", 1.0, None, False),
]


def test_added_changed_unchanged_and_removed() -> None:
    found = difference(reading_of(_FILE), Current(_STORED))
    assert list(found.additions()) == [Change("153", 2024, "b", None, State(7.0, None), 5)]
    assert list(found.changes()) == [
        Change("147", 2024, "a", State(8.0, None), State(None, Missing.SUPPRESSED), 3),
        Change("151", 2024, "a", State(3.0, None), State(3.0, None, provisional=True), 4),
    ]
    assert len(found.unchanged) == 2
    assert list(found.removals()) == [Change("860", 2024, "a", State(1.0, None), None, None)]


def test_the_same_file_twice_changes_nothing() -> None:
    reading = reading_of(_FILE)
    stored = [(c.indicator, c.year, c.municipality, c.value, c.missing, c.provisional) for c in reading.cells]
    found = difference(reading, Current(stored))
    assert not len(found.added) + len(found.changed)
    assert len(found.unchanged) == 5


def test_nothing_stored_and_nothing_read() -> None:
    assert len(difference(reading_of(_FILE), Current([])).added) == 5
    found = difference(reading_of("kode;2019\n"), Current(_STORED))
    assert not len(found.added) + len(found.changed)


keys = st.tuples(
    st.sampled_from(["a", "b", "c"]),
    st.integers(2020, 2023),
    st.sampled_from([str(code) for code in gazetteer().names]),
)
states = st.one_of(st.floats(-99, 99).map(lambda value: round(value, 2)), st.none())


@given(st.dictionaries(keys, states, max_size=30), st.dictionaries(keys, states, max_size=30))
def test_it_agrees_with_plain_dictionaries(
    new: dict[tuple[str, int, str], float | None], old: dict[tuple[str, int, str], float | None]
) -> None:
    rows = "".join(
        f"{code};{indicator};{year};{'' if value is None else value}\n"
        for (indicator, year, code), value in new.items()
    )
    reading = reading_of("kode;indikator;aar;vaerdi\n" + rows, decimal=".")
    if not new:
        return
    stored = [(*key, value, None if value is not None else "not_reported", False) for key, value in old.items()]
    found = difference(reading, Current(stored))
    scope = {(indicator, year) for indicator, year, _code in new}
    assert {(c.indicator, c.year, c.municipality) for c in found.additions()} == set(new) - set(old)
    assert {(c.indicator, c.year, c.municipality) for c in found.changes()} == {
        key for key in set(new) & set(old) if new[key] != old[key]
    }
    assert {(c.indicator, c.year, c.municipality) for c in found.removals()} == {
        key for key in set(old) - set(new) if key[:2] in scope
    }
