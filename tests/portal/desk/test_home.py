"""The desk's first page: every source in the year of the edition, its state in a word, and what comes next."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.urls import reverse

from indicators.models import Indicator, LogEntry, Source
from portal.desk.year import expected_years, source_lines, year_line
from portal.operating.roles import DATA_STEWARD, EDITOR
from rankings.models import SourcePlan
from rankings.services.sources import SourceError, confirm_reuse, plan_source
from tests.accounts import Person, SignIn, person, signed_in
from tests.filled_in import NOW, imported, steward

__all__ = ["person", "signed_in"]
pytestmark = pytest.mark.django_db
TODAY = dt.date(2027, 8, 5)


def source_of(code: str) -> Source:
    return Indicator.objects.get(code=code).source


def state_of(source: Source, by: User) -> tuple[str, str]:
    line = next(one for one in source_lines(2027, by, TODAY) if one.source == source)
    return line.state, line.detail


def test_registers_give_the_year_before_and_surveys_the_year_itself(person: Person) -> None:
    years = expected_years(2027)
    assert {years["b-omgoerelse"], years["b-neet"]} == {2026}
    assert years["b-anbefaling"] == 2027 if "b-anbefaling" in years else 2027 in years.values()
    line = next(one for one in source_lines(2027, person("anna"), TODAY) if one.source == source_of("b-omgoerelse"))
    assert line.gives == "2026 → udgave 2027"


def test_a_source_goes_from_missing_over_late_to_reused(person: Person) -> None:
    anna, source = person("anna", DATA_STEWARD), source_of("b-omgoerelse")
    assert state_of(source, anna) == ("missing", "ingen frist")
    plan_source(year=2027, source=source, responsible=anna, due_on=TODAY, by=anna, now=NOW)
    assert state_of(source, anna) == ("missing", "frist i dag")
    plan_source(year=2027, source=source, responsible=anna, due_on=TODAY - dt.timedelta(days=2), by=anna, now=NOW)
    assert state_of(source, anna) == ("late", "frist for 2 dage siden")
    assert source_lines(2027, anna, TODAY)[0].source == source  # what is late stands first
    with pytest.raises(SourceError):
        confirm_reuse(year=2027, source=source, because=" ", by=anna, now=NOW)
    confirm_reuse(year=2027, source=source, because="Tælles hvert andet år.", by=anna, now=NOW)
    assert state_of(source, anna) == ("reused", "bekræftet af anna")
    said = LogEntry.objects.about("year 2027").values_list("action", flat=True)
    assert set(said) == {"source_planned", "source_reused"}


def test_new_figures_of_one_indicator_are_counted_and_of_all_are_applied(person: Person) -> None:
    anna = person("anna", DATA_STEWARD)
    source = source_of("b-omgoerelse")
    codes = list(Indicator.objects.of_the_index().filter(source=source).values_list("code", flat=True))
    imported(f"101;København;{codes[0]};2026;12,5;")
    assert state_of(source, anna) == ("missing", f"1 af {len(codes)} er inde; ingen frist")
    for code in codes[1:]:
        imported(f"101;København;{code};2026;12,5;", name=f"{code}.csv")
    assert state_of(source, anna)[0] == "applied"


def test_reuse_without_a_name_and_two_plans_of_a_year_are_refused_by_the_database() -> None:
    source = source_of("b-omgoerelse")
    with pytest.raises(IntegrityError), transaction.atomic():
        SourcePlan.objects.create(year=2027, source=source, reused_because="Derfor")
    SourcePlan.objects.create(year=2027, source=source)
    with pytest.raises(IntegrityError), transaction.atomic():
        SourcePlan.objects.create(year=2027, source=source)


def test_the_home_page_says_state_in_words_and_leads_each_role_on(person: Person, signed_in: SignIn) -> None:
    plan_source(year=2027, source=source_of("b-omgoerelse"), responsible=None, due_on=dt.date(2020, 1, 2),
                by=steward(), now=NOW)  # fmt: skip
    where = reverse("admin:index")
    page = signed_in(person("anna", DATA_STEWARD)).get(where).content.decode()
    assert "Årets arbejde" in page
    assert "For sent" in page
    assert "Hent skabelonen" in page
    assert "Vejledning" in page
    assert page.count('<tr class="late">') == 1
    other = signed_in(person("erik", EDITOR)).get(where).content.decode()
    assert "Hent skabelonen" not in other  # an editor brings no files
    assert signed_in(person("ingen")).get(where).status_code == 200  # Django's own list, without anything of the year
    assert signed_in(person("eva", EDITOR)).get(reverse("admin:rankings_edition_guide")).status_code == 200


def test_a_plan_is_made_by_those_who_compute_and_seen_by_all(person: Person, signed_in: SignIn) -> None:
    where = reverse("admin:rankings_edition_source", args=[2027, source_of("b-omgoerelse").pk])
    assert signed_in(person("erik", EDITOR)).get(where).status_code == 200
    assert signed_in(person("eva", EDITOR)).post(where, {"due": "2027-08-10"}).status_code == 403
    client = signed_in(person("anna", DATA_STEWARD))
    assert (
        client.post(where, {"due": "ikke en dato"}, follow=True).content.decode().count("Skriv fristen som en dato")
        == 1
    )
    client.post(where, {"due": "2027-08-10", "responsible": ""})
    assert SourcePlan.objects.get().due_on == dt.date(2027, 8, 10)


def test_the_year_is_whole_months_with_today_and_every_span_inside() -> None:
    line = year_line([("Høring", dt.date(2027, 8, 16), dt.date(2027, 9, 10), "hearing", "")], TODAY)
    assert [name for name, _left in line["months"]] == ["august", "september", "oktober", "november", "december"]
    assert 0 < line["today"] < line["marks"][0]["left"]
    assert line["marks"][0]["left"] + line["marks"][0]["width"] <= 1000


def test_several_sources_are_shared_out_at_once_and_what_is_left_open_stays(person: Person, signed_in: SignIn) -> None:
    anna, eva = person("anna", DATA_STEWARD), person("eva", EDITOR)
    first = source_of("b-omgoerelse")
    second = Source.objects.filter(indicators__role="index").exclude(pk=first.pk).order_by("pk")[0]
    plan_source(year=2027, source=first, responsible=anna, due_on=TODAY, by=anna, now=NOW)
    where, client = reverse("admin:rankings_edition_share_out", args=[2027]), signed_in(anna)
    page = client.get(reverse("admin:index")).content.decode()
    assert page.count('name="source"') == len(source_lines(2027, anna, TODAY))
    client.post(where, {"source": [first.pk, second.pk], "responsible": eva.pk, "due": ""})
    assert {(plan.responsible, plan.due_on) for plan in SourcePlan.objects.filter(year=2027)} == {
        (eva, TODAY),
        (eva, None),
    }
    client.post(where, {"source": [second.pk], "responsible": "", "due": "2027-09-01"})
    assert SourcePlan.objects.get(year=2027, source=second).responsible == eva
    assert "Vælg kilder" in client.post(where, {"responsible": eva.pk}, follow=True).content.decode()
    assert signed_in(eva).post(where, {"source": [first.pk], "due": "2027-09-02"}).status_code == 403
    assert SourcePlan.objects.get(year=2027, source=first).due_on == TODAY
