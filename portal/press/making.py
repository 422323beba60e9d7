"""The press sheets and share cards of an edition, made and kept before anyone asks for them."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.addresses import Addresses
from portal.embeds.pictures import kept_card
from portal.language import formatting
from portal.pictures.pdf import NoPango
from portal.press.pdf import keep
from portal.press.sheet import sheet_of
from portal.published import Edition, EditionState, Indicator, Municipality
from portal.published.edition import ever_published
from portal.published.municipalities import municipalities
from portal.published.press_figures import figures_of
from rankings.pinned import as_published

if TYPE_CHECKING:
    from indicators.services.compare import Progress

LANGUAGES = ("da", "en")
Subjects = Sequence[Municipality | Indicator | None]


def everyone() -> list[Municipality | Indicator | None]:
    """The nation, and every municipality."""
    return [None, *municipalities()]


def make_sheets(edition: Edition, subjects: Subjects, language: str, done: Callable[[int], None]) -> None:
    """Make the sheets of a published edition in a language, and the cards of its municipalities.

    ``done`` is told how many are made, each time. Raises NoPango where no PDF can be made.
    """
    with override(language), as_published(edition):
        figures = figures_of(edition)
        for number, subject in enumerate(subjects, start=1):
            keep(sheet_of(edition, subject, Addresses(edition.release), figures=figures), language)
            if isinstance(subject, Municipality):
                kept_card(edition, subject)
            done(number)


def make_sheets_of(release: str, progress: "Progress", now: dt.datetime) -> str:  # noqa: ARG001  the shape of a follow-up
    """Make the sheets after a publication, as a job of the worker. Only the newest edition's: of others, when asked."""
    newest = ever_published().filter(state=EditionState.PUBLISHED).first()
    if newest is None or newest.release != release:
        return _("Udgaven er ikke den nyeste; dens ark laves, når nogen beder om dem.")
    subjects = everyone()
    whole = len(subjects) * len(LANGUAGES)
    try:
        for before, language in enumerate(LANGUAGES):

            def tell(number: int, made: int = before * len(subjects)) -> None:
                progress("sheets", (made + number) / whole)

            make_sheets(newest, subjects, language, tell)
    except NoPango as missing:
        return str(missing)
    return formatting.count(whole, _("presseark er lavet."), _("presseark er lavet."))
