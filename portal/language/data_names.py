"""Danish names that pages take from data: listed here, so that they are collected for translation.

A page translates them with ``gettext(municipality.region.name)``. The landsdele have no English names (Statistics
Denmark keeps the Danish ones), and names of municipalities are never translated.
"""

from django.utils.translation import gettext_noop as _

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
