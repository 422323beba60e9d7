"""Every address of the site, found in its address book and filled in with rows of the world."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

LANGUAGES = ("da", "en")
EDITIONS = ("", "2024", "@2025.1")  # the newest, the first of all, one that a correction replaced
FILLED = {
    "municipality": {"slug": "roedovre"},
    "area": {"slug": "handicap", "code": "handicap"},
    "theme": {"code": "uddannelse-job-og-aktivitet"},
    "indicator": {"code": "b-omgoerelse"},
}
NOT_PUBLIC = {"admin"}  # it has tests of its own


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
    found: dict[str, set[str]] = {}
    for pattern, arguments in _patterns(get_resolver()):
        if pattern.name:
            found.setdefault(pattern.name, set()).update(arguments)
    return {name: arguments - {"edition"} for name, arguments in found.items()}


def _patterns(
    resolver: URLResolver, above: frozenset[str] = frozenset()
) -> Iterator[tuple[URLPattern, frozenset[str]]]:
    for one in resolver.url_patterns:
        arguments = above | one.pattern.regex.groupindex.keys()
        if isinstance(one, URLPattern):
            yield one, arguments
        elif one.namespace is None and one.app_name not in NOT_PUBLIC:
            yield from _patterns(one, arguments)


def arguments_for(name: str, takes: set[str]) -> dict[str, str]:
    """Rows of the world to fill an address with; an address that takes others has an entry of its own in FILLED."""
    if not takes:
        return {}
    row = FILLED.get(name) or next((FILLED[part] for part in name.split("-") if part in FILLED), {})
    return {argument: row[argument] for argument in takes}


def every() -> list[Address]:
    """All of them, in every language and in three editions."""
    found = []
    for name, takes in sorted(names().items()):
        given = arguments_for(name, takes)
        for language in LANGUAGES:
            for edition in EDITIONS:
                kwargs = given | ({"edition": edition} if edition else {})
                try:
                    with override(language):
                        path = reverse(name, kwargs=kwargs)
                except NoReverseMatch:
                    continue  # not a page of an edition
                if language == "da" or path.startswith("/en/"):  # else it is one file for all languages
                    found.append(Address(name, language, edition, path))
    return found
