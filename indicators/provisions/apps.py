"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvisionsConfig(AppConfig):
    """Services for citizens."""

    name = "indicators.provisions"
    label = "provisions"
    verbose_name = _("tilbud")
