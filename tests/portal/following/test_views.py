"""Following by e-mail: asked twice, told once, gone without a trace."""

import datetime as dt
import re
from smtplib import SMTPException
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from indicators.models import Indicator, Job, JobState, Municipality
from portal.following.page import NO, tell_followers, tell_of, token_of
from portal.publishing import publish
from rankings.models import Edition, Follower, Told
from rankings.services.editions import correct_edition
from rankings.services.following import ask_to_follow, confirm_follower

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_prepared")]


def prepare() -> None:
    """A correction of 2025, public since now: the very same figures again, so that nothing moved."""
    _correct()


def _link(letter: EmailMessage, kind: str) -> str:
    found = re.search(rf"/foelg/{kind}/[^\s>]+/", str(letter.body))
    assert found
    return found.group()


def _follower(*, since_before: bool = True, **about: object) -> Follower:
    """Somebody who said yes before the correction, or after it."""
    then = timezone.now() - dt.timedelta(days=1)
    follower = ask_to_follow(email=f"{len(about)}{Follower.objects.count()}@example.dk", now=then, **about)  # type: ignore[arg-type]
    assert follower is not None
    follower = confirm_follower(follower=follower, now=then)
    if since_before:  # whoever says yes counts as told of all that is public by then
        Told.objects.filter(follower=follower, edition__year=2025, edition__revision=3).delete()
    return follower


def _correct(year: int = 2025) -> Edition:
    user, now = User.objects.get_or_create(username="anna")[0], timezone.now()
    return publish(edition=correct_edition(year=year, reason="En prøve.", by=user, now=now), by=user, now=now)


def test_nobody_is_written_to_before_saying_yes_a_second_time(client: Client) -> None:
    client.post("/foelg/", {"email": "Anna@Example.dk", "kommune": "roedovre"})
    assert len(mail.outbox) == 1
    follower = Follower.objects.get()
    assert (follower.email, follower.confirmed_at) == ("anna@example.dk", None)
    Follower.objects.update(asked_at=timezone.now() - dt.timedelta(days=1))
    assert tell_followers(now=timezone.now()).sent == 0
    yes = _link(mail.outbox[0], "ja")
    client.get(yes)
    assert not Follower.objects.confirmed().exists()
    client.post(yes)
    assert Follower.objects.confirmed().get() == follower


def test_no_cookie_is_set_on_the_way(client: Client) -> None:
    answers = [client.get("/foelg/"), client.post("/foelg/", {"email": "anna@example.dk"})]
    answers += [client.get(_link(mail.outbox[0], "ja")), client.post(_link(mail.outbox[0], "ja"))]
    assert all(answer.status_code == 200 and not answer.cookies for answer in answers)


def test_a_known_address_gets_the_same_answer_and_no_second_letter(client: Client) -> None:
    first = client.post("/foelg/", {"email": "anna@example.dk"}).content
    assert client.post("/foelg/", {"email": "ANNA@example.dk"}).content == first
    assert len(mail.outbox) == 1
    Follower.objects.update(asked_at=timezone.now() - dt.timedelta(hours=25))
    client.post("/foelg/", {"email": "anna@example.dk"})
    assert len(mail.outbox) == 2


def test_a_stranger_gets_one_letter_a_day_whatever_is_asked_for_in_its_name(client: Client) -> None:
    for slug in ("roedovre", "aarhus", "odense", "vejle"):
        assert client.post("/foelg/", {"email": "anna@example.dk", "kommune": slug}).status_code == 200
    assert len(mail.outbox) == 1
    assert Follower.objects.count() == 1
    client.post(_link(mail.outbox[0], "ja"))  # who has answered may ask for more
    client.post("/foelg/", {"email": "anna@example.dk", "kommune": "aarhus"})
    assert len(mail.outbox) == 2


def test_a_form_that_another_site_sends_brings_no_letter(client: Client) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.net"}):
        answer = client.post("/foelg/", {"email": "anna@example.dk"}, headers=headers)
        assert answer.status_code == 403
    assert mail.outbox == []
    assert not Follower.objects.exists()
    caches["limits"].clear()  # other tests wrote from the same address within the hour
    own = {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/foelg/", {"email": "anna@example.dk"}, headers=own).status_code == 200
    assert len(mail.outbox) == 1


def test_many_addresses_together_do_not_lift_the_ceiling_of_the_hour(client: Client, settings: Any) -> None:
    settings.FOLLOWS_OF_ALL_AN_HOUR = 3
    caches["limits"].clear()
    answers = [
        client.post("/foelg/", {"email": f"anna{number}@example.dk"}, REMOTE_ADDR=f"192.0.2.{number}")
        for number in range(5)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert len(mail.outbox) == 3
    caches["limits"].clear()


def test_a_letter_that_could_not_be_sent_may_be_asked_for_again_at_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_letter: EmailMessage) -> int:
        raise SMTPException

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", down)
        assert client.post("/foelg/", {"email": "anna@example.dk"}).status_code == 503
    assert client.post("/foelg/", {"email": "anna@example.dk"}).status_code == 200
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "ikke en adresse"},
        {"email": "a@b.dk", "kommune": "atlantis"},
        {"email": "a@b.dk", "kommune": "roedovre", "indikator": "b-omgoerelse"},
        {"email": "a@b.dk\nBcc: c@d.dk"},
    ],
)
def test_what_cannot_be_followed_is_said_and_nothing_is_sent(client: Client, wrong: dict[str, str]) -> None:
    answer = client.post("/foelg/", wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not mail.outbox
    assert not Follower.objects.exists()


def test_letters_to_strangers_cannot_be_asked_for_all_day_from_one_place(client: Client, settings: Any) -> None:
    settings.FOLLOWS_AN_HOUR = 2
    answers = [
        client.post("/foelg/", {"email": f"{one}@example.dk"}, REMOTE_ADDR="192.0.2.77").status_code for one in "abcd"
    ]
    assert answers == [200, 200, 429, 429]
    assert len(mail.outbox) == 2
    assert client.post("/foelg/", {"email": "e@example.dk"}, REMOTE_ADDR="192.0.2.78").status_code == 200


def test_a_mail_server_that_is_down_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(_letter: EmailMessage) -> int:
        raise SMTPException

    monkeypatch.setattr(EmailMessage, "send", down)
    assert client.post("/foelg/", {"email": "anna@example.dk"}).status_code == 503


def test_leaving_deletes_the_address_from_everything_in_one_click_of_the_mail_program(client: Client) -> None:
    follower = _follower()
    Follower.objects.create(
        email=follower.email, municipality=Municipality.objects.get(slug="roedovre"), asked_at=timezone.now()
    )
    tell_followers(now=timezone.now())
    assert Told.objects.exists()
    header = mail.outbox[-1].extra_headers
    assert header["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = header["List-Unsubscribe"].strip("<>").partition("8000")[2]
    assert client.get(path).status_code == 200
    assert Follower.objects.exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follower.objects.exists()
    assert not Told.objects.exists()
    assert client.get(path).status_code == 410


def test_a_link_of_another_kind_or_of_nobody_does_nothing(client: Client) -> None:
    follower = _follower()
    token = token_of(follower, NO)
    assert client.post(f"/foelg/ja/{token}/").status_code == 410
    client.post(f"/foelg/nej/{token[:-2]}xx/")
    assert Follower.objects.exists()


def test_a_new_follower_is_not_told_of_what_was_public_before() -> None:
    _follower(since_before=False)
    assert tell_followers(now=timezone.now()).sent == 0


def test_each_thing_is_told_once() -> None:
    _follower()
    assert tell_followers(now=timezone.now()).sent == 1
    assert tell_followers(now=timezone.now()).sent == 0
    assert "En prøve." in mail.outbox[-1].body
    assert "/rettelser/" in mail.outbox[-1].body
    assert "Demodata" in mail.outbox[-1].body


def test_a_correction_is_told_only_to_those_whose_municipality_or_indicator_it_touched() -> None:
    _follower(municipality=Municipality.objects.get(slug="roedovre"))
    _follower(indicator=Indicator.objects.get(code="b-underret-24-timer"))
    everything = _follower()
    assert tell_followers(now=timezone.now()).sent == 1
    assert mail.outbox[-1].to == [everything.email]


def test_the_worker_writes_the_letters_after_a_publication_and_a_refused_one_stops_nothing(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FOLLOW_UP = True
    first, second = (_follower(since_before=False, language=one) for one in ("da", "en"))
    _correct()
    job = Job.objects.get(kind="letters")
    assert (job.kind, job.about, job.state) == ("letters", "2025.4", JobState.WAITING)
    send = EmailMessage.send

    def refuse_one(letter: EmailMessage) -> int:
        if letter.to == [first.email]:
            raise SMTPException
        return send(letter)

    monkeypatch.setattr(EmailMessage, "send", refuse_one)
    told = tell_of(job.about, lambda _step, _share: None, timezone.now())
    assert told.startswith("1 brev er sendt, 1 blev afvist.")
    assert [letter.to for letter in mail.outbox] == [[second.email]]


def test_a_refused_letter_is_tried_again_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    _follower()
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", lambda _letter: (_ for _ in ()).throw(SMTPException()))
        assert tell_followers(now=timezone.now()).sent == 0
    assert tell_followers(now=timezone.now()).sent == 1


def test_an_address_that_never_confirmed_is_deleted_after_a_week() -> None:
    then = timezone.now() - dt.timedelta(days=8)
    ask_to_follow(email="anna@example.dk", now=then)
    tell_followers(now=timezone.now())
    assert not Follower.objects.exists()


def test_letters_are_written_in_the_language_that_was_asked_in(client: Client) -> None:
    with override("en"):
        path = reverse("follow")
    client.post(path, {"email": "a@b.dk"})
    assert Follower.objects.get().language == "en"


def test_what_a_correction_changed_is_worked_out_once_for_all_followers() -> None:
    def looked(followers: int) -> int:
        for _number in range(followers):
            _follower(municipality=Municipality.objects.get(slug="roedovre"))
        with CaptureQueriesContext(connection) as captured:
            tell_followers(now=timezone.now())
        return sum("rankings_placement" in query["sql"] for query in captured)

    assert looked(1) == looked(3) > 0
