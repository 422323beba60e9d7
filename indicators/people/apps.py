"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """The people app."""

    name = "indicators.people"
    label = "people"
    verbose_name = _("organisationer og medlemmer")
