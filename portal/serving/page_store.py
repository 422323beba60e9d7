"""Where finished pages lie, and in which bytes they are sent: in memory, on a shelf that processes share."""

import gzip
import hashlib
import json
import logging
import os
import struct
import tempfile
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import brotli
import redis

ENCODINGS = ("br", "gzip", "")  # in the order of preference; "" is the page as it is
COMPRESSIBLE = ("text/", "application/json", "application/ld+json", "application/xml", "application/atom", "image/svg")
SMALLEST = 400  # bytes: below, compression gains nothing


def worth_it(kind: str, size: int) -> tuple[str, ...]:
    """The encodings that an answer of a content type is offered in: nothing is gained for a picture or a few words."""
    return ENCODINGS if kind.startswith(COMPRESSIBLE) and size >= SMALLEST else ("",)


def compressed(body: bytes, encoding: str) -> bytes:
    """The bytes in "br" or "gzip".

    Measured on a page of 137 kB: brotli 5 takes 1.1 ms for 15.7 kB (4: 0.7 for 17.1; 6: 1.2 for 15.6; 9: 12 for 15.4),
    gzip 6 takes 1.2 ms for 17.6 kB.
    """
    if encoding == "br":
        compressed_body: bytes = brotli.compress(body, quality=5)
        return compressed_body
    return gzip.compress(body, compresslevel=6, mtime=0)


@lru_cache(maxsize=512)
def taken(accept: str) -> tuple[str, ...]:
    """What of ENCODINGS a visitor takes who sends this Accept-Encoding, in our order of preference."""
    named = {""}
    for part in accept.lower().split(","):
        name, _semicolon, quality = part.strip().partition(";")
        if quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            named.add(name.strip())
    return tuple(encoding for encoding in ENCODINGS if encoding in named)


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """A finished answer: its release, headers, and its bytes in the encodings made so far. ``made`` is Unix time."""

    release: str
    made: float
    headers: tuple[tuple[str, str], ...]
    bodies: dict[str, bytes] = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes it takes in memory, about."""
        return sum(map(len, self.bodies.values())) + 1024

    @property
    def possible(self) -> tuple[str, ...]:
        """The encodings it can be had in."""
        kind = next((value for name, value in self.headers if name == "Content-Type"), "")
        return worth_it(kind, len(self.bodies[""]))

    def encoded(self, encoding: str) -> "Page":
        """The same page with its bytes in a further encoding, made once for all visitors who take it."""
        if encoding in self.bodies:
            return self
        return replace(self, bodies={**self.bodies, encoding: compressed(self.bodies[""], encoding)})

    def dump(self) -> bytes:
        """As bytes: a length, JSON, the bodies. Never pickle: whoever can write to the shelf could run code."""
        sizes = {encoding: len(body) for encoding, body in self.bodies.items()}
        head = json.dumps([self.release, self.made, self.headers, sizes]).encode()
        return struct.pack(">I", len(head)) + head + b"".join(self.bodies.values())

    @classmethod
    def load(cls, data: bytes) -> "Page":
        """The page from its bytes. Raises ValueError where they are cut or not a page."""
        try:
            (length,) = struct.unpack_from(">I", data)
            release, made, headers, sizes = json.loads(data[4 : 4 + length])
        except (struct.error, TypeError) as error:
            raise ValueError("Not a stored page") from error
        bodies, at = {}, 4 + length
        for encoding, size in sizes.items():
            bodies[encoding] = data[at : at + size]
            at += size
        if at != len(data):
            raise ValueError("A stored page is cut")
        return cls(release, made, tuple((name, value) for name, value in headers), bodies)


class Memory:
    """Pages in this process, bounded in bytes.

    Addresses with a query are without number, so they have a shelf of their own, a quarter of the room: filling it
    with invented questions pushes out other questions, never a municipality's page.
    """

    def __init__(self, limit: int) -> None:
        self._limits = {False: limit * 3 // 4, True: limit // 4}
        self._pages: dict[bool, OrderedDict[str, Page]] = {False: OrderedDict(), True: OrderedDict()}
        self.sizes = {False: 0, True: 0}
        self._lock = threading.Lock()

    def get(self, key: str) -> Page | None:
        """The stored page of an address, of whatever release."""
        asked = "?" in key
        page = self._pages[asked].get(key)
        if page is not None:
            with self._lock:
                if key in self._pages[asked]:
                    self._pages[asked].move_to_end(key)
        return page

    def put(self, key: str, page: Page) -> None:
        """Keep a page instead of the earlier one; the longest unused make room."""
        asked = "?" in key
        with self._lock:
            pages = self._pages[asked]
            if (old := pages.pop(key, None)) is not None:
                self.sizes[asked] -= old.size
            pages[key] = page
            self.sizes[asked] += page.size
            while self.sizes[asked] > self._limits[asked]:
                self.sizes[asked] -= pages.popitem(last=False)[1].size

    def __len__(self) -> int:
        return sum(map(len, self._pages.values()))


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class Folder:
    """A shelf of files on one machine: it survives restarts, so a new process starts warm. Keeps three releases."""

    KEPT = 3

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = ""

    def get(self, release: str, key: str) -> Page | None:
        """The page of an address in a release."""
        return self._read(self._folder / release / _name(key))

    def last(self, key: str) -> Page | None:
        """The newest page of an address in any release."""
        for release in self._releases():
            if page := self._read(release / _name(key)):
                return page
        return None

    def put(self, key: str, page: Page) -> None:
        """Keep a page; where the disk is full or read-only it is not kept."""
        home = self._folder / page.release
        try:
            if page.release != self._known:
                home.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._known = page.release
                self._prune()
            number, name = tempfile.mkstemp(dir=home)
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(page.dump())
                Path(name).replace(home / _name(key))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            self._known = ""
            log.warning("A page could not be kept: %s", error)

    def _read(self, path: Path) -> Page | None:
        try:
            return Page.load(path.read_bytes())
        except (OSError, ValueError):
            return None

    def _releases(self) -> list[Path]:
        try:
            return sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        except OSError:
            return []

    def _prune(self) -> None:
        for release in self._releases()[self.KEPT :]:
            for path in release.iterdir():
                path.unlink(missing_ok=True)
            release.rmdir()


class Redis:
    """A shelf that the processes of several machines share. When it is gone, one second passes before the next try."""

    PAUSE = 1.0
    KEPT = 7 * 24 * 60 * 60

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=0.25, socket_connect_timeout=0.25)
        self._gone_until = 0.0

    def get(self, release: str, key: str) -> Page | None:
        """The page of an address in a release."""
        return self._load(f"page:{release}:{_name(key)}")

    def last(self, key: str) -> Page | None:
        """The newest page of an address in any release."""
        pointer = self._ask(f"last:{_name(key)}")
        return self._load(f"page:{pointer.decode()}:{_name(key)}") if pointer else None

    def put(self, key: str, page: Page) -> None:
        """Keep a page for a week."""
        if time.monotonic() < self._gone_until:
            return
        name = _name(key)
        try:
            pipe = self._client.pipeline(transaction=False)
            pipe.set(f"page:{page.release}:{name}", page.dump(), ex=self.KEPT)
            pipe.set(f"last:{name}", page.release, ex=self.KEPT)
            pipe.execute()
        except redis.RedisError as error:
            self._lost(error)

    def _load(self, name: str) -> Page | None:
        data = self._ask(name)
        try:
            return Page.load(data) if data else None
        except ValueError:
            return None

    def _ask(self, name: str) -> bytes | None:
        if time.monotonic() < self._gone_until:
            return None
        try:
            value = self._client.get(name)
        except redis.RedisError as error:
            self._lost(error)
            return None
        return value if isinstance(value, bytes) else None

    def _lost(self, error: redis.RedisError) -> None:
        self._gone_until = time.monotonic() + self.PAUSE
        log.warning("Redis does not answer: %s", error)


Shelf = Folder | Redis
"""What processes share. Losing it makes the site slower, never wrong: no method raises."""


def shelf(url: str, folder: Path) -> Shelf:
    """Redis where an address is given, files otherwise."""
    return Redis(url) if url else Folder(folder)
