"""How every address of the API behaves: open to all, no more than it can bear, sending nothing twice."""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import get_conditional_response

from portal.api.problems import KIND, problem
from portal.operating.limits import seconds_to_wait
from portal.serving.cache import released

View = Callable[..., HttpResponse]
MINUTE = 60
METHODS = "GET, HEAD, OPTIONS"


def mannered(view: View, parameters: Callable[[], frozenset[str]]) -> View:
    """Wrap a view of the API. ``parameters`` gives the names it reads: others are refused, because a misspelt filter
    that is ignored gives wrong figures."""

    @released()
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return _open(HttpResponse(status=204, headers={"Allow": METHODS}))
        if request.method not in {"GET", "HEAD"}:
            response = problem(request, 405, f"This is a read-only API: {METHODS}.")
            response["Allow"] = METHODS
            return _open(response)
        response = _too_many(request) or _unknown(request, parameters()) or _asked(view, request, args, kwargs)
        return _open(_conditional(request, response))

    answered.refuses = True  # type: ignore[attr-defined]  # other methods by itself
    return answered


def _asked(view: View, request: HttpRequest, args: tuple[Any, ...], kwargs: dict[str, Any]) -> HttpResponse:
    method, request.method = request.method, "GET"  # HEAD is GET without a body, which the server leaves out
    language = "en" if request.GET.get("lang") == "en" else "da"
    try:
        with translation.override(language), ExitStack() as request.while_answered:  # type: ignore[attr-defined]
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = "en" if response.get("Content-Type") == KIND else language
    except Http404 as error:
        response = problem(request, 404, str(error) or "There is nothing at this address.")
    finally:
        request.method = method
    return response


def _unknown(request: HttpRequest, known: frozenset[str]) -> HttpResponse | None:
    wrong = sorted(set(request.GET) - known)
    if not wrong:
        return None
    names = ", ".join(sorted(known)) or "none"
    errors = [{"parameter": name, "message": f"There is no such parameter here. There are: {names}"} for name in wrong]
    return problem(
        request, 422, "An unknown parameter would be ignored, and the figures would not be what you meant.", errors
    )


def _too_many(request: HttpRequest) -> HttpResponse | None:
    """Count an address's requests within the minute of the clock; answers that are kept already are never counted."""
    wait = seconds_to_wait("api", request, settings.API_REQUESTS_A_MINUTE, MINUTE)
    if not wait:
        return None
    most = settings.API_REQUESTS_A_MINUTE
    detail = f"At most {most} requests a minute. Wait {wait} s, or take a whole edition as one file."
    response = problem(request, 429, detail)
    response["Retry-After"] = str(wait)
    return response


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code != 200:
        response.headers.setdefault("Cache-Control", "no-store")
        return response
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    response.headers.setdefault("Cache-Control", "public, max-age=60")
    return get_conditional_response(request, etag=etag, response=response) or response


def _open(response: HttpResponse) -> HttpResponse:
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Allow-Methods"] = METHODS
    headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After, Content-Language"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def only(query: QueryDict, names: tuple[str, ...]) -> QueryDict:
    """A query with nothing but these parameters."""
    chosen = QueryDict(mutable=True)
    for name in names:
        if values := query.getlist(name):
            chosen.setlist(name, values)
    return chosen
