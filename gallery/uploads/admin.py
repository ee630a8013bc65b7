"""Uploads as operators see them: everything but what could finish or fetch somebody's upload."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gallery.admin_site import state_word
from gallery.uploads.models import Upload, UploadBatch, UploadEvent
from gallery.uploads.presenters import tone_of
from gallery.uploads.services import cancel_upload, retry_upload
from gallery.uploads.states import Status


class UploadEventInline(admin.TabularInline[UploadEvent, Upload]):
    model = UploadEvent
    fields = ["at", "came_from", "went_to", "note"]
    readonly_fields = ["at", "came_from", "went_to", "note"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin[Upload]):
    """Read only, but for what a person could do too. `ticket`, `callback_key` and the file stay out."""

    list_display = [
        "id", "filename", "owner", "account", "state_shown", "reason", "route", "tries", "waits",
        "lease_until", "next_at", "updated_at",
    ]  # fmt: skip
    # By reason one searches: what a filter or a date hierarchy offers is looked for in every row.
    list_filter = ["status", "route", "account__kind", "account__provider_id"]
    search_fields = [
        "filename",
        "title",
        "owner__username",
        "owner__email",
        "account__label",
        "sha256",
        "=reason",
    ]
    list_select_related = ["owner", "account"]
    ordering = ["-pk"]
    show_full_result_count = False
    fields = [
        "owner", "account", "batch", "status", "reason", "hint", "route", "takes_turns", "filename",
        "media_type",
        "byte_size", "sent_bytes", "sha256", "width", "height", "title", "description", "tags", "photo",
        "remote_photo_id", "tries", "waits", "lease_owner", "lease_until", "next_at", "callback_deadline",
        "confirm_until", "created_at", "updated_at",
    ]  # fmt: skip
    inlines = [UploadEventInline]
    actions = ["retry", "cancel"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Upload]:
        return super().get_queryset(request).defer("preview", "ticket")

    @admin.display(description="status", ordering="status")
    def state_shown(self, upload: Upload) -> SafeString:
        return state_word(upload.get_status_display(), tone_of(Status(upload.status)))

    @admin.action(description=_("Send again"), permissions=["view"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Upload]) -> None:
        done = sum(retry_upload(upload) for upload in queryset)
        self.message_user(
            request, ngettext("%d upload will be sent again.", "%d uploads will be sent again.", done) % done
        )

    @admin.action(description=_("Cancel"), permissions=["view"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Upload]) -> None:
        done = sum(cancel_upload(upload) for upload in queryset)
        self.message_user(request, ngettext("%d upload cancelled.", "%d uploads cancelled.", done) % done)


@admin.register(UploadBatch)
class UploadBatchAdmin(admin.ModelAdmin[UploadBatch]):
    list_display = ["id", "owner", "account", "album", "new_album_title", "created_at"]
    list_filter = ["account__kind"]
    search_fields = ["owner__username", "owner__email", "new_album_title", "account__label"]
    list_select_related = ["owner", "account", "album"]
    fields = ["owner", "account", "album", "new_album_title", "album_asked_at", "created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
