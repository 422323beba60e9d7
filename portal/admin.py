"""Django looks here for the pages behind the admin's path; those of the site stand in the desk."""

from portal.desk import editions, hearings, sources, waves

__all__ = ["editions", "hearings", "sources", "waves"]
