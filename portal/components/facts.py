"""The shape of templates/components/facts.html."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A pair of a name and a number or text."""

    name: str
    text: str
    note: str = ""
