"""What people call the subjects of the index: words that stand in no name, by the code of a theme or an indicator.

Data, not code: indicators/data/citizens_words.csv, in both languages, words and phrases divided by ";". Nobody who
looks for "autisme" or "klage" knows what we call the theme.
"""

import csv
from functools import cache
from itertools import takewhile
from pathlib import Path

from indicators.danish import search_key

FILE = Path(__file__).resolve().parent / "data" / "citizens_words.csv"
_DANISH = "af at de den det en et for har i med min mit mod og om pa som til"
_ENGLISH = "a an and in my of on the to with"
SMALL = frozenset(f"{_DANISH} {_ENGLISH}".split())
EXACTLY, BEGINS, NAMED, ALIKE = 1.0, 0.9, 0.85, 0.8
BEGINNING = 3  # letters of a word that its beginning must have
STEM, STEM_OF_WORD = 5, 0.7  # letters, and share of what was asked, that two words of one stem have in common


@cache
def words_by_code() -> dict[str, tuple[str, ...]]:
    """The search keys of the words and phrases for each theme and indicator, of both languages together."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["code"]: tuple(
            dict.fromkeys(filter(None, map(search_key, f"{row['words_da']};{row['words_en']}".split(";"))))
        )
        for row in rows
    }


@cache
def _phrases() -> dict[str, list[tuple[str, list[str]]]]:
    """The same with what each phrase says in its words that say something."""
    return {code: [(phrase, telling(phrase)) for phrase in phrases] for code, phrases in words_by_code().items()}


def subjects_called(key: str) -> dict[str, float]:
    """The codes of the themes and indicators that a question is about by these words, each with how well (up to 1)."""
    asked = telling(key)
    found = {code: max((_fit(key, asked, *phrase) for phrase in phrases), default=0.0)
             for code, phrases in _phrases().items()}  # fmt: skip
    return {code: fit for code, fit in found.items() if fit}


def telling(key: str) -> list[str]:
    """The words of a question that say something."""
    return [word for word in key.split() if word not in SMALL]


def _fit(key: str, asked: list[str], phrase: str, words: list[str]) -> float:
    if key == phrase:
        return EXACTLY
    if len(key) >= BEGINNING and phrase.startswith(key):
        return BEGINS
    if len(phrase) >= BEGINNING and f" {phrase} " in f" {key} ":
        return NAMED
    return ALIKE if asked and all(any(share_stem(one, word) for word in words) for one in asked) else 0.0


def share_stem(asked: str, word: str) -> bool:
    """Whether two words are forms of one: "klage" and "klager", "hjemløs" and "hjemløshed"."""
    if asked == word or asked[:STEM] != word[:STEM]:
        return asked == word
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(asked, word, strict=False))))
    return shared >= STEM and shared >= STEM_OF_WORD * len(asked)
