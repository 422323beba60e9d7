"""How editions, drawings and endings are written in an address."""

from typing import ClassVar

from django.urls.converters import StringConverter
from django.utils.translation import get_language


class EditionConverter(StringConverter):
    """``2025`` is the year's newest revision, ``@2025.1`` one revision for ever.

    portal.published.edition finds the edition.
    """

    regex = r"(?:\d{4}|@\d{4}\.\d{1,3})"


class DrawingConverter:
    """What a ranking can be drawn as, in the language of the address; views get the Danish word."""

    english: ClassVar[dict[str, str]] = {"kort": "map", "fordeling": "distribution"}
    regex = "kort|fordeling|map|distribution"

    def to_python(self, value: str) -> str:
        """The Danish word."""
        return next((danish for danish, english in self.english.items() if english == value), value)

    def to_url(self, value: str) -> str:
        """The word of the language that is active."""
        return self.english.get(value, value) if get_language() == "en" else value


class EmbeddedConverter(DrawingConverter):
    """What of a ranking can be embedded: its map, its distribution, its table."""

    english: ClassVar[dict[str, str]] = {**DrawingConverter.english, "rangliste": "ranking"}
    regex = f"{DrawingConverter.regex}|rangliste|ranking"


class ImageConverter(StringConverter):
    """The file endings of a picture."""

    regex = "svg|png"
