"""What a hearing says against publishing an edition, in words. The database refuses the same (migration 0002)."""

import datetime as dt

from django.db import connection
from django.utils.translation import gettext as _

from indicators.models import Indicator, Municipality
from rankings.hearing.models import Hearing, Remark
from rankings.models import Edition

MOST_NAMED = 5


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
