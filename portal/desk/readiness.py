"""Is the draft ready to be public? What stops it comes first, with who can do something about it."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.danish import danish
from indicators.models import Area, Direction, Indicator, Job, Source, Theme
from indicators.sources.services import EYES, too_few_eyes, unseen_by
from portal.language import formatting
from rankings.computed import changed_since, checksum_of
from rankings.hearing.models import Hearing
from rankings.hearing.publication import readiness as of_the_hearing
from rankings.models import Computation, Criterion, Edition, Look, SourcePlan
from rankings.services.editions import new_uploads, own_uploads

STOPS, LOOK, FINE = "stops", "look", "fine"
SIGNS = {STOPS: "×", LOOK: "!", FINE: "✓"}
KIND, COMPUTING = "publish", "compute"
"""The kinds of the jobs that publish and compute: portal/desk/publication.py."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at: how it weighs, what, more of it, who can mend it, and where."""

    weight: str
    words: str
    detail: str = ""
    who: str = ""
    url: str = ""

    @property
    def sign(self) -> str:
        """The weight as a sign: it is never told by colour alone."""
        return SIGNS[self.weight]

    @property
    def weight_words(self) -> str:
        """The weight in words."""
        return {STOPS: _("Spærrer"), LOOK: _("Bør ses"), FINE: _("I orden")}[self.weight]


def job_of(edition: Edition, kind: str) -> Job | None:
    """The job that publishes or computes an edition, where it waits or runs; else the last that was tried."""
    jobs = Job.objects.filter(kind=kind, about=edition.release)
    return jobs.unfinished().first() or jobs.newest_first().first()


def readiness(edition: Edition, by: User, now: dt.datetime) -> list[Point]:
    """Everything that is looked at before an edition is public, for one who would publish it; what stops first."""
    points = [
        *_figures(edition),
        *_eyes(edition, by),
        *_hearing(edition, now),
        *_what_is_new(edition),
        *_warnings(edition),
        *_english(edition),
        *_directions(edition),
    ]
    return sorted(points, key=lambda point: [STOPS, LOOK, FINE].index(point.weight))


def stops(points: list[Point]) -> list[Point]:
    """Those that stop a publication."""
    return [point for point in points if point.weight == STOPS]


def _figures(edition: Edition) -> list[Point]:
    compute = _("Indberetter eller udgiver: beregn igen")
    where = reverse("admin:rankings_edition_change", args=[edition.pk])
    since = changed_since(edition)
    if since.figures:
        words = formatting.count(
            len(since.figures), _("tal er ændret, siden kladden blev beregnet"),
            _("tal er ændret, siden kladden blev beregnet"),
        )  # fmt: skip
        named = [f"{who}, {what}" for who, what in since.figures[:3]]
        return [Point(STOPS, words, formatting.joined(named), compute, where)]
    if since.years:
        words = formatting.count(
            len(since.years), _("indikator har fået et nyere år"), _("indikatorer har fået et nyere år")
        )
        return [Point(STOPS, words, formatting.joined([str(one) for one, *_y in since.years[:3]]), compute, where)]
    if checksum_of(edition) != edition.checksum:
        return [Point(STOPS, _("Tekster er ændret, siden kladden blev beregnet"), "", compute, where)]
    at = formatting.moment(danish(edition.computed_at)) if edition.computed_at else ""
    return [Point(FINE, _("Alle tal er beregnet efter sidste ændring"), _("beregnet %(at)s") % {"at": at})]


def _eyes(edition: Edition, by: User) -> list[Point]:
    points = []
    here = reverse("admin:rankings_edition_change", args=[edition.pk])
    if settings.FOUR_EYES and (own := own_uploads(edition, by)):
        named = formatting.joined([upload.name for upload in own[:3]])
        points.append(Point(STOPS, _("Du har selv indberettet nye tal i udgaven"), named, _("En anden udgiver"), here))
    if settings.FOUR_EYES and (unseen := too_few_eyes([upload.pk for upload in new_uploads(edition)])):
        words = _("%(count)d af de hentede filer er ikke set af %(eyes)d personer") % {
            "count": len(unseen),
            "eyes": EYES,
        }
        mine = unseen_by(by).filter(upload__in=unseen).first()
        where = (
            reverse("admin:sources_fetch_change", args=[mine.pk]) if mine else reverse("admin:sources_fetch_changelist")
        )
        who = _("To, der ser filerne") if mine else _("En til; du har set dem")
        points.append(Point(STOPS, words, unseen[0].name, who, where))
    looks = Look.objects.filter(edition=edition, checksum=edition.checksum).select_related("by").order_by("at")
    if not any(one.by_id == by.pk for one in looks):
        before = Look.objects.filter(edition=edition, by=by).order_by("-at").first()
        detail = _("Du så en ældre beregning %(at)s") % {"at": formatting.moment(danish(before.at))} if before else ""
        points.append(
            Point(STOPS, _("Du har ikke set denne beregning"), detail, _("Du selv: se kladden, og sig det"), here)
        )
    seen = [f"{one.by} {formatting.moment(danish(one.at))}" for one in looks]
    if seen:
        points.append(Point(FINE, _("Denne beregning er set"), formatting.joined(seen)))
    return points


def _hearing(edition: Edition, now: dt.datetime) -> list[Point]:
    hearing, said = Hearing.objects.filter(edition=edition).first(), of_the_hearing(edition, now)
    where = reverse("admin:hearing_hearing_changelist")
    if hearing is not None:
        where = reverse("admin:hearing_hearing_change", args=[hearing.pk])
    if said.hinders:
        return [Point(STOPS, one, "", _("Redaktør eller udgiver"), where) for one in said.hinders]
    return [Point(LOOK, said.says, "", _("Udgiver"), where) if said.asks_why else Point(FINE, said.says, "", "", where)]


def _what_is_new(edition: Edition) -> list[Point]:
    """Whether the edition has new figures at all, and which sources have none. A correction needs no new year."""
    before = edition.compared_with
    if edition.revision > 1:
        return [] if _corrects_something(edition) else [Point(LOOK, _("Rettelsen ændrer ikke ét tal"))]
    if before is None:
        return []
    years = dict(Criterion.objects.of(before).for_indicators().values_list("indicator_id", "data_year"))
    rows = list(Criterion.objects.of(edition).for_indicators().select_related("indicator__source"))
    old = [row for row in rows if row.indicator and (years.get(row.indicator.pk) or 0) >= (row.data_year or 0)]
    if len(old) == len(rows):
        words = _("Ikke ét tal er nyt siden udgave %(before)s") % {"before": before.release}
        return [Point(STOPS, words, "", _("Indberetter: hent årets tal"), reverse("admin:index"))]
    sources = {row.indicator.source for row in rows if row.indicator}
    stale = sorted(sources - {row.indicator.source for row in rows if row.indicator and row not in old}, key=str)
    if not stale:
        return [Point(FINE, _("Hver kilde har nye tal"))]
    plans = SourcePlan.objects.filter(year=edition.year, source__in=stale, reused_at__isnull=False)
    said = {plan.source_id: plan for plan in plans.select_related("reused_by")}
    return [_not_renewed(edition, one, said.get(one.pk)) for one in stale]


def _corrects_something(edition: Edition) -> bool:
    return any(row.difference.get("count") for row in Computation.objects.of(edition))


def _not_renewed(edition: Edition, source: Source, plan: SourcePlan | None) -> Point:
    where = reverse("admin:rankings_edition_source", args=[edition.year, source.pk])
    words = _("Kilden er ikke fornyet: %(source)s") % {"source": source}
    if plan is None:
        return Point(LOOK, words, _("Ingen har bekræftet, at de gamle tal bruges igen."), _("Indberetter"), where)
    detail = _("Genbrug bekræftet af %(who)s: %(why)s") % {"who": plan.reused_by, "why": plan.reused_because}
    return Point(FINE, words, detail, "", where)


def _warnings(edition: Edition) -> list[Point]:
    accepted: dict[str, int] = {}
    for upload in new_uploads(edition).select_related("applied_by"):
        count = len(upload.report.get("accepted", {}))
        if count:
            accepted[str(upload.applied_by)] = accepted.get(str(upload.applied_by), 0) + count
    if not accepted:
        return [Point(FINE, _("Ingen advarsler er sagt ja til i de nye filer"))]
    words = formatting.count(
        sum(accepted.values()), _("advarsel er sagt ja til med begrundelse"),
        _("advarsler er sagt ja til med begrundelse"),
    )  # fmt: skip
    who = [_("%(count)d af %(who)s") % {"count": count, "who": name} for name, count in sorted(accepted.items())]
    return [Point(LOOK, words, formatting.joined(who), "", reverse("admin:indicators_upload_changelist"))]


def _english(edition: Edition) -> list[Point]:
    lacking = Q()
    for name in ("definition", "why", "caution", "numerator", "denominator"):
        lacking |= Q(**{f"{name}_en": ""}) & ~Q(**{f"{name}_da": ""})
    used = Criterion.objects.of(edition)
    rows = [str(one) for one in Indicator.objects.filter(lacking, criterion__in=used).distinct()]
    bare = Q(description_en="") & ~Q(description_da="")
    rows += [str(one) for one in (*Area.objects.filter(bare), *Theme.objects.filter(bare))]
    if edition.note_da and not edition.note_en:
        rows.append(_("Nyt i denne udgave"))
    if edition.reason and not edition.reason_en:
        rows.append(_("Begrundelsen for rettelsen"))
    if not rows:
        return [Point(FINE, _("Alle tekster er på engelsk"))]
    words = formatting.count(len(rows), _("tekst mangler på engelsk"), _("tekster mangler på engelsk"))
    where = reverse("admin:indicators_indicator_changelist")
    return [Point(LOOK, words, formatting.joined(rows[:3]), _("Redaktør"), where)]


def _directions(edition: Edition) -> list[Point]:
    before = edition.compared_with
    if before is None:
        return []
    then = dict(Criterion.objects.of(before).for_indicators().values_list("indicator_id", "direction"))
    rows = Criterion.objects.of(edition).for_indicators().select_related("indicator")
    turned = [row for row in rows if row.indicator and then.get(row.indicator.pk, row.direction) != row.direction]
    if not turned:
        return [Point(FINE, _("Ingen indikator er vendt siden udgave %(before)s") % {"before": before.release})]
    named = [f"{row.indicator}: {Direction(row.direction).label}" for row in turned[:3]]
    words = formatting.count(len(turned), _("indikator er vendt"), _("indikatorer er vendt"))
    return [Point(LOOK, words, formatting.joined(named), _("Redaktør"))]
