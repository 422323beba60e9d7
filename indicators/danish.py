"""How Danes order and misspell names: the stored keys for sorting and for searching.

No embedded PostgreSQL has ICU and bare Debian has no da_DK locale, so the order is a plain text,
compared byte by byte (collation "C").
"""

import re
import unicodedata

_LAST_LETTERS = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y"})
_SOUNDS = (("aa", "a"), ("å", "a"), ("ae", "a"), ("æ", "a"), ("ä", "a"), ("oe", "o"), ("ø", "o"), ("ö", "o"))
_KOMMUNE = re.compile(r"\b(kommunes?|municipality|municipal|city|regions?kommune)\b")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def sort_key(name: str) -> str:
    """A text that sorts bytewise as Danes sort: æ, ø, å after z, "aa" as å, hyphens as spaces."""
    text = unicodedata.normalize("NFC", name).casefold().replace("-", " ").replace("aa", "å")
    return "".join(letter if letter in "{|}" else _without_accents(letter) for letter in text.translate(_LAST_LETTERS))


def search_key(text: str) -> str:
    """A folded text under which the spellings of one name meet: Aarhus, Århus and Arhus; Ærø, Aeroe and Aro.

    Case, accents, hyphens and the word "kommune" fall away. Both the stored name and the question are folded.
    """
    folded = _KOMMUNE.sub(" ", unicodedata.normalize("NFC", text).casefold())
    for sound, letter in _SOUNDS:
        folded = folded.replace(sound, letter)
    return _NOT_WORD.sub(" ", _without_accents(folded)).strip()
