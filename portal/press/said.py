"""What is said of the figures of a press sheet: the municipality's own words, and which figures are questioned.

Only at current addresses: a pinned sheet and its file say what they said when they were published.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.said import under_clarification
from portal.language import formatting
from portal.published import Indicator, Municipality
from portal.published.edition import Statements
from portal.published.subjects import localised


@dataclass(frozen=True, slots=True)
class SaidOnSheet:
    """The municipality's comment, who wrote it when (or ""), and a line for each figure under clarification.

    ``where``: the address at which it is told what is being clarified.
    """

    comment: tuple[str, ...] = ()
    signed: str = ""
    flags: tuple[str, ...] = ()
    where: str = ""

    def __bool__(self) -> bool:
        return bool(self.comment or self.flags)


NOTHING_SAID = SaidOnSheet()


def said_of_municipality(
    said: Statements, municipality: Municipality, names: Mapping[str, Indicator], year: int
) -> SaidOnSheet:
    """A municipality's own words, and its figures that are under clarification, by their indicators' names."""
    comment = said.comment(municipality.code)
    flags = [
        _line(localised(names[code], "name"), since)
        for (who, code), since in said.flags.items()
        if who == municipality.code and code in names
    ]
    return SaidOnSheet(
        comment=tuple(comment.paragraphs) if comment else (),
        signed=f"{comment.who}, {formatting.date(comment.on)}" if comment else "",
        flags=tuple(flags),
        where=_where(year) if flags else "",
    )


def said_of_indicator(said: Statements, indicator: Indicator, names: Mapping[str, str], year: int) -> SaidOnSheet:
    """The municipalities whose figure of an indicator is under clarification; ``names``: by their codes."""
    flags = [_line(names[who], since) for (who, what), since in said.flags.items() if what == indicator.code]
    return SaidOnSheet(flags=tuple(flags), where=_where(year) if flags else "")


def said_of_edition(said: Statements, year: int) -> SaidOnSheet:
    """How many figures of an edition are under clarification."""
    if not said.flags:
        return NOTHING_SAID
    words = under_clarification(len(said.flags))
    return SaidOnSheet(flags=(words,), where=_where(year))


def _line(what: str, since: dt.date) -> str:
    return _("%(what)s: under afklaring siden %(day)s") % {"what": what, "day": formatting.date(since)}


def _where(year: int) -> str:
    return f"{settings.SITE_ADDRESS}{Links().of('hearing-year', year=str(year))}"
