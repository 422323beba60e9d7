"""Every write of this app that spans more than one row."""

from .apply import Applied, NotAcceptedError, StaleCheckError, apply_upload, check_and_apply, import_files
from .catalogue import CatalogueChange, differences, load_catalogue
from .check import check_upload, correct_reading, keep_answers
from .defining import DefinitionError, approve_change, bring_into_force, propose_change, refuse_change
from .receive import FileOnDisk, FileToImport, SameFileError, UploadError, discard_upload, receive_upload, takes_long
from .take_back import take_back_upload

__all__ = [
    "Applied",
    "CatalogueChange",
    "DefinitionError",
    "FileOnDisk",
    "FileToImport",
    "NotAcceptedError",
    "SameFileError",
    "StaleCheckError",
    "UploadError",
    "apply_upload",
    "approve_change",
    "bring_into_force",
    "check_and_apply",
    "check_upload",
    "correct_reading",
    "differences",
    "discard_upload",
    "import_files",
    "keep_answers",
    "load_catalogue",
    "propose_change",
    "receive_upload",
    "refuse_change",
    "take_back_upload",
    "takes_long",
]
