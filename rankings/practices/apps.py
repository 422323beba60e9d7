"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticesConfig(AppConfig):
    """The practices app."""

    name = "rankings.practices"
    label = "practices"
    verbose_name = _("god praksis")
