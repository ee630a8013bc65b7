from django.contrib import admin
from django.http import HttpRequest

from providers.sapo.models import StoredPassword


@admin.register(StoredPassword)
class StoredPasswordAdmin(admin.ModelAdmin[StoredPassword]):
    """Who stays connected. The password itself is never shown, not even sealed."""

    list_display = ("account", "created_at", "used_at")
    list_select_related = ("account__user",)
    search_fields = ("account__uid", "account__user__username")
    date_hierarchy = "created_at"
    fields = readonly_fields = ("account", "created_at", "used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: StoredPassword | None = None) -> bool:
        return False
