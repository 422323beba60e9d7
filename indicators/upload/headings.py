"""What a heading's words say: a role, or that the column holds the codes of a category."""

from .places import fold

_ROLES = {
    "code": (
        "kode", "code", "kom.nr", "komnr", "kom nr", "knr", "kommunenr", "kommune nr", "kommunenummer",
        "kommunekode", "kommune kode",
        "municipality code", "municipality number", "komkode", "kommune id", "kommunenr.", "lau", "lau code",
        "id kommune", "kom.kode",
        "myndighedskode",
    ),
    "municipality": (
        "kommune", "kommuner", "kommunenavn", "kommune navn", "kommunens navn", "navn", "komnavn", "municipality",
        "municipalities",
        "municipality name", "name", "område", "omraade", "area", "geografi", "bopælskommune", "handlekommune",
        "betalingskommune", "komk",
        "kom", "bopæl", "region/kommune", "kommune/region", "opholdskommune", "kommune og region", "by kommune",
    ),
    "year": ("år", "aar", "årstal", "year", "tid", "time", "periode", "period", "dataår", "opgørelsesår",
    "kalenderår", "statistikår", "måned", "month", "kvartal", "quarter", "halvår", "skoleår"),
    "indicator": (
        "indikator", "indicator", "indikatorkode", "indicator code", "indikatornavn", "indicator name", "variabel",
        "variable", "nøgletal",
        "måltal", "measure",
    ),
    "value": ("værdi", "vaerdi", "value", "indhold", "tal", "content", "contents", "antal", "procent", "pct",
    "andel", "resultat", "måling"),
    "status": ("status", "missing", "mangler", "mangelårsag", "årsag", "kind of missing", "observation status",
    "obs status"),
    "note": ("note", "noter", "notes", "bemærkning", "bemærkninger", "kommentar", "kommentarer", "comment",
    "comments", "remark"),
    "context": (
        "region", "regionsnavn", "landsdel", "kommunegruppe", "kommunetype", "regionskode", "landsdelskode",
        "kilde",
        "source", "nr", "nummer", "lbnr", "løbenummer", "regionsnr", "regionnr", "region nr", "regionsnummer",
        "region kode", "region code", "province", "indikatornavn tekst",
    ),
}  # fmt: skip
_ROLE_OF = {fold(word): role for role, words in _ROLES.items() for word in words}
CATEGORIES = {
    fold(word)
    for word in (
        "køn", "alder", "aldersgruppe", "aldersgrupper", "herkomst", "oprindelse", "civilstand", "uddannelse", "ydelse",
        "ydelsestype", "ydelsesart",
        "foranstaltning", "foranstaltningstype", "foranst", "anbringelsessted", "målgruppe",
        "kategori", "type", "art", "dranst", "funktion", "prisenhed", "branche", "sektor", "diagnose", "varighed",
        "gender", "sex", "age", "category", "sagstype", "indsats", "indsatstype", "enhed", "status for sag", "paragraf",
    )
}  # fmt: skip
PARTS_OF_YEARS = {fold(word) for word in ("måned", "month", "kvartal", "quarter", "halvår", "skoleår")}
"""Headings of a year's column only where years stand in it too."""
_DANISH_ROLES = {
    "kode": "code", "kommune": "municipality", "aar": "year", "indikator": "indicator", "vaerdi": "value",
    "status": "status", "note": "note",
}  # fmt: skip


def role_of(header: str) -> str | None:
    """The role a header's words name: code, municipality, year, indicator, value, status, note, context; else None."""
    return _ROLE_OF.get(fold(header))


def role_named(word: str) -> str | None:
    """The role that a correction such as `=aar` names, in Danish or English."""
    word = word.removeprefix("=").strip().casefold()
    return _DANISH_ROLES.get(word) or (word if word in _ROLES else None)
