"""Letters through a real mail server on loopback: they go once, what is refused is known, what comes back is marked."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from indicators.people.models import Contact, Letter, Organisation, Purpose, Reminder
from indicators.people.services.letters import note_bounce, send_letters, write_letter
from indicators.people.services.members import change_contact
from indicators.people.services.tasks import finish_task, give_task, remind
from tests.filled_in import NOW, steward
from tests.postbox import Postbox, mail_server

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def box() -> Iterator[Postbox]:
    Letter.objects.all().delete()  # those of the world
    with mail_server() as found:
        yield found


def letter(email: str, **more: object) -> Letter:
    return write_letter(kind="test", email=email, subject="Høring\nBcc: x@y.example", body="Æblegrød", now=NOW, **more)


def test_a_letter_goes_once_with_its_danish_letters_and_no_header_from_its_subject(box: Postbox) -> None:
    letter("a@x.example")
    assert send_letters() == (1, 0)
    assert send_letters() == (0, 0)
    (got,) = box.letters
    assert got["Subject"] == "Høring Bcc: x@y.example"
    assert got["Bcc"] is None
    assert got.get_content().strip() == "Æblegrød"
    assert got["Auto-Submitted"] == "auto-generated"


def test_what_the_server_refuses_for_good_is_marked_and_what_it_refuses_for_now_waits(box: Postbox) -> None:
    organisation = Organisation.objects.of_municipalities()[0]
    change_contact(organisation=organisation, purpose=Purpose.GENERAL, email="nobody@x.example", by=steward(), now=NOW)
    wrong, later, right = (letter(f"{who}@x.example", organisation=organisation) for who in ("nobody", "later", "a"))
    assert send_letters() == (1, 2)
    for one in (wrong, later, right):
        one.refresh_from_db()
    assert wrong.refused_at
    assert wrong.trouble == "550 No such user"
    assert list(Letter.objects.waiting()) == [later]
    assert list(Letter.objects.came_back()) == [wrong]
    assert right.sent_at
    assert Contact.objects.current().get(organisation=organisation, purpose="general").bounced_at


def test_a_returned_letter_marks_the_one_that_was_sent(box: Postbox) -> None:
    sent = letter("a@x.example")
    send_letters()
    number = box.letters[0]["Message-ID"]
    original = f"\n\nMessage-ID: {number}\n"
    for other in (f"From: chef@x.example\nIn-Reply-To: {number}\n\nTak{original}", f"From: a@x.example{original}",
                  f"From: MAILER-DAEMON\n\nAction: delayed{original}"):  # fmt: skip
        assert note_bounce(returned=other, now=NOW) is None
    returned = f"From: MAILER-DAEMON\nContent-Type: multipart/report\n\nOriginal:\nMessage-ID: {number}\n"
    assert note_bounce(returned=returned, now=NOW + DAY) == sent
    assert list(Letter.objects.came_back()) == [sent]
    assert note_bounce(returned="Message-ID: <fremmed@x.example>", now=NOW) is None


def test_a_letter_with_a_way_in_keeps_no_text_once_it_has_gone(box: Postbox) -> None:
    for who in ("a", "nobody"):
        letter(f"{who}@x.example", secret=True)
    send_letters()
    assert set(Letter.objects.values_list("body", flat=True)) == {""}
    assert len(box.letters) == 1


def test_a_letter_of_a_transaction_that_fails_never_goes(box: Postbox) -> None:
    with transaction.atomic():
        letter("a@x.example")
        transaction.set_rollback(True)
    assert send_letters() == (0, 0)


def test_a_dead_server_loses_no_letter(box: Postbox, settings: Any) -> None:
    settings.EMAIL_PORT = 9
    letter("a@x.example")
    assert send_letters() == (0, 1)
    assert Letter.objects.waiting().get().attempts == 1


def test_reminders_come_once_each_at_the_same_time_of_day_and_stop_when_it_is_done() -> None:
    organisation = Organisation.objects.of_municipalities()[0]
    task = give_task(
        organisation=organisation, kind="k", about="k 1", title="Svar", due_at=NOW + 20 * DAY,
        remind_days=(30, 14, 3, 1), now=NOW,
    )  # fmt: skip
    change_contact(organisation=organisation, purpose=Purpose.HEARING, email="a@x.example", by=steward(), now=NOW)
    assert set(Reminder.objects.filter(task=task).values_list("days_before", flat=True)) == {14, 3, 1}

    def written(after: float) -> list[str]:
        letters = remind(
            kind="k", purpose=Purpose.HEARING, words=lambda _t, days: (f"{days}", "…"), now=NOW + after * DAY
        )
        return [one.subject for one in letters if one.email == "a@x.example"]

    assert written(5.9) == []
    assert written(6) == ["14"]
    assert written(6.1) == []
    assert written(19.5) == ["1"]  # nobody ran it for days: the one of three days before is not sent late as well
    give_task(organisation=organisation, kind="k", about="k 1", title="Svar", due_at=NOW + 40 * DAY,
              remind_days=(1,), now=NOW + 19.6 * DAY)  # fmt: skip
    finish_task(organisation=organisation, kind="k", about="k 1", by=steward(), now=NOW + 20 * DAY)
    assert written(39) == []


def test_two_senders_at_once_take_no_letter_twice(box: Postbox) -> None:
    """Whoever comes second finds the row locked and passes it by: asked of the statement that is sent."""
    letter("a@x.example")
    with connection.execute_wrapper(_remember := Remember()):
        send_letters()
    assert any("SKIP LOCKED" in sql for sql in _remember.asked)


class Remember:
    """Keeps the statements."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, execute: object, sql: str, params: object, many: object, context: object) -> object:
        self.asked.append(sql)
        return execute(sql, params, many, context)  # type: ignore[operator]


def test_the_demo_wrote_to_each_of_the_98_and_said_when_it_closes() -> None:
    letters = Letter.objects.filter(kind="hearing-invitation")
    assert letters.values("organisation").distinct().count() == 98
    assert all(
        re.search(r"fredag den 11\. september \d{4} kl\. 12\.00", body)
        for body in letters.values_list("body", flat=True)
    )
