"""Which texts the site asks gettext for, which the English catalogue has, and what words a page speaks."""

import ast
import csv
import functools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from babel.messages import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize
from turbohtml.etree import ElementView as Element

from portal.language.formatting import WORDS
from tests.markup import Markup

PO = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
DATA = settings.BASE_DIR / "indicators" / "data"
PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}
GAP = re.compile(r"%\(\w+\)[sd]|%[sd]|<[^>]*>|\{\w*\}")
ADDRESS = re.compile(r"https?://\S+|\S+[.:]\w+/\S+|\S+\.(?:csv|xlsx|ods)\b")
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "title", "placeholder", "data-none", "data-count", "data-done", "data-title",
                     "data-png", "data-svg", "data-label", "label")  # fmt: skip
SPOKEN_KEYS = {"description", "headline", "text", "title", "hovertext", "notice"}

Key = tuple[str, str]


@dataclass(frozen=True)
class Text:
    """A text of the catalogue: Danish, what the context is, and its English form or forms."""

    danish: tuple[str, ...]
    context: str
    english: tuple[str, ...]
    fuzzy: bool

    @property
    def key(self) -> Key:
        return self.context, self.danish[0]


@functools.cache
def texts() -> tuple[Text, ...]:
    """Every text of the English catalogue."""
    with PO.open("rb") as file:
        return tuple(_text(message) for message in read_po(file) if message.id)


def _text(message: Message) -> Text:
    return Text(_forms(message.id), str(message.context or ""), _forms(message.string), message.fuzzy)


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, (tuple, list)) else (str(text),)


def asked_for() -> dict[Key, str]:
    """Every text that code and templates ask for by its words, and a file that does."""
    found: dict[Key, str] = {}
    for file in sorted(settings.BASE_DIR.glob("templates/**/*.*")):
        if file.suffix in {".html", ".txt", ".xml", ".svg"}:
            source = templatize(file.read_text(encoding="utf-8"), origin=str(file))
            found |= dict.fromkeys(_in_template(source), str(file.relative_to(settings.BASE_DIR)))
    for package in ("portal", "indicators", "rankings"):
        for file in sorted((settings.BASE_DIR / package).rglob("*.py")):
            found |= dict.fromkeys(_in_code(file), str(file.relative_to(settings.BASE_DIR)))
    return found


def _in_code(file: Path) -> Iterator[Key]:
    """The calls with their words in place; unlike xgettext this looks inside f-strings too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if node.func.id in PLAIN | PLURAL and words:
            yield "", words[0]
        elif node.func.id in WITH_CONTEXT and len(words) > 1:
            yield words[0], words[1]


def _in_template(source: str) -> Iterator[Key]:
    for match in re.finditer(r"""\b(_|n?gettext)\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", source):
        yield "", str(ast.literal_eval(match.group(2)))


def words_of(said: Iterable[str]) -> set[str]:
    """The words of some texts, in lower case, without what is filled in."""
    return {word.lower() for text in said for word in WORD.findall(ADDRESS.sub(" ", GAP.sub(" ", text)))}


def column(file: str, *names: str) -> list[str]:
    """Columns of a file that is shipped with the code, all their cells."""
    with (DATA / file).open(encoding="utf-8", newline="") as opened:
        return [row[name] for row in csv.DictReader(opened) for name in names]


@functools.cache
def names() -> frozenset[str]:
    """Words of names, which are the same in both languages."""
    named = [*column("municipalities.csv", "name", "landsdel"), *column("indicators.csv", "source_table")]
    named.append("Socialt Indeks, Socialpædagogerne, Epinion, Danmarks Statistik, barnets lov, et al.")
    return frozenset(words_of(named))


def _of_the_catalogue(language: str) -> list[str]:
    said: list[str] = []
    for file in sorted(DATA.glob("*.csv")):
        head = file.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
        said += column(file.name, *(name for name in head if name.endswith(f"_{language}")))
        english = language == "en"
        said += column(file.name, *({"unit_en", "name_en"} if english else {"unit", "source_name"}) & {*head})
    return said


@functools.cache
def words_only_in(language: str) -> frozenset[str]:
    """Words that give away that a text is in this language: the other one never uses them."""
    danish = [*(text for one in texts() for text in one.danish), *_of_the_catalogue("da"), *_of_numbers("da")]
    english = [*(text for one in texts() for text in one.english), *_of_the_catalogue("en"), *_of_numbers("en")]
    own, other, told = (danish, english, "method.md") if language == "da" else (english, danish, "method.da.md")
    other.append((settings.BASE_DIR / "docs" / told).read_text(encoding="utf-8"))
    return frozenset(words_of(own) - words_of(other) - names())


def _of_numbers(language: str) -> list[str]:
    words = WORDS[language]
    said: list[str] = []
    for name in words.__slots__:
        value = getattr(words, name)
        said += [value] if isinstance(value, str) else value.values() if isinstance(value, dict) else value
    return said


def spoken(page: Markup, language: str) -> list[str]:
    """Everything a page says, seen or read aloud or found, but for what says itself that it is in another language."""
    said = [content for meta in page.all("meta") if (content := meta.get("content")) and _speaks(meta)]
    said.append(page.title)
    said += _said(page.root.find("body"), language)
    for script in page.all("script"):
        if script.get("type") == "application/ld+json":
            said += _of_facts(json.loads("".join(script.itertext())))
    return said


def _speaks(meta: Element) -> bool:
    return meta.get("name") == "description" or meta.get("property") in {"og:title", "og:description", "og:image:alt"}


def _said(element: Element | None, language: str) -> Iterator[str]:
    if element is None or element.tag in {"script", "style", "pre", "code"} or not isinstance(element.tag, str):
        return
    if element.get("lang", language) != language:
        return
    yield from (element.get(name, "") for name in SPOKEN_ATTRIBUTES if element.get(name))
    yield element.text or ""
    for child in element:
        yield from _said(child, language)
        yield child.tail or ""


def _of_facts(facts: object, key: str = "") -> Iterator[str]:
    """The texts in JSON: of linked data, and of a Plotly figure (whose shapes and notes have names nobody sees)."""
    if isinstance(facts, dict):
        named = {"name"} if "@type" in facts or "mode" in facts else set()
        for inner, value in facts.items():
            if inner in SPOKEN_KEYS | named or not isinstance(value, str):
                yield from _of_facts(value, inner)
    elif isinstance(facts, list):
        for value in facts:
            yield from _of_facts(value, key)
    elif isinstance(facts, str):
        yield facts


def spoken_in_file(body: str, kind: str) -> list[str]:
    """What a file that is no page says: the texts of a picture or feed, the words of a figure."""
    if kind.startswith("application/json"):
        return list(_of_facts(json.loads(body)))
    if kind.startswith(("image/svg", "application/atom")):
        return [unescape(text) for text in re.findall(r">([^<]+)<", body)]
    return []
