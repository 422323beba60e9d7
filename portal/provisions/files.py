"""The rows of the list as CSV and GeoJSON, the gaps, what stands around each municipality: all rows of the pages."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from indicators.provisions.shown.answer import Service, everything
from indicators.provisions.shown.gaps import Cell, gaps_on, is_demo
from indicators.provisions.shown.municipality import supplies_on
from indicators.provisions.shown.question import Choices, Question
from indicators.upload.cells import safe_text

FIELDS = (
    "tilbudsid", "navn", "form", "drives_af", "kommunekode", "kommune", "landsdel", "pladser", "alder_fra",
    "alder_til", "maalgrupper", "paragraffer", "afstand_km", "breddegrad", "laengdegrad", "bekraeftet",
    "bekraeftet_inden_for_et_aar", "kilde", "opdigtet",
)  # fmt: skip
"""The columns of the file, the same in both languages, as programs need them; docs/provisions.md has them."""


def row_of(one: Service, choices: Choices) -> dict[str, Any]:
    """A service as a row of files and the API: values, not texts. None is not stated, never 0."""
    groups = {term: group.code for group in choices.groups.values() for term in choices.meant[group.pk]}
    bases = {basis.pk: code for code, basis in choices.bases.items()}
    stated = [span for span in one.ages if span != (None, None)]
    low, high = [span.youngest for span in stated], [span.oldest for span in stated]
    youngest = None if None in low else min((age for age in low if age is not None), default=None)
    oldest = None if None in high else max((age for age in high if age is not None), default=None)
    return {
        "tilbudsid": one.number,
        "navn": one.name,
        "form": str(one.form),
        "drives_af": one.operator,
        "kommunekode": one.municipality_code,
        "kommune": one.municipality,
        "landsdel": one.landsdel,
        "pladser": one.places,
        "alder_fra": youngest,
        "alder_til": oldest,
        "maalgrupper": list(dict.fromkeys(groups[group] for group in one.groups if group in groups)),
        "paragraffer": [bases[basis] for basis in one.bases if basis in bases],
        "afstand_km": None if one.km is None else round(one.km, 1),
        "breddegrad": one.latitude,
        "laengdegrad": one.longitude,
        "bekraeftet": one.confirmed_on.isoformat() if one.confirmed_on else None,
        "bekraeftet_inden_for_et_aar": one.is_confirmed,
        "kilde": one.source,
        "opdigtet": one.is_demo,
    }


def services_csv(question: Question, choices: Choices) -> HttpResponse:
    """The list as CSV: UTF-8 with a mark, semicolons and decimal commas, as Danish spreadsheets open it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(FIELDS)
    for one in everything(question):
        writer.writerow([_cell(value) for value in row_of(one, choices).values()])
    return _file(stream.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", "tilbud.csv")


def services_geojson(question: Question, choices: Choices) -> HttpResponse:
    """The list as GeoJSON (RFC 7946). A service without a point has none here either: its geometry is null."""
    features = [_feature(one, choices) for one in everything(question)]
    body = {
        "type": "FeatureCollection",
        "name": "Socialt Indeks: tilbud",
        "address": settings.SITE_ADDRESS + reverse("provisions"),
        "features": features,
    }
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return _file(text.encode(), "application/geo+json; charset=utf-8", "tilbud.geojson")


def _feature(one: Service, choices: Choices) -> dict[str, Any]:
    properties = row_of(one, choices)
    latitude, longitude = properties.pop("breddegrad"), properties.pop("laengdegrad")
    point = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": one.number, "geometry": point, "properties": properties}


def gap_rows(day: dt.date) -> Iterator[dict[str, Any]]:
    """The gaps as rows: a target group in a landsdel, then in a region of the day."""
    gaps = gaps_on(day)
    for row in gaps.rows:
        for kind, cells in (("landsdel", row.by_landsdel), ("region", row.by_region)):
            for part, cell in cells.items():
                about = {"maalgruppe": row.group.code, "inddeling": kind, "omraade": part}
                yield about | _gap(cell) | {"opdigtet": gaps.is_demo}


def _gap(cell: Cell) -> dict[str, Any]:
    return {
        "tilbud": cell.services,
        "oplyste_pladser": cell.places,
        "uden_oplyste_pladser": cell.without_places,
        "pr_1000_i_gruppen": cell.per_1000,
        "aeldste_bekraeftelse": cell.oldest.isoformat() if cell.oldest else None,
        "nyeste_bekraeftelse": cell.newest.isoformat() if cell.newest else None,
    }


def around_rows(day: dt.date) -> Iterator[dict[str, Any]]:
    """What stands in and around every municipality, with the diversity in its landsdel: a figure that is not ranked."""
    invented = is_demo()
    for one in supplies_on(day).values():
        row: dict[str, Any] = {"kommunekode": one.code, "kommune": one.name, "landsdel": one.landsdel}
        for where, standing in (("her", one.here), ("i_landsdelen", one.in_landsdel)):
            row[f"tilbud_{where}"], row[f"oplyste_pladser_{where}"] = standing.services, standing.places
            row[f"uden_oplyste_pladser_{where}"] = standing.without_places
            row[f"ikke_bekraeftet_{where}"] = standing.unconfirmed
        row |= {"maalgrupper_med_plads_i_landsdelen": one.diversity, "maalgrupper": one.groups}
        yield row | {"opdigtet": invented}


def rows_csv(rows: Iterable[dict[str, Any]], name: str) -> HttpResponse:
    """Rows as CSV, the names of their values on top."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    for number, row in enumerate(rows):
        if not number:
            writer.writerow(row)
        writer.writerow([_cell(value) for value in row.values()])
    return _file(stream.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", name)


def _cell(value: Any) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float):
        return f"{value}".replace(".", ",")
    return safe_text(" ".join(value) if isinstance(value, list) else str(value))


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
