"""The share cards of a published edition: drawn at publication or when first asked for, and kept."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

from indicators.models import Municipality
from portal.embeds.pictures import card_svg
from portal.pictures.png import png_of
from portal.serving import kept_files
from rankings.models import Edition


def kept_card(edition: Edition, municipality: Municipality) -> bytes:
    """A municipality's share card as PNG: as it was first drawn, or drawn now and kept."""
    language = get_language() or "da"
    path = Path(settings.MEDIA_ROOT) / "cards" / edition.release / language / f"{municipality.slug}.png"
    if path.exists():
        return path.read_bytes()
    content = png_of(card_svg(edition, municipality))
    kept_files.keep(path, content)
    return content
