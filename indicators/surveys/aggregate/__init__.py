"""From answers to figures: how many were asked and answered, the estimate, how sure it is, what may be shown.

Arithmetic and the standard library; no Django. `python -m indicators.surveys.aggregate` does the same with files.
"""

from .figures import (
    AnswersError,
    Figure,
    Kind,
    Question,
    Reason,
    Respondent,
    Rules,
    aggregate,
    held_back_by_earlier,
    total_of_published,
)
from .intervals import Interval, bound, mean_interval, share_interval

__all__ = [
    "AnswersError",
    "Figure",
    "Interval",
    "Kind",
    "Question",
    "Reason",
    "Respondent",
    "Rules",
    "aggregate",
    "bound",
    "held_back_by_earlier",
    "mean_interval",
    "share_interval",
    "total_of_published",
]
