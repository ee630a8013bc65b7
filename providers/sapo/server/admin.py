"""The operators' lists of the SAPO server. Secrets are not shown; a new key is, once."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from providers.sapo.server import media
from providers.sapo.server.auth.keys import digest, new_key
from providers.sapo.server.auth.people import issue_access_key, revoke_tokens
from providers.sapo.server.models import (
    AccessKey,
    Album,
    Collection,
    CollectionAlbum,
    Comment,
    Highlight,
    Image,
    Person,
    Token,
    UploadToken,
)
from providers.sapo.server.photo_store import remove_image, sort_key, update_image
from providers.server.counted_deletion import CountedDeletion


@admin.register(Person)
class PersonAdmin(CountedDeletion, admin.ModelAdmin[Person]):
    deleted_along = ("albums", "images", "tokens")
    list_display = ["username", "email", "image_count", "stored_bytes", "is_active", "is_banned", "is_admin"]
    list_filter = ["is_active", "is_banned", "is_admin"]
    search_fields = ["username", "email"]
    date_hierarchy = "created_at"
    raw_id_fields = ["opened_by"]
    readonly_fields = ["image_count", "public_count", "safe_count", "stored_bytes", "album_count"]
    actions = ["issue_key", "end_tokens", "ban", "pardon"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # accounts are opened with a password: `manage.py sapo_account`

    @admin.action(description=_("Issue an access key"), permissions=["change"])
    def issue_key(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        for person in queryset:
            key = issue_access_key(person, "admin")
            text = _("The access key of %(username)s, shown only now: %(key)s")
            self.message_user(request, text % {"username": person.username, "key": key}, messages.WARNING)

    @admin.action(description=_("Revoke all tokens"), permissions=["change"])
    def end_tokens(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        ended = sum(revoke_tokens(person) for person in queryset)
        self.message_user(request, ngettext("%d token ended.", "%d tokens ended.", ended) % ended)

    @admin.action(description=_("Ban"), permissions=["change"])
    def ban(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        queryset.update(is_banned=True)

    @admin.action(description=_("Lift the ban"), permissions=["change"])
    def pardon(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        queryset.update(is_banned=False)


@admin.register(AccessKey)
class AccessKeyAdmin(admin.ModelAdmin[AccessKey]):
    list_display = ["prefix", "label", "person", "is_active", "created_at"]
    list_filter = ["is_active"]
    search_fields = ["prefix", "label", "person__username"]
    raw_id_fields = ["person"]
    readonly_fields = ["prefix", "created_at"]

    def save_model(self, request: HttpRequest, obj: AccessKey, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        key = new_key()
        obj.key_hash, obj.prefix = digest(key), key[:6]
        super().save_model(request, obj, form, change)
        self.message_user(
            request, _("The access key, shown only now: %(key)s") % {"key": key}, messages.WARNING
        )


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin[Token]):
    ordering = ["-pk"]
    show_full_result_count = False
    list_display = ["person", "created_at", "expires_at", "revoked_at"]
    list_filter = ["expires_at", "revoked_at"]
    search_fields = ["person__username"]
    list_select_related = ["person"]
    readonly_fields = ["person", "created_at", "extra_info"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class _Titled(admin.ModelAdmin[Any]):
    """Updates the key that lists are ordered by with the title."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.title_key = sort_key(obj.title)[:100]
        super().save_model(request, obj, form, change)


@admin.register(Album)
class AlbumAdmin(_Titled):
    list_display = ["title", "owner", "number", "image_count", "is_active", "is_special", "created_at"]
    list_filter = ["is_active", "is_special"]
    search_fields = ["title", "owner__username"]
    list_select_related = ["owner"]
    date_hierarchy = "created_at"
    raw_id_fields = ["cover"]
    readonly_fields = ["owner", "number", "is_special", "image_count", "public_count", "safe_count"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # numbered by AlbumCreate


class CollectionAlbumInline(admin.TabularInline[CollectionAlbum, Collection]):
    model = CollectionAlbum
    raw_id_fields = ["album"]
    extra = 1


@admin.register(Collection)
class CollectionAdmin(_Titled):
    list_display = ["title", "owner", "code", "is_active", "created_at"]
    list_filter = ["is_active"]
    search_fields = ["title", "code", "owner__username"]
    list_select_related = ["owner"]
    raw_id_fields = ["owner", "cover"]
    inlines = [CollectionAlbumInline]


class CommentInline(admin.TabularInline[Comment, Image]):
    model = Comment
    extra = 0


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    ordering = ["-pk"]
    list_display = ["uid", "title", "owner", "created_at", "is_pending", "is_active", "is_adult", "byte_size"]
    list_filter = ["is_pending", "is_active", "is_adult", "is_inappropriate", "is_damaged", "format"]
    search_fields = ["uid", "title", "owner__username"]
    list_select_related = ["owner"]
    show_full_result_count = False
    fields = [
        "uid", "owner", "title", "subtitle", "synopse", "tags", "is_active", "is_adult", "is_inappropriate",
        "rating", "visualizations", "created_at", "width", "height", "byte_size", "format", "md5",
    ]  # fmt: skip
    readonly_fields = ["uid", "owner", "created_at", "width", "height", "byte_size", "format", "md5"]
    inlines = [CommentInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # a photo needs a file: ImageCreate and the upload

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        with update_image(obj) as row:
            for name in form.changed_data:
                setattr(row, name, form.cleaned_data[name])

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        media.delete_files(remove_image(obj).file_name)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        for image in queryset:
            self.delete_model(request, image)


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin[Comment]):
    ordering = ["-pk"]
    show_full_result_count = False
    list_display = ["nickname", "body", "image", "created_at", "is_approved"]
    list_filter = ["is_approved"]
    search_fields = ["nickname", "body", "image__uid"]
    list_select_related = ["image"]
    raw_id_fields = ["image"]


@admin.register(UploadToken)
class UploadTokenAdmin(admin.ModelAdmin[UploadToken]):
    ordering = ["-pk"]
    show_full_result_count = False
    list_display = ["image", "created_at", "expires_at", "used_at"]
    list_filter = ["used_at"]
    search_fields = ["image__uid"]
    list_select_related = ["image"]
    readonly_fields = ["image", "created_at", "expires_at", "used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Highlight)
class HighlightAdmin(admin.ModelAdmin[Highlight]):
    list_display = ["interface", "position", "album", "person", "tag"]
    list_filter = ["interface"]
    search_fields = ["tag", "album__title", "person__username"]
    list_select_related = ["album", "person"]
    raw_id_fields = ["album", "person"]
    list_display_links = ["interface"]
    list_editable = ["position"]
