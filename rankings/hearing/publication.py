"""What a hearing says against publishing an edition, in words. The database refuses the same (migration 0002)."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from indicators.models import Indicator, Municipality
from rankings.hearing.models import Hearing, Remark
from rankings.models import Edition

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far an edition's hearing is, for whoever is about to publish it.

    ``hinders``: a sentence for each thing that must be done first; while there is one the edition cannot be published.
    ``asks_why``: nobody was heard, so publishing takes a public reason (``publish_edition(unheard_because=…)``).
    """

    says: str
    hinders: tuple[str, ...] = ()
    asks_why: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether nothing has to be done or said first."""
        return not self.hinders and not self.asks_why


def readiness(edition: Edition, now: dt.datetime) -> Readiness:
    """What the hearing says before an edition is published: what hinders, what is asked, or that all is well."""
    if was_not_heard(edition):
        return Readiness(
            _("Udgaven har ikke været i høring. Skriv hvorfor; det står offentligt ved udgaven."), asks_why=True
        )
    if hinders := tuple(hindrances(edition, now)):
        return Readiness(_("Høringen er ikke afsluttet."), hinders)
    if not Hearing.objects.filter(edition=edition).exists():
        return Readiness(_("En rettelse har sin egen begrundelse og kræver ikke en høring."))
    return Readiness(_("Høringen er lukket, og alle bemærkninger til tiden er afgjort."))


def was_not_heard(edition: Edition) -> bool:
    """Whether it is a year's first revision, and no municipality was asked: a correction has a reason of its own."""
    return edition.revision == 1 and not Hearing.objects.filter(edition=edition).exists()


def hindrances(edition: Edition, now: dt.datetime) -> list[str]:
    """Why an edition cannot be published yet, a sentence each; empty where nothing hinders, or nothing was heard."""
    hearing = Hearing.objects.filter(edition=edition).first()
    if hearing is None:
        return []
    said = []
    if now < hearing.closes_at:
        said.append(_("Høringen er ikke lukket."))
    remarks = Remark.objects.of(hearing).in_time().select_related("response__organisation").in_order()
    if unruled := list(remarks.without_ruling()):
        said.append(_("%(count)d bemærkninger har ingen afgørelse: %(which)s.") % _counted(_named(unruled)))
    waiting = list(remarks.filter(ruling__changes_figure=True, ruling__upload__isnull=True))
    if waiting:
        msg = _("%(count)d bemærkninger har fået medhold, men tallet er ikke rettet: %(which)s.")
        said.append(msg % _counted(_named(waiting)))
    if changed := changed_without_ruling(edition):
        msg = _("%(count)d tal er ændret siden høringen uden en afgørelse: %(which)s.")
        said.append(msg % _counted([f"{indicator}, {municipality}" for municipality, indicator in changed]))
    return said


def changed_without_ruling(edition: Edition) -> list[tuple[Municipality, Indicator]]:
    """The figures that are not those that were heard, and whose change no ruling explains."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT municipality_id, indicator_id FROM hearing_changed_without_ruling(%s)", [edition.pk])
        keys = cursor.fetchall()
    who = Municipality.objects.in_bulk([municipality for municipality, _indicator in keys])
    what = Indicator.objects.in_bulk([indicator for _municipality, indicator in keys])
    return sorted(
        ((who[municipality], what[indicator]) for municipality, indicator in keys),
        key=lambda pair: (pair[1].position, pair[0].sort_key),
    )


def _named(remarks: list[Remark]) -> list[str]:
    return [f"nr. {remark.number} ({remark.response.organisation})" for remark in remarks]


def _counted(names: list[str]) -> dict[str, object]:
    more = ["…"] if len(names) > MOST_NAMED else []
    return {"count": len(names), "which": ", ".join(names[:MOST_NAMED] + more)}
