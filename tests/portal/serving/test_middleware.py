"""A hit never waits behind a miss, and nobody makes others wait."""

import threading

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from portal.operating.security import is_cross_site, visitor_of
from portal.serving import middleware
from portal.serving.cache import FinishedPages, Policy
from portal.serving.page_store import Memory, Page
from portal.serving.release import watch


def test_two_are_worked_on_one_waits_and_the_next_is_told_to_come_back() -> None:
    door = middleware.Gate(at_work=2, waiting=1, patience=30.0)
    inside, leave, done = threading.Semaphore(0), threading.Event(), []

    def visit() -> None:
        with door.through("/rangliste/kort.png"):
            inside.release()
            leave.wait(30)
            done.append(1)

    visitors = [threading.Thread(target=visit) for _number in range(3)]
    for one in visitors[:2]:
        one.start()
        inside.acquire(timeout=30)
    visitors[2].start()
    while door._queue._value:  # the third has taken its place in the queue
        threading.Event().wait(0.01)
    with pytest.raises(middleware.Full), door.through("/kommune/aarhus/presse.pdf"):
        pass
    with door.through("/kommune/aarhus/"):  # what is cheap passes by
        assert not done
    leave.set()
    for one in visitors:
        one.join(30)
    assert len(done) == 3
    with door.through("/rangliste/kort.png"):  # and the places are free again
        pass


def test_what_took_long_is_dear_the_next_time_and_cheap_when_it_no_longer_does() -> None:
    door = middleware.Gate()
    assert not door.is_dear("/sammenhaeng/")
    door.took("/sammenhaeng/", 0.4)
    assert door.is_dear("/sammenhaeng/")
    for _number in range(8):
        door.took("/sammenhaeng/", 0.01)
    assert not door.is_dear("/sammenhaeng/")


def test_who_comes_to_a_full_gate_is_told_when_to_come_back_in_the_language_of_the_address() -> None:
    for path, word in (("/rangliste/kort.png", "trængsel"), ("/en/ranking/map.png", "crowded")):
        answer = middleware.come_back(RequestFactory().get(path))
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
        assert word in answer.content.decode()


def test_a_finished_picture_is_answered_while_the_gate_is_full() -> None:
    pages = FinishedPages(lambda _request: HttpResponse("made"))
    pages.gate = middleware.Gate(at_work=1, waiting=1, patience=0.01)
    pages.memory = Memory(10_000)
    state = watch.state
    kept = Page(state.fingerprint, 1.0, (("Content-Type", "image/svg+xml"),), {"": b"x"})
    pages.memory.put("/rangliste/kort.svg", kept)
    request = RequestFactory().get("/rangliste/kort.svg")
    with pages.gate.through("/rangliste/kort.png"):
        page = pages.memory.get("/rangliste/kort.svg")
        assert page is not None
        assert pages._respond(request, "/rangliste/kort.svg", page, "hit").content == b"x"
        with pytest.raises(middleware.Full), pages.gate.through("/rangliste/fordeling.png"):
            pass


def test_a_budget_is_in_processor_time_and_only_for_visitors_from_elsewhere() -> None:
    here, there = RequestFactory().get("/"), RequestFactory().get("/", REMOTE_ADDR="192.0.2.77")
    with override_settings(PROCESSOR_SECONDS_A_MINUTE=2):
        for request in (here, there):
            assert not middleware.spent(request)
            middleware.charge(request, 1.5)
            assert not middleware.spent(request)
            middleware.charge(request, 1.0)
        assert middleware.spent(there)
        assert not middleware.spent(here)


def test_a_network_of_ipv6_is_one_visitor_and_addresses_of_ipv4_are_several() -> None:
    def who(address: str) -> str:
        return visitor_of(RequestFactory().get("/", REMOTE_ADDR=address))

    assert who("2001:db8:1:2::1") == who("2001:db8:1:2:ffff::9")
    assert who("2001:db8:1:2::1") != who("2001:db8:1:3::1")
    assert who("192.0.2.1") != who("192.0.2.2")


@pytest.mark.parametrize(("headers", "refused"), [
    ({}, False),
    ({"Sec-Fetch-Site": "same-origin"}, False),
    ({"Sec-Fetch-Site": "none"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, True),
    ({"Sec-Fetch-Site": "same-site"}, True),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, False),
    ({"Origin": "https://example.net"}, True),
    ({"Origin": "http://127.0.0.1"}, False),
])  # fmt: skip
def test_a_form_of_another_site_is_known_by_what_the_browser_says(headers: dict[str, str], refused: bool) -> None:
    assert is_cross_site(RequestFactory().post("/foelg/", headers=headers, SERVER_NAME="127.0.0.1")) is refused


def test_addresses_that_differ_in_nothing_that_counts_are_one_page() -> None:
    policy = Policy()
    assert policy.query("indbyggere_fra=50000") == "indbyggere_fra=50000"
    assert policy.query("fields=score,rank") == policy.query("fields=rank,score")
    assert policy.query("fields=score&fields=rank") == policy.query("fields=rank&fields=score")
    assert policy.query("indbyggere_fra=abc") == "indbyggere_fra=abc"  # refused by who reads it, not made a number
