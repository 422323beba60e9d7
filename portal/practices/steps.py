"""What somebody may do next with a practice or an enquiry: each step a form and the service that it calls.

Who may is asked by the services themselves; here only those steps are shown that would be let through.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from indicators.people.models import WRITERS, MemberRole, Membership, Organisation
from portal.practices.forms import (
    AimForm,
    AnswerForm,
    AssessmentForm,
    ElementsForm,
    EvidenceForm,
    FollowUpForm,
    NothingForm,
    ReasonForm,
)
from rankings.practices.models import (
    AimDirection,
    ElementKind,
    Enquiry,
    EnquiryState,
    Evidence,
    FollowUpResult,
    Knowledge,
    Practice,
    PracticeState,
)
from rankings.practices.services import assessing, exchange, proposing
from rankings.practices.services.assessing import ASSESS, PUBLISH, UNDER_ASSESSMENT

ALIVE = (PracticeState.PUBLISHED, PracticeState.UNCONFIRMED)
DRAFT, ASSESSING = (PracticeState.DRAFT,), (PracticeState.ASSESSING,)


@dataclass(frozen=True)
class Who:
    """Somebody at a moment, and what it is: asked once for a page."""

    user: User
    now: dt.datetime

    def speaks_for(self, organisation: Organisation, *roles: MemberRole) -> bool:
        """Whether it is a member of an organisation, in one of these roles (else: in one that writes)."""
        mine = Membership.objects.current(self.now).filter(user=self.user, organisation=organisation)
        return mine.with_role(*(roles or WRITERS)).exists()

    def is_editor(self, practice: Practice) -> bool:
        """Whether it may assess this very practice: an editor, and from elsewhere."""
        return self.user.has_perm(ASSESS) and not self.speaks_for(practice.organisation, *MemberRole)

    def is_publisher(self) -> bool:
        """Whether it may publish."""
        return bool(self.user.has_perm(PUBLISH))


@dataclass(frozen=True)
class Step:
    """A step: its name in the address, what its button says, its form, when it is shown, and what it does."""

    name: str
    title: Any
    form: type[forms.BaseForm]
    shown: Callable[[Any, Who], bool]
    do: Callable[[Any, dict[str, Any], User, dt.datetime], object]
    said: Any


def _owner(*roles: MemberRole, states: tuple[PracticeState, ...]) -> Callable[[Practice, Who], bool]:
    return lambda practice, who: practice.state in states and who.speaks_for(practice.organisation, *roles)


def _editor(states: tuple[PracticeState, ...]) -> Callable[[Practice, Who], bool]:
    return lambda practice, who: practice.state in states and who.is_editor(practice)


def _withdraws(practice: Practice, who: Who) -> bool:
    return practice.state in ALIVE and (
        who.is_publisher() or who.speaks_for(practice.organisation, MemberRole.APPROVER)
    )


def _aim(practice: Practice, data: dict[str, Any], by: User, now: dt.datetime) -> object:
    values = {**data, "direction": AimDirection(data["direction"])}
    return proposing.register_aim(practice=practice, **values, by=by, now=now)


def _elements(practice: Practice, data: dict[str, Any], by: User, now: dt.datetime) -> object:
    links = {kind: data[str(kind)] for kind in ElementKind}
    return proposing.set_elements(practice=practice, links=links, by=by, now=now)


def _evidence(practice: Practice, data: dict[str, Any], by: User, now: dt.datetime) -> object:
    return assessing.add_evidence(evidence=Evidence(practice=practice, **data), by=by, now=now)


def _assessment(practice: Practice, data: dict[str, Any], by: User, now: dt.datetime) -> object:
    knowledge = Knowledge(data["knowledge"])
    return assessing.assess(practice=practice, knowledge=knowledge, reason=data["reason"], by=by, now=now)


def _calls(service: Callable[..., object], what: str) -> Callable[[Any, dict[str, Any], User, dt.datetime], object]:
    """A step whose form has the very arguments of its service."""
    return lambda row, data, by, now: service(**{what: row}, **data, by=by, now=now)


OF_A_PRACTICE = (
    Step("maal", _("Registrér mål"), AimForm, _owner(states=DRAFT), _aim, _("Målet er registreret.")),
    Step("elementer", _("Gem elementer"), ElementsForm, _owner(states=DRAFT), _elements, _("Elementerne er gemt.")),
    Step("send", _("Send til redaktionen"), NothingForm, _owner(MemberRole.APPROVER, states=DRAFT),
         _calls(proposing.send_practice, "practice"), _("Den er sendt.")),
    Step("viden", _("Tilføj undersøgelse"), EvidenceForm, _editor((*UNDER_ASSESSMENT, *ALIVE)), _evidence,
         _("Undersøgelsen er tilføjet.")),
    Step("vurder", _("Gem vurdering"), AssessmentForm, _editor(UNDER_ASSESSMENT), _assessment,
         _("Vurderingen er gemt.")),
    Step("tilbage", _("Send tilbage"), ReasonForm, _editor(UNDER_ASSESSMENT),
         _calls(assessing.return_practice, "practice"), _("Den er sendt tilbage.")),
    Step("offentliggoer", _("Offentliggør"), NothingForm,
         lambda practice, who: practice.state in ASSESSING and who.is_publisher(),
         _calls(assessing.publish_practice, "practice"), _("Den er offentliggjort.")),
    Step("bekraeft", _("Bekræft, at det stadig bruges"), NothingForm, _owner(states=ALIVE),
         _calls(assessing.confirm_practice, "practice"), _("Den er bekræftet.")),
    Step("traek", _("Træk tilbage"), ReasonForm, _withdraws, _calls(assessing.withdraw_practice, "practice"),
         _("Den er trukket tilbage.")),
)  # fmt: skip


def _asked(*states: EnquiryState) -> Callable[[Enquiry, Who], bool]:
    return lambda enquiry, who: enquiry.state in states and who.speaks_for(enquiry.asked)


WAITING = (EnquiryState.SENT, EnquiryState.UNANSWERED)


def _may_show(enquiry: Enquiry, who: Who) -> bool:
    """Whether one's own side has not yet said that an answered enquiry may be seen."""
    if enquiry.state != EnquiryState.ANSWERED:
        return False
    mine_asked = who.speaks_for(enquiry.asker) and not enquiry.public_by_asker
    return mine_asked or (who.speaks_for(enquiry.asked) and not enquiry.public_by_asked)


def _follow_up(enquiry: Enquiry, data: dict[str, Any], by: User, now: dt.datetime) -> object:
    result = FollowUpResult(data["result"])
    return exchange.follow_up(enquiry=enquiry, result=result, note=data["note"], by=by, now=now)


OF_AN_ENQUIRY = (
    Step("svar", _("Svar"), AnswerForm, _asked(*WAITING), _calls(exchange.answer_enquiry, "enquiry"),
         _("Svaret er sendt.")),
    Step("afslaa", _("Afslå"), NothingForm, _asked(*WAITING), _calls(exchange.decline_enquiry, "enquiry"),
         _("Henvendelsen er afslået.")),
    Step("vis", _("Må ses af andre"), NothingForm, _may_show, _calls(exchange.agree_to_show, "enquiry"),
         _("Det er gemt. Den ses, når begge har sagt ja.")),
    Step("opfoelgning", _("Gem opfølgning"), FollowUpForm,
         lambda enquiry, who: enquiry.state == EnquiryState.ANSWERED and who.speaks_for(enquiry.asker), _follow_up,
         _("Tak. Det tæller med på årets side.")),
)  # fmt: skip
