"""The operators' view of the Orange server. Secrets are shown once, when they are made, or never."""

from typing import Any

from allauth.idp.oidc import admin as _allauth_admin  # noqa: F401  (registers what is taken off below)
from allauth.idp.oidc.models import Client, Token
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from providers.orange.server.accounts import SCOPES, new_service_id, set_password
from providers.orange.server.models import (
    Consent,
    MediaObject,
    OrangeAccount,
    OrangeAlbum,
    ServiceDetails,
)
from providers.server.counted_deletion import CountedDeletion

admin.site.unregister(Client)
admin.site.unregister(Token)


@admin.register(OrangeAccount)
class OrangeAccountAdmin(CountedDeletion, admin.ModelAdmin[OrangeAccount]):
    deleted_along = ("albums", "media_objects", "consents")
    list_display = ["label", "user", "photo_count", "stored_bytes", "max_photos", "max_storage_bytes"]
    list_filter = ["created_at"]
    search_fields = ["label", "user__username", "user__email"]
    readonly_fields = ["sub", "photo_count", "stored_bytes", "created_at"]
    autocomplete_fields = ["user"]


@admin.register(OrangeAlbum)
class OrangeAlbumAdmin(CountedDeletion, admin.ModelAdmin[OrangeAlbum]):
    deleted_along = ("media_objects",)
    list_display = ["title", "account", "media_count", "is_inbox", "created_at"]
    list_filter = ["is_inbox", "created_at"]
    search_fields = ["title", "cyphered_id", "account__label"]
    readonly_fields = ["cyphered_id", "media_count"]
    list_select_related = ["account"]
    autocomplete_fields = ["account"]


@admin.register(MediaObject)
class MediaObjectAdmin(admin.ModelAdmin[MediaObject]):
    """Pictures arrive through the service; here operators see, retitle and delete them."""

    ordering = ["-pk"]
    show_full_result_count = False
    list_display = ["title", "account", "album", "media_type", "byte_size", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["title", "filename", "cyphered_id", "account__label"]
    list_select_related = ["account", "album"]
    fields = ["title", "account", "album", "cyphered_id", "filename", "media_type", "byte_size"]
    readonly_fields = ["account", "album", "cyphered_id", "filename", "media_type", "byte_size"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Consent)
class ConsentAdmin(admin.ModelAdmin[Consent]):
    list_display = ["account", "client", "right", "choice", "decided_at", "expires_at"]
    list_filter = ["choice", "right", "client"]
    search_fields = ["account__label", "client__id", "client__name"]
    list_select_related = ["account", "client"]
    autocomplete_fields = ["account", "client"]


class ServiceDetailsInline(admin.StackedInline[ServiceDetails, Client]):
    model = ServiceDetails
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Client)
class ServiceAdmin(CountedDeletion, admin.ModelAdmin[Client]):
    """Subscribing a service: its SERVICE_ID is its id, its SERVICE_PWD is shown once."""

    deleted_along = ("token_set",)
    list_display = ["name", "id", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["id", "name"]
    fields = ["name", "redirect_uris"]
    inlines = [ServiceDetailsInline]
    actions = ["renew_passwords"]

    def save_model(self, request: HttpRequest, obj: Client, form: ModelForm[Any], change: bool) -> None:
        if not change:
            obj.id = new_service_id(obj.name)
            obj.set_scopes(SCOPES)
            self._show_new_password(request, obj)
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Make a new SERVICE_PWD"))
    def renew_passwords(self, request: HttpRequest, queryset: QuerySet[Client]) -> None:
        for client in queryset:
            self._show_new_password(request, client)
            client.save(update_fields=["secret"])

    def _show_new_password(self, request: HttpRequest, client: Client) -> None:
        password = set_password(client)
        text = _("SERVICE_ID %(id)s, SERVICE_PWD %(password)s. The password is shown this once.")
        self.message_user(request, text % {"id": client.id, "password": password}, messages.WARNING)


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin[Token]):
    """User tokens: who let which service in, and until when. Deleting one revokes it."""

    list_display = ["client", "user", "type", "created_at", "expires_at"]
    list_filter = ["type", "client", "expires_at"]
    search_fields = ["client__id", "client__name", "user__username", "user__email"]
    list_select_related = ["client", "user"]
    fields = ["client", "user", "type", "scopes", "created_at", "expires_at"]
    readonly_fields = ["client", "user", "type", "scopes", "created_at", "expires_at"]
    actions = ["revoke"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description=gettext_lazy("Revoke"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        count = queryset.delete()[1].get(Token._meta.label, 0)
        text = ngettext("%(count)s token revoked.", "%(count)s tokens revoked.", count)
        self.message_user(request, text % {"count": count})
