from dataclasses import replace

from portal.press import questions, warnings
from portal.press.municipality_rules import moved
from tests.portal.press.people import PEERS, edition, figure, indicator, municipality, place, standing


def _has(lines: tuple[str, ...], words: str) -> bool:
    return any(words in line for line in lines)


def test_a_move_within_the_uncertainty_is_warned_of_both_ways() -> None:
    up = municipality(overall=standing(before=44, before_low=38, before_high=50, before_n=97))
    assert warnings.of_municipality(up)[0] == (
        "Skriv ikke, at Rødovre er blevet bedre siden 2025: fra nr. 44 af 97 til nr. 40 af 97, men forskellen er inden "
        "for usikkerheden."
    )
    down = municipality(overall=standing(before=37, before_low=30, before_high=42, before_n=97))
    assert _has(warnings.of_municipality(down), "er blevet dårligere siden 2025")


def test_a_clear_move_and_no_move_are_not_warned_of() -> None:
    clear = municipality(overall=standing(before=80, before_low=70, before_high=90, before_n=97))
    same = municipality(overall=standing(before=40, before_low=30, before_high=50, before_n=97))
    assert not _has(warnings.of_municipality(clear), "usikkerheden")
    assert not _has(warnings.of_municipality(same), "usikkerheden")


def test_a_break_in_a_series_forbids_the_comparison() -> None:
    lines = warnings.of_municipality(municipality(figures=(figure(broken_in=2025),)))
    assert "Sammenlign ikke »Ventetid« med 2024 eller tidligere: databrud i 2025." in lines
    assert _has(warnings.of_indicator(indicator(broken_in=2025)), "databrud i 2025")
    assert _has(warnings.of_edition(edition(breaks=(("Ventetid", 2025),))), "databrud i 2025")


def test_another_method_forbids_the_comparison_and_nothing_is_said_of_the_move() -> None:
    changed = municipality(comparable=False, overall=standing(before=44, before_low=38, before_high=50, before_n=90))
    lines = warnings.of_municipality(changed)
    assert lines[0] == "Sammenlign ikke placeringen med 2025: metoden er ændret."
    assert not _has(lines, "blevet bedre")
    assert not _has(lines, "90 kommuner")


def test_another_number_of_ranked_is_warned_of() -> None:
    lines = warnings.of_municipality(municipality(overall=standing(n=95, before_n=97)))
    assert "Skriv »af 95« med: i 2025 var 97 kommuner placeret, så en plads er ikke det samme nu." in lines
    assert _has(warnings.of_edition(edition(previous_n=97)), "97 kommuner placeret")
    assert not _has(warnings.of_edition(edition(previous_n=3)), "placeret, så")
    unranked = warnings.of_municipality(municipality(overall=standing(rank=None, n=95, before_n=97)))
    assert not _has(unranked, "»af 95«")


def test_of_how_many_is_asked_for_once() -> None:
    both, fewer, unranked = (
        [line for line in warnings.of_edition(edition(**facts)) if "»af" in line]
        for facts in (
            {"previous_n": 97, "unranked": ("Fanø", "Læsø")},
            {"previous_n": 97},
            {"unranked": ("Fanø", "Læsø")},
        )
    )
    assert [len(both), len(fewer), len(unranked)] == [1, 1, 1]
    assert both[0] == f"{fewer[0]} Ikke placeret, fordi der mangler for mange tal: Fanø og Læsø."
    assert "Fanø og Læsø er ikke placeret" in unranked[0]


def test_what_cannot_be_told_apart_shared_provisional_missing_and_thin_is_warned_of() -> None:
    facts = municipality(
        overall=standing(alike=12, last=42, coverage=0.7),
        figures=(figure(provisional=True), figure(name="Hjemløse", missing="ikke opgjort i år")),
    )
    lines = warnings.of_municipality(facts)
    assert _has(lines, "kan ikke skelnes fra 12 andre kommuner")
    assert _has(lines, "pladsen er delt (nr. 40–42)")
    assert _has(lines, "Skriv »foreløbige tal« ved »Ventetid«.")
    assert _has(lines, "Her mangler »Hjemløse«.")
    assert _has(lines, "bygger på 70 % af vægten")


def test_a_municipality_with_nothing_to_warn_of_is_still_not_its_effort_alone() -> None:
    assert warnings.of_municipality(municipality()) == (
        "Skriv ikke, at placeringen skyldes kommunens indsats alene: vilkår og tilfældigheder spiller også ind.",
    )


def test_demo_data_is_the_first_warning_of_every_sheet() -> None:
    for lines in (
        warnings.of_municipality(municipality(is_demo=True)),
        warnings.of_indicator(indicator(is_demo=True)),
        warnings.of_edition(edition(is_demo=True)),
    ):
        assert lines[0] == "Brug ikke tallene: de er opdigtede (demodata)."


def test_an_indicators_direction_is_demanded_and_a_neutral_one_has_none() -> None:
    assert _has(warnings.of_indicator(indicator()), "Skriv retningen med: lavere er bedre.")
    neutral = warnings.of_indicator(indicator(neutral=True))
    assert _has(neutral, "hverken godt eller dårligt")
    assert not _has(neutral, "Skriv retningen med")


def test_an_indicators_gaps_are_counted_by_kind() -> None:
    lines = warnings.of_indicator(indicator(missing={"suppressed": 2}, provisional=1))
    assert _has(lines, "2 kommuner har ingen værdi (2 for få til at vise)")
    assert _has(lines, "»foreløbige tal« ved 1 kommune")


def test_a_first_place_that_cannot_be_told_apart_is_warned_of() -> None:
    lines = warnings.of_edition(edition(places=(place("Ærø", 1, alike=3), place("Odder", 2))))
    assert _has(lines, "Skriv ikke »landets bedste« uden forbehold: Ærø")
    assert not _has(warnings.of_edition(edition()), "landets bedste")


def test_a_long_list_of_names_is_cut_and_counted() -> None:
    figures = tuple(figure(name=f"I{number}", missing="ikke indberettet") for number in range(9))
    assert _has(warnings.of_municipality(municipality(figures=figures)), "»I5« og 3 andre")


def test_questions_name_the_worst_the_best_the_greatest_change_the_peer_and_the_gap() -> None:
    facts = municipality(
        figures=(
            figure(name="God", rank=1, last=1),
            figure(name="Dårlig", rank=97, last=97),
            figure(name="Flyttet", before_score=10.0, before_text="30 dage", before_year=2024),
            figure(name="Mangler", rank=None, last=None, score=None, missing="ikke indberettet"),
        ),
        peers=PEERS,
    )
    asked = questions.of_municipality(facts)
    assert len(asked) == 5
    for words in ("nr. 97 af 97 på »Dårlig«", "nr. 1 af 97 på »God«", "fra 30 dage i 2024", "Furesø", "»Mangler«"):
        assert _has(asked, words)


def test_a_municipality_in_the_middle_of_everything_is_asked_nothing_made_up() -> None:
    assert questions.of_municipality(municipality()) == ()
    assert questions.of_municipality(municipality(peers=replace(PEERS, best_rank=50))) == ()


def test_questions_about_an_indicator_and_an_edition_follow_their_facts() -> None:
    plain, full = indicator(), indicator(broken_in=2025, missing={"suppressed": 1})
    assert len(questions.of_indicator(plain)) == 2
    assert len(questions.of_indicator(full)) == 4
    moved = edition(
        places=(place("Ærø", 1, change=9.0, clear=True),), everywhere_worst=(place("Fanø", 3),), unranked=("Læsø",)
    )
    asked = questions.of_edition(moved)
    for words in ("Ærø har flyttet sig mest", "(Fanø)", "Læsø"):
        assert _has(asked, words)
    assert len(questions.of_edition(edition())) == 1


def test_where_few_live_a_figure_is_less_sure_and_nobody_writes_of_a_development() -> None:
    small, large = municipality(inhabitants=1_787), municipality(inhabitants=43_601)
    assert _has(warnings.of_municipality(small), "her bor 1.787, så få personer kan flytte et tal meget")
    assert not _has(warnings.of_municipality(large), "her bor")
    moving = figure(score=80.0, before_score=40.0, before_text="19,1", before_year=2024)
    sure = [moved(one, moving) for one in (small, large)]
    assert sure[0] is not None
    assert sure[1] is not None
    assert sure[0].robustness < sure[1].robustness - 0.2
