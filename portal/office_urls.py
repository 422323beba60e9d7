"""The address book of the office among the practices: the members' pages, behind the admin's path and second factor.

Editors and publishers are staff, and staff have no way into the workbench: they assess and publish here.
"""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from portal.practices.work_addresses import urlpatterns as of_practices
from portal.urls import handler500
from portal.urls import urlpatterns as of_the_site

__all__ = ["handler500", "urlpatterns"]

_here = [path(str(one.pattern), admin.site.admin_view(one.callback), name=one.name) for one in of_practices]
_room = path(f"{settings.ADMIN_PATH}/praksis/", include(_here))

# The first is found, before the admin's own addresses; of patterns with one name the last is what the name leads to.
urlpatterns: list[URLPattern | URLResolver] = [_room, *of_the_site, _room]
