"""Publishers on this machine: StatBank and PxWeb over small tables counted by hand, which misbehave when told to.

A real server over real sockets. What it answers to StatBank's questions is made by `indicators.demo.publisher`; PxWeb
and every fault are made here.
"""

import contextlib
import gzip
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from itertools import product
from typing import Any
from urllib.parse import unquote, urlsplit

from indicators.demo.publisher import Cell, InventedTable, Reply, StandIn, send
from indicators.sources.collecting import Collector, Patience, Publisher
from indicators.sources.publishers import Variable

MUNICIPALITIES = {"101": "København", "183": "Ishøj", "187": "Vallensbæk", "461": "Odense", "825": "Læsø"}
IMPATIENT = Patience(connect=2.0, read=1.5, whole=2.0, attempts=3, backoff=0.01, longest_wait=1.0, largest=2_000_000)
Fault = Callable[[BaseHTTPRequestHandler, Reply], None]


class Misbehaving(StandIn):
    """Sends the next answers through a fault: `server.fault = (slow, 2)` spoils two, then all is well again."""

    fault: tuple[Fault, int] | None = None

    def respond(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        reply = self.reply(handler.command, handler.path, body)
        if self.fault is None:
            send(handler, reply)
            return
        spoil, left = self.fault
        self.fault = (spoil, left - 1) if left > 1 else None
        handler.close_connection = True
        with contextlib.suppress(ConnectionError):  # whoever asked has hung up
            spoil(handler, reply)

    def reply(self, method: str, path: str, body: bytes) -> Reply:
        parts = unquote(urlsplit(path).path).removeprefix("/v1/").split("/")
        if parts[0] == "px":
            return self._pxweb_1(method, "/".join(parts[1:]), body)
        if parts[0] == "tables" and len(parts) == 3:
            return self._pxweb_2(parts[1], parts[2], body)
        return super().reply(method, path, body)

    def _pxweb_1(self, method: str, name: str, body: bytes) -> Reply:
        table = self.tables.get(name)
        if table is None:
            return Reply(404, "text/plain", b"Not found")
        if method == "GET":
            variables = [
                {"code": v.code, "text": v.text, "values": list(v.values), "valueTexts": list(v.values.values())}
                | ({"elimination": True} if v.eliminable else {})
                | ({"time": True} if v.is_time else {})
                for v in table.variables
            ]
            return Reply.json({"title": table.title, "variables": variables})
        asked = {each["code"]: each["selection"]["values"] for each in json.loads(body)["query"]}
        return Reply.json(json_stat_of(table, asked))

    def _pxweb_2(self, name: str, what: str, body: bytes) -> Reply:
        table = self.tables.get(name)
        if table is None:
            return Reply.json({"type": "about:blank", "title": "Not Found", "status": 404}, 404)
        if what == "metadata":
            return Reply.json(json_stat_of(table, {v.code: list(v.values) for v in table.variables}, figures=False))
        asked = {each["variableCode"]: each["valueCodes"] for each in json.loads(body)["selection"]}
        if not set(asked) >= {v.code for v in table.variables if not v.eliminable}:
            return Reply.json({"title": "Missing selection for mandatory variable", "status": 400}, 400)
        return Reply.json(json_stat_of(table, asked))


def json_stat_of(table: InventedTable, asked: Mapping[str, list[str]], *, figures: bool = True) -> dict[str, Any]:
    """A selection as JSON-stat 2, the way PxWeb writes it."""
    chosen = [variable for variable in table.variables if variable.code in asked]
    cells = [
        table.cell(dict(zip(asked, codes, strict=True))) for codes in product(*asked.values())
    ] if figures else []  # fmt: skip
    order = [variable for code in asked for variable in chosen if variable.code == code]
    return {
        "version": "2.0",
        "class": "dataset",
        "label": table.title,
        "source": "Et opdigtet kontor",
        "updated": table.updated,
        "note": [table.footnote],
        "role": {"time": [v.code for v in order if v.is_time]},
        "id": [variable.code for variable in order],
        "size": [len(asked[variable.code]) for variable in order],
        "dimension": {
            v.code: {
                "label": v.text,
                "category": {
                    "index": {code: n for n, code in enumerate(asked[v.code])},
                    "label": {code: v.values[code] for code in asked[v.code]},
                },
                "extension": {"elimination": v.eliminable},
            }
            for v in order
        },
        "value": [cell if isinstance(cell, int | float) else None for cell in cells] if figures else None,
        "status": {str(n): cell for n, cell in enumerate(cells) if isinstance(cell, str)},
        "extension": {"px": {"tableid": table.code}},
    }


# Faults


def status(code: int, content: bytes = b"", **headers: str) -> Fault:
    """Another status than 200."""

    def spoil(handler: BaseHTTPRequestHandler, _reply: Reply) -> None:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        send(handler, Reply(code, "application/json" if content[:1] == b"{" else "text/html", content, names))

    return spoil


def error(kind: str, message: str) -> Fault:
    """StatBank's no."""
    return status(400, json.dumps({"errorTypeCode": kind, "message": message}).encode())


def instead(content: bytes, content_type: str = "text/html") -> Fault:
    """A good status with other content."""
    return lambda handler, _reply: send(handler, Reply(200, content_type, content))


def changed(change: Callable[[bytes], bytes]) -> Fault:
    """The right answer, changed."""
    return lambda handler, reply: send(handler, reply._replace(content=change(reply.content)))


def drip(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """A byte now and then: never silent long enough for a time-out of reading."""
    _head(handler, len(reply.content))
    for byte in reply.content:
        try:
            handler.wfile.write(bytes((byte,)))
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler, _reply: Reply) -> None:
    """Nothing at all, for longer than anybody waits."""
    time.sleep(IMPATIENT.read * 1.5)


def cut_off(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """Half of what was promised."""
    _head(handler, len(reply.content))
    handler.wfile.write(reply.content[: len(reply.content) // 2])


def too_short(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """More than was promised."""
    _head(handler, len(reply.content) - 10)
    handler.wfile.write(reply.content)


_PACKED_NOUGHTS = gzip.compress(b"0" * 50_000_000)


def bomb(handler: BaseHTTPRequestHandler, _reply: Reply) -> None:
    """Fifty megabytes of noughts in fifty kilobytes."""
    _head(handler, len(_PACKED_NOUGHTS), Content_Encoding="gzip")
    handler.wfile.write(_PACKED_NOUGHTS)


def half_packed(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """A packed answer that ends too early, with a true length."""
    packed = gzip.compress(reply.content)[:-12]
    _head(handler, len(packed), Content_Encoding="gzip")
    handler.wfile.write(packed)


def packed(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """A packed answer as it should be."""
    content = gzip.compress(reply.content)
    _head(handler, len(content), Content_Encoding="gzip", Content_Type=reply.content_type)
    handler.wfile.write(content)


def _head(handler: BaseHTTPRequestHandler, length: int, **headers: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(length))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    if handler.close_connection:  # said, or the next question races with the hanging up
        handler.send_header("Connection", "close")
    handler.end_headers()


# Small tables, counted by hand


def table(
    code: str,
    cells: Mapping[tuple[str, ...], Cell],
    *variables: Variable,
    periods: tuple[str, ...] = ("2024", "2025"),
    place: str = "OMRÅDE",
    **more: Any,
) -> InventedTable:
    """A table of municipality, some variables and time. `cells` have municipality, the variables' codes and time."""
    places = Variable(place, "område", {"000": "Hele landet", "411": "Christiansø", **MUNICIPALITIES})
    times = Variable("Tid", "tid", {period: period for period in periods}, is_time=True)
    ordered = (places, *variables, times)
    asked = [variable.code for variable in ordered if not variable.eliminable]

    def cell(chosen: Mapping[str, str]) -> Cell:
        return cells.get(tuple(chosen[code] for code in asked))

    return InventedTable(code, f"Tabel {code}", ordered, cell, **more)


SEX = Variable("KØN", "køn", {"TOT": "I alt", "1": "Mænd", "2": "Kvinder"}, eliminable=True)


def publisher(server: StandIn, interface: str = "statbank", **more: Any) -> Publisher:
    """The stand-in as a publisher that a setting has moved here."""
    url = server.url + ("/px" if interface == "pxweb1" else "")
    declared = "https://api.statbank.dk/v1"
    return Publisher("statbank", interface, declared, "Danmarks Statistik", url=url, pause=0.0, **more)


def impatient() -> Collector:
    """A collector that waits for nobody: where a publisher's slowness is what is tried."""
    return Collector(IMPATIENT)


def patient() -> Collector:
    """A collector for everything else: a busy machine is no slow publisher."""
    return Collector(replace(IMPATIENT, read=30.0, whole=60.0))
