"""Every refusal as problem details (RFC 9457)."""

import hashlib
import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import get_conditional_response
from ninja import Field, Schema

from portal.operating.security import seconds_to_wait
from portal.serving.cache import CONDITIONAL, preflight, released

KIND = "application/problem+json"
TITLES = {
    400: "Bad request",
    404: "Not found",
    410: "Gone",
    405: "Method not allowed",
    422: "The request makes no sense",
    429: "Too many requests",
    500: "Our mistake",
    503: "Not now",
}


class Refused(Schema):
    """What was wrong with one parameter."""

    parameter: str = Field(examples=["page_size"])
    message: str = Field(examples=["Input should be less than or equal to 1000"])


class Problem(Schema):
    """Why there is no answer."""

    type: str = Field(description="Always about:blank: the status says what kind of problem it is.")
    title: str
    status: int
    detail: str = Field(description="What to do about it, in English.")
    instance: str = Field(description="The address that was asked for.")
    errors: list[Refused] = Field(default=[], description="At 422: each parameter that was refused.")


class NoSuchThing(Exception):  # noqa: N818  the message is the answer
    """Something that was named does not exist; the message says what."""


def problem(request: HttpRequest, status: int, detail: str, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    """Answer with a problem. Raises KeyError for a status that has no title."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "instance": request.get_full_path(),
    }
    if errors:
        body["errors"] = errors
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=KIND, headers={"Content-Language": "en"})


def as_errors(found: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Pydantic's errors as ours: the parameter's name and what was wrong with it."""
    return [{"parameter": _name(one.get("loc", ())), "message": str(one.get("msg", ""))} for one in found]


def _name(location: tuple[Any, ...]) -> str:
    words = [str(part) for part in location if isinstance(part, str)]
    return words[-1] if words else ""


View = Callable[..., HttpResponse]
MINUTE = 60
METHODS = "GET, HEAD, OPTIONS"


def mannered(
    view: View,
    parameters: Callable[[], frozenset[str]],
    repeatable: Callable[[], frozenset[str]] | None = None,
    *,
    of_today: bool = False,
) -> View:
    """Wrap a view of the API. ``parameters`` gives the names it reads: others are refused, because a misspelt filter
    that is ignored gives wrong figures; so is one given twice that is not ``repeatable``. An answer ``of_today`` reads
    the clock, and is not kept until the release changes as all others are.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return _open(preflight())
        if request.method not in {"GET", "HEAD"}:
            response = problem(request, 405, f"This is a read-only API: {METHODS}.")
            response["Allow"] = METHODS
            return _open(response)
        known, many = parameters(), repeatable() if repeatable else frozenset()
        wrong = _unknown(request, known) or _twice(request, known - many)
        response = _too_many(request) or wrong or _asked(view, request, args, kwargs)
        return _open(_conditional(request, response))

    if not of_today:
        released()(answered)
    answered.refuses = True  # type: ignore[attr-defined]  # other methods by itself
    return answered


def _asked(view: View, request: HttpRequest, args: tuple[Any, ...], kwargs: dict[str, Any]) -> HttpResponse:
    method, request.method = request.method, "GET"  # HEAD is GET without a body, which the server leaves out
    language = "en" if request.GET.get("lang") == "en" else "da"
    response = _in_language(view, request, language, args, kwargs)
    if response.status_code >= 400 and language != "en":
        # What goes wrong is said in English, like its title, whatever language the figures were asked for in.
        response = _in_language(view, request, "en", args, kwargs)
    response.headers["Content-Language"] = "en" if response.get("Content-Type") == KIND else language
    request.method = method
    return response


def _in_language(
    view: View, request: HttpRequest, language: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponse:
    try:
        with translation.override(language), ExitStack() as request.while_answered:  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
    except Http404 as error:
        with translation.override("en"):
            return problem(request, getattr(error, "status", 404), str(error) or "There is nothing at this address.")


def _unknown(request: HttpRequest, known: frozenset[str]) -> HttpResponse | None:
    wrong = sorted(set(request.GET) - known)
    if not wrong:
        return None
    names = ", ".join(sorted(known)) or "none"
    errors = [{"parameter": name, "message": f"There is no such parameter here. There are: {names}"} for name in wrong]
    return problem(
        request, 422, "An unknown parameter would be ignored, and the figures would not be what you meant.", errors
    )


def _twice(request: HttpRequest, once: frozenset[str]) -> HttpResponse | None:
    twice = sorted(name for name in once if len(request.GET.getlist(name)) > 1)
    if not twice:
        return None
    errors = [{"parameter": name, "message": "This parameter takes one value; it was given more than once."}
              for name in twice]  # fmt: skip
    return problem(request, 422, "A parameter that is given twice would be read once, and nobody could tell which.",
                   errors)  # fmt: skip


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
    headers["Access-Control-Allow-Headers"] = CONDITIONAL
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
