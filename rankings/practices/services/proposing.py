"""A municipality writes a practice, registers what it means to move, and its approver sends it."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from indicators.models import Action, Direction, Indicator, Municipality
from indicators.people.models import WRITERS, MemberRole, Membership, Organisation
from indicators.personal_data import PersonalDataError, refuse_personal_data
from indicators.services.log import record
from rankings.practices.models import Aim, AimDirection, Element, ElementKind, Practice, PracticeState

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
MOST_AIMS = 5
"""More, and Holm leaves nothing that could stand out; an effort that means to move everything means nothing."""


class PracticeError(Exception):
    """What was asked cannot be done with this practice or enquiry; the message says why. Nothing was changed."""


def no_personal_data(*texts: str) -> None:
    """Raise PracticeError for a text with what looks like a CPR number or the number of a case."""
    try:
        refuse_personal_data(*texts)
    except PersonalDataError as error:
        raise PracticeError(str(error)) from error


def check_whole(row: models.Model) -> None:
    """Check a row by its model, and each of its texts for personal data. Raises ValidationError or PracticeError."""
    row.full_clean()
    texts = [field for field in row._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)]
    no_personal_data(*(getattr(row, one.attname) or "" for one in texts if not isinstance(one, models.URLField)))


def require_member(user: User, organisation: Organisation, now: dt.datetime, *roles: MemberRole) -> None:
    """Raise PracticeError unless a person speaks for an organisation, in one of these roles, at a moment."""
    mine = Membership.objects.current(now).filter(user=user, organisation=organisation)
    if not mine.with_role(*(roles or WRITERS)).exists():
        msg = _("%(who)s kan ikke gøre det for %(organisation)s: det kræver rollen %(role)s.")
        wanted = " / ".join(str(MemberRole(role).label) for role in roles or WRITERS)
        raise PracticeError(msg % {"who": user, "organisation": organisation, "role": wanted})


def locked(practice: Practice, *states: PracticeState) -> Practice:
    """The practice as it is now, locked. Raises PracticeError where it is in none of the states."""
    practice = Practice.objects.select_for_update().get(pk=practice.pk)
    if practice.state not in states:
        msg = _("»%(title)s« er %(state)s; det kan kun gøres, når den er %(wanted)s.")
        wanted = " / ".join(str(state.label) for state in states)
        label = PracticeState(practice.state).label
        raise PracticeError(msg % {"title": practice.title, "state": label, "wanted": wanted})
    return practice


def note(
    action: Action, practice: Practice, *, by: User, now: dt.datetime, origin: str = "", **details: object
) -> None:
    """Write what was done with a practice in the log."""
    record(action=action, what=f"practice {practice.pk}", by=by, now=now, origin=origin, details=details)


@transaction.atomic
def propose_practice(
    *, practice: Practice, municipalities: Sequence[Municipality], by: User, now: dt.datetime
) -> Practice:
    """Save a new practice as its organisation's draft. Raises ValidationError for a text that is missing."""
    require_member(by, practice.organisation, now)
    practice.slug = free_slug(practice.title)
    practice.state, practice.drafted_by, practice.drafted_at = PracticeState.DRAFT, by, now
    check_whole(practice)
    practice.save()
    practice.municipalities.set(municipalities)
    return practice


def free_slug(title: str) -> str:
    """An address made of a title that no practice has."""
    words = slugify(title.lower().translate(_LETTERS))[:80].strip("-") or "praksis"
    taken = set(Practice.objects.filter(slug__startswith=words).values_list("slug", flat=True))
    return next(slug for slug in (words, *(f"{words}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


@transaction.atomic
def change_practice(
    *, practice: Practice, municipalities: Sequence[Municipality], by: User, now: dt.datetime
) -> Practice:
    """Save the texts of a draft. What was sent is changed by nobody: editors read what they assess."""
    stored = locked(practice, PracticeState.DRAFT)
    require_member(by, stored.organisation, now)
    practice.state, practice.slug, practice.organisation = PracticeState.DRAFT, stored.slug, stored.organisation
    practice.drafted_by, practice.drafted_at = stored.drafted_by, stored.drafted_at
    check_whole(practice)
    practice.save()
    practice.municipalities.set(municipalities)
    return practice


@transaction.atomic
def register_aim(
    *,
    practice: Practice,
    indicator: Indicator,
    direction: AimDirection,
    from_edition: int,
    by: User,
    now: dt.datetime,
) -> Aim:
    """Register what a draft means to move, now: the moment is what later makes a verdict possible or not."""
    practice = locked(practice, PracticeState.DRAFT)
    require_member(by, practice.organisation, now)
    if indicator.direction not in (Direction.NEUTRAL, direction):
        msg = _("»%(indicator)s«: %(direction)s. Et mål i den anden retning ville være et mål om det dårligere.")
        label = Direction(indicator.direction).label
        raise PracticeError(msg % {"indicator": indicator.name_da, "direction": label})
    if practice.started_on is not None and from_edition <= practice.started_on.year:
        msg = _("Virkningen kan tidligst ventes fra udgave %(year)d, året efter at det begyndte, ikke fra %(given)d.")
        raise PracticeError(msg % {"year": practice.started_on.year + 1, "given": from_edition})
    if practice.aims.count() >= MOST_AIMS:
        msg = _("En praksis kan have højst %(most)d mål.")
        raise PracticeError(msg % {"most": MOST_AIMS})
    if practice.aims.filter(indicator=indicator).exists():
        msg = _("»%(indicator)s« er et mål for denne praksis i forvejen.")
        raise PracticeError(msg % {"indicator": indicator.name_da})
    return Aim.objects.create(
        practice=practice,
        indicator=indicator,
        direction=direction,
        from_edition=from_edition,
        registered_at=now,
        registered_by=by,
    )


@transaction.atomic
def drop_aim(*, aim: Aim, by: User, now: dt.datetime) -> None:
    """Take an aim from a draft."""
    practice = locked(aim.practice, PracticeState.DRAFT)
    require_member(by, practice.organisation, now)
    aim.delete()


@transaction.atomic
def set_elements(*, practice: Practice, links: Mapping[ElementKind, str], by: User, now: dt.datetime) -> None:
    """Say of a draft which of the eleven elements are described, and where; one without a link is not there."""
    practice = locked(practice, PracticeState.DRAFT)
    require_member(by, practice.organisation, now)
    practice.elements.all().delete()
    for kind, url in links.items():
        if url.strip():
            element = Element(practice=practice, kind=kind, url=url.strip())
            check_whole(element)
            element.save()


@transaction.atomic
def send_practice(*, practice: Practice, by: User, now: dt.datetime, origin: str = "") -> Practice:
    """Send a draft to the editors: only the organisation's approver may. It cannot be changed after that."""
    practice = locked(practice, PracticeState.DRAFT)
    require_member(by, practice.organisation, now, MemberRole.APPROVER)
    practice.state, practice.submitted_by, practice.submitted_at = PracticeState.SUBMITTED, by, now
    practice.save(update_fields=["state", "submitted_by", "submitted_at"])
    note(Action.PRACTICE_SENT, practice, by=by, now=now, origin=origin)
    return practice
