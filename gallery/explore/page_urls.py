"""Addresses of the explore pages, written by hand: names come from services and may hold anything.

A name that is "" has no page; the empty address says so.
"""

from urllib.parse import quote


def person_url(account_pk: int, username: str) -> str:
    return f"/explore/{account_pk}/people/{_part(username)}/" if username else ""


def album_url(account_pk: int, username: str, album_id: str) -> str:
    if not username or not album_id:
        return ""
    return f"/explore/{account_pk}/people/{_part(username)}/albums/{_part(album_id)}/"


def album_key_url(account_pk: int, username: str, album_id: str) -> str:
    return f"/explore/{account_pk}/keys/{_part(username)}/albums/{_part(album_id)}/"


def tag_url(account_pk: int, tag: str) -> str:
    return f"/explore/{account_pk}/tags/{_part(tag)}/" if tag.strip() else ""


def photo_url(account_pk: int, remote_id: str) -> str:
    return f"/explore/{account_pk}/photos/{_part(remote_id)}/" if remote_id else ""


def _part(text: str) -> str:
    return quote(text, safe="")
