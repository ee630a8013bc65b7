from django.contrib import admin

from gallery.explore.models import FollowedTag


@admin.register(FollowedTag)
class FollowedTagAdmin(admin.ModelAdmin[FollowedTag]):
    list_display = ["name", "account", "created_at"]
    list_filter = ["account__kind"]
    search_fields = ["name", "account__label", "account__user__username"]
    list_select_related = ["account"]
    readonly_fields = ["account", "key"]
