"""Every write of this app: prepare, compute, publish, correct; press links; followers."""

from .auditing import audit_edition, audit_the_rest
from .computing import EditionError, compute_edition
from .editions import (
    FourEyesError,
    correct_edition,
    delete_draft,
    own_uploads,
    prepare_edition,
    prepare_register_edition,
    publish_edition,
    renew_edition,
    send_to_hearing,
)
from .embargo import EmbargoError, make_press_link, open_press_link, token_of, withdraw_press_link
from .following import (
    ask_to_follow,
    confirm_follower,
    follower_by_number,
    followers_not_told,
    forget_unconfirmed,
    leave,
    note_told,
    take_back_asking,
)

__all__ = [
    "EditionError",
    "EmbargoError",
    "FourEyesError",
    "ask_to_follow",
    "audit_edition",
    "audit_the_rest",
    "compute_edition",
    "confirm_follower",
    "correct_edition",
    "delete_draft",
    "follower_by_number",
    "followers_not_told",
    "forget_unconfirmed",
    "leave",
    "make_press_link",
    "note_told",
    "open_press_link",
    "own_uploads",
    "prepare_edition",
    "prepare_register_edition",
    "publish_edition",
    "renew_edition",
    "send_to_hearing",
    "take_back_asking",
    "token_of",
    "withdraw_press_link",
]
