"""A hearing, and what is said in public beside the figures."""

from .hearings import (
    RESPONSE_WORDS,
    Attachment,
    FigureInHearing,
    Hearing,
    Outcome,
    Remark,
    RemarkKind,
    Response,
    ResponseState,
    Ruling,
)
from .statements import Comment, Decision, Flag, FlagOrigin, FlagState, Voice

__all__ = [
    "RESPONSE_WORDS",
    "Attachment",
    "Comment",
    "Decision",
    "FigureInHearing",
    "Flag",
    "FlagOrigin",
    "FlagState",
    "Hearing",
    "Outcome",
    "Remark",
    "RemarkKind",
    "Response",
    "ResponseState",
    "Ruling",
    "Voice",
]
