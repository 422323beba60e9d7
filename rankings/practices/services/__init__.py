"""Every write of this app: propose, assess, publish, withdraw; measure; ask, answer, follow up."""

from .assessing import (
    add_evidence,
    assess,
    confirm_practice,
    note_unconfirmed,
    publish_practice,
    return_practice,
    withdraw_practice,
)
from .documented import documented, load_documented
from .exchange import (
    agree_to_show,
    answer_enquiry,
    ask_for_follow_ups,
    decline_enquiry,
    follow_up,
    open_circle,
    remind_of_enquiries,
    send_enquiry,
)
from .measuring import measure_edition, measure_practice
from .proposing import (
    PracticeError,
    change_practice,
    drop_aim,
    propose_practice,
    register_aim,
    send_practice,
    set_elements,
)

__all__ = [
    "PracticeError",
    "add_evidence",
    "agree_to_show",
    "answer_enquiry",
    "ask_for_follow_ups",
    "assess",
    "change_practice",
    "confirm_practice",
    "decline_enquiry",
    "documented",
    "drop_aim",
    "follow_up",
    "load_documented",
    "measure_edition",
    "measure_practice",
    "note_unconfirmed",
    "open_circle",
    "propose_practice",
    "publish_practice",
    "register_aim",
    "remind_of_enquiries",
    "return_practice",
    "send_enquiry",
    "send_practice",
    "set_elements",
    "withdraw_practice",
]
