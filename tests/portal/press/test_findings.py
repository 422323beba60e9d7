"""What a page opens with is what the rules say, and never who is best where nobody can tell."""

from portal.press.findings import findings
from tests.portal.press.people import edition, place


def test_who_is_first_is_left_open_where_the_figures_leave_it_open() -> None:
    sure = [place(f"K{number}", number, code=str(number), low=1, high=number) for number in range(1, 21)]
    told_apart = findings(edition(places=tuple(sure), n=40))[0]
    assert told_apart.title == "8 kommuner ligger sikkert i den bedste femtedel"
    assert "nr. 1" not in told_apart.text
    sure[0] = place("K1", 1, code="1", low=1, high=4, alike=3)
    assert "kan tallene ikke afgøre" in findings(edition(places=tuple(sure), n=40))[0].text


def test_a_move_is_told_only_beyond_the_uncertainty_and_else_that_there_is_none() -> None:
    within = (place("Ærø", 1, change=60.0, before="nr. 61 af 97"), place("Odder", 2, change=-3.0))
    nobody = next(one for one in findings(edition(places=within)) if one.rule == "nobody moved")
    assert nobody.title == "Ingen kommune er rykket sikkert siden 2025"
    assert [one.name for one in nobody.places] == ["Ærø", "Odder"]
    beyond = (*within, place("Vejle", 3, code="630", change=20.0, before="nr. 23 af 97", clear=True))
    told = findings(edition(places=beyond))
    assert [one.title for one in told if one.rule == "up"] == ["Vejle er rykket sikkert frem siden 2025"]
    assert not [one for one in told if one.rule == "nobody moved"]


def test_who_is_first_is_an_open_question_only_among_several_of_those_that_are_named() -> None:
    first = place("Egedal", 1, code="1", low=1, high=30, alike=6)
    second = place("Aarhus", 2, code="2", low=1, high=4, alike=1)
    alone = findings(edition(places=(first, second), n=40))[0]
    assert alone.title == "1 kommune ligger sikkert i den bedste femtedel"
    assert "Hvem af dem" not in alone.text
    third = place("Odder", 3, code="3", low=1, high=5)
    assert "Hvem af dem" not in findings(edition(places=(first, second, third), n=40))[0].text
