from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gallery.changes.models import Change


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin[Change]):
    list_display = ["photo_remote_id", "kind", "status", "reason", "account", "owner", "tries", "updated_at"]
    list_filter = ["kind", "status", "account__kind"]
    search_fields = ["photo_remote_id", "owner__username", "account__label"]
    list_select_related = ["account", "owner"]
    exclude = ["sealed_request"]
    readonly_fields = [
        "owner",
        "account",
        "photo",
        "photo_remote_id",
        "kind",
        "status",
        "lease_until",
        "next_at",
    ]
    actions = ["try_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=_("Try again now"), permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Change]) -> None:
        rows = queryset.filter(status=Change.Status.WAITING).update(next_at=timezone.now(), tries=0)
        self.message_user(
            request, ngettext("%d change will be tried now.", "%d changes will be tried now.", rows) % rows
        )
