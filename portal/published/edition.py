"""Which edition a page shows: the newest, one of a year, or a pinned revision."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Indicator
from portal.published.statements import NOTHING, Statements, said_of_the_year, statements
from portal.published.subjects import localised
from portal.serving.middleware import Refused
from portal.serving.release import shared_by_its_pages, shared_in_release
from rankings.models import Edition, EditionState, Explanation, ExplanationQuerySet


@dataclass(frozen=True)
class ShownEdition:
    """The edition of a page, the one before it, and what else there is.

    ``prefix`` is what stands first in the page's own address: "", "2025" or "@2025.1".
    """

    edition: Edition
    earlier: tuple[Edition, ...]
    published: tuple[Edition, ...]
    prefix: str

    @property
    def newest(self) -> Edition:
        """The edition that short addresses show."""
        return self.published[0]

    @property
    def is_newest(self) -> bool:
        """Whether no newer edition or revision has been published."""
        return self.edition.pk == self.newest.pk

    @property
    def is_pinned(self) -> bool:
        """Whether the address asks for one revision, which shows the same for ever."""
        return self.prefix.startswith("@")

    @property
    def said(self) -> Statements:
        """What is said of the year's figures; nothing at a pinned address."""
        return NOTHING if self.is_pinned else self.said_since

    @cached_property  # asked at every figure of a page
    def said_since(self) -> Statements:
        """What has been said of the year's figures, also where the address is pinned."""
        return statements(getattr(self.edition, "said", None))

    @property
    def previous(self) -> Edition | None:
        """The newest published edition of an earlier year."""
        return self.earlier[-1] if self.earlier else None

    @property
    def years(self) -> tuple[Edition, ...]:
        """The editions up to and with this one, oldest first: the time line of a page."""
        return (*self.earlier, self.edition)

    @property
    def explanations(self) -> ExplanationQuerySet:
        """Why everybody stands where it stands, measured against `previous`: what was said at publication where the
        address is pinned; what holds now, after a correction of the year before, elsewhere."""
        rows = Explanation.objects
        return rows.made_first(self.edition) if self.is_pinned else rows.holding_now(self.edition)


class Withdrawn(Refused, Http404):
    """An edition that was public and is no longer. Its address says since when and why: 410, in the form asked for."""

    def __init__(self, edition: Edition) -> None:
        day = timezone.localdate(edition.withdrawn_at).isoformat() if edition.withdrawn_at else ""
        words = {"release": edition.release, "day": day, "why": localised(edition, "withdrawn_because")}
        super().__init__(_("Udgave %(release)s blev trukket tilbage %(day)s. %(why)s") % words, 410)
        self.edition = edition


class NoEdition(Http404):
    """Nothing has been published yet: a state of a young site, in which there are no figures at any address."""


def edition_of_address(prefix: str = "") -> ShownEdition:
    """Find the edition an address asks for, in one query of a release.

    Raises NoEdition while nothing is published, Withdrawn for what is public no longer, Http404 for a year or revision
    that never was.
    """
    ever = _ever_published()
    published = tuple(edition for edition in ever if edition.state == EditionState.PUBLISHED)
    if not published:
        _refuse_withdrawn(prefix)
        raise NoEdition(_("Der er ikke offentliggjort en udgave endnu."))
    wanted = _wanted(prefix, ever, published)
    seen = _at_publication(wanted, ever) if prefix.startswith("@") else published
    earlier = tuple(reversed([edition for edition in seen if edition.year < wanted.year]))
    return ShownEdition(wanted, earlier, published, prefix)


@shared_in_release
def _ever_published() -> list[Edition]:
    editions = Edition.objects.ever_published().annotate(said=said_of_the_year())
    return list(editions.newest_first().defer("robustness"))


def _at_publication(wanted: Edition, ever: list[Edition]) -> tuple[Edition, ...]:
    """What was public when a revision was published: a pinned address compares with that for ever."""
    then = wanted.published_at
    return tuple(
        edition
        for edition in ever
        if then
        and edition.published_at
        and edition.published_at <= then
        and (edition.corrected_at is None or edition.corrected_at > then)
    )


def _wanted(prefix: str, ever: list[Edition], published: tuple[Edition, ...]) -> Edition:
    if not prefix:
        return published[0]
    for edition in ever if prefix.startswith("@") else published:
        if prefix in {str(edition.year), f"@{edition.release}"}:
            return edition
    _refuse_withdrawn(prefix)
    raise Http404(_("Der er ingen udgave %(edition)s.") % {"edition": prefix.removeprefix("@")})


def _refuse_withdrawn(prefix: str) -> None:
    """Raise Withdrawn where an address names a withdrawn revision, or a year of which nothing else is public."""
    for edition in withdrawn():
        if prefix in {str(edition.year), f"@{edition.release}"}:
            raise Withdrawn(edition)


@shared_in_release
def withdrawn() -> list[Edition]:
    """What was public and was withdrawn, the newest first: nothing but that it was, when and why is told of it."""
    return list(Edition.objects.withdrawn().newest_first().defer("robustness"))


def ever_published() -> QuerySet[Edition]:
    """Every revision that was ever public, newest first."""
    return Edition.objects.ever_published().newest_first().defer("robustness")


def corrections() -> QuerySet[Edition]:
    """Every revision that replaced another, newest first."""
    return ever_published().filter(revision__gt=1)


def public_as_of(shown: ShownEdition) -> QuerySet[Edition]:
    """Every revision that was ever public; at a pinned address those that were so then."""
    editions = ever_published()
    return editions.filter(published_at__lte=shown.edition.published_at) if shown.is_pinned else editions


def with_robustness(edition: Edition) -> Edition:
    """The edition with what its pages leave out: how sure its ranks are, by which variations."""
    return Edition.objects.get(pk=edition.pk)


@shared_in_release
def newest_revisions(most: int) -> list[Edition]:
    """So many revisions that were ever public, the one published last first: what a feed tells of."""
    return list(ever_published().order_by("-published_at", "-pk").defer("robustness", "method")[:most])


@shared_by_its_pages
def editions_with(indicator: Indicator) -> set[int]:
    """The primary keys of the editions that an indicator is part of."""
    return set(Edition.objects.filter(criterion__indicator=indicator).values_list("pk", flat=True))


def reservation(edition: Edition) -> str:
    """What no line of an edition is quoted without: invented figures, registers only. Empty for a real whole one."""
    said = edition.warning(english=get_language() == "en")
    return f"{said}." if said else ""
