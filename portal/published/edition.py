"""Which edition a page shows (the newest, one of a year, a pinned revision), and what is said beside its figures."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Indicator
from portal.published.subjects import localised
from portal.serving.middleware import Refused
from portal.serving.release import shared_by_its_pages, shared_in_release
from rankings.models import Edition, EditionState, Explanation, ExplanationQuerySet

WHOLE = "samlet"
# One object for each edition, of its year: lists of rows, so that nothing is read that is not shown.
_SAID = """(SELECT jsonb_build_object(
'flags', (SELECT coalesce(jsonb_agg(jsonb_build_array(m.code, i.code, f.raised_at, f.due_on) ORDER BY f.id), '[]')
    FROM hearing_flag f JOIN rankings_edition e ON e.id = f.edition_id
    JOIN indicators_municipality m ON m.id = f.municipality_id JOIN indicators_indicator i ON i.id = f.indicator_id
    WHERE f.state = 'raised' AND e.year = rankings_edition.year),
'comments', (SELECT coalesce(jsonb_agg(jsonb_build_array(c.code, c.slug, c.name, c.text, c.short, c.written_at)), '[]')
    FROM (SELECT DISTINCT ON (k.organisation_id, k.area_id) m.code, a.slug, o.name, k.text, k.short, k.written_at,
        k.withdrawn_at FROM hearing_comment k JOIN people_organisation o ON o.id = k.organisation_id
        JOIN indicators_municipality m ON m.id = o.municipality_id LEFT JOIN indicators_area a ON a.id = k.area_id
        WHERE k.year = rankings_edition.year ORDER BY k.organisation_id, k.area_id, k.version DESC) c
    WHERE c.withdrawn_at IS NULL),
'voices', (SELECT coalesce(jsonb_agg(jsonb_build_array(m.code, t.code, o.name, v.text, v.written_at)
        ORDER BY v.written_at), '[]')
    FROM hearing_voice v JOIN rankings_edition e ON e.id = v.edition_id
    JOIN people_organisation o ON o.id = v.organisation_id
    LEFT JOIN indicators_municipality m ON m.id = v.municipality_id
    LEFT JOIN indicators_theme t ON t.id = v.theme_id
    WHERE v.shown_at IS NOT NULL AND v.withdrawn_at IS NULL AND e.year = rankings_edition.year)))"""


def said_of_the_year() -> RawSQL:
    """The annotation of a queryset of editions that ``statements`` reads."""
    return RawSQL(_SAID, [], output_field=models.JSONField())  # noqa: S611  no value of anybody's is in it


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody's own words: who, what, when. ``short`` is the speaker's own short form, or the whole."""

    who: str
    text: str
    short: str
    on: dt.date

    @property
    def paragraphs(self) -> list[str]:
        """The text by its own line breaks."""
        return [line for line in self.text.split("\n") if line.strip()]


@dataclass(frozen=True)
class Statements:
    """A year's flags by municipality and indicator (codes), comments by municipality and area ("samlet": all), voices.

    A flag says since which day. Every page asks which editions there are; what is said of their figures comes with that
    answer and is held with the release. At a pinned address nothing of it stands: it was said afterwards.
    """

    flags: Mapping[tuple[str, str], dt.date] = field(default_factory=dict)
    comments: Mapping[tuple[str, str], Said] = field(default_factory=dict)
    voices: tuple[tuple[str, str, Said], ...] = ()

    def comment(self, municipality: str, area: str = WHOLE) -> Said | None:
        """The municipality's words about all its figures, or about those of an area."""
        return self.comments.get((municipality, area))

    def voices_on(self, *, municipality: str = "", theme: str = "") -> list[Said]:
        """What organisations say of one municipality, of one theme, or (neither) of the whole index."""
        return [said for who, what, said in self.voices if (who, what) == (municipality, theme)]

    def flagged(self, municipality: str) -> list[str]:
        """The indicators of a municipality's figures that are under clarification."""
        return [indicator for who, indicator in self.flags if who == municipality]

    def tag(self, municipality: str, subject: str) -> str:
        """What stands beside a figure or a place: "under afklaring" at exactly that figure, else "kommentar"; or ""."""
        if (municipality, subject) in self.flags:
            return _("under afklaring")
        return _("kommentar") if (municipality, subject) in self.comments else ""

    def words(self, municipality: str, subject: str) -> str:
        """What is said of a line, in a file: that it is under clarification and since when, and the comment."""
        if since := self.flags.get((municipality, subject)):
            return _("Under afklaring siden %(day)s.") % {"day": since.isoformat()}
        said = self.comment(municipality, subject)
        return _("Kommunen skriver: %(text)s") % {"text": said.short} if said else ""


NOTHING = Statements()


def statements(raw: Mapping[str, Any] | None) -> Statements:
    """What an edition's annotation holds; nothing where it has none."""
    if not raw:
        return NOTHING
    return Statements(
        flags={(who, what): _day(raised) for who, what, raised, _due in raw["flags"]},
        comments={
            (who, area or WHOLE): Said(name, text, short or text, _day(written))
            for who, area, name, text, short, written in raw["comments"]
        },
        voices=tuple(
            (who or "", theme or "", Said(name, text, text, _day(written)))
            for who, theme, name, text, written in raw["voices"]
        ),
    )


def _day(moment: str) -> dt.date:
    return timezone.localdate(dt.datetime.fromisoformat(moment))


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


def method_breaks(editions: Sequence[Edition]) -> dict[int, str]:
    """The years whose edition was made by another method than the one before, with a note."""
    return {
        now.year: _("ny metode i %(year)s") % {"year": now.year}
        for before, now in pairwise(editions)
        if before.method_version != now.method_version
    }
