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


def subjects_called(key: str) -> dict[str, float]:
    """The codes of the themes and indicators that a question is about by these words, each with how well (up to 1)."""
    found = {code: max((_fit(key, phrase) for phrase in phrases), default=0.0)
             for code, phrases in words_by_code().items()}  # fmt: skip
    return {code: fit for code, fit in found.items() if fit}


def telling(key: str) -> list[str]:
    """The words of a question that say something."""
    return [word for word in key.split() if word not in SMALL]


def _fit(key: str, phrase: str) -> float:
    if key == phrase:
        return EXACTLY
    if len(key) >= BEGINNING and phrase.startswith(key):
        return BEGINS
    if len(phrase) >= BEGINNING and f" {phrase} " in f" {key} ":
        return NAMED
    asked, words = telling(key), telling(phrase)
    return ALIKE if asked and all(any(share_stem(one, word) for word in words) for one in asked) else 0.0


def share_stem(asked: str, word: str) -> bool:
    """Whether two words are forms of one: "klage" and "klager", "hjemløs" and "hjemløshed"."""
    pairs = zip(asked, word, strict=False)
    shared = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    return asked == word or (shared >= STEM and shared >= STEM_OF_WORD * len(asked))
