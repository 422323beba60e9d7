"""Where proofs and pages lie: in public, or behind an embargo's link."""

from dataclasses import dataclass

from portal.addresses.links import Links
from portal.addresses.numbers import NumberId


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
