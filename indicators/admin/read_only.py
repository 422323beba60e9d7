"""Tables that are looked at and changed nowhere here: figures come by upload, the rest with the code."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from indicators.models import LogEntry, Measurement, Municipality


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # subscripted only in the stubs
    """List, filters and a page for each row; nothing can be added, changed or deleted."""

    actions = None
    list_per_page = 50

    def asked_for(self, request: HttpRequest, object_id: str) -> Any:
        """The row of an address, None where there is none. Raises PermissionDenied for those who may not see it."""
        row = self.get_object(request, object_id)
        if row is not None and not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False


@admin.register(Measurement)
class MeasurementAdmin(ReadOnlyAdmin):
    """Figures with their history."""

    list_display = ("indicator", "municipality", "year", "value", "missing", "upload", "is_current")
    list_filter = ("is_current", "year", "missing")
    list_select_related = ("indicator", "municipality", "upload")
    search_fields = ("indicator__code", "indicator__name_da", "municipality__name")
    raw_id_fields = ("upload",)
    show_full_result_count = False
    ordering = ("-pk",)


@admin.register(Municipality)
class MunicipalityAdmin(ReadOnlyAdmin):
    """The municipalities."""

    list_display = ("code", "name", "region", "kommunegruppe")
    list_filter = ("region", "kommunegruppe")
    list_select_related = ("region",)
    search_fields = ("code", "name")
    ordering = ("sort_key",)


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
