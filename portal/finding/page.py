"""What a search found, as text and addresses."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.components.links import Link
from portal.published.search import Found
from portal.published.subjects import localised


@dataclass(frozen=True, slots=True)
class Results:
    """The page of results."""

    question: str
    municipalities: tuple[dict[str, Any], ...]
    subjects: tuple[dict[str, Any], ...]
    indicators: tuple[dict[str, Any], ...]
    actions: tuple[Link, ...]
    advice: str = ""
    covered: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing fits."""
        return not (self.municipalities or self.subjects or self.indicators)


def results(question: str, found: Found) -> Results:
    """Everything that was found, best first."""
    links = Links()
    return Results(
        question,
        tuple(
            dict(
                name=row.name,
                kind=_("kommune"),
                url=links.municipality(row.slug),
                note=_("fundet som »%(name)s«") % {"name": by} if by else "",
            )
            for row, by, _fit in found.municipalities
        ),
        (
            *(
                dict(name=localised(row, "name"), kind=_("område"), url=links.area(row.slug), note="")
                for row in found.areas
            ),
            *(
                dict(
                    name=localised(row, "name"),
                    kind=_("tema"),
                    url=links.theme(row.code),
                    note=localised(row.area, "name"),
                )
                for row in found.themes
            ),
        ),
        tuple(
            dict(name=localised(row, "name"), kind=_("indikator"), url=links.indicator(row.code), note="")
            for row in found.indicators
        ),
        (Link(_("Alle kommuner"), links.to("municipalities")), Link(_("Alle indikatorer"), links.to("indicators"))),
        _advice(question),
        _covered(),
    )


def _advice(question: str) -> str:
    """What to try where nothing fits."""
    if any(letter.isdigit() for letter in question):
        return _("Postnumre og adresser kan vi ikke slå op. Skriv kommunens navn, eller find den på listen.")
    return _("Prøv et kortere ord eller en anden stavemåde, eller find kommunen på listen.")


def _covered() -> str:
    """What the search knows and what it does not."""
    return _("Søgningen kender alle kommuner, også ved deres gamle og engelske navne og med stavefejl, byer og bydele "
             "med omkring 1.000 indbyggere eller flere, når de ligger i én kommune, og alle områder, temaer og "
             "indikatorer. Den kender ikke postnumre, adresser, landsbyer og små øer. Byerne er fra GeoNames "
             "(CC BY 4.0).")  # fmt: skip


def suggestions_of(found: Found, most: int = 8) -> tuple[dict[str, Any], ...]:
    """The best few of all kinds: municipalities first."""
    everything = results("", found)
    return (*everything.municipalities[:5], *everything.subjects[:3], *everything.indicators)[:most]
