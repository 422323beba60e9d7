"""Figures and municipalities, to be read: figures come by upload, municipalities with the code."""

from django.contrib import admin

from indicators.models import Measurement, Municipality

from .read_only import ReadOnlyAdmin


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
