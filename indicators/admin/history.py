"""The log, to be read."""

from django.contrib import admin

from indicators.models import LogEntry

from .reading import ReadOnlyAdmin


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Who did what, when, from where. The database itself refuses every change."""

    list_display = ("at", "by", "action", "what", "origin")
    list_filter = ("action", "by", "at")
    list_select_related = ("by",)
    search_fields = ("what", "by__username", "origin")
    ordering = ("-at", "-pk")
