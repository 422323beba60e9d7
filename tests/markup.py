"""A page of ours read as a strict parser reads it, and what must hold for every page."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import lxml.html
from django.http import HttpResponseBase

UNRENDERED = re.compile(
    r"\{\{|\{%|%\(\w+\)[sd]|(?<![-\w])None(?![-\w])|\bnan\b|&lt;(?:b|strong|a) |\bFalse\b|object at 0x"
)
SCRIPTS = frozenset({"script", "style"})
CODE = SCRIPTS | {"code", "pre"}  # examples of Python and BibTeX have words and braces of their own
SVG = "{http://www.w3.org/2000/svg}"
FORGIVING = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers", "list")


@dataclass(frozen=True)
class Markup:
    """An HTML page."""

    source: str

    @cached_property
    def root(self) -> Element:
        """The tree, by a parser that forgives: eighty times as fast as the strict one, which only faults() needs."""
        return _copied(lxml.html.document_fromstring((self.source.strip() or "<p>").encode(), parser=FORGIVING), "")

    def all(self, tag: str) -> list[Element]:
        return list(self.root.iter(tag))

    def svg(self, tag: str, within: Element | None = None) -> list[Element]:
        """The elements of a drawing: they have a namespace of their own."""
        return list((self.root if within is None else within).iter(f"{SVG}{tag}"))

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
        return text_of(self.all("title")[0])

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
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        parser.parse(self.source)
        yield from (f"line {at[0]}: {code} {about}" for at, code, about in parser.errors)

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


def _copied(element: Any, space: str) -> Element:
    """As xml.etree has it: mypy knows that one, and a drawing's elements keep their namespace."""
    space = SVG if element.tag == "svg" else space
    copy = Element(f"{space}{element.tag}", dict(element.attrib))
    copy.text, copy.tail = element.text, element.tail
    copy.extend(_copied(child, space) for child in element)
    return copy


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
