"""Which columns each table of the register has, and what a cell of each may hold. No Django, no database."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from indicators.upload.messages import Text, _
from indicators.upload.numbers import CellError
from indicators.upload.places import gazetteer

Value = Any
_NUMBER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_WHOLE = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+")
_DECIMAL = re.compile(r"-?\d+(?:[.,]\d+)?")
_DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})"), (3, 2, 1)),
)
_PARAGRAPH = re.compile(r"(?P<law>\D*?)\s*§*\s*(?P<number>\d+)\s*(?P<letter>[a-zA-Z]?)")
_LAWS = {
    "": "", "sel": "SEL", "serviceloven": "SEL", "servicelovens": "SEL", "lov om social service": "SEL",
    "bl": "BL", "barnets lov": "BL", "barnets lovs": "BL",
}  # fmt: skip
_YES, _NO = {"ja", "yes", "true", "1", "x", "sand"}, {"nej", "no", "false", "0", "", "falsk"}
_TOO_FEW = re.compile(
    r"x|\*|(?:<|under|færre end)\s*\d+|for få(?: til at vise)?|diskretioneret|suppressed", re.IGNORECASE
)
_PROTECTING = re.compile(r"beskyt|protect|hemmelig|fortrolig|skjul|secret", re.IGNORECASE)
_SHELTERS = re.compile(
    r"krise(?:cent|hus)|kvindehjem|sikre\w* (?:\w+ )?(?:afdeling|institution|døgn)|(?:pleje|netværks|aflastnings)famil|"
    r"familiepleje|crisis cent|women's (?:shelter|refuge)|secure (?:unit|institution)|foster (?:care|famil|home)",
    re.IGNORECASE,
)
_ARE_MISSING = {"", "..", "ikke oplyst", "uoplyst", "not stated"}


class NotReadableError(Exception):
    """A cell does not hold what its column asks for. `reason` says why, `advice` what to write."""

    def __init__(self, reason: Text, advice: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.advice = advice


class TooFew:
    """That a number exists and is too small to show."""


TOO_FEW = TooFew()


@dataclass(frozen=True)
class Column:
    """A column: its name in the code, its headings (Danish first), what its cells hold, whether it must be filled."""

    name: str
    headings: tuple[str, ...]
    read: Callable[[str], Value]
    needed: bool = False


def words_of(cell: object) -> str:
    """A cell as text: a whole number without its ".0", a day as 2026-03-01, blanks at the ends cut off."""
    if isinstance(cell, CellError):
        raise NotReadableError(_("Cellen har en fejl eller en formel uden resultat."), _("Skriv selve værdien."))
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return " ".join(str(cell).split()) if cell is not None else ""


def text(most: int) -> Callable[[str], str]:
    """Any text of at most so many characters."""

    def read(words: str) -> str:
        if len(words) > most:
            raise NotReadableError(
                _("Teksten har %(count)d tegn, og der er plads til %(most)d.", count=len(words), most=most),
                _("Skriv den kortere."),
            )
        return words

    return read


def identifier(words: str) -> str:
    """An id that can stand in an address: letters a to z, digits and hyphens."""
    if words and not _NUMBER_ID.fullmatch(words):
        raise NotReadableError(
            _("»%(words)s« kan ikke være et id.", words=words[:60]),
            _("Brug bogstaverne a-z, tal og bindestreg, højst 40 tegn."),
        )
    return words


def digits(count: int) -> Callable[[str], str]:
    """A number of exactly so many digits that is a name and not a quantity: leading zeros are kept."""

    def read(words: str) -> str:
        plain = words.replace(" ", "")
        if plain and not (plain.isascii() and plain.isdigit() and len(plain) <= count):
            raise NotReadableError(
                _("»%(words)s« er ikke et nummer på %(count)d cifre.", words=words[:60], count=count),
                _("Skriv cifrene, eller lad cellen være tom."),
            )
        return plain.zfill(count) if plain else ""

    return read


def whole(words: str) -> int | None:
    """A whole number; empty and "ikke oplyst" are None, never 0. A point may stand for thousands."""
    if words.casefold() in _ARE_MISSING:
        return None
    if not _WHOLE.fullmatch(words):
        raise NotReadableError(
            _("»%(words)s« er ikke et helt tal.", words=words[:60]),
            _("Skriv et helt tal, eller lad cellen være tom, hvis tallet ikke er oplyst."),
        )
    number = int(words.replace(".", ""))
    if number > 1_000_000:
        raise NotReadableError(_("%(number)d er for stort.", number=number), _("Se efter, om tallet er rigtigt."))
    return number


def persons(words: str) -> int | TooFew | None:
    """A count of persons; "<5", "x" and "for få" mean that there are too few to show."""
    return TOO_FEW if _TOO_FEW.fullmatch(words) else whole(words)


def year(words: str) -> int | None:
    """A year with four digits."""
    if words and not re.fullmatch(r"(?:19[7-9]|20\d)\d", words):
        raise NotReadableError(_("»%(words)s« er ikke et år.", words=words[:60]), _("Skriv fire cifre, som 2025."))
    return int(words) if words else None


def age(words: str) -> int | None:
    """An age in whole years."""
    found = whole(words)
    if found is not None and found > 130:
        raise NotReadableError(_("%(age)d er ikke en alder.", age=found), _("Skriv alderen i hele år."))
    return found


def decimal(words: str) -> float | None:
    """A number with decimals, by comma or point; thousands are not expected here."""
    if words.casefold() in _ARE_MISSING:
        return None
    if not _DECIMAL.fullmatch(words):
        raise NotReadableError(
            _("»%(words)s« er ikke et tal.", words=words[:60]), _("Skriv tallet med komma, som 56,49.")
        )
    return float(words.replace(",", "."))


def score(words: str) -> float | None:
    """An inspection's score of a theme, 1 to 5; empty where the theme was not judged."""
    found = decimal(words)
    if found is not None and not 1 <= found <= 5:
        raise NotReadableError(
            _("%(score)s er ikke en vurdering fra 1 til 5.", score=words),
            _("Lad cellen være tom, hvis temaet ikke er vurderet."),
        )
    return found


def date(words: str) -> dt.date | None:
    """A day, as 2026-03-01 or 01-03-2026, 01.03.2026 or 1/3/2026: day before month."""
    if not words:
        return None
    for pattern, order in _DATES:
        if found := pattern.fullmatch(words):
            try:
                day = dt.date(*(int(found[group]) for group in order))
            except ValueError:
                break
            if 1850 <= day.year <= 2200:
                return day
    raise NotReadableError(
        _("»%(words)s« er ikke en dato.", words=words[:60]), _("Skriv datoen som 2026-03-01 eller 01-03-2026.")
    )


def yes_no(words: str) -> bool:
    """Yes or no; empty is no."""
    folded = words.casefold()
    if folded not in _YES | _NO:
        raise NotReadableError(_("»%(words)s« er hverken ja eller nej.", words=words[:60]), _("Skriv ja eller nej."))
    return folded in _YES


def yes_no_or_unsaid(words: str) -> bool | None:
    """Yes or no; None where the cell is empty and thus says neither."""
    return yes_no(words) if words else None


def may_protect(heading: str) -> bool:
    """Whether a heading that nobody knows may be about what must not be shown: such a column is never passed over."""
    return _PROTECTING.search(heading) is not None


def looks_protected(words: str) -> bool:
    """Whether a name is that of a crisis centre, a secure unit or a foster family, whatever else a file says of it."""
    return _SHELTERS.search(words) is not None


def choice(choices: Mapping[str, str]) -> Callable[[str], str]:
    """One of these words; what they stand for is returned. Empty is the empty word's, where there is one."""

    def read(words: str) -> str:
        found = choices.get(words.casefold())
        if found is None:
            known = ", ".join(dict.fromkeys(word for word in choices if word and word not in choices.values()))
            raise NotReadableError(
                _("»%(words)s« er ikke et af ordene i kolonnen.", words=words[:60]),
                _("Skriv et af disse: %(known)s.", known=known),
            )
        return found

    return read


def municipality(words: str) -> str:
    """A municipality by code or name; its code with three digits."""
    if not words:
        return ""
    place = gazetteer().find(words)
    if not place.is_municipality:
        near = gazetteer().nearest(words)
        advice = _("Skriv kommunens kode eller navn.")
        if near:
            advice = _("Skriv kommunens kode eller navn (ligner %(near)s).", near=near)
        raise NotReadableError(_("»%(words)s« er ikke en kommune.", words=words[:60]), advice)
    return f"{place.code:03d}"


def paragraphs(words: str) -> tuple[str, ...]:
    """Paragraphs divided by commas, semicolons or "og": "SEL § 107, § 108; BL § 43" → ("sel-107", "sel-108", "bl-43").

    A paragraph without a law has the law before it. Sorted, each once.
    """
    found: set[str] = set()
    law = ""
    for part in re.split(r"[,;/]| og ", words):
        if not part.strip():
            continue
        match = _PARAGRAPH.fullmatch(part.strip())
        named = _LAWS.get(" ".join(match["law"].casefold().replace("§", " ").split()).rstrip(".")) if match else None
        law = named or law
        if match is None or named is None or not law:
            raise NotReadableError(
                _("»%(part)s« er ikke en paragraf i serviceloven eller barnets lov.", part=part.strip()[:60]),
                _("Skriv lov og paragraf, som »SEL § 107, BL § 43«."),
            )
        found.add(f"{law}-{match['number']}{match['letter']}".lower())
    return tuple(sorted(found))


FORMS = {
    "kommunal": "municipal", "kommunalt": "municipal", "municipal": "municipal",
    "regional": "regional", "regionalt": "regional",
    "selvejende": "independent", "fond": "independent", "independent": "independent",
    "privat": "private", "private": "private",
}  # fmt: skip
STATUSES = {
    "": "open",
    "i drift": "open",
    "åben": "open",
    "aktiv": "open",
    "open": "open",
    "lukket": "closed",
    "closed": "closed",
}
REACTIONS = {
    "": "none", "ingen": "none", "ingen reaktion": "none", "none": "none",
    "påbud": "order", "order": "order", "skærpet tilsyn": "intensified", "intensified": "intensified",
}  # fmt: skip
FIELDS = {
    "navn": "name", "name": "name", "form": "form", "drives af": "operator", "operator": "operator",
    "kommune": "municipality", "municipality": "municipality", "status": "status",
    "pladser": "places", "places": "places",
}  # fmt: skip

_PROVISION = Column("provision", ("tilbudsid", "tilbud-id", "provision"), identifier, needed=True)
_DEPARTMENT = Column("department", ("afdelingsid", "afdeling-id", "department"), identifier)
_FROM, _TO = Column("opened", ("fra", "from"), date), Column("closed", ("til", "to"), date)
_GROUP = Column("term", ("målgruppe", "maalgruppe", "target group"), text(80), needed=True)

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "provisions": (
        _PROVISION,
        Column("name", ("navn", "name"), text(200), needed=True),
        Column("form", ("form", "virksomhedsform"), choice(FORMS), needed=True),
        Column("operator", ("drives af", "operatør", "operator"), text(200)),
        Column("cvr", ("cvr", "cvr-nummer"), digits(8)),
        Column("p_number", ("p-nummer", "pnr", "p-number"), digits(10)),
        Column("municipality", ("kommune", "municipality"), municipality, needed=True),
        Column("latitude", ("breddegrad", "latitude"), decimal),
        Column("longitude", ("længdegrad", "laengdegrad", "longitude"), decimal),
        Column("term", ("tilbudstype", "type", "service type"), text(80)),
        Column("protected", ("beskyttet", "protected"), yes_no_or_unsaid),
        Column("status", ("status",), choice(STATUSES)),
        _FROM,
        _TO,
        Column("verified_on", ("kontrolleret", "verified"), date),
    ),
    "departments": (
        _PROVISION,
        Column("department", _DEPARTMENT.headings, identifier, needed=True),
        Column("name", ("navn", "name"), text(200), needed=True),
        _FROM,
        _TO,
    ),
    "capacity": (
        _PROVISION,
        _DEPARTMENT,
        Column("pool", ("pulje", "pool"), text(40)),
        Column("bases", ("paragraf", "paragraffer", "lovgrundlag", "paragraphs"), paragraphs, needed=True),
        Column("places", ("pladser", "places"), whole),
        Column("age_from", ("alder fra", "age from"), age),
        Column("age_to", ("alder til", "age to"), age),
        Column("valid_on", ("gælder fra", "gaelder fra", "valid from"), date, needed=True),
    ),
    "target_groups": (_PROVISION, _DEPARTMENT, _GROUP),
    "levels": (
        _PROVISION,
        _DEPARTMENT,
        Column("term", ("niveau", "level"), text(80), needed=True),
        Column("claimed_by", ("ifølge", "ifoelge", "according to"), text(150), needed=True),
        Column("claimed_on", ("dato", "date"), date, needed=True),
    ),
    "inspections": (
        _PROVISION,
        Column("on", ("dato", "date"), date, needed=True),
        Column("education", ("uddannelse og beskæftigelse", "education and employment"), score),
        Column("independence", ("selvstændighed og relationer", "independence and relations"), score),
        Column("methods", ("målgrupper, metoder og resultater", "target groups, methods and results"), score),
        Column("health", ("sundhed og trivsel", "health and well-being"), score),
        Column("organisation", ("organisation og ledelse", "organisation and management"), score),
        Column("competences", ("kompetencer", "competences"), score),
        Column("surroundings", ("fysiske rammer", "physical surroundings"), score),
        Column("reaction", ("reaktion", "reaction"), choice(REACTIONS)),
    ),
    "usage": (
        _PROVISION,
        Column("municipality", ("kommune", "betalende kommune", "municipality"), municipality, needed=True),
        Column("year", ("år", "aar", "year"), year, needed=True),
        Column("persons", ("personer", "antal personer", "persons"), persons, needed=True),
    ),
    "vacancies": (
        _PROVISION,
        _GROUP,
        Column("places", ("ledige pladser", "ledige", "vacant places"), whole, needed=True),
        Column("as_of", ("dato", "pr. dato", "date"), date, needed=True),
    ),
    "assertions": (
        _PROVISION,
        Column("field", ("felt", "field"), choice(FIELDS), needed=True),
        Column("value", ("værdi", "vaerdi", "value"), text(200), needed=True),
        Column("source", ("kilde", "source"), text(150), needed=True),
        Column("verified_on", ("kontrolleret", "verified"), date, needed=True),
    ),
    "group_sizes": (
        _GROUP,
        Column("municipality", ("kommune", "municipality"), municipality, needed=True),
        Column("year", ("år", "aar", "year"), year, needed=True),
        Column("persons", ("personer", "antal personer", "persons"), whole, needed=True),
        Column("source", ("kilde", "source"), text(150), needed=True),
    ),
}
"""The tables by name (models.register.Table), each with its columns in the order a template shows them."""
