"""Addresses of pages in one edition and language, made without a reverse() per row."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language

_PLACEHOLDER = "navn-som-skiftes-ud"


@lru_cache(maxsize=512)
def _pattern(name: str, argument: str, edition: str, _language: str | None, _below: str) -> str:
    arguments = {argument: _PLACEHOLDER} if argument else {}
    if edition:
        arguments["edition"] = edition
    return reverse(name, kwargs=arguments)


class Links:
    """The addresses of one edition ("" is the newest) in the language that is active now."""

    def __init__(self, edition: str = "") -> None:
        self.edition = edition
        self._language = get_language()
        self._below = get_script_prefix()  # "/"; for the pages of a draft, its own address in the desk

    def to(self, name: str, argument: str = "", value: str = "") -> str:
        """The address of a page; ``value`` stands where its pattern has ``argument``."""
        return _pattern(name, argument, self.edition, self._language, self._below).replace(_PLACEHOLDER, value)

    def of(self, name: str, **arguments: str) -> str:
        """The address of a page whose pattern has several arguments; for single links, not for every row."""
        edition = {"edition": self.edition} if self.edition else {}
        return reverse(name, kwargs={**arguments, **edition})

    def home(self) -> str:
        """The front page."""
        return self.to("home")

    def municipality(self, slug: str) -> str:
        """A municipality's page."""
        return self.to("municipality", "slug", slug)

    def indicator(self, code: str) -> str:
        """An indicator's page."""
        return self.to("indicator", "code", code)

    def theme(self, code: str) -> str:
        """A theme's page."""
        return self.to("theme", "code", code)

    def area(self, slug: str) -> str:
        """An area's page."""
        return self.to("area", "slug", slug)

    def ranking(self) -> str:
        """The overall ranking."""
        return self.to("ranking")
