"""Asking a publisher over HTTP: patient, limited, and only the host that the publisher has.

Nothing of ours is changed by a question, and a question changes nothing at the publisher's: so each may be repeated.
What comes back is whole or an error; a half answer never leaves this module.
"""

import ipaddress
import json
import logging
import socket
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from indicators.upload.messages import _

from .answers import NoNetworkError, RawAnswer, SourceError, own_words

log = logging.getLogger(__name__)

MEGABYTE = 1_000_000
REPEATED = frozenset({429, 500, 502, 503, 504})
"""What a publisher answers when it is busy or ill: worth asking again."""
_CHUNK = 1 << 16
_USER_AGENT = "SocialtIndeks (open data, one reader)"


@dataclass(frozen=True)
class Patience:
    """How long and how often a publisher is asked, and how large an answer may be.

    `whole` is the time in seconds that one attempt may take from its first byte to its last: a server that drips a byte
    now and then would never be silent long enough for `read`.
    """

    connect: float = 5.0
    read: float = 20.0
    whole: float = 60.0
    attempts: int = 3
    backoff: float = 1.0
    longest_wait: float = 30.0
    largest: int = 200 * MEGABYTE


@dataclass(frozen=True)
class Publisher:
    """Who is asked: its name here, where its interface is, the key it wants, and the host that it declares as its own.

    `interface` is one of the clients of `publishers.CLIENTS`. `url` is where it is asked, which a setting may move;
    `declared_url` is where its figures are real. `table_page` is a table's address for people, with `{table}` in it.
    """

    name: str
    interface: str
    declared_url: str
    title: str
    url: str = ""
    key: str = field(default="", repr=False)
    pause: float = 0.7
    table_page: str = ""
    language: str = "en"

    @property
    def address(self) -> str:
        """Where it is asked, without a slash at the end."""
        return (self.url or self.declared_url).rstrip("/")

    @property
    def is_declared(self) -> bool:
        """Whether it is asked at its own host over TLS: only then are its figures real."""
        asked, declared = urlsplit(self.address), urlsplit(self.declared_url)
        return asked.scheme == "https" and (asked.hostname, asked.port) == (declared.hostname, declared.port)

    @property
    def host(self) -> str:
        """The host that is asked, with its port where it has one."""
        return urlsplit(self.address).netloc.rpartition("@")[2]


class Collector:
    """Asks publishers, each question once in its life: a second time gives the answer of the first."""

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self._client = httpx.Client(
            timeout=httpx.Timeout(self.patience.read, connect=self.patience.connect),
            follow_redirects=False,
            trust_env=False,  # a proxy of the environment would decide which host is asked
            headers={"User-Agent": _USER_AGENT, "Accept-Encoding": "gzip, deflate"},
        )
        self._answers: dict[str, RawAnswer] = {}
        self._asked_at: dict[str, float] = {}

    def __enter__(self) -> "Collector":
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def get(self, publisher: Publisher, path: str, query: Mapping[str, str] | None = None) -> RawAnswer:
        """Ask with GET. Raises SourceError."""
        return self._ask(publisher, "GET", path, dict(query or {}), None)

    def post(
        self, publisher: Publisher, path: str, body: Mapping[str, Any], query: Mapping[str, str] | None = None
    ) -> RawAnswer:
        """Ask with POST, the question as JSON. Raises SourceError."""
        return self._ask(publisher, "POST", path, dict(query or {}), body)

    def _ask(
        self, publisher: Publisher, method: str, path: str, query: dict[str, str], body: Mapping[str, Any] | None
    ) -> RawAnswer:
        url = str(httpx.URL(f"{publisher.address}/{path.lstrip('/')}", params=query or None))
        question = json.dumps([method, url, body], sort_keys=True)
        if question not in self._answers:
            refuse_address(publisher)
            self._answers[question] = self._patiently(publisher, method, url, body)
        return self._answers[question]

    def _patiently(self, publisher: Publisher, method: str, url: str, body: Mapping[str, Any] | None) -> RawAnswer:
        """Ask until there is an answer, at most so often as patience allows."""
        for attempt in range(1, self.patience.attempts + 1):
            self._pause(publisher)
            wait = self.patience.backoff * 2 ** (attempt - 1)
            try:
                return self._once(publisher, method, url, body)
            except _AgainError as again:
                error, wait = again.error, again.after if again.after is not None else wait
            if attempt == self.patience.attempts or wait > self.patience.longest_wait:
                raise error
            log.info("%s: %s Asking again in %.1f s", publisher.name, error, wait)
            time.sleep(wait)
        raise AssertionError  # patience allows at least one attempt

    def _pause(self, publisher: Publisher) -> None:
        """Leave a publisher its rest between two questions; a machine's own address needs none."""
        pause = 0.0 if _is_loopback(publisher) else publisher.pause
        since = time.monotonic() - self._asked_at.get(publisher.name, float("-inf"))
        if since < pause:
            time.sleep(pause - since)
        self._asked_at[publisher.name] = time.monotonic()

    def _once(self, publisher: Publisher, method: str, url: str, body: Mapping[str, Any] | None) -> RawAnswer:
        headers = {"Accept": "application/json, text/csv"} | _key_of(publisher)
        try:
            with self._client.stream(method, url, json=body, headers=headers) as response:
                _refuse_peer(publisher, response)
                content = self._read(publisher, response)
        except httpx.TimeoutException as error:
            raise _AgainError(_too_slow(publisher)) from error
        except httpx.ConnectError as error:
            raise _AgainError(_unreachable(publisher)) from error
        except httpx.HTTPError as error:
            raise _AgainError(_cut_off(publisher)) from error
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        answer = RawAnswer(publisher.name, method, url, body, content, kind)
        _refuse_status(publisher, response, answer)
        return answer

    def _read(self, publisher: Publisher, response: httpx.Response) -> bytes:
        """The whole answer, unpacked here and counted while it is: what a header says of its size proves nothing."""
        ends = time.monotonic() + self.patience.whole
        parts, size, seen = [], 0, 0
        unpack = _Unpacker(publisher, response.headers.get("Content-Encoding", ""))
        for chunk in response.iter_raw():  # as it comes: a size here would wait until it is filled
            seen += len(chunk)
            for part in unpack(chunk):
                size += len(part)
                if size > self.patience.largest:
                    raise SourceError(
                        _(
                            "%(publisher)s svarer med mere end %(most)d MB. Svaret er kasseret.",
                            publisher=publisher.title,
                            most=self.patience.largest // MEGABYTE,
                        )
                    )
                parts.append(part)
            if time.monotonic() > ends:  # it is not asked again: it would drip again
                raise _too_slow(publisher)
        if not unpack.is_whole or response.headers.get("Content-Length", str(seen)) != str(seen):
            raise _AgainError(_cut_off(publisher))
        return b"".join(parts)


class _AgainError(Exception):
    """Worth asking again, after so many seconds where the publisher said so."""

    def __init__(self, error: SourceError, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


class _Unpacker:
    """Unpacks gzip and deflate piece by piece: a small packed answer may be an endless one."""

    def __init__(self, publisher: Publisher, encoding: str) -> None:
        encoding = encoding.strip().lower()
        if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise SourceError(
                _("%(publisher)s svarer pakket på en måde, der ikke kendes: %(kind)s.", publisher=publisher.title,
                  kind=encoding)
            )  # fmt: skip
        self._publisher = publisher
        self._object = zlib.decompressobj(zlib.MAX_WBITS | 32) if encoding not in {"", "identity"} else None

    def __call__(self, chunk: bytes) -> Iterator[bytes]:
        if self._object is None:
            yield chunk
            return
        try:
            while chunk:
                yield self._object.decompress(chunk, _CHUNK)
                chunk = self._object.unconsumed_tail
        except zlib.error:
            raise _AgainError(_cut_off(self._publisher)) from None

    @property
    def is_whole(self) -> bool:
        """Whether the packed stream reached its own end."""
        return self._object is None or self._object.eof


def refuse_address(publisher: Publisher) -> None:
    """Raise SourceError where a publisher must not be asked at its address.

    A setting may name a machine's own address outright (that is how a stand-in is tried); a *name* that leads to a
    private address is another matter: somebody else decides where names lead.
    """
    parts = urlsplit(publisher.address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise SourceError(
            _("»%(address)s« er ikke en adresse, som %(publisher)s kan spørges på.", address=publisher.address,
              publisher=publisher.title)
        )  # fmt: skip
    if _is_named_outright(publisher):
        return
    if parts.scheme != "https":
        raise SourceError(_("%(publisher)s spørges kun over https.", publisher=publisher.title))
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError:
        raise _unreachable(publisher) from None
    for _family, _type, _protocol, _name, address in found:
        _refuse_private(publisher, str(address[0]))


def _refuse_peer(publisher: Publisher, response: httpx.Response) -> None:
    """The same of the machine that did answer: between two look-ups a name may lead elsewhere."""
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if peer and not _is_named_outright(publisher):
        _refuse_private(publisher, str(peer[0]))


def _refuse_private(publisher: Publisher, address: str) -> None:
    if not ipaddress.ip_address(address.partition("%")[0]).is_global:
        raise SourceError(
            _(
                "%(publisher)s (%(host)s) fører til en privat adresse, %(address)s. Den spørges ikke.",
                publisher=publisher.title,
                host=publisher.host,
                address=address,
            )
        )


def _is_named_outright(publisher: Publisher) -> bool:
    """Whether a setting names the machine itself: `localhost` or a number."""
    host = urlsplit(publisher.url).hostname or ""
    return host == "localhost" or host.replace(".", "").isdigit() or ":" in host


def _is_loopback(publisher: Publisher) -> bool:
    host = urlsplit(publisher.address).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def _key_of(publisher: Publisher) -> dict[str, str]:
    return {"Authorization": f"Bearer {publisher.key}"} if publisher.key else {}


def _refuse_status(publisher: Publisher, response: httpx.Response, answer: RawAnswer) -> None:
    """Raise for any answer but 200, with the publisher's own words where it has some."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if 300 <= status < 400:
        where = urlsplit(response.headers.get("Location", "")).netloc or publisher.host
        raise SourceError(
            _(
                "%(publisher)s sender videre til %(where)s. Det følges ikke: kun %(host)s spørges.",
                publisher=publisher.title,
                where=where,
                host=publisher.host,
            )
        )
    if status in {401, 403} and publisher.interface in {"jobindsats", "uddannelsesstatistik"}:
        raise SourceError(
            _("%(publisher)s vil have en nøgle, eller nøglen gælder ikke (%(status)d).", publisher=publisher.title,
              status=status)
        )  # fmt: skip
    said = own_words(answer)
    error = SourceError(
        _(
            "%(publisher)s svarede %(status)d: %(said)s",
            publisher=publisher.title,
            status=status,
            said=said or "uden forklaring.",
        )
    )
    if status in REPEATED:
        raise _AgainError(error, _retry_after(response.headers.get("Retry-After", "")))
    raise error


def _retry_after(said: str) -> float | None:
    """Seconds to wait as Retry-After has them: a number, or a date."""
    if said.strip().isdigit():
        return float(said)
    try:
        return max(parsedate_to_datetime(said).timestamp() - time.time(), 0.0)
    except ValueError:
        return None


def _too_slow(publisher: Publisher) -> SourceError:
    return SourceError(
        _("%(publisher)s (%(host)s) svarer for langsomt. Prøv igen senere.", publisher=publisher.title,
          host=publisher.host)
    )  # fmt: skip


def _unreachable(publisher: Publisher) -> SourceError:
    return NoNetworkError(
        _("%(publisher)s (%(host)s) kan ikke nås. Er der netværk?", publisher=publisher.title, host=publisher.host)
    )


def _cut_off(publisher: Publisher) -> SourceError:
    return SourceError(
        _("%(publisher)s (%(host)s) afbrød sit svar. Prøv igen senere.", publisher=publisher.title,
          host=publisher.host)
    )  # fmt: skip
