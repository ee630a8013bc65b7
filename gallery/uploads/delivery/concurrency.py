"""Whose turn it is: one account never takes all workers, and one whose service is away rests meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.uploads import bell
from gallery.uploads.models import Upload
from gallery.uploads.states import IN_FLIGHT, Status

AT_ONCE = 2  # uploads of one account under way; where the service names no new photo, the database says one


@contextmanager
def turn_of(account_id: int) -> Iterator[bool]:
    """Whether a worker may begin with one more upload of the account, and no other begins meanwhile.

    Only counted, three workers that come at once would all find room for one.
    """
    with transaction.atomic():
        list(LinkedAccount.objects.select_for_update(no_key=True).filter(pk=account_id).values_list("pk"))
        held = Upload.objects.filter(account=account_id, status__in=IN_FLIGHT, lease_until__gt=timezone.now())
        yield held.count() < AT_ONCE


def ring_next(account_id: int) -> None:
    """The end of one calls a worker to the next of its account."""
    waiting = Upload.objects.filter(account=account_id, status=Status.QUEUED, next_at__lte=timezone.now())
    next_id = waiting.order_by("pk").values_list("pk", flat=True).first()
    if next_id:
        bell.ring(bell.SEND, next_id)


def hold_back(account_id: int, until: datetime) -> None:
    """The account's service does not answer: what waits for it would each find that out by itself."""
    waiting = Upload.objects.filter(account=account_id, status=Status.QUEUED, next_at__lt=until)
    waiting.update(next_at=until)
