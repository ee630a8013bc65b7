"""Changes as background work. One change of a photo at a time, in their order."""

from datetime import datetime
from functools import partial

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.changes.apply import apply_change
from gallery.changes.models import Change
from gallery.jobs.kinds import Kind
from gallery.jobs.lease import Lease, is_due, is_free
from gallery.jobs.work import Job, Work, accounts_in_turn

Status = Change.Status
_OPEN = (Status.WAITING, Status.WORKING)
_CANDIDATES = 5  # where another worker takes the first one in this moment


# One change of a photo at a time, in their order.
_EARLIER = Change.objects.filter(
    account=OuterRef("account"),
    photo_remote_id=OuterRef("photo_remote_id"),
    pk__lt=OuterRef("pk"),
    status__in=_OPEN,
)


class ChangeWork(Work):
    kind = Kind.CHANGES

    def due(self, now: datetime) -> "QuerySet[Change]":
        may_begin = Q(status=Status.WORKING) | (Q(status=Status.WAITING) & is_due(now))
        rows = Change.objects.exclude(account__state=LinkedAccount.State.LEAVING)
        return rows.filter(is_free(now)).filter(may_begin).filter(~Exists(_EARLIER))

    def claim(self) -> Job | None:
        due = self.due(timezone.now())
        for account_id in accounts_in_turn(due):
            for change in due.filter(account=account_id).order_by("next_at", "pk")[:_CANDIDATES]:
                if (job := take(change)) is not None:
                    return job
        return None


def take(change: Change) -> Job | None:
    """The work on this change, if nobody else has it."""
    lease = Lease(Change.objects.filter(pk=change.pk, status__in=_OPEN))
    now = timezone.now()
    if not lease.take(status=Status.WORKING, tries=F("tries") + 1, claimed_at=now, updated_at=now):
        return None
    change.refresh_from_db()
    return partial(apply_change, change, lease)
