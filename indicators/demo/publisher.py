"""A stand-in for Statistics Denmark: a real HTTP server on this machine that speaks StatBank's interface over invented
tables. The demo fetches its registers from it, so that a proof shows the whole road; the tests make it misbehave.

Its answers have the shapes of recorded genuine ones and none of their content.
"""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from math import prod
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from indicators.sources.publishers import Variable

MOST_CELLS = 1_000_000
Cell = float | int | str | None
"""A number, a symbol (`..`), or None for a row that is not there."""


@dataclass(frozen=True)
class InventedTable:
    """A table: its variables, and a function from chosen codes (by variable) to a cell."""

    code: str
    title: str
    variables: tuple[Variable, ...]
    cell: Callable[[Mapping[str, str]], Cell]
    unit: str = "Antal"
    updated: str = "2026-09-01T08:00:00"
    footnote: str = "Opdigtet tabel."
    active: bool = True
    suppressed: str = ""


class Reply(NamedTuple):
    """What is answered: status, type, content."""

    status: int
    content_type: str
    content: bytes
    headers: Mapping[str, str] = {}

    @classmethod
    def json(cls, said: object, status: int = 200) -> "Reply":
        """An answer in JSON."""
        return cls(status, "text/json; charset=utf-8", json.dumps(said, ensure_ascii=False).encode())

    @classmethod
    def error(cls, kind: str, message: str, status: int = 400) -> "Reply":
        """StatBank's way to say no."""
        return cls.json({"errorTypeCode": kind, "message": message}, status)


class StandIn:
    """The server. Used with `with`; `url` is where it listens. `asked` counts the questions that came."""

    def __init__(self, tables: Sequence[InventedTable]) -> None:
        self.tables = {table.code: table for table in tables}
        self.asked: list[tuple[str, str]] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each answer waits 40 ms for the reader's acknowledgement
            wbufsize = 1 << 16

            def do_GET(self) -> None:
                self._respond(b"")

            def do_POST(self) -> None:
                self._respond(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

            def _respond(self, body: bytes) -> None:
                stand_in.asked.append((self.command, self.path))
                stand_in.respond(self, body)

            def log_message(self, *_words: object) -> None:
                """The demo's output is for people."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The address of its interface."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def change(self, table: str, **changed: Any) -> None:
        """Change a table while the server runs: a new `updated`, other values."""
        self.tables[table] = replace(self.tables[table], **changed)

    def respond(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer one question. Tests override this to misbehave."""
        send(handler, self.reply(handler.command, handler.path, body))

    def reply(self, method: str, path: str, body: bytes) -> Reply:
        """What is answered to a question."""
        parts = urlsplit(path)
        query = {name.casefold(): value for name, value in parse_qsl(parts.query)}
        endpoint, *rest = unquote(parts.path).removeprefix("/v1/").split("/")
        try:
            said = json.loads(body) if body else {}
        except ValueError:
            return Reply.error("REQUEST-EMPTY", "The request has no readable body")
        asked = {**query, **({name.casefold(): value for name, value in said.items()} if method == "POST" else {})}
        name = asked.get("table") or asked.get("id") or (rest[0] if rest else "")
        if endpoint == "tables":
            return Reply.json([_listed(table) for table in self.tables.values()])
        if endpoint not in {"tableinfo", "data"}:
            return Reply.error("REQUEST-NOTFOUND", f"No such address: {endpoint}", 404)
        if not name:
            return Reply.error("REQUEST-MISSING", "No table was given")
        table = self.tables.get(str(name).upper())
        if table is None:
            return Reply.error("EXTRACT-NOTFOUND", f"Table not found: {name}")
        return Reply.json(_described(table)) if endpoint == "tableinfo" else _figures(table, asked)


def send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """Send an answer as it should be."""
    handler.send_response(reply.status)
    handler.send_header("Content-Type", reply.content_type)
    handler.send_header("Content-Length", str(len(reply.content)))
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    if handler.close_connection:  # said, or the next question races with the hanging up
        handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(reply.content)


def _listed(table: InventedTable) -> dict[str, Any]:
    times = [variable for variable in table.variables if variable.is_time]
    return {
        "id": table.code,
        "text": table.title,
        "unit": table.unit,
        "updated": table.updated,
        "firstPeriod": next(iter(times[0].values), "") if times else "",
        "latestPeriod": list(times[0].values)[-1] if times else "",
        "active": table.active,
        "variables": [variable.text for variable in table.variables],
    }


def _described(table: InventedTable) -> dict[str, Any]:
    return {
        "id": table.code,
        "text": table.title,
        "description": f"{table.title} efter {', '.join(variable.text for variable in table.variables)}",
        "unit": table.unit,
        "suppressedDataValue": table.suppressed,
        "updated": table.updated,
        "active": table.active,
        "contacts": [],
        "documentation": None,
        "footnote": {"text": table.footnote, "mandatory": False} if table.footnote else None,
        "variables": [
            {
                "id": variable.code,
                "text": variable.text,
                "elimination": variable.eliminable,
                "time": variable.is_time,
                "values": [{"id": code, "text": text} for code, text in variable.values.items()],
            }
            for variable in table.variables
        ],
    }


def _figures(table: InventedTable, asked: Mapping[str, Any]) -> Reply:
    if str(asked.get("format", "")).upper() != "CSV" or asked.get("valuepresentation") != "Code":
        return Reply.error("REQUEST-MISSING", "Only CSV with codes is spoken here")
    wanted = {each["code"].upper(): each["values"] for each in asked.get("variables", [])}
    chosen: dict[str, list[str]] = {}
    for variable in table.variables:
        codes = wanted.pop(variable.code.upper(), None)
        if codes is None and variable.eliminable:
            continue
        if codes is None and not variable.is_time:
            return Reply.error("EXTRACT-NOTALLOWED", f"{variable.code} must be selected")
        codes = [list(variable.values)[-1]] if codes is None else codes
        chosen[variable.code] = list(variable.values) if codes == ["*"] else codes
        for code in chosen[variable.code]:
            if code not in variable.values:
                return Reply.error("EXTRACT-NOTFOUND", f"Can't find value: {code} ({variable.code})")
    if wanted:
        return Reply.error("EXTRACT-NOTFOUND", f"Can't find variable: {next(iter(wanted))}")
    if prod(map(len, chosen.values())) * (len(chosen) + 1) > MOST_CELLS:
        return Reply.error("REQUEST-LIMIT", "More than 1,000,000 cells")
    return Reply(200, "text/csv; charset=utf-8", csv_of(table, chosen).encode())


def csv_of(table: InventedTable, chosen: Mapping[str, Sequence[str]]) -> str:
    """The rows of a selection as StatBank writes them in English: a mark in front, semicolons, CR and LF."""
    lines = [";".join([*(code.upper() for code in chosen), "INDHOLD"])]
    for codes in product(*chosen.values()):
        cell = table.cell(dict(zip(chosen, codes, strict=True)))
        if cell is not None:
            text = cell if isinstance(cell, str) else f"{cell:.10g}"
            lines.append(";".join([*codes, text]))
    return "\ufeff" + "\r\n".join(lines) + "\r\n"
