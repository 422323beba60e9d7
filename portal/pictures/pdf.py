"""HTML as a tagged PDF (PDF/UA-1) in our fonts, by WeasyPrint with pango. The same text gives the same bytes."""

from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings

from portal.markup import letters_in
from portal.pictures import pango
from portal.pictures.raster import FAMILY
from portal.pictures.svg import FONTS, NoFont, font_file

VARIANT = "pdf/ua-1"
STYLE = Path(settings.BASE_DIR) / "portal" / "pictures" / "sheet.css"
_one_at_a_time = Lock()  # pango's fonts are shared, and not made for several threads


class NoPango(Exception):  # noqa: N818  not an error of ours: a library of the machine is missing
    """This machine has no pango, so no PDF can be made; the message says what to install."""


def get_ready() -> None:
    """Load WeasyPrint and draw a letter in each weight, so that no reader of a first sheet waits for that.

    Does nothing where pango or our fonts are missing: whoever asks for a sheet is told.
    """
    with suppress(NoPango, NoFont):
        draw_pdf(letters_in(FONTS.values()), "ready")


def draw_pdf(html: str, name: str) -> bytes:
    """HTML as a tagged PDF in our fonts and the sheets' style; ``name`` is its identifier. Raises NoPango."""
    return draw_on_one_page([html], name, STYLE)


def draw_on_one_page(versions: Iterable[str], name: str, style: Path) -> bytes:
    """The first of several versions of a document that fits on one page, the roomiest first; else the last of them.

    ``style`` is the style sheet, ``name`` the PDF's identifier. Raises NoPango.
    """
    made = {"pdf_variant": VARIANT, "pdf_tags": True, "pdf_identifier": name.encode()}
    with _one_at_a_time:
        weasyprint, css, fonts, fetcher = _tools(style)
        for html in versions:
            document = weasyprint.HTML(string=html, base_url=settings.SITE_ADDRESS, url_fetcher=fetcher)
            rendered = document.render(font_config=fonts, stylesheets=[css], **made)
            if len(rendered.pages) == 1:
                break
        drawn: bytes = rendered.write_pdf(**made)
    return drawn


@cache
def _tools(style: Path) -> tuple[Any, Any, Any, Any]:
    """WeasyPrint, a style sheet, the fonts and the fetcher, made once for all sheets of that style."""
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
    css = faces + style.read_text(encoding="utf-8")
    return weasyprint, weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetcher), fonts, fetcher
