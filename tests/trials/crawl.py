"""Keeps every public answer of the world of the tests, to be compared byte for byte before and after a refactoring.

DJANGO_SETTINGS_MODULE=tests.settings python -m tests.trials.crawl DIR [--most 3] [--like OLD]
python -m tests.trials.crawl compare OLD NEW

The first asks and writes a file per address and an index; the second says what differs, with exit code 1 where
anything does.

The walk begins at the address book (tests/addresses.py), the sitemap, the list of the API and what only letters and
other sites lead to, and follows every link of every page, feed, list and JSON it gets, in both languages and every
edition. Of each kind of address (name, language, whether newest, of a year or for ever, names of the fields) it asks
``--most``: which ones is drawn by a checksum of the address, so two crawls of two checkouts choose the same.
``--most 0`` asks everything: some forty thousand, nearly all of them traces of a number. ``--like OLD`` asks exactly
what another crawl asked (so should the second one), and says which linked addresses are of a kind that one never saw.

The world is the same in every checkout (the demo says when it was made). Nothing in a body is changed before it is
kept. Of the headers three vary between two runs of the same code: the ETag, which names the release, and X-Request-ID
are left out; the directives of Content-Security-Policy, whose order is that of a set, are compared as one. Zips,
workbooks and PDFs are compared as they came: they are reproducible.
"""

import argparse
import hashlib
import html
import json
import logging
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import django

INDEX = "index.json"
VARYING = {"etag", "x-request-id", "date", "server"}
ATTRIBUTE = re.compile(r"\b(?:href|src|action|srcset|poster|content|data-[a-z-]+)=\"([^\"]*)\"")
BARE = re.compile(r"[^\s\"'<>\\|]+")
TEXTS = ("text/", "application/json", "application/ld+json", "application/xml", "application/atom+xml", "+json", "+xml")
UNLINKED = (
    "/robots.txt", "/sitemap.xml", "/llms.txt", "/site.webmanifest", "/favicon.ico", "/indlejr.js", "/api/v1/",
    "/api/v1/openapi.json", "/api/v1/dcat.jsonld", "/api/v1/dcat.ttl", "/sundhed/live", "/kommune/atlantis/",
    "/indikator/nej/", "/1999/", "/@2025.9/", "/findes-ikke/", "/en/nothing/", "/api/v1/municipalities/atlantis",
    "/api/v1/rankings?region=nowhere", "/soeg/?q=aarhus", "/en/soeg/?q=zzz", "/soeg/forslag/?q=oe",
    "/rangliste/?sorter=x",
    "/oembed?url=http%3A%2F%2F127.0.0.1%3A8000%2Findlejr%2Fkort%2F", "/oembed?url=http%3A%2F%2Felsewhere.example%2F",
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """One answer: what was said about it, its bytes by checksum, and the file they lie in."""

    status: int
    headers: dict[str, str]
    sha256: str
    bytes: int
    file: str


class Walk:
    """Asks what is linked, until nothing new of its kind is left."""

    def __init__(self, folder: Path, most: int) -> None:
        from django.conf import settings
        from django.test import Client

        self.folder, self.most, self.site = folder, most, settings.SITE_ADDRESS
        self.client = Client(headers={"host": urlsplit(self.site).netloc})
        self.kept: dict[str, Kept] = {}
        self.kinds: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self.waiting: set[str] = set()

    def offer(self, path: str) -> None:
        """Take a linked address into the walk, where it is of ours."""
        if path not in self.kinds[kind_of(path)]:
            self.kinds[kind_of(path)].add(path)
            self.waiting.add(path)

    def run(self) -> None:
        """Ask in rounds: what a round of pages linked to is all known before the next one is drawn from it."""
        while drawn := sorted(self._drawn(), key=_order):
            self.waiting.clear()
            for number, path in enumerate(drawn, 1):
                for link in self.ask(path):
                    self.offer(link)
                if number % 250 == 0:
                    self.write_index()
                    sys.stderr.write(f"{number} of {len(drawn)} of this round\n")
            sys.stderr.write(f"{len(self.kept)} kept, {len(self.waiting)} new\n")

    def write_index(self) -> None:
        """What is kept so far: a crawl that is cut can be compared too."""
        index = {path: asdict(self.kept[path]) for path in sorted(self.kept)}
        (self.folder / INDEX).write_text(json.dumps(index, indent=1, ensure_ascii=False), encoding="utf-8")

    def _drawn(self) -> Iterator[str]:
        """Of each kind, the first ones in the order of their checksums, without what is kept already."""
        for paths in self.kinds.values():
            asked = sum(path in self.kept for path in paths)
            new = sorted((path for path in paths if path not in self.kept), key=_order)
            yield from new if not self.most else new[: max(0, self.most - asked)]

    def ask(self, path: str) -> list[str]:
        """Keep the answer; the addresses of ours in it."""
        from tests.visited import unchanged

        with unchanged():
            answer = self.client.get(path)
            body = b"".join(answer)
        headers = {name: value for name, value in sorted(answer.items()) if name.lower() not in VARYING}
        cookies = sorted(answer.cookies)
        said = hashlib.sha256(body).hexdigest()
        file = f"{hashlib.sha256(path.encode()).hexdigest()[:16]}{_ending(answer.get('Content-Type', ''))}"
        (self.folder / file).write_bytes(body)
        headers |= {"cookies": ",".join(cookies)} if cookies else {}
        self.kept[path] = Kept(answer.status_code, headers, said, len(body), file)
        return links_in(body, answer.get("Content-Type", ""), path, self.site) if answer.status_code < 400 else []


def links_in(body: bytes, content_type: str, page: str, site: str) -> list[str]:
    """The addresses of this site in a text, whatever it is a text of, without fragments and static files."""
    if not any(kind in content_type for kind in TEXTS):
        return []
    text = body.decode("utf-8", "replace")
    is_html = "html" in content_type
    words = [html.unescape(one) for one in ATTRIBUTE.findall(text)] if is_html else []
    words += [html.unescape(one) for one in BARE.findall(text) if one.startswith(site)]
    found = []
    for word in words:
        link = word.removeprefix(site).partition("#")[0].rstrip(").,;")
        link = f"{urlsplit(page).path}{link}" if link.startswith("?") else link
        if link.startswith("/") and not link.startswith(("//", "/static/")) and "{" not in link and " " not in link:
            found.append(quote(link, safe="/?&=%@+:,;-._~!*'()"))
    return list(dict.fromkeys(found))


def kind_of(path: str) -> tuple[str, ...]:
    """Name of the address, language, edition and the names of its fields; an unknown one is a kind for itself."""
    from django.urls import Resolver404, resolve
    from django.utils.translation import override

    parts = urlsplit(path)
    language = "en" if parts.path.startswith("/en/") else "da"
    fields = sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)})
    try:
        with override(language):
            match = resolve(parts.path)
    except Resolver404:
        return (path,)
    rest = [f"{key}={value}" for key, value in match.kwargs.items() if key in {"ending", "what", "level"}]
    rest += [f"edition={str(match.kwargs['edition'])[:1]}"] if "edition" in match.kwargs else []
    return (match.url_name or match.route, language, *sorted(rest), *fields)


def begin() -> list[str]:
    """Where the walk starts: the whole address book, and what nobody links to."""
    from tests import addresses

    book = (*addresses.every(), *addresses.every("2025", "@2024.1"))
    return [*UNLINKED, *(one.path for one in book)]


def crawl(folder: Path, most: int, like: Path | None) -> int:
    """Write the answers and their index."""
    django.setup()
    logging.disable(logging.WARNING)  # pages that are not there are asked for too
    from tests import world

    folder.mkdir(parents=True, exist_ok=True)
    start = time.process_time()
    with world.inhabited():
        walk = Walk(folder, most)
        if like:
            asked = json.loads((like / INDEX).read_text(encoding="utf-8"))
            linked = {link for path in asked for link in walk.ask(path)}
            kinds = {kind_of(path) for path in asked}
            strangers = {kind: path for path in sorted(linked - asked.keys()) if (kind := kind_of(path)) not in kinds}
            sys.stdout.write("".join(f"linked, of a kind not in {like}: {path}\n" for path in strangers.values()))
        else:
            for path in begin():
                walk.offer(path)
            walk.run()
    walk.write_index()
    found, seconds = len({kind_of(path) for path in walk.kept}), time.process_time() - start
    sys.stdout.write(f"{len(walk.kept)} addresses of {found} kinds in {folder}, {seconds:.0f} processor seconds\n")
    return 0


def compare(old: Path, new: Path) -> int:
    """Print each address whose answer differs, and how; 1 where any does."""
    before, after = (json.loads((folder / INDEX).read_text(encoding="utf-8")) for folder in (old, new))
    differ = 0
    for path in sorted(before.keys() | after.keys()):
        said = list(_differences(before.get(path), after.get(path), old, new))
        differ += bool(said)
        sys.stdout.write("".join(f"{path}: {line}\n" for line in said))
    sys.stdout.write(f"{len(before)} addresses before, {len(after)} after, {differ} differ\n")
    return int(bool(differ))


def _differences(before: dict[str, Any] | None, after: dict[str, Any] | None, old: Path, new: Path) -> Iterator[str]:
    if before is None or after is None:
        yield "only after" if before is None else "only before"
        return
    if before["status"] != after["status"]:
        yield f"status {before['status']} → {after['status']}"
    for name in sorted(before["headers"].keys() | after["headers"].keys()):
        was, now = (_comparable(name, said["headers"].get(name)) for said in (before, after))
        if was != now:
            yield f"{name}: {was} → {now}"
    if before["sha256"] != after["sha256"]:
        was, now = (old / before["file"]).read_bytes(), (new / after["file"]).read_bytes()
        at = next((at for at, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))
        yield f"{len(was)} → {len(now)} bytes, at {at}: {was[at - 40 : at + 40]!r} → {now[at - 40 : at + 40]!r}"


def _comparable(name: str, value: str | None) -> str | None:
    return "; ".join(sorted(value.split("; "))) if value and name == "Content-Security-Policy" else value


def _ending(content_type: str) -> str:
    kind = content_type.partition(";")[0].rpartition("/")[2].rpartition("+")[2]
    return f".{re.sub('[^a-z0-9]', '', kind)[:8] or 'bin'}"


def _order(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()


def main(arguments: list[str]) -> int:
    """Crawl or compare."""
    if arguments[:1] == ["compare"]:
        return compare(Path(arguments[1]), Path(arguments[2]))
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=3, help="addresses of each kind; 0 for all")
    parser.add_argument("--like", type=Path, help="ask what this crawl asked")
    given = parser.parse_args(arguments)
    return crawl(given.folder, given.most, given.like)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
