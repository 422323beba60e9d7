"""Danish words that pages take from data. The names are listed here, so that they are collected for translation.

A page translates them with ``gettext(municipality.region.name)``. The landsdele have no English names (Statistics
Denmark keeps the Danish ones), and names of municipalities are never translated.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from indicators.upload.periods import rule_words

REGIONS = (
    _("Region Hovedstaden"),
    _("Region Sjælland"),
    _("Region Syddanmark"),
    _("Region Midtjylland"),
    _("Region Nordjylland"),
    _("Region Østdanmark"),
)
GROUPS = (
    _("Hovedstadskommuner"),
    _("Storbykommuner"),
    _("Provinsbykommuner"),
    _("Oplandskommuner"),
    _("Landkommuner"),
)
AREAS_OF_2014 = (_("Samlet"), _("Udsatte børn og unge"), _("Handicapområdet"), _("Udsatte voksne"))


def period_rule(rule: str) -> str:
    """How months and the like became the year's figure; "" where the source has years."""
    words = rule_words(rule)
    return gettext(words.template) % words.params if words is not None else ""
