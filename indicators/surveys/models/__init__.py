"""Questionnaires, their waves, and what was answered."""

from .answers import Answer, Attachment, NoAnswer, Reply, SealedAnswer, SurveyFigure, Ticket
from .waves import Frame, Instrument, Question, Questionnaire, Wave, WaveState

__all__ = [
    "Answer",
    "Attachment",
    "Frame",
    "Instrument",
    "NoAnswer",
    "Question",
    "Questionnaire",
    "Reply",
    "SealedAnswer",
    "SurveyFigure",
    "Ticket",
    "Wave",
    "WaveState",
]
