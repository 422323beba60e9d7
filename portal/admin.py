"""Django looks here for the pages behind the admin's path; those of the site stand in the desk."""

from portal.desk import definitions, editions, hearings, people, sources

__all__ = ["definitions", "editions", "hearings", "people", "sources"]
