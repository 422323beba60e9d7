"""Every write of this app: forms, waves, what administrations and members answer, and what it becomes."""

from .administrations import (
    Given,
    ReplyConflictError,
    ReplyError,
    approve_replies,
    attach,
    give_section,
    is_answered,
    organisation_of,
    reopen_replies,
    role_in,
    save_reply,
    take_replies,
    unanswered,
)
from .members import (
    Member,
    TicketError,
    answer,
    ask_members,
    remind_members,
    revoke_ticket,
    take_export,
    ticket_of,
)
from .questionnaires import SurveyError, add_questionnaire, shipped_questionnaire
from .sheets import replies_workbook, take_workbook
from .waves import about, close_wave, open_wave, plan_wave, tickets_left

__all__ = [
    "Given",
    "Member",
    "ReplyConflictError",
    "ReplyError",
    "SurveyError",
    "TicketError",
    "about",
    "add_questionnaire",
    "answer",
    "approve_replies",
    "ask_members",
    "attach",
    "close_wave",
    "give_section",
    "is_answered",
    "open_wave",
    "organisation_of",
    "plan_wave",
    "remind_members",
    "reopen_replies",
    "replies_workbook",
    "revoke_ticket",
    "role_in",
    "save_reply",
    "shipped_questionnaire",
    "take_export",
    "take_replies",
    "take_workbook",
    "ticket_of",
    "tickets_left",
    "unanswered",
]
