"""What the public is told of services, held against a second implementation; gaps, freshness, who uses what."""

import datetime as dt
from collections import Counter, defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.models import Municipality
from indicators.provisions.models import Provision, Registration, Table, Term, Usage, Vacancy
from indicators.provisions.shown.answer import by_municipality, everything, some_of
from indicators.provisions.shown.gaps import gaps_on, over_time, protected_by_region
from indicators.provisions.shown.municipality import register_day, supplies_on
from indicators.provisions.shown.question import Choices, UnknownValueError, question_of
from indicators.provisions.shown.service import service_page
from tests.indicators.provisions import oracle
from tests.indicators.provisions.register import TODAY, numbers_of, service, written

pytestmark = pytest.mark.django_db
P, C, G = Table.PROVISIONS, Table.CAPACITY, Table.TARGET_GROUPS


def demo_day() -> dt.date:
    """The day the demo was made."""
    day = register_day()
    assert day is not None
    return day


ASKED = st.fixed_dictionaries(
    {},
    optional={
        "maalgruppe": st.sampled_from(["boern-hjerneskade", "boern-autisme", "voksne-sind", "voksne-misbrug"]),
        "paragraf": st.sampled_from(["bl-43", "bl-32", "sel-107", "sel-104"]),
        "alder": st.sampled_from(["0", "6", "12", "17", "18", "80"]),
        "form": st.sampled_from(["municipal", "private", "regional"]),
        "kommune": st.sampled_from(["struer", "Bornholm", "koebenhavn"]),
        "landsdel": st.sampled_from(["Fyn", "oestjylland", "Byen København"]),
        "sted": st.sampled_from(["Struer", "odense", "Ærøskøbing"]),
    },
)


def test_every_question_has_the_answer_of_the_second_implementation() -> None:
    day = demo_day()
    known, choices = oracle.everything(day), Choices.on(day)

    @settings(max_examples=120)
    @given(ASKED)
    def answered(asked: dict[str, str]) -> None:
        question = question_of(asked, day=day, choices=choices)
        right = {one.row.provision.number: one for one in oracle.fitting(question, known)}
        found = list(everything(question))
        assert {one.number for one in found} == set(right)
        assert {one.number: one.places for one in found} == {number: one.places for number, one in right.items()}
        counts = Counter(one.municipality_code for one in found)
        standing = by_municipality(question)
        assert {row.code: row.services for row in standing} == counts
        assert sum(row.places for row in standing) == sum(one.places or 0 for one in found)
        assert numbers_of(some_of(question, 0, 40)) == numbers_of(found[:40])
        if question.place is not None:
            for one in found:
                km = oracle.kilometres(question.place, right[one.number].row)
                assert (one.km is None) == (km is None)
                assert km is None or one.km == pytest.approx(km, abs=0.01)
            measured = [one.km for one in found if one.km is not None]
            assert measured == sorted(measured)
            assert all(one.km is None for one in found[len(measured) :])  # without a point: last, and no distance

    answered()


def test_a_value_that_nobody_knows_is_refused_by_name() -> None:
    choices = Choices.on(TODAY)
    for name in ("maalgruppe", "paragraf", "alder", "form", "kommune", "landsdel", "sted"):
        with pytest.raises(UnknownValueError) as refused:
            question_of({name: "sludder"}, day=TODAY, choices=choices)
        assert (refused.value.name, refused.value.value) == (name, "sludder")
    assert question_of({"sted": "", "alder": "  ", "andet": "x"}, day=TODAY, choices=choices).asked == {}


def test_an_adults_department_does_not_make_a_childrens_service_fit_a_child() -> None:
    written(P, service("X1"))
    written(Table.DEPARTMENTS, "X1;voksne;Voksne", "X1;boern;Børn")
    written(C, "X1;voksne;;SEL § 107;5;18;;2031-01-01", "X1;boern;;BL § 43;5;6;17;2031-01-01")
    written(G, "X1;voksne;boern-hjerneskade", "X1;boern;boern-autisme")
    choices = Choices.on(TODAY)

    def found(group: str) -> list[str]:
        question = question_of({"maalgruppe": group, "alder": "12"}, day=TODAY, choices=choices)
        return [number for number in numbers_of(list(everything(question))) if number == "X1"]

    assert (found("boern-hjerneskade"), found("boern-autisme")) == ([], ["X1"])


def test_an_outside_term_is_found_by_our_own() -> None:
    written(P, service("X1"))
    written(G, "X1;;opdigtet-fagliste:x1")
    question = question_of({"maalgruppe": "boern-hjerneskade"}, day=TODAY, choices=Choices.on(TODAY))
    assert "X1" in numbers_of(list(everything(question)))


def test_the_list_and_the_map_cost_eight_queries_at_most() -> None:
    with CaptureQueriesContext(connection) as queries:
        asked = {"maalgruppe": "boern-hjerneskade", "alder": "12", "sted": "Struer"}
        question = question_of(asked, day=TODAY, choices=Choices.on(TODAY))
        by_municipality(question)
        some_of(question, 0, 40)
    assert len(queries) <= 8


def test_the_gaps_are_those_counted_one_service_at_a_time() -> None:
    day = demo_day()
    gaps, known = gaps_on(day), oracle.everything(day)
    fresh = [one for one in known if (one.row.provision.confirmed_on or dt.date.min) > day - dt.timedelta(days=365)]
    assert gaps.unconfirmed == len(known) - len(fresh)
    services: dict[tuple[str, str], set[str]] = defaultdict(set)
    places: Counter[tuple[str, str]] = Counter()
    for one in fresh:
        home = one.row.municipality
        assert home is not None
        for group in {each.target_group.means or each.target_group for each in one.serves}:
            takes = {each.department_id for each in one.serves if group in {each.target_group, each.target_group.means}}
            counted = [
                c for c in one.capacities if None in takes or c.department_id is None or c.department_id in takes
            ]
            for part in (home.landsdel, home.region.name):
                services[group.code, part].add(one.row.provision.number)
                places[group.code, part] += sum(c.places or 0 for c in counted)
    for row in gaps.rows:
        cells = row.by_landsdel | row.by_region
        assert {name: (cell.services, cell.places) for name, cell in cells.items()} == {
            name: (len(services[row.group.code, name]), places[row.group.code, name]) for name in cells
        }


def test_the_demo_shows_what_it_was_made_to_show() -> None:
    day = demo_day()
    gaps = gaps_on(day)
    assert Registration.objects.current().count() == 60
    assert all(row.name.startswith("Opdigtet") for row in Registration.objects.current())
    assert (gaps.unconfirmed, sum(gaps.protected_by_region.values())) == (10, 3)
    for landsdel in gaps.landsdele:
        assert any(not row.by_landsdel[landsdel].services for row in gaps.rows), landsdel


def test_per_1000_is_said_only_where_the_size_of_the_group_is_known_everywhere() -> None:
    day = demo_day()
    written(Table.GROUP_SIZES, "boern-udvikling;Struer;2030;50;Prøven")
    rows = {row.group.code: row for row in gaps_on(day).rows}
    assert all(cell.per_1000 is None for cell in rows["boern-udvikling"].by_landsdel.values())
    autism = [cell for cell in rows["boern-autisme"].by_landsdel.values() if cell.services]
    assert autism
    assert all(cell.per_1000 is not None for cell in autism)


def test_an_unconfirmed_service_is_listed_and_in_no_gap() -> None:
    written(P, service("X1", rest=";;;;i drift;2029-01-01"))
    written(G, "X1;;voksne-misbrug")
    choices = Choices.on(TODAY)
    listed = {one.number: one for one in everything(question_of({}, day=TODAY, choices=choices))}
    assert not listed["X1"].is_confirmed
    before = {row.group.code: row.by_landsdel["Vestjylland"].services for row in gaps_on(TODAY).rows}
    written(P, service("X1", rest=";;;;i drift;2031-02-01"))
    after = {row.group.code: row.by_landsdel["Vestjylland"].services for row in gaps_on(TODAY).rows}
    assert after["voksne-misbrug"] == before["voksne-misbrug"] + 1


def test_the_regions_are_those_of_the_day() -> None:
    before, after = gaps_on(dt.date(2026, 12, 31)), gaps_on(dt.date(2027, 1, 1))
    assert {"Region Hovedstaden", "Region Sjælland"} <= set(before.regions)
    assert "Region Østdanmark" in after.regions
    assert len(after.regions) == len(before.regions) - 1
    one, two = protected_by_region(dt.date(2026, 12, 31)), protected_by_region(dt.date(2027, 1, 1))
    assert (list(one), list(two)) == (before.regions, after.regions)
    assert one["Region Hovedstaden"] + one["Region Sjælland"] == two["Region Østdanmark"]
    for old, new in zip(before.rows, after.rows, strict=True):
        both = old.by_region["Region Hovedstaden"].services + old.by_region["Region Sjælland"].services
        assert new.by_region["Region Østdanmark"].services <= both


def test_places_over_time_are_those_that_held_on_the_first_of_january() -> None:
    rest = over_time(demo_day()).by_landsdel["Bornholm"][-1]
    written(P, service("X1", where="Bornholm"))
    for year, places in ((2028, 5), (2029, 8), (2031, 3)):
        written(C, f"X1;;;BL § 43;{places};6;17;{year}-01-01")
    written(C, "X1;;;BL § 43;4;6;17;2031-01-01")  # a correction of the same day
    time = over_time(TODAY)
    of_bornholm = dict(zip(time.years, time.by_landsdel["Bornholm"], strict=True))
    assert [of_bornholm[year] - rest for year in (2027, 2028, 2029, 2030, 2031)] == [0, 5, 8, 8, 4]


def test_a_vacancy_is_gone_after_seven_days() -> None:
    written(P, service("X1"))
    written(Table.VACANCIES, "X1;boern-autisme;2;2031-03-01")
    for days, shown in ((0, 1), (7, 1), (8, 0)):
        page = service_page("X1", day=TODAY + dt.timedelta(days=days))
        assert page is not None
        assert len(page.vacancies) == shown
    assert Vacancy.objects.shown_on(TODAY - dt.timedelta(days=1)).filter(provision__number="X1").count() == 0


def test_a_share_from_outside_is_given_only_where_no_number_is_hidden() -> None:
    written(P, service("X1"))
    written(Table.USAGE, "X1;Struer;2030;6", "X1;Lemvig;2030;14", "X1;Skive;2030;10", "X1;Struer;2029;99")
    page = service_page("X1", day=TODAY)
    assert page is not None
    assert page.usage is not None
    assert (page.usage.year, page.usage.persons) == (2030, 30)
    assert page.usage.from_outside == pytest.approx(0.8)
    written(Table.USAGE, "X1;Thisted;2030;<5")
    page = service_page("X1", day=TODAY)
    assert page is not None
    assert page.usage is not None
    assert page.usage.from_outside is None


@pytest.mark.parametrize("written_as", ["4", "1", "<5", "x"])
def test_fewer_than_five_persons_are_never_printed(written_as: str) -> None:
    written(P, service("X1"))
    written(Table.USAGE, f"X1;Lemvig;2030;{written_as}")
    page = service_page("X1", day=TODAY)
    assert page is not None
    assert page.usage is not None
    assert [(payer.name, payer.persons) for payer in page.usage.payers] == [("Lemvig", None)]
    used = supplies_on(TODAY)["lemvig"].use
    assert used is not None
    assert [one.persons for one in used.most] == [None]


def test_a_municipalitys_three_things_are_kept_apart() -> None:
    written(P, service("X1", where="Lemvig"), service("X2", where="Skive"))
    written(C, "X1;;;BL § 43;7;6;17;2031-01-01")
    written(Table.USAGE, "X1;Struer;2030;9", "X2;Struer;2030;20")
    day = demo_day()
    before, after = supplies_on(day)["struer"], supplies_on(day)["struer"]
    known = oracle.everything(day)
    here = [one for one in known if one.row.municipality and one.row.municipality.slug == "struer"]
    assert (after.here.services, after.here.places) == (len(here), sum(one.places or 0 for one in here))
    around = [one for one in known if one.row.municipality and one.row.municipality.landsdel == "Vestjylland"]
    assert after.in_landsdel.services == len(around)
    assert after.use is not None
    assert (after.use.services, after.use.elsewhere) == (2, 2)
    assert [one.municipality for one in after.use.most] == ["Skive", "Lemvig"]
    assert before == after
    assert Municipality.objects.count() == len(supplies_on(day))


def test_a_protected_service_is_in_no_answer_however_it_became_so() -> None:
    written(P, service("X1", rest="56,49;8,59;;;i drift;2031-02-01"))
    written(G, "X1;;boern-autisme")
    written(Table.USAGE, "X1;Struer;2030;9")
    written(P, service("X1", rest="56,49;8,59;sikret;;i drift;2031-02-02"))
    choices = Choices.on(TODAY)
    assert "X1" not in numbers_of(list(everything(question_of({}, day=TODAY, choices=choices))))
    assert "X1" not in numbers_of(list(everything(question_of({"sted": "Struer"}, day=TODAY, choices=choices))))
    assert service_page("X1", day=TODAY) is None
    use = supplies_on(TODAY)["struer"].use
    assert use is None or "X1" not in numbers_of(use.most)
    assert Usage.objects.filter(provision__number="X1").exists()
    assert Provision.objects.get(number="X1").protected
    assert Term.objects.get(code="sikret").protects
