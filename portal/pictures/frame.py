"""What every picture says of itself: title above, source, edition and address below, demo data in plain sight."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.language import formatting
from portal.pictures import svg
from portal.pictures.svg import width, wrapped
from portal.published import Edition

MARGIN = 48.0
WIDTH = 1200
_TITLE, _SAYS, _FOOT = 38.0, 22.0, 18.0


@dataclass(frozen=True, slots=True)
class Caption:
    """The words of a picture. ``says`` is the sentence under the title, ``source`` and ``edition`` stand below it."""

    title: str
    says: str
    source: str
    edition: str
    address: str
    demo: bool


def caption(edition: Edition, title: str, says: str, path: str, source: str = "") -> Caption:
    """The words of a picture of an edition; ``path`` is the pinned page it belongs to."""
    day = formatting.day(edition.published_at)
    return Caption(
        title=title,
        says=says,
        source=_("Kilde: %(source)s") % {"source": source} if source else "",
        edition=" · ".join(
            filter(
                None,
                [
                    _("Socialt Indeks, udgave %(release)s (%(day)s)") % {"release": edition.release, "day": day},
                    edition.registers_warning(english=get_language() == "en"),
                ],
            )
        ),  # the invented figures' warning is drawn as a sign of its own
        address=f"{settings.SITE_ADDRESS}{path}".removeprefix("https://").removeprefix("http://"),
        demo=edition.is_demo,
    )


def head(words: Caption) -> tuple[str, float]:
    """The title and its sentence, and the y under which the picture's own part begins."""
    room = WIDTH - 2 * MARGIN
    title = wrapped(words.title, _TITLE, room, 700, most=2)
    drawn = svg.lines(MARGIN, MARGIN + _TITLE * 0.8, title, size=_TITLE, weight=700)
    y = MARGIN + _TITLE * 1.3 * len(title)
    says = wrapped(words.says, _SAYS, room, most=3)
    drawn += svg.lines(MARGIN, y + _SAYS, says, size=_SAYS, fill=svg.MUTED)
    return drawn, y + _SAYS * 1.3 * len(says) + 24


def foot(words: Caption, height: float) -> str:
    """The line under a picture of that height."""
    top = height - MARGIN - 26
    drawn = svg.element("line", x1=MARGIN, x2=WIDTH - MARGIN, y1=top, y2=top, stroke=svg.LINE, stroke_width=1.0)
    about = " · ".join(part for part in (words.source, words.edition, words.address) if part)
    x = MARGIN
    if words.demo:
        warning = _("DEMODATA: tallene er opdigtede")
        wide = width(warning, _FOOT, 700) + 20
        drawn += svg.element("rect", x=x, y=top + 12, width=wide, height=30.0, fill=svg.WARNING, rx=4.0)
        drawn += svg.text(x + 10, top + 33, warning, size=_FOOT, fill=svg.PAPER, weight=700)
        x += wide + 14
    room = WIDTH - MARGIN - x
    size = _FOOT if width(about, _FOOT) <= room else max(12.0, _FOOT * room / width(about, _FOOT))
    rows = wrapped(about, size, room, most=2)
    return drawn + svg.lines(x, top + 33 - (len(rows) - 1) * 8, rows, size=size, fill=svg.MUTED)


FOOT_HEIGHT = MARGIN + 42
