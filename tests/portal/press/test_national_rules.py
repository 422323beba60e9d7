from portal.press import national_rules as rules
from portal.press.facts import AreaFacts, SpreadFacts
from tests.portal.press.people import edition, place


def _text(statement: object) -> str:
    return getattr(statement, "text", "")


def test_the_first_is_told_with_how_many_it_cannot_be_told_apart_from() -> None:
    places = (place("Ærø", 1, alike=5), place("Odder", 2))
    assert _text(rules.first(edition(places=places))) == (
        "Ærø er nr. 1 af 3 i Socialt Indeks 2026 (mellem nr. 1 og 2), men kan ikke skelnes fra 5 andre kommuner."
    )
    assert _text(rules.first(edition())).endswith("og kan skelnes fra alle andre.")


def test_a_shared_first_place_is_no_story_about_one() -> None:
    shared = (place("Ærø", 1, last=2), place("Odder", 1, last=2))
    assert rules.first(edition(places=shared)) is None


def test_the_greatest_moves_are_told_only_among_those_that_can_be_seen() -> None:
    places = (
        place("Ærø", 1, change=60.0, before="nr. 61 af 97", clear=False),
        place("Odder", 2, change=30.0, before="nr. 32 af 97", clear=True),
        place("Vejle", 3, change=-2.0, before="nr. 1 af 97", clear=True),
    )
    up, down = rules.movers(edition(places=places))
    assert _text(up) == "Odder er gået mest frem, ud over usikkerheden: fra nr. 32 af 97 i 2025 til nr. 2 af 3 i 2026."
    assert "Vejle er gået mest tilbage" in _text(down)
    assert rules.movers(edition(places=places, comparable=False)) == ()
    assert rules.movers(edition(places=places, previous_year=None)) == ()


def test_that_nobody_moved_is_a_story_of_its_own() -> None:
    places = (place("Ærø", 1, change=2.0), place("Odder", 2, change=0.0))
    text = _text(rules.nobody_moved(edition(places=places)))
    assert text.startswith("Ingen kommune har flyttet sig så meget siden 2025")
    assert "1 af 3" in text
    assert rules.nobody_moved(edition(places=(place("Ærø", 1, change=9.0, clear=True),))) is None
    assert rules.nobody_moved(edition(comparable=False)) is None


def test_those_surely_in_the_best_fifth_are_counted_and_at_most_five_named() -> None:
    places = tuple(place(f"K{number}", number, low=1, high=number) for number in range(1, 21))
    text = _text(rules.surely_best(edition(places=places, n=40)))
    assert text == "8 kommuner er i den bedste femtedel i mindst 9 af 10 beregninger: K1, K2, K3, K4, K5 og 3 andre."
    assert rules.surely_best(edition()) is None


def test_those_in_the_best_or_worst_fifth_everywhere_are_named() -> None:
    who = (place("Ærø", 1), place("Odder", 2))
    assert _text(rules.best_everywhere(edition(everywhere_best=who))) == (
        "Ærø og Odder er i den bedste femtedel på alle områder i 2026."
    )
    assert "dårligste femtedel" in _text(rules.worst_everywhere(edition(everywhere_worst=who)))
    assert rules.best_everywhere(edition()) is None
    assert rules.best_everywhere(edition(everywhere_best=tuple(place(str(i), i) for i in range(1, 8)))) is None


def test_the_spread_is_told_where_there_is_one() -> None:
    assert _text(rules.spread(edition())).startswith("Den samlede score går fra 35,0 til 71,9 af 100")
    assert rules.spread(edition(spread=SpreadFacts(0))) is None


def test_each_areas_first_is_told_only_where_every_area_has_one() -> None:
    areas = (AreaFacts("voksne", "Udsatte voksne", (place("Odder", 1),)), AreaFacts("b", "Børn", (place("Ærø", 1),)))
    assert _text(rules.firsts_of_areas(edition(areas=areas))) == (
        "Nr. 1 på områderne er Odder (Udsatte voksne) og Ærø (Børn)."
    )
    shared = AreaFacts("h", "Handicap", (place("Odder", 1), place("Ærø", 1)))
    assert rules.firsts_of_areas(edition(areas=(*areas, shared))) is None


def test_a_correction_is_told_with_its_reason_before_anything_that_is_new() -> None:
    corrected = edition(reason="Tre tal var forkerte.", new_indicators=("Ny",))
    assert _text(rules.new(corrected)) == "Udgave 2026.1 er en rettelse: Tre tal var forkerte."
    assert _text(rules.new(edition(new_indicators=("Ny",)))) == "Nyt i 2026: »Ny«. I alt er 103 indikatorer med."
    assert rules.new(edition()) is None
