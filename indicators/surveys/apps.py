"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    """The surveys app."""

    name = "indicators.surveys"
    label = "surveys"
    verbose_name = _("spørgeskemaer")
