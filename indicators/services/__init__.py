"""Every write of this app that spans more than one row."""

from .catalogue import CatalogueChange, CatalogueError, load_catalogue
from .uploads import FileToImport, UploadError, apply_upload, import_files, receive_upload

__all__ = [
    "CatalogueChange",
    "CatalogueError",
    "FileToImport",
    "UploadError",
    "apply_upload",
    "import_files",
    "load_catalogue",
    "receive_upload",
]
