"""Logs as one JSON object a line, each with the id of its request; slow queries; how long requests take."""

import json
import logging
import os
import re
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

GetResponse = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger("portal.requests")
slow = logging.getLogger("portal.slow_queries")
request_id: ContextVar[str] = ContextVar("request_id", default="")
METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
GIVEN = re.compile(r"[\w.-]{8,64}")  # an id that nginx made; anything else is not written to our log


_KEYS = re.compile(r"(/(?:svar|answer|embargo|ja|nej|yes|no)/)[\w:-]{20,}")
"""Addresses that are keys (a member's form, a press link): whoever reads the log must not be able to use them."""


class JsonLine(logging.Formatter):
    """A log record as one line of JSON: no line break of a visitor ever starts a line of ours."""

    def format(self, record: logging.LogRecord) -> str:
        """Time in UTC, level, logger, message, request, what was added by extra=, and the traceback where one is."""
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_id.get():
            line["request"] = number
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return _KEYS.sub(r"\1…", json.dumps(line, ensure_ascii=False, default=str))


def log_requests(get_response: GetResponse) -> GetResponse:
    """One line a request that was not answered from memory, with its id, which the answer carries too.

    Nothing of a person: no address, no cookie, no query.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        number = given if GIVEN.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(number)
        start = time.perf_counter()
        try:
            with ExitStack() as watched:
                for server in connections.all():  # a page may be read from any of them
                    watched.enter_context(server.execute_wrapper(_watch))
                response = get_response(request)
            seconds = time.perf_counter() - start
            response.headers["X-Request-ID"] = number
            SECONDS.labels(_method(request), str(response.status_code)).observe(seconds)
            facts = {"method": request.method, "path": request.path, "status": response.status_code}
            log.info("answered", extra={"facts": facts | {"ms": round(seconds * 1000, 1)}})
        finally:
            request_id.reset(token)
        return response

    return middleware


def _method(request: HttpRequest) -> str:
    """One that HTTP knows: a counter for each that a visitor makes up would never end."""
    return request.method if request.method in METHODS else "other"


def _watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001  Django calls it so
    start = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = (time.perf_counter() - start) * 1000
        if milliseconds > settings.SLOW_QUERY_MS:
            SLOW_QUERIES.inc()
            slow.warning("slow query", extra={"facts": {"ms": round(milliseconds, 1), "sql": sql[:2000]}})


if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(exist_ok=True)

PAGES = Counter("socialt_indeks_pages_total", "Public pages answered, by where they came from", ["source"])
SECONDS = Histogram(
    "socialt_indeks_request_seconds",
    "Seconds of requests that were not answered from memory",
    ["method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SLOW_QUERIES = Counter("socialt_indeks_slow_queries_total", "Queries that took longer than SLOW_QUERY_MS")


def page() -> bytes:
    """The counters of all processes together, where PROMETHEUS_MULTIPROC_DIR names a folder they share."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
