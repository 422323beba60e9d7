"""What is measured, of whom, when, and how it came in."""

from .catalogue import Area, Direction, Indicator, Role, SeriesBreak, Source, Theme
from .geography import Municipality, MunicipalityAlias, Place, Region
from .measurements import Measurement
from .uploads import Upload, UploadState

__all__ = [
    "Area",
    "Direction",
    "Indicator",
    "Measurement",
    "Municipality",
    "MunicipalityAlias",
    "Place",
    "Region",
    "Role",
    "SeriesBreak",
    "Source",
    "Theme",
    "Upload",
    "UploadState",
]
