"""Albums: their titles, and the inbox."""

from collections.abc import Iterator

from django.db import IntegrityError, transaction

from providers.orange.protocol import INBOX_TITLE, MAX_TITLE, ErrorCode
from providers.orange.server.errors import ServiceError
from providers.orange.server.models import OrangeAccount, OrangeAlbum
from providers.xml import clean

_MAX_TRIES = 50


def clean_title(text: str) -> str:
    """A title as it is stored: one line, without what XML forbids. Raises ServiceError 9008."""
    title = clean(text.replace("\r\n", " ").translate({9: " ", 10: " ", 13: " "})).strip()
    if not title or len(title) > MAX_TITLE:
        raise ServiceError(ErrorCode.BAD_TITLE, f"title empty or longer than {MAX_TITLE} characters")
    return title


def create_album(account: OrangeAccount, title: str) -> OrangeAlbum:
    """A new album under `title`, or `title-n` when that exists. Raises ServiceError 9008."""
    for candidate in _free_titles(account, clean_title(title)):
        try:
            with transaction.atomic():
                return account.albums.create(title=candidate)
        except IntegrityError:
            continue  # another request took the title after it was seen to be free
    raise ServiceError(ErrorCode.INTERNAL, "no free title", status=500)


def inbox_of(account: OrangeAccount) -> OrangeAlbum:
    """The album for pictures sent without one, made when first needed."""
    inbox = account.albums.filter(is_inbox=True).first()
    if inbox is not None:
        return inbox
    try:
        with transaction.atomic():
            return account.albums.create(title=INBOX_TITLE, is_inbox=True)
    except IntegrityError:  # made by another request in the meantime
        return account.albums.get(is_inbox=True)


def _free_titles(account: OrangeAccount, title: str) -> Iterator[str]:
    """`title` and then `title-n` from n = 1, without those that exist. "Inbox" is reserved for the inbox."""
    taken = set(account.albums.filter(title__startswith=title).values_list("title", flat=True))
    taken.add(INBOX_TITLE)
    candidates = [title, *(f"{title}-{number}" for number in range(1, len(taken) + _MAX_TRIES))]
    return (candidate for candidate in candidates if candidate not in taken)
