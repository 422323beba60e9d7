"""The catalogue: read by all, its texts mended by editors; codes, units and directions come with the code."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from indicators.models import Area, Indicator, Measurement, Municipality, MunicipalityAlias, Source, Theme

from .read_only import ReadOnlyAdmin

_TEXTS = ("definition_da", "definition_en", "why_da", "why_en", "caution_da", "caution_en")


@admin.register(Indicator)
class IndicatorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # subscripted only in the stubs
    """Indicators. Only their explaining texts can be changed here: a direction is no matter of a click."""

    actions = None
    list_display = ("code", "name_da", "theme", "unit", "direction", "source")
    list_filter = ("theme__area", "direction", "source_kind")
    list_select_related = ("theme", "source")
    search_fields = ("code", "name_da", "name_en")
    ordering = ("position",)

    def get_readonly_fields(self, request: HttpRequest, obj: Indicator | None = None) -> list[str]:  # noqa: ARG002
        """Everything but the texts."""
        return [field.name for field in Indicator._meta.fields if field.name not in _TEXTS and field.editable]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """No: indicators come with the catalogue."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Indicator | None = None) -> bool:  # noqa: ARG002
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


@admin.register(MunicipalityAlias)
class MunicipalityAliasAdmin(ReadOnlyAdmin):
    """Other spellings that are understood in files and searches."""

    list_display = ("name", "municipality")
    list_select_related = ("municipality",)
    search_fields = ("name",)
    ordering = ("name",)


@admin.register(Area, Theme, Source)
class NameAdmin(ReadOnlyAdmin):
    """Areas, themes and sources."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    ordering = ("pk",)
