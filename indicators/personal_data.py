"""Texts that will be public hold no personal data: what is refused at once, and what a moderator is warned of.

A CPR number is known by its shape and a possible date. The check digit is not asked: numbers given since 2007 need not
keep modulus 11. ``CPR`` is written so that Python and PostgreSQL read it alike: the constraints use the same pattern.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

_DAYS = (
    "(0[1-9]|[12][0-9]|3[01])(0[13578]|1[02])"  # months of 31 days
    "|(0[1-9]|[12][0-9]|30)(0[469]|11)"
    "|(0[1-9]|[12][0-9])02"
)
CPR = rf"(?<![0-9])({_DAYS})[0-9][0-9] ?[-–.]? ?[0-9][0-9][0-9][0-9](?![0-9])"
_CPR = re.compile(CPR)
_LOOSE = re.compile(
    r"(?<![0-9])([0-9]{2})[ .\u2013/-]?([0-9]{2})[ .\u2013/-]?([0-9]{2}) ?[-\u2013./]? ?([0-9]{4})(?![0-9])"
)
"""The same with separators between its pairs. The day of a number that stands in for a CPR number has 60 added."""
_CASE = re.compile(
    r"\b(?:sags?(?:nr|nummer|id)|sag\s+nr|journal\s?(?:nr|nummer)|j\.\s?nr)\b\.?:?\s*[\w./-]*[0-9]", re.IGNORECASE
)
_CHILD = re.compile(
    r"\b(?:barnet|drengen|pigen|sønnen|datteren|borgeren)\s+[A-ZÆØÅ][a-zæøåé]+"
    r"|\b[A-ZÆØÅ][a-zæøåé]+,?\s+(?:er\s+|på\s+)?[0-9]{1,2}\s+år\b"
)


class PersonalDataError(ValueError):
    """A text holds what must not be kept; the message quotes it and says what to do. Nothing was stored."""


def refuse_personal_data(*texts: str) -> None:
    """Raise PersonalDataError for a number that may be somebody's CPR, or for the number of a case."""
    for text in (unicodedata.normalize("NFKC", text) for text in texts):
        if found := _CPR.search(text) or next(filter(_may_be_a_day, _LOOSE.finditer(text)), None):
            msg = _("»%(part)s…« ligner et CPR-nummer. Teksten bliver offentlig: fjern nummeret, og gem igen.")
            raise PersonalDataError(msg % {"part": found[0][:6]})
        if found := _CASE.search(text):
            msg = _("»%(part)s« ligner nummeret på en enkelt sag. Teksten bliver offentlig: beskriv uden sagen.")
            raise PersonalDataError(msg % {"part": found[0]})


def _may_be_a_day(found: re.Match[str]) -> bool:
    """Whether a number's pairs are a possible day of a month, as such or with 60 added."""
    day, month = int(found[1]), int(found[2])
    return re.fullmatch(_DAYS, f"{day - 60 if day > 60 else day:02d}{month:02d}") is not None


def names_of_children(text: str) -> list[str]:
    """Places in a text that may name a child or a citizen: a warning for whoever moderates, never a refusal."""
    return [match[0] for match in _CHILD.finditer(text)]
