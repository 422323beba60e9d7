"""What comes back from a publisher: an answer, or the reason why there is none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indicators.upload.messages import Text, _


class SourceError(Exception):
    """A publisher cannot be asked, or its answer cannot be used. `text` says which, what it said and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class NoNetworkError(SourceError):
    """The publisher cannot be reached at all: nothing is known of it, neither good nor bad."""


@dataclass(frozen=True)
class RawAnswer:
    """What a publisher answered, byte for byte (unpacked), and what it was asked. The key is in neither."""

    publisher: str
    method: str
    url: str
    body: Mapping[str, Any] | None
    content: bytes
    content_type: str

    def json(self) -> Any:
        """The answer as JSON. Raises SourceError where it is none, as when a page of HTML came instead."""
        try:
            return json.loads(self.content.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise SourceError(
                _(
                    "%(publisher)s svarede ikke med JSON, men med %(kind)s: »%(text)s«. Prøv igen senere.",
                    publisher=self.publisher,
                    kind=self.content_type or _NO_KIND,
                    text=_first_words(self.content),
                )
            ) from None


_NO_KIND = "noget uden type"


_STATBANK_CODES = {
    "EXTRACT-NOTFOUND": "det findes ikke i tabellen",
    "EXTRACT-NOTALLOWED": "det må ikke hentes sådan",
    "REQUEST-NOTFOUND": "tabellen eller adressen findes ikke",
    "REQUEST-MISSING": "noget mangler i spørgsmålet",
    "REQUEST-EMPTY": "spørgsmålet er tomt",
    "REQUEST-LIMIT": "der spørges om for meget ad gangen",
}


def own_words(answer: RawAnswer) -> str:
    """What a publisher says is wrong: StatBank's errorTypeCode and message, PxWeb's error or title; "" for a page."""
    try:
        said = json.loads(answer.content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return "" if answer.content.lstrip()[:1] == b"<" else _first_words(answer.content)
    if not isinstance(said, dict):
        return ""
    words = [said.get(name) for name in ("errorTypeCode", "error", "title", "message", "detail")]
    words.append(_STATBANK_CODES.get(str(said.get("errorTypeCode"))))
    return " · ".join(str(word)[:200] for word in words if word)


def _first_words(content: bytes) -> str:
    return " ".join(content[:400].decode("utf-8", "replace").split())[:80]
