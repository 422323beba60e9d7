"""Markup that Python writes: the one room for it, because the template language is too slow for what stands hundreds
of times on a page (a comparison has 740 cells: 25 ms in templates, 3 here). Everything else is written in templates.

Whoever calls hands over geometry (portal.charts) or rows (portal.components); every text is escaped here.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

escaped = lru_cache(maxsize=16_384)(escape)
"""Text made safe for HTML: a page says "af 97" and "Placering" a hundred times, each is escaped once."""


def embed_code(address: str, title: str, height: int, script: str) -> str:
    """The HTML to paste for an embed. The script only sets the height; without it the frame keeps the one given."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{height}" '
        f'style="border:0;max-width:720px" loading="lazy"></iframe>\n'
        f'<script src="{escape(script)}" async></script>'
    )


def oembed_code(address: str, title: str, width: int, height: int) -> str:
    """The frame of an oEmbed answer."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" '
        f'height="{height}" style="border:0;max-width:100%" loading="lazy"></iframe>'
    )


def letters_in(weights: Iterable[int]) -> str:
    """A page with a letter in each weight of our font: what a PDF worker draws once to have it ready."""
    letters = "".join(f'<p style="font-weight: {weight}">a</p>' for weight in weights)
    return f'<html lang="da"><title>a</title>{letters}'


def json_ld_script(facts: SafeString) -> SafeString:
    """Facts for search engines, made safe already, in their element."""
    return mark_safe(f'<script type="application/ld+json">{facts}</script>')  # noqa: S308  see json_ld


def folded_sections(html: str, more: str) -> SafeString:
    """A long text of sections of which all but the first paragraph fold, under the word ``more``, where there is little
    room. A section that does not begin with a paragraph stays open, and so does a short one."""
    return mark_safe(_SECTION.sub(partial(_folded, more), html))  # noqa: S308  our own text


_SECTION = re.compile(r"(<h2[^>]*>((?:(?!</h2>).)*)</h2>\n<p>(?:(?!</p>).)*</p>\n)(.*?)(?=<h2|\Z)", re.DOTALL)
_SHORT = 500  # characters: folding it would save nothing


def _folded(more: str, section: re.Match[str]) -> str:
    begins, heading, rest = section.groups()
    if len(rest) < _SHORT:
        return section[0]
    summary = f'<summary>{escaped(more)}<span class="visually-hidden">: {heading}</span></summary>'
    return f'{begins}<details class="fold unfold">{summary}{rest}</details>\n'


def scrolling_tables(html: str, name: str) -> SafeString:
    """A text made from Markdown with each of its tables in a box that scrolls on a phone. ``name`` is read aloud with
    the table's number: a box that can be reached by the keyboard needs a name, and no two have the same."""
    before, *tables = html.split("<table>")
    boxes = [
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(name)} {number}"><table>{table}'
        for number, table in enumerate(tables, start=1)
    ]
    return mark_safe((before + "".join(boxes)).replace("</table>", "</table></div>"))  # noqa: S308  our own text
