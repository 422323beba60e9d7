"""Every write of this app: the hearing and its answers; remarks and rulings; flags, comments, voices, decisions."""

from .answering import (
    attach_file,
    delete_remark,
    give_response,
    note_opened,
    remove_attachment,
    save_remark,
    send_to_approver,
    withdraw_remark,
)
from .hearings import keep_hearings, open_hearing, plan_hearing, remind_of_hearings, write_invitations
from .ruling import name_upload, rule
from .speaking import HearingError
from .statements import (
    ask_about_figure,
    decline_flag,
    forget_attachments,
    note_decision,
    raise_flag,
    raise_voice,
    refuse_voice,
    show_voice,
    take_up_flag,
    withdraw_comment,
    withdraw_voice,
    write_comment,
)

__all__ = [
    "HearingError",
    "ask_about_figure",
    "attach_file",
    "decline_flag",
    "delete_remark",
    "forget_attachments",
    "give_response",
    "keep_hearings",
    "name_upload",
    "note_decision",
    "note_opened",
    "open_hearing",
    "plan_hearing",
    "raise_flag",
    "raise_voice",
    "refuse_voice",
    "remind_of_hearings",
    "remove_attachment",
    "rule",
    "save_remark",
    "send_to_approver",
    "show_voice",
    "take_up_flag",
    "withdraw_comment",
    "withdraw_remark",
    "withdraw_voice",
    "write_comment",
    "write_invitations",
]
