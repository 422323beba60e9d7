"""The id of a printed number: edition and revision, municipality, subject. Never a key of the database.

"2026.1-175-b-omgoerelse" is Rødovre's value and place on an indicator, "2026.1-175-samlet" its overall score, place and
interval, "2026.1-000-voksne" the median and the spread of an area. Computing again does not change it; a correction is
another revision and so another id.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from portal.addresses.links import Links

EVERYONE = "000"
_PLACEHOLDER = "emne-som-skiftes-ud"
_ID = re.compile(r"(?P<release>\d{4}\.\d{1,3})-(?P<municipality>\d{3,8})-(?P<subject>[a-z0-9][a-z0-9-]*)")


@dataclass(frozen=True, slots=True)
class NumberId:
    """Which number: ``release`` as in a pinned address, a municipality's code (or EVERYONE), a subject's code."""

    release: str
    municipality: str
    subject: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Take an id apart. Raises ValueError for anything else."""
        found = _ID.fullmatch(text)
        if found is None:
            msg = f"{text!r} is no id of a number."
            raise ValueError(msg)
        return cls(**found.groupdict())

    def __str__(self) -> str:
        return f"{self.release}-{self.municipality}-{self.subject}"

    @property
    def url(self) -> str:
        """The address of its proof, in the language that is active now."""
        return Links().to("trace", "number", str(self))


@dataclass(frozen=True, slots=True)
class Proofs:
    """The addresses of all numbers of one revision in one language: for tables of thousands of cells."""

    before: str
    after: str

    @classmethod
    def of(cls, release: str) -> Self:
        """Those of a revision, "2026.1", in the language that is active now."""
        before, _mark, after = Links().to("trace", "number", f"{release}-*").partition("*")
        return cls(before, after)

    def url(self, municipality: str, subject: str) -> str:
        """The address of a number's proof; the arguments are those of `trace_url`."""
        return f"{self.before}{municipality}-{subject}{self.after}"


def trace_url(release: str, municipality: str, subject: str) -> str:
    """The address of a printed number's proof: "2026.1", "175", "b-omgoerelse" → /spor/2026.1-175-b-omgoerelse/.

    ``municipality`` is the code (EVERYONE for medians and spreads), ``subject`` a Subject's code. No query, no
    reverse(): cheap enough for every cell of a table.
    """
    return NumberId(release, municipality, subject).url


def trace_urls(release: str, municipality: str) -> Callable[[str], str]:
    """``trace_url`` for the hundred subjects of one municipality: give it a subject's code."""
    before, after = trace_url(release, municipality, _PLACEHOLDER).split(_PLACEHOLDER)
    return lambda subject: f"{before}{subject}{after}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one edition's revision. ``embargo`` is the address of a press link, "" in public.

    Behind an embargo nothing of the edition is public yet: proofs lie under the link itself, pages have no address.
    """

    release: str
    embargo: str = ""

    @property
    def links(self) -> Links:
        """The edition's pinned pages."""
        return Links(f"@{self.release}")

    def number(self, municipality: str, subject: str) -> str:
        """The address of a number's proof."""
        number = NumberId(self.release, municipality, subject)
        return f"{self.embargo}spor/{number}/" if self.embargo else number.url

    def page(self, address: str) -> str:
        """A page's address; "" while it is not public."""
        return "" if self.embargo else address
