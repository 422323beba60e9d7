"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """The portal app."""

    name = "portal"
    verbose_name = _("den offentlige side")
