"""The log, to be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from indicators.models import LogEntry

from .read_only import ReadOnlyAdmin

KINDS = {
    "upload": _("indberetning"),
    "edition": _("udgave"),
    "user": _("konto"),
    "indicator": _("indikator"),
    "theme": _("tema"),
    "area": _("område"),
    "source": _("kilde"),
    "seriesbreak": _("databrud"),
    "municipalityalias": _("andet navn for en kommune"),
}


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Who did what, when, from where. The database itself refuses every change."""

    list_display = ("at", "by", "action", "about", "origin")
    list_filter = ("action", "by", "at")
    list_select_related = ("by",)
    search_fields = ("what", "by__username", "origin")
    ordering = ("-at", "-pk")

    @admin.display(description=_("om hvad"), ordering="what")
    def about(self, entry: LogEntry) -> str:
        """What it was done to, in words: the log itself says upload 38 and edition 2027.1."""
        kind, _space, number = entry.what.partition(" ")
        return f"{KINDS.get(kind, kind)} {number}".strip()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, newest first."""
        return super().changelist_view(request, {"title": _("Log"), **(extra_context or {})})
