"""Every write of this app that spans more than one row."""

from .confirming import NotTheirsError, ask_to_confirm, confirm_provision, to_confirm
from .delivering import Written, approve_delivery, check_delivery, deliver, take_back_delivery
from .vocabularies import SchemeError, load_scheme, load_vocabularies

__all__ = [
    "NotTheirsError",
    "SchemeError",
    "Written",
    "approve_delivery",
    "ask_to_confirm",
    "check_delivery",
    "confirm_provision",
    "deliver",
    "load_scheme",
    "load_vocabularies",
    "take_back_delivery",
    "to_confirm",
]
