"""Workers are shared evenly: a long line of one account delays nobody else by more than one file."""

from datetime import timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gallery.accounts.models import LinkedAccount
from gallery.uploads.jobs import UploadWork
from gallery.uploads.models import Upload, UploadBatch
from gallery.uploads.receiving.accept import open_batch
from gallery.uploads.states import Status
from tests.support.fake_service import Truth
from tests.support.linking import link

pytestmark = pytest.mark.django_db
_numbers = count()


def wait_in_line(account: LinkedAccount, how_many: int) -> None:
    batch = open_batch(account, f"batch-{next(_numbers)}", None)
    Upload.objects.bulk_create(_row(batch, number) for number in range(how_many))


def _row(batch: UploadBatch, number: int) -> Upload:
    return Upload(
        batch=batch,
        account=batch.account,
        owner_id=batch.owner_id,
        filename=f"{number}.jpg",
        callback_key=f"key-{batch.pk}-{number}",
        next_at=timezone.now(),
    )


def claim_and_finish(work: UploadWork) -> int | None:
    """The account of the row that a worker takes; the row is stored at once."""
    job: Any = work.claim()
    if job is None:
        return None
    upload: Upload = job.args[0]
    Upload.objects.filter(pk=upload.pk).update(status=Status.STORED, lease_until=None, lease_owner="")
    return upload.account_id


def test_first_file_of_another_comes_next(alice: User, bob: User, truth: Truth) -> None:
    hers, his = link(alice), link(bob)
    wait_in_line(hers, 5_000)
    work = UploadWork()
    assert [claim_and_finish(work) for _ in range(3)] == [hers.pk] * 3
    wait_in_line(his, 1)
    assert claim_and_finish(work) == his.pk
    assert claim_and_finish(work) == hers.pk


def test_two_accounts_share_the_workers_evenly(alice: User, bob: User, truth: Truth) -> None:
    hers, his = link(alice), link(bob)
    wait_in_line(hers, 40)
    wait_in_line(his, 20)
    work = UploadWork()
    served = [claim_and_finish(work) for _ in range(40)]
    assert served.count(hers.pk) == served.count(his.pk) == 20
    assert all(one != other for one, other in pairwise(served))


def test_account_that_was_served_under_a_wrong_clock_has_its_turn(
    alice: User, bob: User, truth: Truth
) -> None:
    hers, his = link(alice), link(bob)
    work = UploadWork()
    wait_in_line(hers, 1)
    assert claim_and_finish(work) == hers.pk
    Upload.objects.update(claimed_at=timezone.now() + timedelta(days=1))
    wait_in_line(hers, 3)
    wait_in_line(his, 3)
    served = [claim_and_finish(work) for _ in range(4)]
    assert served.count(hers.pk) == served.count(his.pk) == 2


def test_rows_of_one_account_go_oldest_first(alice: User, truth: Truth) -> None:
    account = link(alice)
    wait_in_line(account, 5)
    work = UploadWork()
    for _ in range(5):
        claim_and_finish(work)
    taken = Upload.objects.order_by("claimed_at", "pk").values_list("filename", flat=True)
    assert list(taken) == [f"{number}.jpg" for number in range(5)]


def test_claim_costs_as_many_queries_whatever_waits(alice: User, bob: User, truth: Truth) -> None:
    hers, his = link(alice), link(bob)
    work, counts = UploadWork(), []
    for how_many in (2, 500):
        wait_in_line(hers, how_many)
        wait_in_line(his, how_many)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert work.claim() is not None
        counts.append(len(queries))
        Upload.objects.exclude(lease_until=None).update(status=Status.STORED, lease_until=None)
    assert counts[0] == counts[1] <= 16


def test_account_that_needs_its_owner_holds_up_nobody(alice: User, bob: User, truth: Truth) -> None:
    hers, his = link(alice), link(bob)
    wait_in_line(hers, 3)
    wait_in_line(his, 1)
    LinkedAccount.objects.filter(pk=hers.pk).update(state=LinkedAccount.State.RECONNECT)
    work = UploadWork()
    assert [claim_and_finish(work), claim_and_finish(work)] == [his.pk, None]


def test_file_that_waits_for_its_turn_lets_others_pass(alice: User, bob: User, truth: Truth) -> None:
    """The service names no new photo: hers go one at a time, and his do not wait for that."""
    hers, his = link(alice, "listed"), link(bob)
    wait_in_line(hers, 3)
    Upload.objects.update(takes_turns=True)
    wait_in_line(his, 2)
    work = UploadWork()
    jobs: list[Any] = [work.claim(), work.claim(), work.claim(), work.claim()]
    assert [job and job.args[0].account_id for job in jobs] == [hers.pk, his.pk, his.pk, None]
