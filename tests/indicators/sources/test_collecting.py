"""Asking a publisher: an answer is whole or an error with the reason, and nobody else is ever asked."""

import logging
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from indicators.demo.publisher import Reply, send
from indicators.sources.answers import NoNetworkError, SourceError
from indicators.sources.collecting import Collector, Publisher, refuse_address

from . import stand_in
from .stand_in import IMPATIENT, Fault, Misbehaving, impatient, publisher, table

TINY = table("TINY", {("101", "2025"): 5})


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    with Misbehaving([TINY]) as running:
        yield running


@pytest.fixture
def collector() -> Iterator[Collector]:
    with impatient() as running:
        yield running


def _ask(server: Misbehaving, collector: Collector, **more: str) -> bytes:
    return collector.post(publisher(server, **more), "tableinfo", {"table": "TINY"}).content


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (stand_in.status(404, b'{"errorTypeCode": "REQUEST-NOTFOUND", "message": "No such table"}'), "No such table"),
        (stand_in.error("EXTRACT-NOTFOUND", "Can't find value: 999"), "EXTRACT-NOTFOUND · Can't find value: 999"),
        (stand_in.error("EXTRACT-NOTALLOWED", "No"), "det må ikke hentes sådan"),
        (stand_in.error("REQUEST-MISSING", "No"), "noget mangler"),
        (stand_in.error("REQUEST-EMPTY", "No"), "er tomt"),
        (stand_in.error("REQUEST-LIMIT", "Too many"), "for meget ad gangen"),
        (stand_in.status(403, b"<html>Forbidden</html>"), "svarede 403: uden forklaring"),
        (stand_in.status(302, Location="https://evil.example/x"), "sender videre til evil.example"),
        (stand_in.status(301, Location="/v1/other"), "sender videre til 127.0.0.1"),
        (stand_in.bomb, "mere end 2 MB"),
        (stand_in.drip, "for langsomt"),
    ],
)
def test_what_will_not_be_better_next_time_is_asked_once(
    server: Misbehaving, collector: Collector, fault: Fault, said: str
) -> None:
    server.fault = (fault, 1)
    with pytest.raises(SourceError, match=said):
        _ask(server, collector)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (stand_in.status(503), "svarede 503"),
        (stand_in.status(429, Retry_After="0"), "svarede 429"),
        (stand_in.status(503, Retry_After="Thu, 01 Jan 2026 00:00:00 GMT"), "svarede 503"),
        (stand_in.cut_off, "afbrød sit svar"),
        (stand_in.half_packed, "afbrød sit svar"),
        (stand_in.silent, "for langsomt"),
    ],
)
def test_what_may_be_better_next_time_is_asked_again(
    server: Misbehaving, collector: Collector, fault: Fault, said: str
) -> None:
    server.fault = (fault, 2)
    assert b'"TINY"' in _ask(server, collector)
    assert len(server.asked) == 3
    server.fault = (fault, 3)
    with pytest.raises(SourceError, match=said):
        collector.post(publisher(server), "tableinfo", {"table": "TINY", "lang": "da"})


def test_a_publisher_that_wants_too_long_a_wait_is_left_alone(server: Misbehaving, collector: Collector) -> None:
    server.fault = (stand_in.status(429, Retry_After="3600"), 1)
    began = time.monotonic()
    with pytest.raises(SourceError, match="svarede 429"):
        _ask(server, collector)
    assert time.monotonic() - began < 60
    assert len(server.asked) == 1


def test_no_misbehaviour_takes_longer_than_its_time(server: Misbehaving, collector: Collector) -> None:
    for fault in (stand_in.drip, stand_in.silent, stand_in.bomb):
        server.fault = (fault, 9)
        began = time.monotonic()
        with pytest.raises(SourceError):
            collector.post(publisher(server), "tableinfo", {"table": "TINY", "once": fault.__name__})
        assert time.monotonic() - began < IMPATIENT.attempts * (IMPATIENT.whole + IMPATIENT.read + 0.5)


def test_an_answer_longer_than_promised_is_no_answer_to_read_on_from(server: Misbehaving, collector: Collector) -> None:
    server.fault = (stand_in.too_short, 3)
    try:
        content = _ask(server, collector)
    except SourceError:
        return
    assert not content.endswith(b"}")  # cut at what was promised: no JSON, and so refused by whoever reads it


def test_a_packed_answer_is_unpacked(server: Misbehaving, collector: Collector) -> None:
    server.fault = (stand_in.packed, 1)
    assert _ask(server, collector).startswith(b"{")


def test_the_same_question_is_asked_once_in_a_round(server: Misbehaving, collector: Collector) -> None:
    assert _ask(server, collector) == _ask(server, collector)
    assert len(server.asked) == 1


def test_html_in_the_place_of_json_is_shown_by_its_first_words(server: Misbehaving, collector: Collector) -> None:
    server.fault = (stand_in.instead(b"<html><h1>Down for maintenance</h1>"), 1)
    answer = collector.post(publisher(server), "tableinfo", {"table": "TINY"})
    with pytest.raises(SourceError, match="ikke med JSON, men med text/html: »<html><h1>Down for"):
        answer.json()


def test_a_publisher_that_is_not_there_is_told_from_one_that_says_no(collector: Collector) -> None:
    with Misbehaving([TINY]) as gone:
        nobody = publisher(gone)
    with pytest.raises(NoNetworkError, match="kan ikke nås"):
        collector.post(nobody, "tableinfo", {})
    with pytest.raises(NoNetworkError, match="kan ikke nås"):
        refuse_address(Publisher("x", "statbank", "https://nobody.invalid/v1", "Ingen"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://127.0.0.1/v1", "ikke en adresse"),
        ("http://user:pass@127.0.0.1/v1", "ikke en adresse"),
        ("http://example.com/v1", "kun over https"),
    ],
)
def test_only_an_honest_address_is_asked(url: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        refuse_address(Publisher("x", "statbank", "https://api.statbank.dk/v1", "X", url=url))


def test_a_name_that_leads_to_this_machine_is_not_asked() -> None:
    with pytest.raises(SourceError, match="fører til en privat adresse"):
        refuse_address(Publisher("x", "statbank", "https://localhost/v1", "X"))


def test_a_number_that_is_only_declared_is_no_permission_for_a_private_address() -> None:
    with pytest.raises(SourceError, match=r"privat adresse, 10\.0\.0\.1"):
        refuse_address(Publisher("x", "statbank", "https://10.0.0.1/v1", "X"))


def test_a_key_goes_to_the_publisher_and_nowhere_else(
    server: Misbehaving, collector: Collector, caplog: pytest.LogCaptureFixture
) -> None:
    seen = []

    def look(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        seen.append(handler.headers["Authorization"])
        send(handler, reply._replace(status=503))

    server.fault = (look, 3)
    with caplog.at_level(logging.DEBUG), pytest.raises(SourceError) as raised:
        _ask(server, collector, key="hemmelig-noegle")
    assert seen == ["Bearer hemmelig-noegle"] * 3
    assert "hemmelig" not in caplog.text + str(raised.value) + repr(publisher(server, key="hemmelig-noegle"))


def test_figures_are_real_only_at_the_publishers_own_host_over_tls() -> None:
    def asked(url: str) -> bool:
        return Publisher("x", "statbank", "https://api.statbank.dk/v1", "X", url=url).is_declared

    assert asked("")
    assert asked("https://api.statbank.dk/v2")
    assert not asked("http://api.statbank.dk/v1")
    assert not asked("https://api.statbank.dk.example/v1")
    assert not asked("https://api.statbank.dk:8443/v1")
    assert not asked("http://127.0.0.1:8000/v1")
