"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SourcesConfig(AppConfig):
    """Fetching from the source."""

    name = "indicators.sources"
    label = "sources"
    verbose_name = _("hentning fra kilden")
