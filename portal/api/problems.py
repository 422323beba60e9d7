"""Every refusal as problem details (RFC 9457)."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema

KIND = "application/problem+json"
TITLES = {
    400: "Bad request",
    404: "Not found",
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
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=KIND)


def as_errors(found: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Pydantic's errors as ours: the parameter's name and what was wrong with it."""
    return [{"parameter": _name(one.get("loc", ())), "message": str(one.get("msg", ""))} for one in found]


def _name(location: tuple[Any, ...]) -> str:
    words = [str(part) for part in location if isinstance(part, str)]
    return words[-1] if words else ""
