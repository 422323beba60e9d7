"""A made-up country, Fjordland: 40 units, twelve indicators in two areas, names in a language that is not Danish.

`python -m tests.indicators.sources.another_country` fills an empty database with it by the commands of the site, fed by
PxWeb on this machine, and prints what its pages answer. Its test starts this in a process of its own, since which
catalogue a site has is decided when it starts: not one line of code differs from the Danish one.
"""

import csv
import json
import os
import sys
from pathlib import Path

from indicators.demo.publisher import InventedTable
from indicators.sources.publishers import Variable

from .stand_in import Misbehaving

YEAR = 2025
UNITS = {f"1{number:03}": f"Sveit {chr(65 + number % 26)}{number}" for number in range(40)}
AREAS = {"f": ("Fjölskyldur", "Families"), "e": ("Eldra fólk", "Older people")}
TOPICS = ("skoli", "heimili", "umonnun", "vinna", "heilsa", "bustadur")


def indicators() -> list[tuple[str, str]]:
    """Code and area of the twelve."""
    return [(f"{area}-{topic}", area) for area in AREAS for topic in TOPICS]


def figure(unit: str, code: str) -> float:
    """What a unit's figure is: counted in the tables as so many of a thousand."""
    place, number = list(UNITS).index(unit), [code for code, _area in indicators()].index(code)
    return 10 + (place * 7 + number * 13) % 40


def tables() -> list[InventedTable]:
    """One table: people by kind, of a thousand each. The last unit did not report."""
    kinds = Variable("Gerd", "gerð", {"00": "Samtals", **{code: code for code, _area in indicators()}})
    places = Variable("Sveitarfelag", "sveitarfélag", {"0": "Allt landið", **UNITS})
    times = Variable("Ár", "ár", {str(year): str(year) for year in (YEAR - 1, YEAR)}, is_time=True)

    def cell(chosen):  # type: ignore[no-untyped-def]
        unit, kind = chosen["Sveitarfelag"], chosen["Gerd"]
        if unit == list(UNITS)[-1]:
            return ".."
        return 1000 if kind == "00" else 10 * figure(unit, kind)

    return [InventedTable("FJ01", "Íbúar eftir gerð", (places, kinds, times), cell)]


def write_catalogue(folder: Path) -> None:
    """The files of a catalogue, as docs/another-country.md lists them."""
    _write(folder / "municipalities.csv", [
        {"code": code, "name": name, "region": region, "region_code": region_code, "landsdel": region,
         "kommunegruppe": "Lítil" if number % 2 else "Stór", "population_2023": 1000, "area_km2": 10.0}
        for number, (code, name) in enumerate(UNITS.items())
        for region, region_code in [("Norður", "N1") if number < 20 else ("Suður", "S1")]
    ])  # fmt: skip
    (folder / "municipality_aliases.csv").write_text("code,name,alias\n", "utf-8")
    _write(folder / "areas.csv", [
        {"position": number, "code": code, "slug": code * 3, "name_da": name, "name_en": english,
         "description_da": "", "description_en": ""}
        for number, (code, (name, english)) in enumerate(AREAS.items(), 1)
    ])  # fmt: skip
    _write(folder / "themes.csv", [
        {"position": number, "code": f"{code}-allt", "area": code, "name_da": f"{name} öll",
         "name_en": f"All {english}",
         "description_da": "", "description_en": ""}
        for number, (code, (name, english)) in enumerate(AREAS.items(), 1)
    ])  # fmt: skip
    _write(folder / "indicators.csv", [
        {"position": number, "code": code, "area": AREAS[area][0], "theme": f"{AREAS[area][0]} öll",
         "theme_code": f"{area}-allt", "name_da": f"Hlutfall {code}", "name_en": f"Share of {code}",
         "short_da": code, "short_en": code, "definition_da": f"Hlutfall íbúa: {code}.",
         "definition_en": f"The share of inhabitants: {code}.", "unit": "%", "unit_en": "%",
         "direction": "lower_is_better" if number % 3 == 0 else "higher_is_better", "decimals": 1,
         "source_name": "Hagstofa Fjordlands", "source_table": "FJ01", "source_kind": "register", "every_years": 1,
         "influenceable": "true", "person_base": "", "value_min": 0, "value_max": 100, "plausible_min": 0,
         "plausible_max": 100, "typical_median": 30}
        for number, (code, area) in enumerate(indicators(), 1)
    ])  # fmt: skip
    head = '[publishers.pxweb]\ninterface = "pxweb2"\nurl = "https://px.hagstofa.example/api/v2"\n'
    head += 'title = "Hagstofa Fjordlands"\nlanguage = "is"\nmunicipality = ["Sveitarfelag"]\n'
    recipes = [
        f'[[recipes]]\nindicator = "{code}"\npublisher = "pxweb"\nfactor = 100\nzeros = "real"\n'
        f'numerator = {{ table = "FJ01", filters = [{{ variable = ["Gerd"], codes = ["{code}"] }}] }}\n'
        'denominator = { table = "FJ01", filters = [{ variable = ["Gerd"], codes = ["00"] }] }\n'
        for code, _area in indicators()
    ]
    (folder / "recipes.toml").write_text("\n".join([head, *recipes]), "utf-8")


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """From an empty database to a published edition, then its pages."""
    import django  # noqa: PLC0415  the environment is the caller's

    # Models exist only after this, and this only in the process of its own that the test starts: so they are imported
    # here, not at the top, where pytest would read them for another database.
    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from indicators.sources.services import mark_seen  # noqa: PLC0415
    from rankings.models import Edition, Placement  # noqa: PLC0415
    from rankings.services.editions import prepare_edition, publish_edition  # noqa: PLC0415  after setup()
    from tests.filled_in import publisher, steward  # noqa: PLC0415

    settings.MEDIA_ROOT = os.environ["COUNTRY_FILES"]
    with Misbehaving(tables()) as server:
        settings.SOURCE_URLS = {"pxweb": server.url}
        call_command("migrate", verbosity=0)
        call_command("load_catalogue", stdout=sys.stderr)
        call_command("fetch_figures", "--apply", stdout=sys.stderr)
    now = timezone.now()
    edition = prepare_edition(year=YEAR + 1, by=steward(), now=now, draws=300)
    for upload in {p.upload for p in Placement.objects.of(edition).select_related("upload") if p.upload}:
        mark_seen(upload=upload, by=steward(), now=now)
        mark_seen(upload=upload, by=publisher(), now=now)
    publish_edition(edition=edition, by=publisher(), now=now, unheard_because="En prøve.")
    placed = Placement.objects.of(edition).filter(level="indicator", indicator__code="f-skoli")
    visitor = Client(headers={"host": "127.0.0.1"})
    pages = ("/", "/en/", "/rangliste/", "/kommune/sveit-a0/", "/indikator/f-skoli/", "/metode/", "/sammenlign/")
    told = {
        "states": list(Edition.objects.values_list("state", flat=True)),
        "values": {p.municipality.code: p.value for p in placed.select_related("municipality")},
        "missing": [p.municipality.code for p in placed.filter(value=None).select_related("municipality")],
        "ranked": Placement.objects.of(edition).overall().filter(rank__isnull=False).count(),
        "pages": {path: visitor.get(path).status_code for path in pages},
        "named": "Sveit A0" in visitor.get("/rangliste/").content.decode(),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
