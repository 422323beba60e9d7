"""PNG of an SVG, with our own font files: the same on a bare machine as everywhere else."""

import resvg_py

from portal.pictures.fonts import FAMILY, FONTS, font_file


def png_of(drawn: str) -> bytes:
    """Draw an SVG as PNG, one pixel a unit. Raises NoFont where the set-up did not fetch the fonts."""
    drawing = resvg_py.svg_to_bytes(
        svg_string=drawn,
        font_files=[str(font_file(name)) for name in FONTS],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
        skip_system_fonts=True,
    )
    return bytes(drawing)
