"""What is measured, of whom, when, and how it came in."""

from .catalogue import Area, Direction, Indicator, Role, SeriesBreak, Source, Theme
from .definitions import ChangeState, DefinitionChange
from .geography import Municipality, MunicipalityAlias, Place, Region, RegionMembership
from .jobs import Job, JobKind, JobState
from .log import Action, LogEntry
from .measurements import ContextFigure, IntervalKind, Measurement
from .uploads import SourceReading, Upload, UploadState

__all__ = [
    "Action",
    "Area",
    "ChangeState",
    "ContextFigure",
    "DefinitionChange",
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
    "RegionMembership",
    "Role",
    "SeriesBreak",
    "Source",
    "SourceReading",
    "Theme",
    "Upload",
    "UploadState",
]
