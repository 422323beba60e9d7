"""What a heading says beside its name: a year, a unit, that figures are preliminary, or that they are no plain figures.

A title, a heading and a sheet's name are weighed against what was chosen. The words are kept here and nowhere else.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from .messages import Text, _
from .periods import period_of
from .places import fold

_AGAINST: tuple[tuple[str, str], ...] = (
    ("change", r"aendring\w*|udvikling\w*|differens\w*|difference\w*|forskel\w*|vaekst\w*|stigning\w*|fald|change\w*"),
    ("change", r"aendr|diff|afvigelse\w*|afv|fremgang|tilbagegang|(?:procent|pct) ?point"),
    ("change", r"delta|indeks\w*|index|siden \d{4}|fra \d{4}|ift \d{4}|i forhold til \d{4}"),
    ("rank", r"rang|rangering|rangliste\w*|rank|ranking|placering|placeringen|placeringer|plads|pladser"),
    ("rank", r"(?:kvartil|kvintil|decil|percentil)\w*"),
    (
        "plan",
        r"b ?(?:19|20)\d\d|budget\w*|forvent\w*|prognose\w*|skoen\w*|estimat\w*|fremskriv\w*|forecast",
    ),
    ("plan", r"^maal(?: \d{4})?$|maaltal\w*|maalsaetning\w*|targets?(?! group)|(?:19|20)\d\d[be]|kladde\w*|udkast\w*"),
    ("other_year", r"(?:sidste|forrige) aar\w*|aaret foer|foregaaende aar"),
    ("total", r"landsgennemsnit\w*|hele landet|landstal\w*|landsresultat\w*|landsplan\w*|gennemsnit\w*"),
    ("total", r"landsgns|gns for (?:hele )?landet|middelvaerdi\w*|median(?:en)?"),
    (
        "spread",
        r"(?:nedre|oevre) graense\w*|konfidens\w*|usikkerhed\w*|standardafvigelse\w*|standardfejl\w*|spredning\w*",
    ),
    ("spread", r"varians\w*|(?:95 )?(?:pct )?(?:ki|ci)|[pz] ?(?:vaerdi|score|value)"),
    ("base", r"^n(?: \d{4})?$|respondenter|svarprocent"),
    ("base", r"antal (?:svar|besvarelser|respondenter|svarpersoner|adspurgte|interview)"),
    ("share", r"(?:pct|procent|andel|%) af (?:hele )?(?:landet|landstal\w*|landsgennemsnit\w*)"),
    ("running", r"kumuleret|akkumuleret|aar til dato|aatd|ytd"),
)
_WORDS = [(kind, re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])")) for kind, pattern in _AGAINST]
WORDS_FOR: dict[str, Text] = {
    "change": _("en ændring"),
    "rank": _("en placering"),
    "plan": _("et budget, et skøn eller en forventning"),
    "other_year": _("et andet år"),
    "total": _("et tal for hele landet eller et gennemsnit"),
    "spread": _("en usikkerhed"),
    "base": _("hvor mange der har svaret"),
    "share": _("en andel af hele landet"),
    "running": _("et løbende tal"),
}
_NO_TITLE = re.compile(
    r"\W*(?:kilde|source|note|anm|bemærk|copyright|©|dato\b|version)"
    r"|.*\b(?:udtrukket|udtræk|hentet|opdateret|dannet|udskrevet|downloaded|updated)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20\d\d)(?!\d)")


class Unit(NamedTuple):
    """A unit as a file says it. `kind` is what it counts in, `size` how much of that one of it is.

    `per`: so many persons (per cent 100, promille 1000); `kroner`: kroner; `time`: days; `scale`: a bare number.
    """

    text: str
    kind: str
    size: float


_SCALES = {"mia": 1e9, "milliarder": 1e9, "mio": 1e6, "millioner": 1e6, "t": 1e3, "tusinde": 1e3, "tusinder": 1e3,
           "1 000": 1e3, "1000": 1e3, "hundrede": 1e2}  # fmt: skip
_MONEY = re.compile(
    r"(?<![a-z0-9])(mia|milliarder|mio|millioner|t|tusinde|tusinder|1000|1 000)? ?(?:kr|kroner|dkk)(?![a-z0-9])"
)
_SCALE = re.compile(r"(?<![a-z0-9])(?:i |antal )?(1000|1 000|tusinde|tusinder|mio|millioner|hundrede)(?![a-z0-9])")
_PER = re.compile(r"(?<![a-z0-9])(?:pr|per) (\d{1,3}(?: \d{3})+|\d+)(?![a-z0-9])")
_TIME = {"dage": 1.0, "dag": 1.0, "doegn": 1.0, "uger": 7.0, "uge": 7.0, "maaneder": 365 / 12, "maaned": 365 / 12,
         "timer": 1 / 24, "aarsvaerk": 365.0}  # fmt: skip
_TIMES = re.compile(rf"(?<![a-z0-9])({'|'.join(_TIME)})(?![a-z0-9])")
_PERCENT = re.compile(r"%|(?<![a-z0-9])(?:pct|procent)(?![a-z0-9])")
_PER_MILLE = re.compile(r"‰|(?<![a-z0-9])promille(?![a-z0-9])")


def against(label: str) -> str | None:
    """The kind of words in a heading that speak against its being a plain figure of the year; None for no such word."""
    folded = fold(label)
    return next((kind for kind, word in _WORDS if word.search(folded)), None)


def years_in(lines: Iterable[str]) -> set[int]:
    """The years that a title speaks of; not those of prices, dates, sources and notes."""
    years: set[int] = set()
    for line in lines:
        if _NO_TITLE.match(line) or (period := period_of(line)) is None:
            continue
        years.add(period.year)
        if period.part:
            years.update(int(found[0]) for found in _YEAR.finditer(period.part))
    return years


def unit_of(text: str) -> Unit | None:
    """The unit that a heading, a title or the catalogue says; None where it says none that matters."""
    folded = " ".join(fold(text.replace("%", " pct ").replace("‰", " promille ")).split())
    if (found := _PER.search(folded)) and (size := float(found[1].replace(" ", ""))) >= 100:  # else "pr. 1. januar"
        return Unit(text, "per", size)
    if _PER_MILLE.search(folded):
        return Unit(text, "per", 1000.0)
    if found := _MONEY.search(folded):
        return Unit(text, "kroner", _SCALES.get(found[1] or "", 1.0))
    if _PERCENT.search(folded):
        return Unit(text, "per", 100.0)
    if found := _TIMES.search(folded):
        return Unit(text, "time", _TIME[found[1]])
    return Unit(text, "scale", _SCALES[found[1]]) if (found := _SCALE.search(folded)) else None


def factor(said: Unit, wanted: Unit | None) -> float | None:
    """What figures in the unit that was said are multiplied by to stand in the wanted one; None where they cannot."""
    if said.kind == "scale":
        return said.size
    if wanted is None or said.kind != wanted.kind:
        return None
    return wanted.size / said.size if said.kind == "per" else said.size / wanted.size
