"""Addresses that pages of several apps lead to with something chosen already."""

from django.urls import reverse
from django.utils.http import urlencode


def add_photos_url(account_pk: int | None = None, album_pk: int | None = None) -> str:
    """The form for new photos, with the account and the album that the person came from."""
    chosen = {name: pk for name, pk in (("account", account_pk), ("album", album_pk)) if pk}
    address = reverse("uploads:new")
    return f"{address}?{urlencode(chosen)}" if chosen else address
