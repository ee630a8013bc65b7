"""A worker in the test's own process: it takes the row that the test names, if a worker could."""

from django.utils import timezone

from gallery.changes import jobs as change_jobs
from gallery.changes.models import Change
from gallery.jobs.kinds import Kind
from gallery.jobs.lease import is_free
from gallery.jobs.work import all_work, work_on
from gallery.library.models import Sync
from gallery.library.sync.run import SyncRun, SyncWork, take
from gallery.uploads import jobs as upload_jobs
from gallery.uploads.delivery.recover import recover_uploads
from gallery.uploads.models import Upload
from gallery.uploads.states import Status

__all__ = ["Kind", "recover_uploads", "work_on"]


def send_upload(upload_id: int) -> None:
    due = upload_jobs.UploadWork().due(timezone.now()).filter(pk=upload_id, status=Status.QUEUED)
    _take_upload(due.select_related("account").first())


def confirm_upload(upload_id: int) -> None:
    """Even before its time: as after a callback."""
    rows = Upload.objects.filter(is_free(timezone.now()), pk=upload_id)
    row = rows.filter(status__in=[Status.AWAITING_CALLBACK, Status.CONFIRMING]).first()
    if row is not None and not row.account.needs_person:
        _take_upload(row)


def _take_upload(row: Upload | None) -> None:
    if row is not None and (job := upload_jobs.take(row)) is not None:
        job()


def is_due(kind: Kind, pk: int) -> bool:
    return all_work()[kind].due(timezone.now()).filter(pk=pk).exists()


def claim_sync(account_id: int) -> SyncRun | None:
    row = SyncWork().due(timezone.now()).select_related("account").filter(pk=account_id).first()
    return take(row) if row else None


def sync_account(account_id: int) -> None:
    if (run := claim_sync(account_id)) is not None:
        run.work()


def apply_change(change_id: int) -> None:
    row = change_jobs.ChangeWork().due(timezone.now()).filter(pk=change_id).first()
    if row is not None and (job := change_jobs.take(row)) is not None:
        job()


def apply_all_changes() -> None:
    for change_id in Change.objects.order_by("pk").values_list("pk", flat=True):
        apply_change(change_id)


def sync_of(account_id: int) -> Sync:
    return Sync.objects.get(pk=account_id)
