"""Who has something to do, and by when."""

from .organisations import (
    WRITERS,
    Contact,
    Invitation,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
    Purpose,
)
from .tasks import Letter, Reminder, Task, TaskState

__all__ = [
    "WRITERS",
    "Contact",
    "Invitation",
    "Letter",
    "MemberRole",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "Purpose",
    "Reminder",
    "Task",
    "TaskState",
]
