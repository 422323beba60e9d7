"""What is measured, of whom, when, and how it came in."""

from .catalogue import Area, ChangeState, DefinitionChange, Direction, Indicator, Role, SeriesBreak, Source, Theme
from .geography import Municipality, MunicipalityAlias, Place, Region, RegionMembership
from .log import Action, Job, JobKind, JobState, LogEntry
from .measurements import ContextFigure, IntervalKind, Measurement, SourceReading, Upload, UploadState

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
