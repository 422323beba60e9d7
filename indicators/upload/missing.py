"""The kinds of missing. A missing answer is a kind, never a zero and never an absent reason."""

from enum import StrEnum


class Missing(StrEnum):
    """Why a cell holds no value."""

    NOT_REPORTED = "not_reported"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"
    NOT_COLLECTED = "not_collected"
    NOT_AVAILABLE = "not_available"
    UNANSWERED = "unanswered"
    DONT_KNOW = "dont_know"
    NOT_APPROVED = "not_approved"
    TOO_FEW_ANSWERS = "too_few_answers"  # a figure that is shown and never ranked: see Worth.shown
