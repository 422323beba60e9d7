"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HearingConfig(AppConfig):
    """The hearing app."""

    name = "rankings.hearing"
    label = "hearing"
    verbose_name = _("høring")
