"""The API put together: its routers, its refusals, its OpenAPI document, its addresses."""

import json
import logging
from functools import cache
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI, Schema
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from portal.api import audits, catalogue, comparing, figures, practices, provisions
from portal.api.dcat import dcat_jsonld, dcat_turtle
from portal.api.http import KIND, NoSuchThing, Problem, as_errors, mannered, problem

log = logging.getLogger(__name__)
VERSION = "1.0.0"
DESCRIPTION = (
    "Denmark's municipalities ranked on the specialised social field: editions, placements, values and where each came "
    "from. Read-only, open, no key; CC BY 4.0. A pinned edition (2026.1) gives the same for ever."
)
REFUSALS = {
    404: "Something that was named does not exist.",
    422: "A parameter makes no sense, or is unknown.",
    429: "Too many requests: wait as long as Retry-After says.",
}


class Utf8(JSONRenderer):
    """JSON as people read it: æ, ø and å are themselves."""

    json_dumps_params: dict[str, Any] = {"ensure_ascii": False}  # noqa: RUF012  ninja's way


class Api(NinjaAPI):
    """The API, with problem details described as what they are."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """The OpenAPI document: ninja's own, with the refusals' media type and our headers."""
        kwargs.setdefault("path_prefix", "")
        schema = super().get_openapi_schema(*args, **kwargs)
        for operations in schema["paths"].values():
            for operation in operations.values():
                _describe(operation)
                operation["operationId"] = operation["operationId"].removeprefix("portal_api_").partition("_")[2]
                for parameter in operation.get("parameters", ()):
                    parameter.pop("examples", None)  # a list, which is no OpenAPI there; the schema has it too
        schema["components"]["schemas"]["Problem"] = _without_definitions(Problem, schema)
        return schema


def _without_definitions(model: type[Schema], schema: dict[str, Any]) -> dict[str, Any]:
    found = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema["components"]["schemas"].update(found.pop("$defs", {}))
    return found


def _describe(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses[200]["headers"] = {
        "ETag": {"schema": {"type": "string"}, "description": "Send it back as If-None-Match."},
        "Last-Modified": {"schema": {"type": "string"}, "description": "When this answer was made."},
    }
    responses[200]["description"] = "The answer."
    for status, text in REFUSALS.items():
        responses[status] = {
            "description": text,
            "content": {KIND: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    responses[429]["headers"] = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds to wait."}}


api = Api(
    title="Socialt Indeks",
    version=VERSION,
    description=DESCRIPTION,
    renderer=Utf8(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    servers=[{"url": f"{settings.SITE_ADDRESS}/api/v1"}],
    openapi_extra={
        "info": {
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
            "termsOfService": f"{settings.SITE_ADDRESS}/hent/",
        }
    },
)
for router in (catalogue.router, figures.router, audits.router, comparing.router, practices.router, provisions.router):
    api.add_router("", router)


@api.exception_handler(ValidationError)
def refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: parameters that make no sense."""
    return problem(request, 422, "Some parameters make no sense; errors says which.", as_errors(error.errors))


@api.exception_handler(NoSuchThing)
def unknown(request: HttpRequest, error: NoSuchThing) -> HttpResponse:
    """404: something named does not exist."""
    return problem(request, 404, str(error))


@api.exception_handler(Http404)
def absent(request: HttpRequest, error: Http404) -> HttpResponse:
    """404 from below: the edition or the subject, or nothing published yet."""
    return problem(request, 404, str(error) or "There is nothing at this address.")


@api.exception_handler(Exception)
def our_mistake(request: HttpRequest, error: Exception) -> HttpResponse:
    """500 as problem details; a database that is away is for portal.serving.cache to answer."""
    if settings.DEBUG or isinstance(error, OperationalError | InterfaceError):
        raise error
    log.error("The API failed at %s", request.path, exc_info=error)
    return problem(request, 500, "We could not answer. It has been logged.")


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document as plain JSON."""
    plain: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), cls=NinjaJSONEncoder))
    return plain


def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Give the OpenAPI 3.1 document."""
    text = json.dumps(document(), ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/json; charset=utf-8")


def start(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """List the resources, for whoever comes to the API's own address."""
    base = f"{settings.SITE_ADDRESS}/api/v1"
    links = {name.strip("/"): base + name for name in document()["paths"] if "{" not in name}
    body = {
        "title": "Socialt Indeks",
        "openapi": f"{base}/openapi.json",
        "dcat": f"{base}/dcat.jsonld",
        "resources": links,
    }
    return HttpResponse(json.dumps(body, indent=1), content_type="application/json; charset=utf-8")


def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """404 for any other address below the API."""
    return problem(request, 404, f"There is no resource {rest or '/'} here. The resources are listed at /api/v1/.")


def _parameters(route: str) -> frozenset[str]:
    """The names a resource reads, from the OpenAPI document."""
    key = "/" + route.replace("<", "{").replace(">", "}")
    operation = document()["paths"].get(key, {}).get("get", {})
    return frozenset(one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")


def _repeatable(route: str) -> frozenset[str]:
    """The names that may be given more than once: those of a list."""
    key = "/" + route.replace("<", "{").replace(">", "}")
    operation = document()["paths"].get(key, {}).get("get", {})
    return frozenset(one["name"] for one in operation.get("parameters", ()) if one["schema"].get("type") == "array")


def _mannered(pattern: URLPattern) -> URLPattern:
    route = str(pattern.pattern)
    of_today = route.startswith("provisions")  # a vacancy is shown for seven days, a confirmation holds for a year
    return path(
        route,
        mannered(pattern.callback, lambda: _parameters(route), lambda: _repeatable(route), of_today=of_today),
        name=pattern.name,
    )


def _nothing() -> frozenset[str]:
    return frozenset()


urlpatterns = [
    path("", mannered(start, _nothing), name="api-start"),
    path("openapi.json", mannered(openapi, _nothing), name="api-openapi"),
    path("dcat.jsonld", mannered(dcat_jsonld, _nothing), name="api-dcat"),
    path("dcat.ttl", mannered(dcat_turtle, _nothing), name="api-dcat-turtle"),
    *(_mannered(one) for one in api.urls[0] if isinstance(one, URLPattern) and str(one.pattern)),
    re_path(r"^(?P<rest>.*)$", mannered(nowhere, _nothing)),
]
