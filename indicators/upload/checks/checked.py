"""A reading together with all that the rules may look at."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from indicators.upload.places import gazetteer
from indicators.upload.reading import Reading

from .facts import IndicatorFacts, KnownValues
from .series import Series, series_of


@dataclass(frozen=True)
class Checked:
    """What is checked, against what. `expected_years` None expects any year; `this_year` None knows no today."""

    reading: Reading
    catalogue: Mapping[str, IndicatorFacts]
    known: KnownValues
    expected_years: Collection[int] | None = None
    this_year: int | None = None

    @cached_property
    def series(self) -> list[Series]:
        """The cells of known indicators, by indicator and year."""
        return series_of(self.reading, self.catalogue, self.known)

    def name(self, municipality: str) -> str:
        """A municipality's name, for a message."""
        return gazetteer().names.get(int(municipality), municipality)
