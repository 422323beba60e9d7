"""A source in the year of an edition: who sees to it, by when, and that last year's figures are used again."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.models import Action, Source
from indicators.services.log import record
from rankings.models import SourcePlan


class SourceError(Exception):
    """What was asked cannot be done; the message says why. Nothing was changed."""


@transaction.atomic
def plan_source(
    *,
    year: int,
    source: Source,
    responsible: User | None,
    due_on: dt.date | None,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> SourcePlan:
    """Say who fetches a source's figures for an edition, and by which day. Raises SourceError for who is no staff."""
    if responsible is not None and not (responsible.is_staff and responsible.is_active):
        raise SourceError(_("%(who)s kan ikke logge ind i redaktionen.") % {"who": responsible})
    plan, _made = SourcePlan.objects.select_for_update().get_or_create(year=year, source=source)
    plan.responsible, plan.due_on = responsible, due_on
    plan.save(update_fields=["responsible", "due_on"])
    details = {
        "source": source.name,
        "responsible": str(responsible or ""),
        "due": due_on.isoformat() if due_on else "",
    }
    record(action=Action.SOURCE_PLANNED, what=_name(year), by=by, now=now, origin=origin, details=details)
    return plan


@transaction.atomic
def share_out(
    *,
    year: int,
    sources: Iterable[Source],
    responsible: User | None,
    due_on: dt.date | None,
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> int:
    """Give several sources the same person, the same day, or both; what is left open stays as it is. How many.

    All of them, or none: raises SourceError for no source, for nothing to say, and for who is no staff.
    """
    chosen = list(sources)
    if not chosen or (responsible is None and due_on is None):
        raise SourceError(_("Vælg kilder, og vælg en ansvarlig, en frist eller begge dele."))
    plans = {plan.source_id: plan for plan in SourcePlan.objects.filter(year=year).select_related("responsible")}
    for source in chosen:
        old = plans.get(source.pk)
        plan_source(
            year=year,
            source=source,
            responsible=responsible or (old.responsible if old else None),
            due_on=due_on or (old.due_on if old else None),
            by=by,
            now=now,
            origin=origin,
        )
    return len(chosen)


@transaction.atomic
def confirm_reuse(
    *, year: int, source: Source, because: str, by: User, now: dt.datetime, origin: str = ""
) -> SourcePlan:
    """Say that a source brings nothing new for an edition, and why its older figures are used again."""
    if not because.strip():
        raise SourceError(_("Skriv, hvorfor de gamle tal bruges igen. Det bliver stående ved kilden."))
    plan, _made = SourcePlan.objects.select_for_update().get_or_create(year=year, source=source)
    plan.reused_because, plan.reused_by, plan.reused_at = because.strip()[:500], by, now
    plan.save(update_fields=["reused_because", "reused_by", "reused_at"])
    details = {"source": source.name, "reason": plan.reused_because}
    record(action=Action.SOURCE_REUSED, what=_name(year), by=by, now=now, origin=origin, details=details)
    return plan


def _name(year: int) -> str:
    return f"year {year}"
