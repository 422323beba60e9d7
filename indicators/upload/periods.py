"""Years found in headers and cells: `2019`, `pop_2019`, `2019*`; quarters, months and spans are told apart."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from .messages import Text, _

FIRST_YEAR, LAST_YEAR = 1950, 2100
RULES: dict[str, Text] = {
    "mean": _("gennemsnittet af årets dele"),
    "sum": _("summen af årets dele"),
    "last": _("årets sidste del"),
    "first": _("det år, skoleåret begynder"),
    "second": _("det år, skoleåret slutter"),
}
"""How parts of a year are made into one figure (`period_rules`), in words."""

_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20\d\d|2100)(?!\d)")
_PART = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[\s_./-]*(?P<part>[KQ]\s?[1-4]|M\s?(?:0?[1-9]|1[0-2])|[UW]\s?\d{1,2}|H\s?[12]|HF\s?[12])"
    r"(?![0-9A-Za-zæøå])|(?<![0-9A-Za-zæøå])(?P<part2>[1-4]\.?\s*kv(?:artal|t\.?)?|[KQ]\s?[1-4])[\s_./-]*(?P<year2>(?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
_PARTS = {
    "quarter": r"[kq]\d|\dkv(?:artal|t)?",
    "month": r"m\d{1,2}",
    "half": r"hf?\d|\dhalvår",
    "week": r"(?:[uw]|uge|week)\d{1,2}",
}
_MONTHS = r"(?:jan(?:uar|uary)?|feb(?:ruar|ruary)?|mar(?:ts|ch)?|apr(?:il)?|maj|may|jun[ie]?|jul[iy]?|aug(?:ust)?"
_MONTHS += r"|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_PIECE = rf"(?:{_MONTHS}|[12]\.?\s*halvår|(?:uge|week)\s?\d{{1,2}}|H[12])"
_WORDED = re.compile(
    rf"(?<![0-9A-Za-zæøå])(?P<part>{_PIECE})[\s_./-]*(?P<year>(?:19|20)\d\d)(?!\d)"
    rf"|(?<!\d)(?P<year2>(?:19|20)\d\d)[\s_./-]*(?P<part2>{_PIECE})(?![0-9A-Za-zæøå])",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(r"(?:\d\.?|ultimo|primo|pr\.?)\s*$", re.IGNORECASE)
_SPAN = re.compile(r"(?<!\d)(?:19|20)\d\d\s*[-/–]\s*(?:(?:19|20)\d\d|\d\d)(?![\d-])")
_DAY = re.compile(
    r"(?<!\d)(?:\d{1,2}[-./]\d{1,2}[-./](?P<last>(?:19|20)\d\d)|(?P<first>(?:19|20)\d\d)-\d{1,2}-\d{1,2})(?!\d)"
)
_PRICES = re.compile(r"(?:19|20)\d\d[\s-]*(?:års\s*)?(?:priser|prisniveau|pl\b|p/l\b|prices)", re.IGNORECASE)
_HIDDEN = str.maketrans("0123456789", "".join(chr(0xE000 + digit) for digit in range(10)))
"""The year of a price level (2019-priser) is no year of figures: its digits are put out of sight."""
_SHOWN = {hidden: digit for digit, hidden in _HIDDEN.items()}
_NO_NAME = re.compile(
    r"\b(?:år|aar|året|årstal|year|ultimo|primo|pr|per|den|d|1|31|januar|jan|december|dec|endelig|endelige|foreløbig|foreløbige|tal|i)\b",
    re.IGNORECASE,
)
_PROVISIONAL = re.compile(
    r"foreløbig\w*|forel\.|provisional|prelim\w*\.?|midlertidig\w*|ikke endelig\w*|\(\s*[fp]\s*\)|(?<=\d)\s?[fp]$",
    re.IGNORECASE,
)
_MARKED = re.compile(r"(?<=\d\d\d\d)\s?[fp]$", re.IGNORECASE)
"""2026p, 2026 f: the letter marks the year's figures as preliminary and names nothing."""
_EDGES = " \t_-–.,:;/*"
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")


class Period(NamedTuple):
    """A year and what else the header says: `rest` is a name, `part` a quarter, month or span of years."""

    year: int
    rest: str
    part: str
    provisional: bool


_MONTH_NAMES = ("jan", "feb", "mar", "apr", "ma", "jun", "jul", "aug", "sep", "o", "nov", "dec")


def part_of_year(part: str) -> tuple[str, int]:
    """What a period's part is and which one: `quarter` 1–4, `month` 1–12, `half` 1–2, `week`, or `span` (of two years:
    a school year; 0). `("", 0)` for what is none of these."""
    folded = part.casefold().replace(" ", "").replace(".", "")
    digits = "".join(re.findall(r"\d", folded))
    if _SPAN.fullmatch(part.strip()):
        first, second = re.findall(r"\d+", part)
        return ("span", 0) if int(second) % 100 == (int(first) + 1) % 100 else ("", 0)
    for kind, pattern in _PARTS.items():
        if re.fullmatch(pattern, folded):
            return kind, int(digits)
    month = next((n for n, name in enumerate(_MONTH_NAMES, start=1) if folded.startswith(name)), 0)
    if folded.startswith("mar"):
        month = 3
    return ("month", month) if month and not digits else ("", 0)


def is_provisional(label: str) -> bool:
    """Whether a heading or title says that its figures are preliminary."""
    return bool(_PROVISIONAL.search(label))


def without_provisional(label: str) -> str:
    """A heading without the words for preliminary, so that it names the same indicator as without them."""
    return " ".join(re.sub(r"\(\s*(?:tal|figures)?\s*\)", " ", _PROVISIONAL.sub("", label)).split())


def year_of(raw: object) -> int | None:
    """The year that a cell of a year column says, or None: a number, a date or a text that is a year and no more."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return int(raw) if float(raw).is_integer() and FIRST_YEAR <= raw <= LAST_YEAR else None
    if isinstance(raw, datetime | date):
        return raw.year
    period = period_of(str(raw))
    return period.year if period and not period.rest and not period.part else None


@lru_cache(maxsize=4096)
def period_of(text: str) -> Period | None:
    """Find the one year a header speaks of, or None. Two different years are a span: `part` says so."""
    period = _period_in(_PRICES.sub(lambda found: found[0].translate(_HIDDEN), text.strip()))
    return period and period._replace(rest=period.rest.translate(_SHOWN))


def _period_in(text: str) -> Period | None:
    if text.endswith(".0") and text[:-2].isdigit():
        text = text[:-2]
    provisional = "*" in text or is_provisional(text)
    text = _MARKED.sub("", text)
    if found := _DAY.search(text):
        return Period(int(found["last"] or found["first"]), _name(_cut(text, found)), "", provisional)
    if found := _PART.search(text):
        part = (found["part"] or found["part2"]).upper().replace(" ", "")
        return Period(int(found["year"] or found["year2"]), _name(_cut(text, found)), part, provisional)
    if (found := _WORDED.search(text)) and not _DAY_BEFORE.search(text[: found.start()]):
        part = found["part"] or found["part2"]
        return Period(int(found["year"] or found["year2"]), _name(_cut(text, found)), part, provisional)
    if found := _SPAN.search(text):
        return Period(int(found[0][:4]), _name(_cut(text, found)), found[0], provisional)
    years = list(_YEAR.finditer(text))
    if not years:
        return None
    rest = _name(_YEAR.sub(" ", text))
    part = "" if len({found[0] for found in years}) == 1 else text
    return Period(int(years[0][0]), rest, part, provisional)


def _cut(text: str, found: re.Match[str]) -> str:
    return text[: found.start()] + " " + text[found.end() :]


def _name(rest: str) -> str:
    stripped = _EMPTY.sub(" ", without_provisional(rest) if is_provisional(rest) else rest).strip(_EDGES)
    return "" if not _NO_NAME.sub("", stripped).strip(_EDGES + "()[]") else re.sub(r"\s+", " ", stripped)


def rule_words(rule: str) -> Text | None:
    """What a rule says in words; None for no rule."""
    number = rule.removeprefix("part:")
    return _("nr. %(number)s af årets dele", number=number) if number != rule else RULES.get(rule)


def rule_in(words: str) -> str:
    """The rule that a report says in words; a rule that stands as it is, as it is."""
    return next((rule for rule, said in RULES.items() if str(said) == words), words)
