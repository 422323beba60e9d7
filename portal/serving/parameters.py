"""Which part of a question counts: the parameters that a view reads, in one order. Everything else is nobody's page."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

NOTHING_TO_READ = ("utm_", "fbclid", "gclid", "dclid", "msclkid", "mc_", "_hs", "igshid", "ref_src")
LONGEST_QUERY, MOST_PARAMETERS = 2000, 250


@dataclass(frozen=True, slots=True)
class Policy:
    """How a view is kept. ``parameters`` are those it reads; None: all that are no tracking parameters."""

    parameters: frozenset[str] | None = None

    def query(self, raw: str) -> str | None:
        """The query as the view shall see it, in one spelling; None where it is too long to be kept."""
        try:
            pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
        except ValueError:
            return None
        pairs = [pair for pair in pairs if self._reads(pair[0])]
        query = urlencode(sorted(pairs, key=lambda pair: pair[0]))
        return query if len(query) <= LONGEST_QUERY else None

    def reads_all(self, raw: str) -> bool:
        """Whether the view reads every parameter of a query that is short enough."""
        return all(self._reads(name) for name, _value in parse_qsl(raw, keep_blank_values=True))

    def _reads(self, name: str) -> bool:
        if self.parameters is None:
            return not name.startswith(NOTHING_TO_READ)
        return name in self.parameters
