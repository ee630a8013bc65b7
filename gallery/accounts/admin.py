"""People and their linked accounts in the operators' panel. No key is ever shown, not even sealed."""

from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gallery.accounts.models import LinkedAccount, Revocation
from gallery.accounts.services import unlink_account
from gallery.admin_site import state_word

# allauth's own forms would show tokens and keep apps in clear: ours live in the environment.
for model in (SocialAccount, SocialApp, SocialToken, User):
    admin.site.unregister(model)


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """Who leaves is first closed: a library of any size then goes in batches, by tasks."""

    list_display = ["username", "email", "is_active", "is_staff", "date_joined", "last_login"]
    date_hierarchy = "date_joined"
    actions = ["close"]

    @admin.action(
        description=_("Close access: no more signing in, all accounts unlinked"), permissions=["change"]
    )
    def close(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        closed = queryset.exclude(username=request.user.get_username())
        for account in LinkedAccount.objects.filter(user__in=closed).exclude(state="leaving"):
            unlink_account(account)
        count = closed.update(is_active=False)
        self.message_user(
            request, ngettext("Access closed for %d person.", "Access closed for %d people.", count) % count
        )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What still stands in the way: linked accounts. All else is little and goes along unasked."""
        linked = LinkedAccount.objects.filter(user__in=objs)
        people = [str(person) for person in objs]
        return people, {str(_("people")): len(people)}, set(), [str(account) for account in linked]


@admin.register(LinkedAccount)
class LinkedAccountAdmin(admin.ModelAdmin[LinkedAccount]):
    list_display = [
        "label", "provider_id", "user", "state_shown", "state_code", "state_since", "photo_count",
        "album_count", "created_at",
    ]  # fmt: skip
    list_filter = ["kind", "provider_id", "state"]
    list_select_related = ["user"]
    search_fields = ["label", "remote_id", "user__username", "user__email"]
    date_hierarchy = "created_at"
    readonly_fields = (
        "user", "provider_id", "kind", "remote_id", "label", "state", "state_code", "state_since",
        "photo_count", "album_count", "created_at",
    )  # fmt: skip
    fields = readonly_fields
    actions = ["mark_for_reconnect", "unlink_accounts"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False  # deleting the row would leave the key and skip its revocation: unlink

    @admin.display(description="state", ordering="state")
    def state_shown(self, account: LinkedAccount) -> SafeString:
        tone = "good" if account.state == LinkedAccount.State.OK else "warn"
        return state_word(account.get_state_display(), "bad" if account.needs_person else tone)

    @admin.action(description=_("Mark for connecting again"), permissions=["change"])
    def mark_for_reconnect(self, request: HttpRequest, queryset: QuerySet[LinkedAccount]) -> None:
        count = queryset.exclude(state=LinkedAccount.State.LEAVING).update(
            state=LinkedAccount.State.RECONNECT, state_code="asked_by_operator", state_since=timezone.now()
        )
        self.message_user(request, ngettext("%d account marked.", "%d accounts marked.", count) % count)

    @admin.action(
        description=_("Unlink: revoke the key and take the photos out of the gallery"), permissions=["change"]
    )
    def unlink_accounts(self, request: HttpRequest, queryset: QuerySet[LinkedAccount]) -> None:
        count = 0
        for account in queryset.exclude(state=LinkedAccount.State.LEAVING):
            unlink_account(account)
            count += 1
        self.message_user(request, ngettext("%d account unlinked.", "%d accounts unlinked.", count) % count)


@admin.register(Revocation)
class RevocationAdmin(admin.ModelAdmin[Revocation]):
    """Keys still to be revoked at their services. Deleting one gives that up."""

    list_display = ["uid", "provider_id", "tries", "created_at"]
    list_filter = ["provider_id"]
    search_fields = ["uid"]
    date_hierarchy = "created_at"
    exclude = ["sealed"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
