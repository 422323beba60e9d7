"""How an edition is written in an address: a year, or a pinned revision."""


class EditionConverter:
    """``2025`` is the year's newest revision, ``@2025.1`` one revision for ever."""

    regex = r"(?:\d{4}|@\d{4}\.\d{1,3})"

    def to_python(self, value: str) -> str:
        """Keep the text: portal.shown finds the edition."""
        return value

    def to_url(self, value: str) -> str:
        """Write it as it came."""
        return value


class DrawingConverter:
    """What a ranking can be drawn as: a map or a distribution."""

    regex = "kort|fordeling"

    def to_python(self, value: str) -> str:
        """Keep the text."""
        return value

    def to_url(self, value: str) -> str:
        """Write it as it came."""
        return value


class EmbeddedConverter(DrawingConverter):
    """What of a ranking can be embedded: its map, its distribution, its table."""

    regex = "kort|fordeling|rangliste"


class ImageConverter(DrawingConverter):
    """The file endings of a picture."""

    regex = "svg|png"
