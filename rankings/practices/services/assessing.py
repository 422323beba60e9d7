"""Two editors from elsewhere say what is known of a method; a third person publishes; the owner confirms or withdraws.

No municipality sets its own vidensgrundlag: an editor who belongs to the owner, or to a municipality where the practice
was tried, is refused here, and the database refuses a publication without two assessments that agree.
"""

import datetime as dt
from collections.abc import Collection, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.danish import danish
from indicators.models import Action
from indicators.people.models import MemberRole, Membership, Organisation, OrganisationKind, Purpose
from indicators.people.services.letters import address_of, write_letter
from indicators.people.services.tasks import finish_task, give_task
from rankings.practices.models import (
    Assessment,
    Design,
    Evidence,
    EvidenceScope,
    FindingKind,
    Knowledge,
    Practice,
    PracticeState,
)
from rankings.practices.models.knowledge import CONTROLLED
from rankings.practices.models.practices import ALIVE

from .measuring import measure_practice
from .proposing import PracticeError, check_whole, locked, no_personal_data, note, require_member

ASSESS, PUBLISH = "practices.assess_practice", "practices.publish_practice"
CONFIRM = "practice-confirm"
UNDER_ASSESSMENT = (PracticeState.SUBMITTED, PracticeState.ASSESSING)


def _require_editor(user: User, practice: Practice, now: dt.datetime) -> Organisation:
    """Where an editor comes from. Raises PracticeError for one without the right, from nowhere, or from the place."""
    if not user.has_perm(ASSESS):
        msg = _("%(who)s er ikke redaktør og kan ikke sige, hvad der vides om en metode.")
        raise PracticeError(msg % {"who": user})
    mine = [m.organisation for m in Membership.objects.current(now).filter(user=user).select_related("organisation")]
    here = set(practice.municipalities.values_list("pk", flat=True)) | {practice.organisation.municipality_id}
    if any(o == practice.organisation or (o.municipality_id and o.municipality_id in here) for o in mine):
        msg = _("%(who)s hører til der, hvor det blev prøvet. To redaktører fra andre steder skal vurdere det.")
        raise PracticeError(msg % {"who": user})
    if not mine and user.is_staff:  # who works in the office comes from there, and from no place that is ranked
        mine = list(Organisation.objects.filter(kind=OrganisationKind.OFFICE).exclude(pk=practice.organisation_id)[:1])
    if not mine:
        msg = _("%(who)s hører ikke til nogen organisation, så det kan ikke siges, hvor vurderingen kommer fra.")
        raise PracticeError(msg % {"who": user})
    return mine[0]


@transaction.atomic
def add_evidence(*, evidence: Evidence, by: User, now: dt.datetime, origin: str = "") -> Evidence:
    """Enter one thing that is known, with its source; also of a public practice, for knowledge grows."""
    practice = locked(evidence.practice, *UNDER_ASSESSMENT, *ALIVE)
    _require_editor(by, practice, now)
    evidence.added_by, evidence.added_at = by, now
    check_whole(evidence)
    evidence.save()
    _begin(practice)
    note(Action.EVIDENCE_ADDED, practice, by=by, now=now, origin=origin, source=evidence.source)
    return evidence


def _begin(practice: Practice) -> None:
    if practice.state == PracticeState.SUBMITTED:
        practice.state = PracticeState.ASSESSING
        practice.save(update_fields=["state"])


@transaction.atomic
def assess(
    *,
    practice: Practice,
    knowledge: Knowledge,
    reason: str,
    reason_en: str = "",
    by: User,
    now: dt.datetime,
    origin: str = "",
) -> Assessment:
    """Say what is known of a method, and why; again replaces what this editor said before.

    Raises PracticeError where the evidence entered does not carry it."""
    practice = locked(practice, *UNDER_ASSESSMENT)
    organisation = _require_editor(by, practice, now)
    if not reason.strip():
        msg = _("En vurdering skal have en begrundelse. Offentligheden ser den.")
        raise PracticeError(msg)
    no_personal_data(reason, reason_en)
    if (lacking := what_lacks(knowledge, practice.evidence.all())) is not None:
        raise PracticeError(lacking)
    _begin(practice)
    said = {
        "organisation": organisation,
        "owner": practice.organisation,
        "knowledge": knowledge,
        "reason": reason.strip(),
        "reason_en": reason_en.strip(),
        "at": now,
    }
    assessment, _created = Assessment.objects.update_or_create(practice=practice, editor=by, defaults=said)
    note(Action.PRACTICE_ASSESSED, practice, by=by, now=now, origin=origin, knowledge=str(knowledge))
    return assessment


def what_lacks(knowledge: Knowledge, evidence: Collection[Evidence]) -> str | None:
    """Why the evidence does not carry a step of the ladder, in words; None where it does.

    A step is of the method wherever it was tried. A study that found nothing counts as much as one that found
    something: beside it no step of controlled studies can stand, only "blandede resultater"."""
    of_method = [one for one in evidence if one.scope == EvidenceScope.METHOD]
    controlled = [one for one in of_method if one.design in CONTROLLED]
    found = [one for one in controlled if one.finding == FindingKind.POSITIVE]
    reviewed = [one for one in of_method if one.design == Design.REVIEW and one.finding == FindingKind.POSITIVE]
    compared = [one for one in evidence if one.design in (Design.COMPARED, *CONTROLLED, Design.REVIEW)]
    not_found = [one for one in compared if one.finding in (FindingKind.NONE, FindingKind.NEGATIVE)]
    against = any(one.finding != FindingKind.POSITIVE for one in controlled)
    kinds = {one.finding for one in evidence}
    lacking = {
        Knowledge.SEVERAL_CONTROLLED: len(found) < 2 and not reviewed,
        Knowledge.ONE_CONTROLLED: not found,
        Knowledge.COMPARED: not any(one.finding == FindingKind.POSITIVE for one in compared),
        Knowledge.MIXED: FindingKind.MIXED not in kinds and not (FindingKind.POSITIVE in kinds and len(kinds) > 1),
        Knowledge.NO_EFFECT: not not_found,
    }
    if lacking.get(knowledge):
        msg = _("»%(knowledge)s« kræver undersøgelser, der ikke er lagt ind. Tilføj dem med kilde først.")
        return msg % {"knowledge": knowledge.label}
    if against and knowledge in (Knowledge.SEVERAL_CONTROLLED, Knowledge.ONE_CONTROLLED):
        return _("Der er også lagt en kontrolleret undersøgelse ind uden virkning. Så er resultaterne blandede.")
    return None


@transaction.atomic
def return_practice(*, practice: Practice, reason: str, by: User, now: dt.datetime, origin: str = "") -> Practice:
    """Give a practice back to its organisation as a draft, with a letter that says why; assessments fall away."""
    practice = locked(practice, *UNDER_ASSESSMENT)
    _require_editor(by, practice, now)
    if not reason.strip():
        msg = _("Skriv, hvad der skal ændres. Kommunen får det i et brev.")
        raise PracticeError(msg)
    practice.assessments.all().delete()
    practice.state = PracticeState.DRAFT
    practice.save(update_fields=["state"])
    subject = _("»%(title)s« er sendt tilbage") % {"title": practice.title}
    _write(practice, kind="practice-returned", subject=subject, body=reason.strip(), now=now)
    note(Action.PRACTICE_RETURNED, practice, by=by, now=now, origin=origin, reason=reason.strip())
    return practice


@transaction.atomic
def publish_practice(*, practice: Practice, by: User, now: dt.datetime, origin: str = "") -> Practice:
    """Make a practice public once two editors say the same of it, and measure it with the editions that are public."""
    practice = locked(practice, PracticeState.ASSESSING)
    if not by.has_perm(PUBLISH):
        msg = _("%(who)s kan ikke offentliggøre en praksis.")
        raise PracticeError(msg % {"who": by})
    said = list(practice.assessments.all())
    if by == practice.submitted_by or any(one.editor_id == by.pk for one in said):
        msg = _("%(who)s har selv indsendt eller vurderet den. En anden skal offentliggøre den.")
        raise PracticeError(msg % {"who": by})
    practice.knowledge = _agreed(said)
    practice.state, practice.published_by, practice.published_at = PracticeState.PUBLISHED, by, now
    practice.confirmed_on = danish(now).date()
    practice.save(update_fields=["knowledge", "state", "published_by", "published_at", "confirmed_on"])
    measure_practice(practice=practice)
    note(Action.PRACTICE_PUBLISHED, practice, by=by, now=now, origin=origin, knowledge=practice.knowledge)
    return practice


def _agreed(said: Sequence[Assessment]) -> str:
    """What all editors say. Raises PracticeError for fewer than two, or where they do not agree."""
    if len(said) < 2:
        msg = _("To redaktører fra andre steder skal have vurderet den. Det har %(number)d.")
        raise PracticeError(msg % {"number": len(said)})
    if len({one.knowledge for one in said}) > 1:
        msg = _("Redaktørerne er ikke enige om vidensgrundlaget: %(said)s.")
        labels = " · ".join(f"{one.editor}: {Knowledge(one.knowledge).label}" for one in said)
        raise PracticeError(msg % {"said": labels})
    return said[0].knowledge


@transaction.atomic
def confirm_practice(*, practice: Practice, by: User, now: dt.datetime, origin: str = "") -> Practice:
    """Note that its organisation says that a practice is still done, for 24 months more."""
    practice = locked(practice, *ALIVE)
    require_member(by, practice.organisation, now)
    practice.state, practice.confirmed_on = PracticeState.PUBLISHED, danish(now).date()
    practice.save(update_fields=["state", "confirmed_on"])
    finish_task(organisation=practice.organisation, kind=CONFIRM, about=f"practice {practice.pk}", by=by, now=now)
    note(Action.PRACTICE_CONFIRMED, practice, by=by, now=now, origin=origin)
    return practice


@transaction.atomic
def note_unconfirmed(*, now: dt.datetime) -> list[Practice]:
    """Mark what nobody has confirmed in 24 months as unconfirmed, and ask its organisation; return those."""
    found = list(Practice.objects.long_unconfirmed(danish(now).date()).select_for_update(of=("self",)))
    for practice in found:
        practice.state = PracticeState.UNCONFIRMED
        practice.save(update_fields=["state"])
        title = _("Bekræft, at »%(title)s« stadig bruges") % {"title": practice.title}
        about = f"practice {practice.pk}"
        give_task(organisation=practice.organisation, kind=CONFIRM, about=about, title=title[:200], now=now)
        _write(practice, kind=CONFIRM, subject=title, body=title, now=now)
    return found


@transaction.atomic
def withdraw_practice(*, practice: Practice, reason: str, by: User, now: dt.datetime, origin: str = "") -> Practice:
    """Withdraw a public practice: its address stays and says why. By its approver, or by whoever publishes."""
    practice = locked(practice, *ALIVE)
    if not by.has_perm(PUBLISH):
        require_member(by, practice.organisation, now, MemberRole.APPROVER)
    if not reason.strip():
        msg = _("Skriv, hvorfor den trækkes tilbage. Det står på siden.")
        raise PracticeError(msg)
    no_personal_data(reason)
    practice.state = PracticeState.WITHDRAWN
    practice.withdrawn_by, practice.withdrawn_at, practice.withdrawn_reason = by, now, reason.strip()
    practice.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    note(Action.PRACTICE_WITHDRAWN, practice, by=by, now=now, origin=origin, reason=reason.strip())
    return practice


def _write(practice: Practice, *, kind: str, subject: str, body: str, now: dt.datetime) -> None:
    """A letter to the organisation's mailbox, where it has one."""
    if email := address_of(practice.organisation, Purpose.PRACTICE):
        write_letter(
            kind=kind,
            email=email,
            subject=subject,
            body=body,
            about=f"practice {practice.pk}",
            organisation=practice.organisation,
            now=now,
        )
