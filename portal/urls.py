"""The whole address book."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = [path(f"{settings.ADMIN_PATH}/", admin.site.urls)]
