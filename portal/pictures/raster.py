"""A process of its own that draws one SVG (standard input) as PNG (standard output); its arguments are the font files.

The library keeps Python's lock while it draws, a quarter of a second in which nobody else in the process is answered.
Run by its path and without the project, so that it starts in a moment. Last on standard error: its processor seconds.
"""

import os
import sys
import time

import resvg_py

FAMILY = "Source Sans 3"


def drawn(svg: str, fonts: list[str]) -> bytes:
    """One pixel a unit, in our fonts and no others."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            font_files=fonts,
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            skip_system_fonts=True,
        )
    )


if __name__ == "__main__":
    os.nice(5)  # those who only want a finished page come first
    sys.stdout.buffer.write(drawn(sys.stdin.buffer.read().decode(), sys.argv[1:]))
    sys.stderr.write(f"{time.process_time():.3f}")
