"""Enquiries, follow-ups and circles: only among members, limited, reminded of once, counted and never more."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from indicators.models import Municipality
from indicators.people.models import Letter, MemberRole, Organisation, Task
from indicators.people.services.members import join
from rankings.practices.models import Circle, Enquiry, EnquiryState, FollowUp, FollowUpResult, Practice
from rankings.practices.services import exchange
from rankings.practices.services.proposing import PracticeError
from tests.rankings.practices import people

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 2, 1, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def asked() -> Organisation:
    return people.organisation()


def askers() -> list[Organisation]:
    """The demo's municipalities with members that have asked nobody there."""
    members = Organisation.objects.of_municipalities().spoken_for_by(people.respondent(), NOW)
    in_the_demo = Enquiry.objects.filter(sent_at__lt=dt.datetime(2027, 1, 1, tzinfo=dt.UTC)).values("asker")
    return list(members.exclude(pk__in=[asked().pk]).exclude(pk__in=in_the_demo).order_by("pk"))


def ask(number: int = 0, now: dt.datetime = NOW, **other: object) -> Enquiry:
    about = {"practice": Practice.objects.get(slug__contains="venteliste")}
    fields = {"asker": askers()[number], "asked": asked(), "text": "Hvordan?"} | (other or about)
    return exchange.send_enquiry(enquiry=Enquiry(**fields), by=people.respondent(), now=now)


def test_an_enquiry_is_a_letter_and_a_task_of_fourteen_days() -> None:
    enquiry = ask()
    task = Task.objects.still_open().about(f"enquiry {enquiry.pk}").get()
    assert (task.organisation, task.due_at) == (asked(), NOW + 14 * DAY)
    letter = Letter.objects.get(about=f"enquiry {enquiry.pk}")
    assert letter.email.endswith(".example.invalid")
    assert "Hvordan?" in letter.body


def test_the_way_from_question_to_what_came_of_it() -> None:
    enquiry = ask()
    exchange.answer_enquiry(enquiry=enquiry, answer="Kom en tirsdag.", by=people.approver(), now=NOW + 3 * DAY)
    assert Enquiry.objects.get(pk=enquiry.pk).state == EnquiryState.ANSWERED
    assert not Task.objects.still_open().about(f"enquiry {enquiry.pk}").exists()
    assert exchange.ask_for_follow_ups(now=NOW + 360 * DAY) == 0
    assert exchange.ask_for_follow_ups(now=NOW + 368 * DAY) == 1
    row = exchange.follow_up(
        enquiry=enquiry, result=FollowUpResult.TOO_EARLY, by=people.respondent(), now=NOW + 369 * DAY
    )
    assert row.due_on == (NOW + 734 * DAY).date()
    row = exchange.follow_up(
        enquiry=enquiry, result=FollowUpResult.NOWHERE, by=people.respondent(), now=NOW + 735 * DAY
    )
    assert (row.result, FollowUp.objects.filter(enquiry=enquiry).count()) == ("nowhere", 1)


def test_after_fourteen_days_the_asked_is_reminded_once_and_the_next_is_offered() -> None:
    enquiry = ask()
    another = askers()[2]  # does something with the same aim, and has a mailbox that it has confirmed
    people.published(organisation=another, aims=("h-botilbud-ventetid",))
    assert exchange.remind_of_enquiries(now=NOW + 14 * DAY - dt.timedelta(seconds=1)) == []
    assert exchange.remind_of_enquiries(now=NOW + 14 * DAY) == [enquiry]
    found = Enquiry.objects.get(pk=enquiry.pk)
    assert (found.state, found.reminded_at) == (EnquiryState.UNANSWERED, NOW + 14 * DAY)
    assert found.next_offered == another
    letters = Letter.objects.filter(about=f"enquiry {enquiry.pk}")
    assert letters.count() == 3
    assert str(found.next_offered) in letters.get(organisation=enquiry.asker).body
    assert exchange.remind_of_enquiries(now=NOW + 20 * DAY) == []
    exchange.answer_enquiry(enquiry=enquiry, answer="Undskyld.", by=people.approver(), now=NOW + 21 * DAY)
    assert Enquiry.objects.get(pk=enquiry.pk).state == EnquiryState.ANSWERED


def test_an_enquiry_is_seen_when_both_say_so_and_not_before() -> None:
    enquiry = ask()
    exchange.answer_enquiry(enquiry=enquiry, answer="Ja.", by=people.approver(), now=NOW)
    assert enquiry not in Enquiry.objects.open_to_the_public()
    only_asker = User.objects.create(username="kun-spoerger")
    join(user=only_asker, organisation=enquiry.asker, role=MemberRole.RESPONDENT, by=only_asker, now=NOW)
    exchange.agree_to_show(enquiry=enquiry, by=only_asker, now=NOW)
    assert enquiry not in Enquiry.objects.open_to_the_public()
    only_asked = User.objects.create(username="kun-spurgt")
    join(user=only_asked, organisation=enquiry.asked, role=MemberRole.RESPONDENT, by=only_asked, now=NOW)
    exchange.agree_to_show(enquiry=enquiry, by=only_asked, now=NOW)
    assert enquiry in Enquiry.objects.open_to_the_public()
    with pytest.raises(PracticeError, match="Kun de to"):
        exchange.agree_to_show(enquiry=enquiry, by=User.objects.create(username="tredje"), now=NOW)


def test_only_members_ask_answer_and_follow_up() -> None:
    stranger = User.objects.create(username="fremmed")
    enquiry = ask()
    fresh = Enquiry(asker=askers()[1], asked=asked(), practice=enquiry.practice, text="Hvordan?")
    for act in (
        lambda: exchange.send_enquiry(enquiry=fresh, by=stranger, now=NOW),
        lambda: exchange.answer_enquiry(enquiry=enquiry, answer="x", by=stranger, now=NOW),
        lambda: exchange.decline_enquiry(enquiry=enquiry, by=stranger, now=NOW),
        lambda: exchange.follow_up(enquiry=enquiry, result=FollowUpResult.USED, by=stranger, now=NOW),
    ):
        with pytest.raises(PracticeError, match="kan ikke gøre det for"):
            act()
    assert Enquiry.objects.get(pk=enquiry.pk).state == EnquiryState.SENT


def test_what_is_no_enquiry_is_refused_and_nothing_is_sent() -> None:
    before = Letter.objects.count()
    association = Organisation.objects.exclude(kind="municipality").first()
    practice = Practice.objects.get(slug__contains="venteliste")
    for wrong, message in (
        ({"asked": askers()[0], "practice": practice}, "sig selv"),
        ({"asked": association, "practice": practice}, "mellem kommuner"),
        ({"text": " ", "practice": practice}, "Skriv, hvad"),
        ({"practice": None}, "om en praksis eller en indikator"),
        ({"asked": Organisation.objects.get(municipality__code="851", kind="municipality"), "practice": practice},
         "ingen kontakt"),
    ):  # fmt: skip
        with pytest.raises(PracticeError, match=message):
            ask(**wrong)
    assert Letter.objects.count() == before


def test_nobody_is_buried_in_enquiries() -> None:
    codes = ("b-neet", "b-lav-trivsel", "b-fravaer-over-ti", "v-peer", "v-stof-garanti", "h-handleplan")
    for code in codes[:5]:
        ask(indicator=people.indicator(code))
    with pytest.raises(PracticeError, match="allerede spurgt"):
        ask(indicator=people.indicator(codes[0]))
    with pytest.raises(PracticeError, match="I har sendt 5 henvendelser på 30 dage"):
        ask(indicator=people.indicator(codes[5]))
    for code in codes[:5]:
        ask(1, indicator=people.indicator(code))
    with pytest.raises(PracticeError, match="har fået 10 henvendelser på 30 dage"):
        ask(2, indicator=people.indicator(codes[0]))
    assert ask(2, NOW + 31 * DAY, indicator=people.indicator(codes[0])).pk


def circle(**other: object) -> Circle:
    fields = {"title": "Kreds", "indicator": people.indicator(), "goal": "Under 10 %.", "starts_on": (NOW + DAY).date()}
    return Circle(**fields | other)


def test_a_circle_has_three_to_eight_municipalities_a_goal_first_and_a_year() -> None:
    members = list(Organisation.objects.of_municipalities().spoken_for_by(people.approver(), NOW))
    opened = exchange.open_circle(circle=circle(), members=members[:3], by=people.approver(), now=NOW)
    assert (opened.ends_on - opened.starts_on, opened.members.count()) == (365 * DAY, 3)
    several = list(Organisation.objects.of_municipalities().order_by("pk")[:9])
    for wrong in (members[:2], [*several, members[0]], [members[0], members[0], members[0]]):
        with pytest.raises(PracticeError, match="3 til 8"):
            exchange.open_circle(circle=circle(), members=wrong, by=people.approver(), now=NOW)
    with pytest.raises(PracticeError, match="registreres, før"):
        exchange.open_circle(
            circle=circle(starts_on=(NOW - DAY).date()), members=members[:3], by=people.approver(), now=NOW
        )
    with pytest.raises(PracticeError, match="godkender"):
        exchange.open_circle(circle=circle(), members=members[:3], by=people.editors()[0], now=NOW)
    with pytest.raises(ValidationError):
        exchange.open_circle(circle=circle(goal=" "), members=members[:3], by=people.approver(), now=NOW)
    assert Municipality.objects.count() == 98


def test_no_text_of_practices_or_between_municipalities_holds_personal_data() -> None:
    with pytest.raises(PracticeError, match="ligner et CPR-nummer"):
        ask(practice=Practice.objects.get(slug__contains="venteliste"), text="Om borgeren 010190-1234.")
    with pytest.raises(PracticeError, match="ligner et CPR-nummer"):
        exchange.answer_enquiry(enquiry=ask(), answer="Det var 01 01 90 1234.", by=people.approver(), now=NOW)
    with pytest.raises(PracticeError, match="enkelt sag"):
        people.draft(failed="Sagsnr. 26-014532 gik galt.")
