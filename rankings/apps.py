"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RankingsConfig(AppConfig):
    """The rankings app."""

    name = "rankings"
    verbose_name = _("placeringer")
