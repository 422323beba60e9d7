"""DCAT-AP for the national data catalogue: the catalogue, a dataset for each edition, its files and the API."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.addresses import KINDS, WHOLE_ENDINGS, Links
from portal.downloads.page import checksum_of
from portal.published import Edition
from portal.published.edition import ever_published
from rankings.bundle.formats import LICENCE_URL

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "adms": "http://www.w3.org/ns/adms#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "spdx": "http://spdx.org/rdf/terms#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority"
FORMATS = {"csv": "CSV", "plain.csv": "CSV", "xlsx": "XLSX", "json": "JSON", "parquet": "PARQUET", "zip": "ZIP"}
Node = dict[str, Any]


def dcat_jsonld(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Give the description as JSON-LD."""
    body = {"@context": CONTEXT, "@graph": graph()}
    return HttpResponse(json.dumps(body, ensure_ascii=False, indent=1), content_type="application/ld+json")


def dcat_turtle(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Give the same description as Turtle."""
    return HttpResponse(turtle(graph()), content_type="text/turtle; charset=utf-8")


def graph() -> list[Node]:
    """Every node of the description, by itself, without blank nodes."""
    editions = list(ever_published())
    base = settings.SITE_ADDRESS
    publisher = {"@id": f"{base}/#udgiver", "@type": "foaf:Agent", "foaf:name": "Socialt Indeks"}
    contact = {
        "@id": f"{base}/#kontakt",
        "@type": "vcard:Organization",
        "vcard:fn": "Socialt Indeks",
        "vcard:hasURL": {"@id": f"{base}/om/"},
    }
    catalogue = {
        "@id": f"{base}/#katalog",
        "@type": "dcat:Catalog",
        "dct:title": _both("Socialt Indeks: data", "Socialt Indeks: data"),
        "dct:description": _both(
            "Kommunernes placering på det specialiserede socialområde.",
            "Denmark's municipalities ranked on the specialised social field.",
        ),
        "dct:publisher": {"@id": publisher["@id"]},
        "dct:license": {"@id": LICENCE_URL},
        "foaf:homepage": {"@id": f"{base}/"},
        "dcat:dataset": [{"@id": _dataset(one)} for one in editions],
        "dcat:service": {"@id": f"{base}/api/v1/"},
    }
    nodes: list[Node] = [catalogue, publisher, contact, _service(editions)]
    for edition in editions:
        nodes += [_described(edition), *_distributions(edition), *_checksums(edition)]
    return nodes


def _both(danish: str, english: str) -> list[Node]:
    return [{"@value": danish, "@language": "da"}, {"@value": english, "@language": "en"}]


def _dataset(edition: Edition) -> str:
    return f"{settings.SITE_ADDRESS}{Links(f'@{edition.release}').home()}#datasaet"


def _described(edition: Edition) -> Node:
    danish, english = (f"{said}. " if (said := edition.warning(english=one)) else "" for one in (False, True))
    base = settings.SITE_ADDRESS
    node: Node = {
        "@id": _dataset(edition),
        "@type": "dcat:Dataset",
        "dct:identifier": f"socialt-indeks-{edition.release}",
        "dct:title": _both(f"Socialt Indeks {edition.release}", f"Socialt Indeks {edition.release}"),
        "dct:description": _both(
            f"{danish}Placeringer, score, usikkerhed og værdier for hver kommune, med hvorfra hvert tal kom.",
            f"{english}Ranks, scores, uncertainty and values of every municipality, with where each figure came from.",
        ),
        "dct:publisher": {"@id": f"{base}/#udgiver"},
        "dcat:contactPoint": {"@id": f"{base}/#kontakt"},
        "dct:issued": {
            "@value": edition.published_at.isoformat() if edition.published_at else "",
            "@type": "xsd:dateTime",
        },
        "dct:modified": {
            "@value": changed.isoformat() if (changed := edition.corrected_at or edition.published_at) else "",
            "@type": "xsd:dateTime",
        },
        "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}/frequency/ANNUAL"},
        "dct:spatial": {"@id": f"{AUTHORITY}/country/DNK"},
        "dct:language": [{"@id": f"{AUTHORITY}/language/DAN"}, {"@id": f"{AUTHORITY}/language/ENG"}],
        "dct:accessRights": {"@id": f"{AUTHORITY}/access-right/PUBLIC"},
        "dcat:theme": [{"@id": f"{AUTHORITY}/data-theme/SOCI"}, {"@id": f"{AUTHORITY}/data-theme/GOVE"}],
        "dcat:keyword": _both("socialområdet", "social services"),
        "dcat:landingPage": {"@id": _dataset(edition).removesuffix("#datasaet")},
        "dcat:version": edition.release,
        "dcat:distribution": [{"@id": _file(edition, ending)} for ending in WHOLE_ENDINGS],
    }
    if edition.reason:
        node["adms:versionNotes"] = {"@value": edition.reason, "@language": "da"}
    return node


def _file(edition: Edition, ending: str) -> str:
    address = Links(f"@{edition.release}").to("edition-csv").removesuffix("csv")
    return f"{settings.SITE_ADDRESS}{address}{ending}"


def _distributions(edition: Edition) -> list[Node]:
    return [
        {
            "@id": _file(edition, ending),
            "@type": "dcat:Distribution",
            "dct:title": _both(f"{edition.release}, {ending}", f"{edition.release}, {ending}"),
            "dcat:accessURL": {"@id": _file(edition, ending)},
            "dcat:downloadURL": {"@id": _file(edition, ending)},
            "dcat:mediaType": {"@id": _media_type(ending)},
            "dct:format": {"@id": f"{AUTHORITY}/file-type/{FORMATS[ending]}"},
            "dct:license": {"@id": LICENCE_URL},
            **_measured(edition, ending),
        }
        for ending in WHOLE_ENDINGS
    ]


def _measured(edition: Edition, ending: str) -> Node:
    """A file's size, checksum and date; nothing of one that publication was kept from writing."""
    found = checksum_of(edition, ending)
    if found is None or edition.published_at is None:
        return {}
    return {
        "dcat:byteSize": {"@value": str(found[1]), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {"@id": f"{_file(edition, ending)}#sha256"},
        "dct:issued": {"@value": edition.published_at.isoformat(), "@type": "xsd:dateTime"},
        "dct:modified": {"@value": edition.published_at.isoformat(), "@type": "xsd:dateTime"},
    }


def _checksums(edition: Edition) -> list[Node]:
    return [
        {
            "@id": f"{_file(edition, ending)}#sha256",
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": found[0], "@type": "xsd:hexBinary"},
        }
        for ending in WHOLE_ENDINGS
        if (found := checksum_of(edition, ending))
    ]


def _media_type(ending: str) -> str:
    return f"https://www.iana.org/assignments/media-types/{KINDS[ending].partition(';')[0]}"


def _service(editions: list[Edition]) -> Node:
    base = settings.SITE_ADDRESS
    return {
        "@id": f"{base}/api/v1/",
        "@type": "dcat:DataService",
        "dct:title": _both("Socialt Indeks: API", "Socialt Indeks: API"),
        "dcat:endpointURL": {"@id": f"{base}/api/v1/"},
        "dcat:endpointDescription": {"@id": f"{base}/api/v1/openapi.json"},
        "dct:license": {"@id": LICENCE_URL},
        "dct:publisher": {"@id": f"{base}/#udgiver"},
        "dcat:servesDataset": [{"@id": _dataset(one)} for one in editions],
    }


def turtle(nodes: list[Node]) -> str:
    """The nodes as Turtle. They have no blank nodes and no lists, so that a few lines do."""
    lines = [f"@prefix {name}: <{address}> ." for name, address in CONTEXT.items()]
    for node in nodes:
        parts = [f"a {node['@type']}"]
        for name, value in node.items():
            if not name.startswith("@"):
                values = value if isinstance(value, list) else [value]
                parts.append(f"{name} {', '.join(map(_term, values))}")
        lines.append(f"\n<{node['@id']}>\n    " + " ;\n    ".join(parts) + " .")
    return "\n".join(lines) + "\n"


def _term(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if "@id" in value:
        return f"<{value['@id']}>"
    text = json.dumps(value["@value"], ensure_ascii=False)
    return f"{text}@{value['@language']}" if "@language" in value else f"{text}^^{value['@type']}"
