"""Every write of this app: prepare, compute, publish, correct; press links; followers."""

from .computing import compute_edition
from .editions import EditionError, correct_edition, prepare_edition, publish_edition
from .embargo import EmbargoError, make_press_link, open_press_link, token_of, withdraw_press_link
from .following import ask_to_follow, confirm_follower, forget_unconfirmed, leave, note_told

__all__ = [
    "EditionError",
    "EmbargoError",
    "ask_to_follow",
    "compute_edition",
    "confirm_follower",
    "correct_edition",
    "forget_unconfirmed",
    "leave",
    "make_press_link",
    "note_told",
    "open_press_link",
    "prepare_edition",
    "publish_edition",
    "token_of",
    "withdraw_press_link",
]
