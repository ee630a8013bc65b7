"""The library in the operators' panel: to look at; what is written comes from the services alone."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gallery.library.models import Album, CachedPicture, Collection, Month, Photo, Sync, Tag, Timeline
from gallery.library.services import request_sync

# Whoever knows the address of a picture may see it: what the services told stays with its owner.
_INNER = ("raw", "sort_title", "cover_url", "page_url")


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """A list and a page to look at. Long lists are not counted."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Photo)
class PhotoAdmin(ReadOnlyAdmin):
    list_display = ("title", "filename", "account", "taken_at", "media_type", "width", "height", "is_active")
    list_filter = ("account__kind", "is_active", "is_adult")
    list_select_related = ("account",)
    search_fields = ("title", "filename", "remote_id")
    exclude = (*_INNER, "words", "fingerprint", "renditions", "picture_key", "ratio_class", "colour_class")
    ordering = ("-pk",)


@admin.register(Album)
class AlbumAdmin(ReadOnlyAdmin):
    list_display = ("title", "account", "photo_count", "remote_photo_count", "newest_at", "is_inbox")
    list_filter = ("account__kind", "is_inbox", "is_active", "has_password")
    exclude = _INNER
    list_select_related = ("account",)
    search_fields = ("title", "remote_id")
    ordering = ("-pk",)


@admin.register(Collection)
class CollectionAdmin(ReadOnlyAdmin):
    list_display = ("title", "account", "album_count")
    list_filter = ("account__kind",)
    list_select_related = ("account",)
    search_fields = ("title", "remote_id")
    exclude = _INNER
    ordering = ("-pk",)


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    list_display = ("name", "owner", "photo_count")
    list_select_related = ("owner",)
    search_fields = ("slug", "owner__username")
    ordering = ("-photo_count", "-pk")


@admin.register(Timeline)
class TimelineAdmin(ReadOnlyAdmin):
    list_display = ("owner", "photo_count", "version")
    ordering = ("-photo_count", "pk")
    list_select_related = ("owner",)
    search_fields = ("owner__username",)


@admin.register(Month)
class MonthAdmin(ReadOnlyAdmin):
    list_display = ("owner", "year", "month", "photo_count")
    list_filter = ("year",)
    list_select_related = ("owner",)
    search_fields = ("owner__username",)


@admin.register(CachedPicture)
class CachedPictureAdmin(ReadOnlyAdmin):
    list_display = ("key", "account", "media_type", "byte_size", "used_at")
    list_filter = ("media_type",)
    list_select_related = ("account",)
    search_fields = ("key",)
    ordering = ("used_at",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # it is brought again when somebody looks


@admin.register(Sync)
class SyncAdmin(ReadOnlyAdmin):
    list_display = (
        *("account", "status", "done_count", "total_count", "finished_at", "complete_at"),
        *("next_at", "failure_count", "error_code"),
    )
    list_filter = ("status", "account__kind", "error_code")
    list_select_related = ("account",)
    search_fields = ("account__label", "account__user__username")
    actions = ("sync_now", "sync_everything")

    @admin.action(description=_("Sync now"), permissions=["view"])
    def sync_now(self, request: HttpRequest, chosen: QuerySet[Sync]) -> None:
        self._sync(request, chosen, is_complete=False)

    @admin.action(description=_("Sync everything, checking every photo again"), permissions=["view"])
    def sync_everything(self, request: HttpRequest, chosen: QuerySet[Sync]) -> None:
        self._sync(request, chosen, is_complete=True)

    def _sync(self, request: HttpRequest, chosen: QuerySet[Sync], *, is_complete: bool) -> None:
        count = 0
        for sync in chosen.select_related("account"):
            request_sync(sync.account, is_complete=is_complete)
            count += 1
        text = ngettext("%(count)s sync requested.", "%(count)s syncs requested.", count)
        self.message_user(request, text % {"count": count})
