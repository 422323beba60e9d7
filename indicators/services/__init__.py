"""Every write of this app that spans more than one row."""

from .catalogue import CatalogueChange, CatalogueError, load_catalogue

__all__ = ["CatalogueChange", "CatalogueError", "load_catalogue"]
