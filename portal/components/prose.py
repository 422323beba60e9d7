"""Texts of a page or two, kept as Markdown in docs/ in both languages: as HTML whose headings can be linked to."""

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from portal.components.links import Link
from portal.markup import scrolling_tables

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e"})


class Prose(NamedTuple):
    """A text without its h1, which is the page's own, and the way to each of its h2."""

    title: str
    html: SafeString
    contents: tuple[Link, ...]


def prose(name: str) -> Prose:
    """The text docs/<name>.md in the language of the page: Danish is <name>.da.md."""
    return _prose(name, get_language() or "da")


@lru_cache(maxsize=32)
def _prose(name: str, language: str) -> Prose:
    file = f"{name}.da.md" if language == "da" else f"{name}.md"
    first, _newline, body = (settings.BASE_DIR / "docs" / file).read_text(encoding="utf-8").partition("\n")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(body)
    contents = tuple(Link(text, f"#{anchor}") for text, anchor, level in _headings(tokens) if level == "h2")
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Prose(first.removeprefix("# "), scrolling_tables(html, _("Tabel")), contents)


def _headings(tokens: list[Token]) -> list[tuple[str, str, str]]:
    """Every heading's text, anchor and level; the anchor is written into its element."""
    found = []
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", anchor_of(inside.content))
            found.append((inside.content, anchor_of(inside.content), opening.tag))
    return found


def anchor_of(text: str) -> str:
    """The end of an address that leads to a heading: "Når tal mangler" is "naar-tal-mangler"."""
    plain = text.lower().translate(_LETTERS)
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())
