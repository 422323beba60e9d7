"""The address book inside the workbench: the same, but that the names of signing in lead to the members' own pages."""

from django.urls import URLPattern, URLResolver, include, path

from portal.urls import handler500
from portal.urls import urlpatterns as of_the_site
from portal.workbench.addresses import accounts

__all__ = ["handler500", "urlpatterns"]

# Of patterns with one name the last is the one that names lead to.
urlpatterns: list[URLPattern | URLResolver] = [*of_the_site, path("arbejdsbord/konto/", include(accounts))]
