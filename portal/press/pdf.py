"""A press sheet as a tagged PDF (PDF/UA-1), by WeasyPrint with pango.

The same sheet gives the same bytes: nothing in it depends on when it is made, and its id is that of the sheet.
"""

from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from portal.pictures.fonts import FAMILY, FONTS, NoFont, font_file
from portal.press import pango
from portal.press.plain import contact
from portal.press.sheet import Sheet

VARIANT = "pdf/ua-1"
STYLE = Path(settings.BASE_DIR) / "portal" / "press" / "sheet.css"
_one_at_a_time = Lock()  # pango's fonts are shared, and not made for several threads


class NoPango(Exception):  # noqa: N818  not an error of ours: a library of the machine is missing
    """This machine has no pango, so no PDF can be made; the message says what to install."""


def pdf_of(sheet: Sheet, language: str) -> bytes:
    """Render a sheet in the language that is active. Raises NoPango where the library is missing."""
    return _drawn(source(sheet, language), sheet.name)


def source(sheet: Sheet, language: str) -> str:
    """The HTML that a sheet's PDF is made of."""
    return render_to_string("press/sheet_pdf.html", {"sheet": sheet, "language": language, "contact": contact(sheet)})


def get_ready() -> None:
    """Load WeasyPrint and draw a letter in each weight, so that no reader of a first sheet waits for that.

    Does nothing where pango or our fonts are missing: whoever asks for a sheet is told.
    """
    with suppress(NoPango, NoFont):
        words = "".join(f'<p style="font-weight: {weight}">a</p>' for weight in FONTS.values())
        _drawn(f'<html lang="da"><title>a</title>{words}', "ready")


def _drawn(html: str, name: str) -> bytes:
    with _one_at_a_time:
        weasyprint, style, fonts, fetcher = _tools()
        document = weasyprint.HTML(string=html, base_url=settings.SITE_ADDRESS, url_fetcher=fetcher)
        drawn: bytes = document.write_pdf(
            stylesheets=[style],
            font_config=fonts,
            pdf_variant=VARIANT,
            pdf_tags=True,
            pdf_identifier=name.encode(),
        )
    return drawn


@cache
def _tools() -> tuple[Any, Any, Any, Any]:
    """WeasyPrint, the style sheet, the fonts and the fetcher, made once for all sheets."""
    if not pango.found():
        raise NoPango(pango.MISSING)
    import weasyprint  # noqa: PLC0415  importing it loads pango, which a machine may lack
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415  as above

    allowed = {font_file(name).as_uri() for name in FONTS}

    class OnlyFonts(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        """A sheet loads nothing from anywhere, except our own font files."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in allowed:
                msg = f"A press sheet loads nothing: {url}"
                raise ValueError(msg)
            return super().fetch(url, headers)

    fetcher, fonts = OnlyFonts(), FontConfiguration()
    faces = "".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; src: url("{font_file(name).as_uri()}"); }}'
        for name, weight in FONTS.items()
    )
    css = faces + STYLE.read_text(encoding="utf-8")
    return weasyprint, weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetcher), fonts, fetcher
