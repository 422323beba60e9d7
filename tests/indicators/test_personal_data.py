"""What a text may not hold, tried on dates counted by the calendar itself."""

import calendar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicators.personal_data import PersonalDataError, names_of_children, refuse_personal_data

NUMBERS = st.tuples(
    st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 9999), st.sampled_from(["-", "", " "])
)


def _possible(day: int, month: int) -> bool:
    day = day - 60 if day > 60 else day
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2024, month)[1]  # a leap year: 29 February counts


@given(NUMBERS)
def test_a_number_is_refused_exactly_where_it_begins_with_a_possible_date(
    parts: tuple[int, int, int, int, str],
) -> None:
    day, month, year, last, between = parts
    text = f"Sagen om {day:02d}{month:02d}{year:02d}{between}{last:04d} er fra i fjor."
    if _possible(day, month):
        with pytest.raises(PersonalDataError, match="ligner et CPR-nummer"):
            refuse_personal_data(text)
    else:
        refuse_personal_data(text)


@pytest.mark.parametrize(
    "words", ["01 01 90 1234", "01.01.90-1234", "01/01/90 1234", "０１０１９０-1234", "610190-1234"]
)
def test_no_way_of_writing_it_gets_through(words: str) -> None:
    with pytest.raises(PersonalDataError, match="ligner et CPR-nummer"):
        refuse_personal_data(f"Det gælder {words}, som klagede.")


@given(st.integers(10**10, 10**15))
def test_longer_numbers_are_no_cpr_numbers(number: int) -> None:
    refuse_personal_data(f"Nummer {number} er et varenummer.")


@given(st.text())
def test_the_whole_number_is_never_repeated_in_the_refusal(text: str) -> None:
    assume("0101701234" not in text)
    with pytest.raises(PersonalDataError) as refused:
        refuse_personal_data("x 010170-1234 x")
    assert "1234" not in str(refused.value)


@pytest.mark.parametrize("text", ["Sagsnr. 2024-1187", "Se sagsnummer: 88/21", "journalnr. 27.12.00-G01", "J.nr. 5"])
def test_the_number_of_a_case_is_refused(text: str) -> None:
    with pytest.raises(PersonalDataError, match="enkelt sag"):
        refuse_personal_data(text)


@pytest.mark.parametrize(
    "text",
    ["Ring på 98 11 22 33.", "CVR 12345678", "Vi havde 54 sager i 2025, heraf 3 omgjorte.", "Lov nr. 721 af 13. juni"],
)
def test_what_offices_write_every_day_is_not_refused(text: str) -> None:
    refuse_personal_data(text)


def test_a_child_that_may_be_named_is_pointed_out_to_the_moderator() -> None:
    assert names_of_children("Sagen om drengen Lukas og om Emma på 8 år.") == ["drengen Lukas", "Emma på 8 år"]
    assert names_of_children("Vi har talt 8 år med Ankestyrelsen.") == []
