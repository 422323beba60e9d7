"""What stands with a file: its title, its pinned address, definitions and sources, in the language of the address."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Indicator
from portal.addresses.links import Links
from portal.language.formatting import direction
from portal.published.edition import Shown
from portal.published.subjects import Subject, localised
from rankings.bundle.table import About
from rankings.models import Criterion

Address = Callable[[Links], str]


def is_english() -> bool:
    """Whether the address that is answered now is an English one."""
    return get_language() == "en"


def about_subjects(
    shown: Shown, title: str, address: Address, subjects: Iterable[Subject], *, query: str = ""
) -> About:
    """Words for a table of some subjects: their definitions, and the sources of the indicators among them."""
    notes = [note for one in subjects for note in _of_subject(one)]
    return _about(shown, title, address, query, notes)


def about_all(shown: Shown, title: str, address: Address, *, query: str = "") -> About:
    """Words for a table that goes through every indicator of the edition."""
    criteria = Criterion.objects.of(shown.edition).for_indicators().select_related("indicator__source")
    notes = [note for one in criteria if one.indicator for note in _of_indicator(one.indicator)]
    return _about(shown, title, address, query, notes)


def _about(shown: Shown, title: str, address: Address, query: str, notes: Iterable[tuple[str, str]]) -> About:
    edition = shown.edition
    pinned = settings.SITE_ADDRESS + address(Links(f"@{edition.release}"))
    return About(
        title=f"Socialt Indeks {edition.release}. {title}",
        release=edition.release,
        address=f"{pinned}?{query}" if query else pinned,
        is_demo=edition.is_demo,
        notes=tuple(notes),
        english=is_english(),
    )


def _of_subject(subject: Subject) -> list[tuple[str, str]]:
    if subject.indicator:
        return _of_indicator(subject.indicator)
    row = subject.area or subject.theme
    text = localised(row, "description") if row else ""
    return [(subject.name, text)] if text else []


def _of_indicator(indicator: Indicator) -> list[tuple[str, str]]:
    source = indicator.source
    text = f"{localised(indicator, 'definition')} {direction(indicator.direction).capitalize()}."
    said = f"{text} {_('Kilde')}: {localised(source, 'name')}."
    terms = localised(source, "terms")
    if terms:
        said = f"{said} {_('Vilkår')}: {terms}"
    return [(f"{localised(indicator, 'name')} [{indicator.code}]", said)]
