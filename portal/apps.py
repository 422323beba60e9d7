"""The app's name for Django."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The portal app."""

    name = "portal"
    verbose_name = _("den offentlige side")


class TwoFactorAdminConfig(AdminConfig):
    """In place of django.contrib.admin in INSTALLED_APPS: nobody gets in without a second factor."""

    default_site = "portal.operating.admin_site.TwoFactorAdminSite"
