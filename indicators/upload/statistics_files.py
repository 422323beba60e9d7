"""Tables as offices of statistics hand them out: JSON-stat (1.x and 2.0) and PX, from bytes to dimensions and cells.

Both formats say the same in two ways: a few dimensions, each with codes and texts, and one number for each combination,
the last dimension running fastest. What a number *means* (which municipality, which year) is decided by whoever asks:
`indicators.upload` for a file that a person brings, `indicators.sources` for an answer that was fetched.

Written from the formats' own specifications: JSON-stat 1.3 and 2.0 (json-stat.org), PX 2013 (Statistics Sweden).
"""

import re

from .json_stat import read_json_stat
from .messages import _
from .px import read_px
from .reading import Unreadable
from .statistics_table import Dimension, StatisticsCell, StatisticsTable

__all__ = [
    "Dimension",
    "StatisticsCell",
    "StatisticsTable",
    "read_json_stat",
    "read_px",
    "read_statistics",
    "statistics_format",
]


def statistics_format(head: bytes) -> str | None:
    """What the first bytes of a file are: `json` (JSON-stat or not), `px`, or None for neither."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in {b"{", b"["}:
        return "json"
    return "px" if re.match(rb'[A-Z][A-Z0-9-]+(?:\[\w+\])?(?:\("[^"]*"\))?\s*=\s*(?:"|YES|NO|-?\d)', start) else None


def read_statistics(content: bytes) -> StatisticsTable:
    """Read a JSON-stat or PX file. Raises Unreadable for anything else, and for one that contradicts itself."""
    kind = statistics_format(content[:4096])
    if kind == "json":
        return read_json_stat(content)
    if kind == "px":
        return read_px(content)
    raise Unreadable(_("Filen er hverken JSON-stat eller PX."))
