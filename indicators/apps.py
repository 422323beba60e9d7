"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    """The indicators app."""

    name = "indicators"
    verbose_name = _("tal og kilder")
