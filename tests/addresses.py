"""Every address of the site, found in its address book and filled in with rows of the world."""

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

LANGUAGES = ("da", "en")
EDITIONS = ("", "2024", "@2025.1")  # the newest, the first of all, one that a correction replaced
FILLED: dict[str, dict[str, Any]] = {
    "municipality": {"slug": "roedovre"},
    "municipality-figure": {"slug": "roedovre", "code": "b-omgoerelse"},
    "area": {"slug": "handicap", "code": "handicap"},
    "theme": {"code": "uddannelse-job-og-aktivitet"},
    "indicator": {"code": "b-omgoerelse"},
    "card": {"slug": "roedovre"},
    "year": {"year": 2026},
    "hearing": {"year": "2026"},
    "wrong": {"number": "2026.1-151-b-omgoerelse"},
    "practice": {"slug": "opdigtet-faelles-venteliste-og-ugentlig-visitation", "code": "h-botilbud-ventetid"},
    "worth": {"code": "v-relativ-fattigdom"},
    "pair": {"code": "fattigdom"},
    "whom": {"code": "h-botilbud-ventetid"},
    "provision": {"number": "D1001"},
    "trace": {"number": "2026.1-151-samlet"},  # Ballerup's overall place
    "trace-answer": {"number": "2026.1-151-b-neet", "place": "2"},  # what the demo's publisher answered
}
CHOICES = {"ending": ("csv", "png", "json", "zip"), "what": ("kort",)}
# They have tests of their own.
ELSEWHERE = {settings.ADMIN_PATH, settings.WORKBENCH_PATH, "api", "sundhed", "embargo", "design", "jsi18n"}
BY_LETTER = {"follow-yes", "follow-no", "survey-member", "oembed"}  # in a letter, or asked by another site
ASKED_FOR = {
    "picture-comparison",
    "embed-comparison",
    "embed-selection",
}  # there is nothing at the bare address: only for those that are asked for
SIGNED_IN = {"provisions-confirm"}  # a stranger is sent to sign in: it has tests of its own
DRAWN = ("pdf", "picture", "edition-")  # slow to make, and the same code for every edition


@dataclass(frozen=True)
class Address:
    """One page or file: its name, language and edition, and where it is."""

    name: str
    language: str
    edition: str
    path: str

    def __str__(self) -> str:
        return f"{self.name}-{self.language}-{self.edition or 'newest'}"


def names() -> dict[str, set[str]]:
    """Every public address name and the arguments it takes besides the edition."""
    found = {pattern.name: set(arguments) - {"edition"} for pattern, arguments in _patterns(get_resolver())}
    left_out = BY_LETTER | ASKED_FOR | SIGNED_IN
    return {name: arguments for name, arguments in found.items() if name and name not in left_out}


def _patterns(
    resolver: URLResolver, above: frozenset[str] = frozenset()
) -> Iterator[tuple[URLPattern, frozenset[str]]]:
    for one in resolver.url_patterns:
        if str(one.pattern).split("/")[0] in ELSEWHERE and str(one.pattern) != "api/":
            continue
        arguments = above | one.pattern.regex.groupindex.keys()
        if isinstance(one, URLPattern):
            yield one, arguments
        else:
            yield from _patterns(one, arguments)


def _path(name: str, takes: set[str], edition: str) -> str | None:
    """The address with rows of the world filled in; None where the page is of no edition.

    An address that takes others has an entry of its own in FILLED: KeyError says what it takes.
    """
    own = FILLED.get(name) or next((FILLED[part] for part in name.split("-")[::-1] if part in FILLED), {})
    row = own | ({"edition": edition} if edition else {})
    known = takes - CHOICES.keys()
    for choices in itertools.product(*(CHOICES[one] for one in sorted(takes & CHOICES.keys()))):
        chosen = dict(zip(sorted(takes & CHOICES.keys()), choices, strict=True))
        with contextlib.suppress(NoReverseMatch):
            return reverse(name, kwargs={one: row[one] for one in known | row.keys() & {"edition"}} | chosen)
    return None


@cache
def every(*editions: str) -> tuple[Address, ...]:
    """All of them, in every language, and in three editions or in these."""
    found = []
    for name, takes in sorted(names().items()):
        drawn = any(part in name for part in DRAWN)
        for language, edition in itertools.product(LANGUAGES, ("",) if drawn else editions or EDITIONS):
            with override(language):
                path = _path(name, takes, edition)
            if path and (language == "da" or path.startswith("/en/")):  # else it is one file for all languages
                found.append(Address(name, language, edition, path))
    assert editions or {one.name for one in found} == set(names())
    return tuple(found)
