"""Every write of this app: who belongs where, what they are to do, and the letters about it."""

from .letters import LetterKind, note_bounce, send_letters, write_letter
from .members import (
    InvitationError,
    PeopleError,
    accept_invitation,
    change_contact,
    confirm_contact,
    end_membership,
    forget_person,
    found_organisation,
    found_organisations_of_municipalities,
    invitation_of,
    invite,
    join,
    resend_invitation,
    withdraw_invitation,
)
from .tasks import drop_tasks, finish_task, give_task, give_task_to_each, remind

__all__ = [
    "InvitationError",
    "LetterKind",
    "PeopleError",
    "accept_invitation",
    "change_contact",
    "confirm_contact",
    "drop_tasks",
    "end_membership",
    "finish_task",
    "forget_person",
    "found_organisation",
    "found_organisations_of_municipalities",
    "give_task",
    "give_task_to_each",
    "invitation_of",
    "invite",
    "join",
    "note_bounce",
    "remind",
    "resend_invitation",
    "send_letters",
    "withdraw_invitation",
    "write_letter",
]
