"""Somebody's own words, as templates/components/own_words.html and voices.html show them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.language import formatting
from portal.published.edition import NOTHING, Said, ShownEdition


def quoted(said: Said | None) -> dict[str, Any] | None:
    """Words to be shown; None where nothing was said."""
    return dict(who=said.who, paragraphs=tuple(said.paragraphs), on=formatting.date(said.on)) if said else None


def all_quoted(said: Iterable[Said]) -> tuple[dict[str, Any], ...]:
    """Several people's words, in their order."""
    return tuple(filter(None, map(quoted, said)))


def under_clarification(count: int) -> str:
    """How many figures somebody has questioned; "" where none."""
    words = ngettext("%(count)s tal er under afklaring", "%(count)s tal er under afklaring", count)
    return words % {"count": formatting.number(count)} if count else ""


def since_then(shown: ShownEdition) -> str:
    """The one line of a pinned page: something was said afterwards, and stands elsewhere; "" at other addresses."""
    if not shown.is_pinned or shown.said_since == NOTHING:
        return ""
    return _("Siden udgaven er der sagt noget om dens tal. Det står på den nuværende adresse.")
