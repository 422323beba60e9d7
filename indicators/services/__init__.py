"""Every write of this app that spans more than one row."""

from .applying import NotAcceptedError, StaleCheckError, apply_upload
from .catalogue import CatalogueChange, CatalogueError, load_catalogue
from .checking import check_upload, correct_reading
from .importing import import_files
from .taking_back import take_back_upload
from .uploads import FileOnDisk, FileToImport, SameFileError, UploadError, receive_upload, takes_long
from .writing import Applied

__all__ = [
    "Applied",
    "CatalogueChange",
    "CatalogueError",
    "FileOnDisk",
    "FileToImport",
    "NotAcceptedError",
    "SameFileError",
    "StaleCheckError",
    "UploadError",
    "apply_upload",
    "check_upload",
    "correct_reading",
    "import_files",
    "load_catalogue",
    "receive_upload",
    "take_back_upload",
    "takes_long",
]
