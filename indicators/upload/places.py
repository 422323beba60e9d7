"""Municipalities as people write them: code, name, alias, genitive, spelling; totals and regions told apart."""

import csv
import os
import re
import unicodedata
from difflib import get_close_matches
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
_FOLDS = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ü": "y"})


def fold(label: str) -> str:
    """A label without case, accents, punctuation and spelling of æ ø å: Ærø, AERØ and Aeroe are the same."""
    text = unicodedata.normalize("NFC", label).casefold().translate(_FOLDS)
    text = unicodedata.normalize("NFKD", text)
    return " ".join(re.sub(r"[^0-9a-z]+", " ", "".join(c for c in text if not unicodedata.combining(c))).split())


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
        """The municipality whose name is nearest to an unknown label, None when none is near."""
        text = _KOMMUNE.sub("", " ".join(label.casefold().split())).strip()
        keys = {key: place.name for key, place in self._by_name.items() if place.is_municipality}
        found = get_close_matches(fold(text), keys, n=1, cutoff=0.72)
        return keys[found[0]] if found else None

    def _look_up(self, label: object) -> Place:
        if (place := self.by_code(label)) is not None:
            return place
        text = unicodedata.normalize("NFC", str(label)).replace("\xa0", " ").strip()
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
            return total if total is not None and not total.is_municipality else None
        return plain

    def _by_plain_name(self, text: str) -> Place | None:
        plain = " ".join(text.casefold().split())
        key = fold(plain)
        if place := self._by_name.get(key):
            return place
        key = fold(_KOMMUNE.sub("", plain))
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
