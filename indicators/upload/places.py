"""Municipalities as people write them: code, name, alias, genitive, spelling; totals and regions told apart."""

import csv
import os
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(os.environ.get("CATALOGUE") or Path(__file__).resolve().parents[1] / "data")
"""The catalogue's folder: the same variable as the setting of that name, since nothing here knows the settings."""

_REGIONS = {
    81: "Region Nordjylland",
    82: "Region Midtjylland",
    83: "Region Syddanmark",
    84: "Region Hovedstaden",
    85: "Region Sjælland",
}
_PARTS_OF_COUNTRY = (
    "Byen København", "Københavns omegn", "Nordsjælland", "Bornholm", "Østsjælland", "Vest- og Sydsjælland", "Fyn",
    "Sydjylland", "Østjylland", "Vestjylland", "Nordjylland",
)  # fmt: skip
_COUNTRY = (
    "Hele landet", "Danmark", "Hele Danmark", "All Denmark", "Denmark", "Landet", "I alt", "Ialt", "Total", "Sum",
    "Alle",
    "Alle kommuner", "Kommuner i alt", "Landet i alt", "Hele landet i alt", "Landsgennemsnit",
    "Landsgennemsnittet", "Gennemsnit",
    "Landsplan", "Kommunerne i alt", "Kommunerne under ét", "Whole country", "Entire country", "Average", "Median",
    "Landstal",
    "Kommunegennemsnit", "DK", "Landsresultat", "Sum i alt", "Grand total", "Hovedtotal", "Totalt",
)  # fmt: skip
_REGION_NAMES = (
    "Hovedstaden", "Sjælland", "Syddanmark", "Midtjylland", "Nordjylland", "Zealand", "Southern Denmark",
    "Central Denmark",
    "North Denmark", "Central Jutland", "North Jutland", "Capital Region", "Capital Region of Denmark",
    "Region Zealand",
    "Region of Southern Denmark", "Central Denmark Region", "North Denmark Region", "Hovedstadsregionen",
    "Regioner i alt",
)  # fmt: skip
_GROUPS = (
    "Hovedstadskommuner", "Storbykommuner", "Provinsbykommuner", "Oplandskommuner", "Landkommuner", "Hovedstadskommune",
    "Storbykommune", "Provinsbykommune", "Oplandskommune", "Landkommune", "Bykommuner", "Mellemkommuner",
    "Yderkommuner", "6-byer", "6-byerne",
)  # fmt: skip
_UNKNOWN_PLACES = (
    "Uoplyst kommune", "Uoplyst", "Ukendt kommune", "Ukendt", "Uden for Danmark", "Udlandet", "Ikke fordelt",
    "Uoplyst bopæl",
    "Unknown municipality", "Unknown", "Not stated", "Uoplyst område", "Øvrige", "Ikke kommunefordelt",
    "Uoplyst bopælskommune",
    "Ej fordelt på kommuner", "Abroad", "Outside Denmark",
)  # fmt: skip
_GENERAL = (
    # A label that begins or ends so is no municipality whatever else it says: geography changes, this does not.
    ("region", re.compile(r"(?:region|regionen|forsyningsregion) .+|.+ (?:amt|amtskommune)|amt(?:er|erne)?( .*)?")),
    ("part_of_country", re.compile(r"(?:landsdel|landsdelen|province|sundhedsraad) .+")),
    ("group", re.compile(r"(?:kommunegruppe|kommunetype|klynge|gruppe|cluster) .+|.+ kommuner(?: \(.*\))?")),
    (
        "country",
        re.compile(
            r"(?:min(?:imum)?|max|maks(?:imum)?|maximum|median(?:en)?|gennemsnit(?:tet)?|gns|snit|middelvaerdi|mean"
            r"|average|std|standardafvigelse|spredning|varians|[1-4] ?kvartil|nedre kvartil|oevre kvartil"
            r"|\d+ (?:percentil|decil)|(?:u?vaegtet|simpelt) (?:gennemsnit|snit)"
            r"|antal kommuner|sum|i alt|ialt|total|hele landet)(?: .*)?"
        ),
    ),
)
"""Kinds of rows told by how their folded label begins or ends. Total rows of any kind of place end in "i alt"."""
_IN_ALL = re.compile(r"(.+?)[, ]+(?:i alt|ialt|total|tilsammen|under (?:et|eet|ét))$")
_CODE = re.compile(r"(?:DK)?0*(\d{1,4})(?:[.,]0)?")
_CODE_AND_NAME = re.compile(r"[(\[]?0*(\d{1,4})[)\]]?(?:\s*[-–:.,/]\s*|\s+)(\D.*)")
_NAME_AND_CODE = re.compile(r"(\D*?)\s*[-–:,]?\s*[(\[]?\s*0*(\d{1,4})\s*[)\]]?")
_KOMMUNE = re.compile(
    r"^kommunen?(?: i|:)? | (?:(?:regions)?kommunen?s?|kom\.?|municipality)$"
    r"|^(?:the )?municipality of |^city of "
)


class Place(NamedTuple):
    """What a label stands for. `kind`: municipality, country, region, part_of_country, group, no_municipality,
    unknown."""

    kind: str
    code: int
    name: str

    @property
    def is_municipality(self) -> bool:
        """Whether it is one of the 98."""
        return self.kind == "municipality"


_NOWHERE = Place("unknown", 0, "")
_LETTER = re.compile(r"[^\W\d_]")
_NO_LETTERS_OR_DIGITS = re.compile(r"[^0-9a-z]+")
_FOLDS = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ü": "y"})


def fold(label: str) -> str:
    """A label without case, accents, punctuation and spelling of æ ø å: Ærø, AERØ and Aeroe are the same."""
    text = label.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFC", label).casefold().translate(_FOLDS)
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(_NO_LETTERS_OR_DIGITS.sub(" ", text).split())


def _bare(folded: str) -> str:
    """The same without its Danish digraphs, for ASCII spellings: Roedovre and Rodovre."""
    return folded.replace("aa", "a").replace("ae", "a").replace("oe", "o")


class Gazetteer:
    """The 98 and everything that stands in the same column: look a label up with `find`, an unknown one with
    `nearest`."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._by_name: dict[str, Place] = {}
        self._by_code: dict[int, Place] = {}
        self._cache: dict[object, Place] = {}
        self._add_others()
        self._add_municipalities()
        self._bare_names = self._unique_bare_names()

    def find(self, label: object) -> Place:
        """What a cell stands for: text in any spelling, or a code as text or number (101, 101.0, "0101")."""
        place = self._cache.get(label)
        if place is None:
            place = self._look_up(label)
            if len(self._cache) < 20_000:
                self._cache[label] = place
        return place

    def by_code(self, label: object) -> Place | None:
        """What a bare code stands for, None when the label is not a bare number."""
        if isinstance(label, int | float) and not isinstance(label, bool):
            return self._by_code.get(int(label), _NOWHERE) if float(label).is_integer() else None
        found = _CODE.fullmatch(str(label).strip())
        return self._by_code.get(int(found[1]), _NOWHERE) if found else None

    def nearest(self, label: str) -> str | None:
        """The municipality that an unknown label is a slip of the pen for, None when that is not beyond doubt.

        One letter too many, too few, wrong or swapped; two in names of nine letters and more; and no other municipality
        as near. Advice that would make a wrong figure is worse than none: Bogense is not Odense.
        """
        slip = _bare(fold(_KOMMUNE.sub("", " ".join(label.casefold().split())).strip()))
        most = 2 if len(slip) > 8 else 1
        if len(slip) < 4 or any(mark in label for mark in "/&+,") or " og " in label.casefold():
            return None
        near: dict[int, set[str]] = {}
        for key, place in self._by_name.items():
            if place.is_municipality and abs(len(_bare(key)) - len(slip)) <= most:
                near.setdefault(_slips(slip, _bare(key), most), set()).add(place.name)
        best = min((number for number in near if number <= most), default=None)
        return next(iter(near[best])) if best is not None and len(near[best]) == 1 else None

    def _look_up(self, label: object) -> Place:
        if (place := self.by_code(label)) is not None:
            return place
        text = unicodedata.normalize("NFC", str(label)).replace("\xa0", " ").strip()
        if text[:1] in {"'", "’"}:  # what a spreadsheet puts before a number that is to stay a text
            return self.find(text[1:]) if text[1:2].isalnum() else _NOWHERE
        if not _LETTER.search(text):  # most cells of a file are figures: they are not looked for among names
            return _NOWHERE
        for spelling in (text, _unscrambled(text)):
            if spelling and (place := self._by_text(spelling)) is not None:
                return place
        return _NOWHERE

    def _by_text(self, text: str) -> Place | None:
        for pattern, code_group, name_group in ((_CODE_AND_NAME, 1, 2), (_NAME_AND_CODE, 2, 1)):
            if (found := pattern.fullmatch(text)) and found[name_group].strip():
                by_code = self._by_code.get(int(found[code_group]))
                by_name = self._by_plain_name(found[name_group])
                if by_code and by_name:
                    return by_code if _same(by_code, by_name) else None
        plain = self._by_plain_name(text)
        if plain is None and "(" in text:
            total = self._by_plain_name(text.partition("(")[0])  # »Hele landet (gns.)«
            if total is not None and not total.is_municipality:
                return total
        return plain or self._by_kind(text)

    def _by_kind(self, text: str) -> Place | None:
        """A region, a group or a total, by how its label begins or ends; never a municipality."""
        folded = fold(re.sub(r"^\W*0*\d{1,4}\s*[-–:.,]?\s+(?=\D)", "", text))
        if whole := _IN_ALL.fullmatch(folded):
            place = self._by_name.get(whole[1]) or next(
                (Place(kind, 0, text) for kind, form in _GENERAL if form.fullmatch(whole[1])), None
            )
            # "Odense i alt" is a total of Odense's rows, or Odense itself: nobody can tell, so it stays unknown
            return None if place is not None and place.is_municipality else place or Place("country", 0, text)
        return next((Place(kind, 0, text) for kind, form in _GENERAL if form.fullmatch(folded)), None)

    def _by_plain_name(self, text: str) -> Place | None:
        plain = " ".join(text.casefold().split())
        key = fold(plain)
        if place := self._by_name.get(key):
            return place
        if (name := _KOMMUNE.sub("", plain)) != plain:
            key = fold(name)
        return self._by_name.get(key) or self._bare_names.get(_bare(key))

    def _add_municipalities(self) -> None:
        with (_DATA / "municipalities.csv").open(encoding="utf-8-sig", newline="") as file:
            self.names = {int(row["code"]): row["name"] for row in csv.DictReader(file)}
        for code, name in self.names.items():
            self.add(code, name)
        with (_DATA / "municipality_aliases.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                self.add(int(row["code"]), row["alias"])

    def add(self, code: int, spelling: str) -> None:
        """Know a municipality by one more spelling; a code that is new takes the spelling as its name."""
        place = Place("municipality", code, self.names.setdefault(code, spelling))
        self._by_code[code] = place
        for form in (spelling, spelling + "s", spelling + "'s"):
            if form == spelling or fold(form) not in self._by_name:
                self._by_name[fold(form)] = place

    def _add_others(self) -> None:
        for kind, names in (
            ("country", _COUNTRY),
            ("region", _REGION_NAMES),
            ("group", _GROUPS),
            ("no_municipality", _UNKNOWN_PLACES),
        ):
            self._by_name.update({fold(name): Place(kind, 0, name) for name in names})
        for code, name in _REGIONS.items():
            place = Place("region", code, name)
            self._by_code.update({code: place, 1000 + code: place})
            self._by_name[fold(name)] = place
        for code, name in enumerate(_PARTS_OF_COUNTRY, start=1):
            place = Place("part_of_country", code, f"Landsdel {name}")
            self._by_code[code] = place
            for form in (name, f"Landsdel {name}", f"Province {name}"):
                self._by_name.setdefault(fold(form), place)
        self._by_code[0] = Place("country", 0, "Hele landet")
        for code, name in (
            (411, "Christiansø"),
            (997, "Uoplyst kommune"),
            (998, "Uoplyst kommune"),
            (999, "Uoplyst kommune"),
        ):
            self._by_code[code] = Place("no_municipality", code, name)
        for name in ("Christiansø", "Christians Ø", "Ertholmene"):
            self._by_name[fold(name)] = self._by_code[411]

    def _unique_bare_names(self) -> dict[str, Place]:
        found: dict[str, Place] = {}
        doubtful = set()
        for key, place in self._by_name.items():
            bare = _bare(key)
            if found.setdefault(bare, place) != place:
                doubtful.add(bare)
        return {bare: place for bare, place in found.items() if bare not in doubtful and len(bare) > 2}


def _slips(first: str, second: str, most: int) -> int:
    """How many letters are wrong, missing, too many or swapped between two words; past `most` any larger number."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(second, start=1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1
    return row[-1]


def _same(first: Place, second: Place) -> bool:
    """Whether a code and a name written side by side mean the same; "85 Region Sjælland" and "400 Bornholm" do."""
    return (
        (first.kind, first.code) == (second.kind, second.code)
        or (not first.is_municipality and not second.is_municipality)
        or (first.kind == "part_of_country" and fold(second.name) in fold(first.name))
    )


def _unscrambled(text: str) -> str | None:
    """UTF-8 once read as Windows-1252 (KÃ¸benhavn), put right; None when it was not that."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of the shipped data, read once."""
    return Gazetteer()


def agree(code: tuple[Place, str], name: tuple[Place, str]) -> tuple[Place, str]:
    """A code and a name that differ: two municipalities are a contradiction, else the one that is known counts."""
    if code[0].kind == "unknown":
        return name if not name[0].is_municipality else (code[0], f"{code[1]} {name[1]}")
    if name[0].kind == "unknown" or not (code[0].is_municipality and name[0].is_municipality):
        return (
            code
            if code[0].is_municipality is name[0].is_municipality or name[0].kind == "unknown"
            else _doubt(code, name)
        )
    return _doubt(code, name)


def _doubt(code: tuple[Place, str], name: tuple[Place, str]) -> tuple[Place, str]:
    return Place("unknown", 0, ""), f"{code[1]} {name[1]}"
