"""The page that says how the two axes come about: docs/practices in both languages."""

from functools import lru_cache

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from portal.markup import scrolling_tables


def method_page() -> SafeString:
    """The text as HTML; its h1 is the page's own."""
    return _html(get_language() or "da")


@lru_cache(maxsize=4)
def _html(language: str) -> SafeString:
    name = "practices.da.md" if language == "da" else "practices.md"
    text = (settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8")
    body = text.split("\n", 1)[1] if text.startswith("# ") else text
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    return scrolling_tables(html, _("Tabel"))
