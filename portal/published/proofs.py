"""Everything the database knows of one printed number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from indicators.models import Area, Indicator, Measurement, Municipality, Theme, Upload
from portal.addresses import EVERYONE, NumberId
from portal.published.subjects import OVERALL, Subject
from portal.serving.release import shared_in_release
from rankings.engine.evidence import Doubts, unpacked
from rankings.models import Criterion, Edition, Level, Placement, Spread

Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Tree:
    """An edition's weights and one municipality's placements, by level and key of the subject's row."""

    criteria: Mapping[Key, Criterion]
    placements: Mapping[Key, Placement]

    def parent(self, key: Key) -> Key | None:
        """The subject above; None above the whole index."""
        level, _pk = key
        if level == Level.OVERALL:
            return None
        criterion = self.criteria.get(key)
        if criterion is not None and criterion.indicator and criterion.indicator.theme_id:
            return Level.THEME, criterion.indicator.theme_id
        if criterion is not None and criterion.theme:
            return Level.AREA, criterion.theme.area_id
        return (Level.OVERALL, None) if level == Level.AREA else None

    def children(self, key: Key) -> list[Key]:
        """The subjects one step down, in the order of the catalogue."""
        return [below for below in self.criteria if self.parent(below) == key]

    def above(self, key: Key) -> list[Key]:
        """The way up to the whole index, nearest first."""
        steps = []
        parent = self.parent(key)
        while parent is not None:
            steps.append(parent)
            parent = self.parent(parent)
        return steps

    def share(self, key: Key) -> float | None:
        """A subject's share of its parent's score: its weight over those that have a score. None where it has none."""
        parent = self.parent(key)
        if parent is None or not self._counts(key) or self._score(parent) is None:
            return None
        present = [self.criteria[one].weight for one in self.children(parent) if self._counts(one)]
        return self.criteria[key].weight / sum(present)

    def share_of(self, key: Key, ancestor: Key) -> float | None:
        """A subject's share of the score of any subject above it: the product of the shares on the way up."""
        share, step = 1.0, key
        while step != ancestor:
            part, parent = self.share(step), self.parent(step)
            if part is None or parent is None:
                return None
            share, step = share * part, parent
        return share

    def _score(self, key: Key) -> float | None:
        placement = self.placements.get(key)
        return placement.score if placement else None

    def _counts(self, key: Key) -> bool:
        criterion = self.criteria.get(key)
        return criterion is not None and criterion.weight > 0 and self._score(key) is not None


def key_of(row: Placement | Criterion) -> Key:
    """A row's level and the key of its subject."""
    return row.level, row.area_id or row.theme_id or row.indicator_id


@dataclass(frozen=True)
class Record:
    """A municipality's number: its placement, the whole tree it stands in, the same number in other revisions.

    ``affected`` holds what stands above it, by edition; empty where the year has one revision.
    """

    number: NumberId
    edition: Edition
    municipality: Municipality
    subject: Subject
    placement: Placement
    tree: Tree
    revisions: tuple[Placement, ...]
    affected: dict[int, dict[Key, Placement]]
    measurements: tuple[Measurement, ...]


@dataclass(frozen=True)
class NationalRecord:
    """A number about all municipalities: a subject's spread, and every placement it is made of."""

    number: NumberId
    edition: Edition
    subject: Subject
    spread: Spread
    placements: tuple[Placement, ...]


def subject_of(code: str) -> Subject:
    """The subject a code stands for: "samlet", an area's slug, a theme's or an indicator's code. Http404 for others."""
    if code == OVERALL.code:
        return OVERALL
    if area := Area.objects.filter(slug=code).first():
        return Subject(Level.AREA, area=area)
    if theme := Theme.objects.filter(code=code).select_related("area").first():
        return Subject(Level.THEME, theme=theme)
    indicator = Indicator.objects.of_the_index().filter(code=code).select_related("theme__area", "source").first()
    if indicator is None:
        raise Http404(_("Der er ikke noget emne, der hedder %(code)s.") % {"code": code})
    return Subject(Level.INDICATOR, indicator=indicator)


def record(number: NumberId, edition: Edition) -> Record | NationalRecord:
    """Read a number of an edition. Http404 where the edition has no such number."""
    subject = subject_of(number.subject)
    if number.municipality == EVERYONE:
        return _national(number, edition, subject)
    municipality = Municipality.objects.filter(code=number.municipality).first()
    criteria = Criterion.objects.of(edition).select_related("area", "theme__area", "indicator__theme")
    in_order = criteria.order_by("area__position", "theme__position", "indicator__position")
    placements = Placement.objects.of(edition).filter(municipality=municipality)
    tree = Tree({key_of(row): row for row in in_order}, {key_of(row): row for row in placements})
    reported = placements.select_related("upload", "measurement__upload", "measurement__superseded_by")
    reported = reported.defer(*_reports("upload", "measurement__upload", "measurement__superseded_by"))
    own = reported.filter(subject.where).first()
    if municipality is None or own is None:
        raise Http404(_("Udgave %(edition)s har ikke det tal.") % {"edition": edition.release})
    revisions = _revisions(edition, municipality, subject)
    return Record(
        number,
        edition,
        municipality,
        subject,
        own,
        tree,
        revisions,
        _affected(tree, own, revisions) if len(revisions) > 1 else {},
        _measurements(own, subject, municipality),
    )


def _national(number: NumberId, edition: Edition, subject: Subject) -> NationalRecord:
    spread = Spread.objects.filter(subject.where, edition=edition).first()
    if spread is None:
        raise Http404(_("Udgave %(edition)s har ikke det tal.") % {"edition": edition.release})
    placements = Placement.objects.of(edition).filter(subject.where).select_related("municipality").in_rank_order()
    return NationalRecord(number, edition, subject, spread, tuple(placements))


def _revisions(edition: Edition, municipality: Municipality, subject: Subject) -> tuple[Placement, ...]:
    """The same number in every public revision of the year, and in the edition itself; oldest first."""
    public = Edition.objects.ever_published().filter(year=edition.year)
    editions = public | Edition.objects.filter(pk=edition.pk)
    rows = Placement.objects.filter(subject.where, municipality=municipality, edition__in=editions)
    return tuple(rows.select_related("edition").order_by("edition__revision"))


def _affected(tree: Tree, own: Placement, revisions: tuple[Placement, ...]) -> dict[int, dict[Key, Placement]]:
    above = set(tree.above(key_of(own)))
    found: dict[int, dict[Key, Placement]] = {row.edition_id: {} for row in revisions}
    rows = Placement.objects.filter(municipality=own.municipality_id, edition__in=found)
    for row in rows.exclude(level=Level.INDICATOR):
        if key_of(row) in above:
            found[row.edition_id][key_of(row)] = row
    return found


def _measurements(own: Placement, subject: Subject, municipality: Municipality) -> tuple[Measurement, ...]:
    """Every value ever reported for this number, in the order the files came."""
    if subject.indicator is None or own.data_year is None:
        return ()
    rows = Measurement.objects.filter(indicator=subject.indicator, municipality=municipality, year=own.data_year)
    rows = rows.select_related("upload", "superseded_by").defer(*_reports("upload", "superseded_by"))
    return tuple(rows.order_by("upload__uploaded_at", "pk"))


def _reports(*uploads: str) -> list[str]:
    """What an upload's check wrote, up to a megabyte: nothing of it is shown here, and reading it took 0.5 s."""
    return [f"{upload}__{field}" for upload in uploads for field in ("options", "report")]


def checksums_of(uploads: Collection[int]) -> dict[int, str]:
    """The SHA-256 of uploaded files by their primary keys."""
    return dict(Upload.objects.filter(pk__in=uploads).values_list("pk", "sha256"))


@shared_in_release
def doubts_in(edition: Edition, indicator: Indicator | None = None) -> Doubts:
    """The reasons against everybody's values, or one indicator's, by municipality (its primary key) and indicator."""
    found = Placement.objects.of(edition).doubted(None if indicator is None else [indicator.pk])
    return {key: unpacked(packed) for key, packed in found.items()}
