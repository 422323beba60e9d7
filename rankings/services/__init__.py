"""Every write of this app: prepare, compute, publish, correct; press links; followers."""

from .auditing import audit_edition, audit_the_rest
from .computing import EditionError, compute_edition
from .editions import (
    FourEyesError,
    StaleDraftError,
    correct_edition,
    delete_draft,
    look_at_draft,
    new_uploads,
    own_uploads,
    prepare_edition,
    prepare_register_edition,
    publish_edition,
    renew_edition,
    send_to_hearing,
    to_correct,
    withdraw_edition,
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
from .sources import SourceError, confirm_reuse, plan_source

__all__ = [
    "EditionError",
    "EmbargoError",
    "FourEyesError",
    "SourceError",
    "StaleDraftError",
    "ask_to_follow",
    "audit_edition",
    "audit_the_rest",
    "compute_edition",
    "confirm_follower",
    "confirm_reuse",
    "correct_edition",
    "delete_draft",
    "follower_by_number",
    "followers_not_told",
    "forget_unconfirmed",
    "leave",
    "look_at_draft",
    "make_press_link",
    "new_uploads",
    "note_told",
    "open_press_link",
    "own_uploads",
    "plan_source",
    "prepare_edition",
    "prepare_register_edition",
    "publish_edition",
    "renew_edition",
    "send_to_hearing",
    "take_back_asking",
    "to_correct",
    "token_of",
    "withdraw_edition",
    "withdraw_press_link",
]
