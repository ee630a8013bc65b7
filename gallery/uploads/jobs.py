"""Uploads as background work: which row a worker takes next, fairly between accounts."""

from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.jobs.kinds import Kind
from gallery.jobs.lease import CLOCK_TOLERANCE, LONGEST_WAIT, is_due, is_free, is_held
from gallery.jobs.work import Job, Work, accounts_in_turn
from gallery.uploads.delivery.confirm import confirm_upload
from gallery.uploads.delivery.lease import UploadLease
from gallery.uploads.delivery.policy import end_of_doubt
from gallery.uploads.delivery.recover import recover_uploads
from gallery.uploads.delivery.send import send_upload
from gallery.uploads.models import Upload, UploadQuerySet
from gallery.uploads.states import IN_FLIGHT, Status

AT_ONCE = 2  # uploads of one account, so that it never takes all workers
_TO_CONFIRM = (Status.AWAITING_CALLBACK, Status.CONFIRMING)
_WAITS_FOR_PERSON = [LinkedAccount.State.RECONNECT, LinkedAccount.State.CONSENT, LinkedAccount.State.LEAVING]

# Where the service names no new photo, those of one account go one at a time; such accounts, however many
# they are, must not stand before the others.
_TURN_TAKEN = Upload.objects.filter(
    account=OuterRef("account"), takes_turns=True, status__in=[Status.SENDING, Status.CONFIRMING]
)


class UploadWork(Work):
    kind = Kind.UPLOADS

    def due(self, now: datetime) -> UploadQuerySet:
        rows = Upload.objects.filter(is_free(now), Q(next_at=None) | is_due(now))
        rows = rows.filter(status__in=[Status.QUEUED, *_TO_CONFIRM])
        rows = rows.exclude(Q(status=Status.QUEUED, takes_turns=True) & Exists(_TURN_TAKEN))
        return rows.exclude(account__state__in=_WAITS_FOR_PERSON)

    def claim(self) -> Job | None:
        now = timezone.now()
        if not self.due(now).exists():
            return None  # without asking for the database's write lock
        with transaction.atomic():
            for account_id in accounts_in_turn(self.due(now)):
                due = self.due(now).filter(account=account_id).select_related("account")
                to_confirm = due.filter(status__in=_TO_CONFIRM).order_by("next_at", "pk").first()
                row = to_confirm or due.filter(status=Status.QUEUED).order_by("pk").first()
                if row is not None and (job := take(row)) is not None:
                    return job
        return None

    def recover(self) -> None:
        recover_uploads()


def take(upload: Upload) -> Job | None:
    """Begin with this row, if nobody else holds it and its account has room for one more."""
    lease, now = UploadLease(upload), timezone.now()
    with transaction.atomic():
        if not _lock(upload.account_id):
            return None
        if upload.status == Status.QUEUED:
            is_ours = _may_send(upload, now) and _begin_sending(upload, lease, now)
            return partial(send_upload, upload, lease) if is_ours else None
        if not lease.take(claimed_at=now, **_believable_doubt(upload, now)):
            return None
    upload.refresh_from_db()
    return partial(confirm_upload, upload, lease)


def _may_send(upload: Upload, now: datetime) -> bool:
    """Whether one more of its account may be begun. The account's row is locked meanwhile.

    Only counted, three workers that come at once would all find room for one.
    """
    under_way = Upload.objects.filter(account=upload.account_id, status__in=IN_FLIGHT)
    if upload.takes_turns:  # the service names no new photo: two of them could not be told apart
        return not under_way.filter(takes_turns=True).exclude(status=Status.AWAITING_CALLBACK).exists()
    return under_way.filter(is_held(now)).count() < AT_ONCE


def _begin_sending(upload: Upload, lease: UploadLease, now: datetime) -> bool:
    """The database lets one upload in where the service needs them to go one at a time."""
    try:
        return upload.move(Status.SENDING, **lease.terms, sent_bytes=0, claimed_at=now)
    except IntegrityError:
        return False


def _lock(account_id: int) -> bool:
    """False while another worker claims an upload of the account: it will wake the next one."""
    rows = LinkedAccount.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=account_id)
    return bool(list(rows.values_list("pk")))


def _believable_doubt(upload: Upload, now: datetime) -> dict[str, datetime]:
    """A doubt that was dated by a clock that was wrong begins anew."""
    until = upload.confirm_until
    longest = upload.shown_within(LONGEST_WAIT) + CLOCK_TOLERANCE
    is_wrong = until is not None and until > now + longest
    return {"confirm_until": end_of_doubt(upload)} if is_wrong else {}
