"""What is measured, of whom, when, and how it came in."""

from .catalogue import Area, Direction, Indicator, Role, SeriesBreak, Source, Theme
from .geography import Municipality, MunicipalityAlias, Place, Region
from .jobs import Job, JobKind, JobState
from .log import Action, LogEntry
from .measurements import ContextFigure, IntervalKind, Measurement
from .uploads import SourceReading, Upload, UploadState

__all__ = [
    "Action",
    "Area",
    "ContextFigure",
    "Direction",
    "Indicator",
    "IntervalKind",
    "Job",
    "JobKind",
    "JobState",
    "LogEntry",
    "Measurement",
    "Municipality",
    "MunicipalityAlias",
    "Place",
    "Region",
    "Role",
    "SeriesBreak",
    "Source",
    "SourceReading",
    "Theme",
    "Upload",
    "UploadState",
]
