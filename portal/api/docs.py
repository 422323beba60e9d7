"""The API's documentation page, made from its OpenAPI document: it cannot say what the API does not do."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.api.danish import SAID
from portal.api.site import VERSION, document
from portal.published.edition import ShownEdition, corrections
from rankings.bundle.formats import LICENCE

EXAMPLES: dict[str, dict[str, str | list[str]]] = {
    "/rankings": {"level": "area", "subject": "handicap", "region": "1081", "sorter": "score", "retning": "ned"},
    "/placements": {"municipality": "aarhus", "level": "indicator", "fields": "subject,value,unit,rank,n"},
    "/measurements": {"indicator": "b-omgoerelse", "edition": "{release}"},
    "/comparisons": {"municipality": ["aarhus", "odense"]},
    "/own-weights": {"weight": ["handicap:2", "voksne:0.5"]},
}
VALUES = {"slug": "aarhus", "code": "b-omgoerelse"}
OF_A_CORRECTION = "/revisions/{release}"
A_RELEASE = "2026.1"  # where nothing is published yet


def titles() -> dict[str, str]:
    """What each resource is, in the language of the page."""
    return {
        "/editions": _("Udgaver og rettelser"),
        "/editions/{release}": _("Én udgave"),
        "/municipalities": _("Kommunerne"),
        "/municipalities/{slug}": _("Én kommune"),
        "/areas": _("Områder"),
        "/themes": _("Temaer"),
        "/indicators": _("Indikatorer"),
        "/indicators/{code}": _("Én indikator"),
        "/rankings": _("En rangliste, som dens side viser den"),
        "/placements": _("Placeringer på alle niveauer"),
        "/measurements": _("Værdier, med den celle i filen, de kom fra"),
        "/comparisons": _("Kommuner side om side"),
        "/own-weights": _("Indekset med dine egne vægte"),
        "/revisions": _("Rettelser"),
        "/revisions/{release}": _("Hvad en rettelse ændrede"),
        "/audit": _("Hvad hver del virker, og hvad der sker uden den"),
        "/audit/pairs": _("Hvilke dele der følges ad"),
        "/practices": _("God praksis"),
        "/provisions": _("Tilbud"),
        "/provisions/gaps": _("Tilbud og huller, målgruppe for målgruppe"),
        "/provisions/municipalities": _("Tilbud i og omkring hver kommune"),
    }


def api_page(shown: ShownEdition | None) -> dict[str, Any]:
    """Read the OpenAPI document into a page; its examples ask for the edition shown, and for the newest correction."""
    named, described = titles(), document()
    release = shown.edition.release if shown else A_RELEASE
    corrected = corrections().first()
    of_a_correction = corrected.release if corrected else release
    return dict(
        base=f"{settings.SITE_ADDRESS}/api/v1",
        version=VERSION,
        limit=settings.API_REQUESTS_A_MINUTE,
        licence=LICENCE,
        resources=tuple(
            _resource(
                path,
                named.get(path, path),
                operations["get"],
                described,
                _example(path, of_a_correction if path == OF_A_CORRECTION else release),
            )
            for path, operations in described["paths"].items()
        ),
    )


def _resource(
    path: str, title: str, operation: dict[str, Any], described: dict[str, Any], example: str
) -> dict[str, Any]:
    """A resource: its address, what it gives, how it is asked, an example that works."""
    return dict(
        id=path.strip("/").replace("/", "-").replace("{", "").replace("}", ""),
        path=path,
        title=title,
        says=_said(operation.get("description") or operation["summary"]),
        parameters=tuple(_parameter(one) for one in operation.get("parameters", ())),
        fields=_fields(operation, described),
        example=example,
    )


def _said(english: str) -> str:
    """A description in the language of the page; English where nobody has translated it yet (a test says so)."""
    text = " ".join(english.split())
    return text if get_language() == "en" or not text else SAID.get(text, text)


def _parameter(one: dict[str, Any]) -> dict[str, Any]:
    schema = one["schema"]
    said = one.get("description") or schema.get("description", "")
    return dict(name=one["name"], kind=_kind(schema), says=_said(said), required=bool(one.get("required")))


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words: "integer, 1–1000", "da | en"."""
    for one in schema.get("anyOf", ()):
        if one.get("type") != "null":
            return _kind(one)
    if "enum" in schema:
        values = [str(value) for value in schema["enum"] if value]
        return " | ".join(values) if len(values) <= 6 else "string"
    if schema.get("type") == "array":
        return f"{_kind(schema.get('items', {}))} …"
    if "$ref" in schema:
        return "object"
    text = str(schema.get("type", ""))
    low, high = schema.get("minimum"), schema.get("maximum")
    return f"{text}, {low}–{high}" if low is not None and high is not None else text


def _fields(operation: dict[str, Any], described: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    schemas = described["components"]["schemas"]
    shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
    found = _followed(shape, schemas)
    if "rows" in found.get("properties", {}):
        found = _followed(found["properties"]["rows"]["items"], schemas)
    return tuple(
        dict(name=name, kind=_kind(schema), says=_said(schema.get("description", "")))
        for name, schema in found.get("properties", {}).items()
    )


def _followed(shape: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
    return found


def _example(path: str, release: str) -> str:
    query = urlencode(EXAMPLES.get(path, {}), doseq=True, safe="{}")
    example = f"/api/v1{path}?{query}" if query else f"/api/v1{path}"
    for name, value in {**VALUES, "release": release}.items():
        example = example.replace(f"{{{name}}}", value)
    return example
