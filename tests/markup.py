"""A page of ours read as a strict parser reads it, and what must hold for every page."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpResponseBase
from turbohtml import Element as Node
from turbohtml import TokenType, parse, tokenize
from turbohtml.conformance import check
from turbohtml.etree import ElementView as Element

UNRENDERED = re.compile(
    r"\{\{|\{%|%\(\w+\)[sd]|(?<![-\w])None(?![-\w])|\bnan\b|&lt;(?:b|strong|a) |\bFalse\b|object at 0x"
)
SCRIPTS = frozenset({"script", "style"})
CODE = SCRIPTS | {"code", "pre"}  # examples of Python and BibTeX have words and braces of their own
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers", "list")


@dataclass(frozen=True)
class Markup:
    """An HTML page."""

    source: str

    @cached_property
    def root(self) -> Element:
        """The tree that a browser builds, which forgives everything; faults() does not."""
        return Element(parse(self.source).find("html") or Node("html"))

    def all(self, tag: str) -> list[Element]:
        return list(self.root.iter(tag))

    def one(self, tag: str) -> Element:
        found = self.all(tag)
        assert len(found) == 1, f"{len(found)} × {tag}"
        return found[0]

    def by_id(self, key: str) -> Element:
        return next(element for element in self.root.iter() if element.get("id") == key)

    def by_class(self, name: str) -> list[Element]:
        return [element for element in self.root.iter() if name in element.get("class", "").split()]

    @cached_property
    def text(self) -> str:
        """What a reader sees, with single spaces."""
        return text_of(self.root.find("body"))

    @property
    def title(self) -> str:
        return text_of(self.root.find("head/title"))

    @property
    def description(self) -> str:
        return next((meta.get("content", "") for meta in self.all("meta") if meta.get("name") == "description"), "")

    @property
    def _is_hidden(self) -> bool:
        """Whether search engines are asked to leave it out."""
        return any(meta.get("name") == "robots" for meta in self.all("meta"))

    @cached_property
    def links(self) -> list[str]:
        """Every address the page leads to or loads, as it is written."""
        named = [element.get(name) for element in self.root.iter() for name in ("href", "src", "data-href", "action")]
        return [address for address in named if address]

    @cached_property
    def rows(self) -> list[list[str]]:
        """The cells of the first table's body."""
        body = self.all("tbody")[0]
        return [[text_of(cell) for cell in row if cell.tag in {"th", "td"}] for row in body.iter("tr")]

    def faults(self) -> list[str]:
        """What no page of ours may have; empty for a good one."""
        return [*self._strict_faults(), *self._head_faults(), *self._body_faults(), *self._reference_faults()]

    def _strict_faults(self) -> Iterator[str]:
        """Errors of syntax, of the rules for authors, and where a browser builds another tree than is written."""
        document = parse(self.source)
        yield from (f"line {error.line}: {error.code}" for error in document.errors)
        yield from (f"line {error.line}: {error.message}" for error in check(document).errors)
        for written, built in itertools.zip_longest(_written(self.source), _built(document.find("html"), 0)):
            if written != built:
                yield f"written (line, depth, element) {written}, but a browser builds {built}"
                return

    def _head_faults(self) -> Iterator[str]:
        if len(self.all("h1")) != 1:
            yield f"{len(self.all('h1'))} h1"
        if len(self.all("main")) != 1:
            yield f"{len(self.all('main'))} main"
        if "Socialt Indeks" not in self.title or not text_of(self.all("h1")[0]):
            yield f"title {self.title!r}"
        if not self.description and not self._is_hidden:
            yield "no description"

    def _body_faults(self) -> Iterator[str]:
        if found := UNRENDERED.search(text_of(self.root.find("body"), without=CODE) + self.title + self.description):
            yield f"unrendered {found.group()!r}"
        for element in self.root.iter():
            if str(element.tag).endswith("style") or "style" in element.attrib:
                yield f"style in {element.tag}"
            if element.tag == "script" and not element.get("src") and element.get("type") != "application/ld+json":
                yield "script in the page"
            yield from (f"{name} in {element.tag}" for name in element.attrib if str(name).startswith("on"))
            if element.tag == "img" and element.get("alt") is None:
                yield f"no alt: {element.get('src')}"
        levels = [int(element.tag[1]) for element in self.root.iter() if re.fullmatch(r"h[1-6]", str(element.tag))]
        for before, after in itertools.pairwise(levels):
            if after > before + 1:
                yield f"h{after} after h{before}"

    def _reference_faults(self) -> Iterator[str]:
        ids = Counter(element.get("id") for element in self.root.iter() if element.get("id"))
        yield from (f"{amount} × id={key}" for key, amount in ids.items() if amount > 1)
        for element in self.root.iter():
            for name in POINTERS:
                for key in (element.get(name) or "").split():
                    if key not in ids:
                        yield f"{name}={key} leads nowhere"
        for link in self.links:
            if link.startswith("#") and link[1:] not in ids:
                yield f"{link} leads nowhere"


def _written(source: str) -> Iterator[tuple[int, int, str]]:
    """Line, depth and name of each element as the tags have it: what has no end tag of its own holds what follows."""
    within: list[str] = []
    for token in tokenize(source):
        if token.type is TokenType.START_TAG:
            yield token.line, len(within), token.tag or ""
            if token.tag not in VOID and not token.self_closing:
                within.append(token.tag or "")
        elif token.type is TokenType.END_TAG and (not within or within.pop() != token.tag):
            yield token.line, len(within), f"/{token.tag}"


def _built(node: Node | None, depth: int) -> Iterator[tuple[int | None, int, str]]:
    if node is not None:
        yield node.source_line, depth, node.tag.lower()
        for child in node.children:
            if isinstance(child, Node):
                yield from _built(child, depth + 1)


def body_of(answer: HttpResponseBase) -> bytes:
    """All that was sent, also what is streamed: read to its end, the test client closes it."""
    return b"".join(answer)


def text_of(element: Element | None, *, without: frozenset[str] = SCRIPTS) -> str:
    """The text in an element, with single spaces; what is only code is left out."""
    if element is None:
        return ""
    return " ".join("".join(_words(element, without)).split())


def _words(element: Element, without: frozenset[str]) -> Iterator[str]:
    if element.tag in without:
        return
    yield element.text or ""
    for child in element:
        yield from _words(child, without)
        yield child.tail or ""
    if element.tag in {"p", "li", "td", "th", "div", "h1", "h2", "h3", "dt", "dd", "option", "tr"}:
        yield " "
