"""Django looks here for the pages behind the admin's path; those of the site stand in the desk."""

from django.contrib import admin

from portal.desk import definitions, editions, hearings, home, people, sources, waves

admin.site.home = home.home  # type: ignore[attr-defined]  # portal.operating.admin_site, below the desk

__all__ = ["definitions", "editions", "hearings", "home", "people", "sources", "waves"]
