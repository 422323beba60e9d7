"""Tables that are looked at and changed nowhere here: figures come by upload, the rest with the code."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


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
