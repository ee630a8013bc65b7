"""A queue that is emptied while a long line waits costs nothing that one would notice.

The whole promise takes minutes: `PROMISE_UPLOADS=660 make test FILE=tests/promises/test_flushed_queue.py`. CI
sees a shorter line, where the share of starting up is too large for a ratio: there nothing may be lost.
"""

import os
import time
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from gallery.accounts.models import LinkedAccount
from gallery.jobs import queue
from gallery.jobs.kinds import Kind
from gallery.jobs.work import sweep
from gallery.uploads.models import Upload
from gallery.uploads.states import Status
from tests.support.fake_service import FakeServiceServer
from tests.support.linking import link, offered, upload_of
from tests.support.painting import picture
from tests.support.queues import forget_everything, messages
from tests.support.workers import until, working

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.whole_site]
UPLOADS = int(os.environ.get("PROMISE_UPLOADS", "40"))
IS_WHOLE = UPLOADS >= 660
LONGEST = 1.2  # times as long as without a flush


def stored(account: LinkedAccount) -> int:
    return Upload.objects.filter(account=account, status=Status.STORED).count()


def seconds_to_store(account: LinkedAccount, url: str, when_begun: Callable[[], None]) -> float:
    """From the first stored photo to the last one; `when_begun` is called at a tenth of the way."""
    most = 0

    def beat() -> None:
        nonlocal most
        sweep()
        most = max(most, messages(Kind.UPLOADS))

    with working(url, concurrency=3):
        assert until(lambda: stored(account) > 0, seconds=60, meanwhile=beat)
        started = time.monotonic()
        assert until(lambda: stored(account) > UPLOADS // 10, seconds=600, meanwhile=beat)
        when_begun()
        assert until(lambda: stored(account) == UPLOADS, seconds=600, meanwhile=beat)
    assert most <= queue.MOST_WAITING + 3  # the three workers may look and send at the same moment
    return time.monotonic() - started


def test_emptied_queue_slows_a_long_line_down_by_a_fifth_at_most(alice: User, bob: User) -> None:
    taken = []
    with FakeServiceServer() as server, offered(server.url):
        for user, when_begun in ((alice, lambda: None), (bob, forget_everything)):
            account = link(user)
            for number in range(UPLOADS):
                upload_of(
                    account, picture(text=f"{user.username} {number}"), f"{number}.jpg", key=user.username
                )
            taken.append(seconds_to_store(account, server.url, when_begun))
        assert len(server.truth.photos) == 2 * UPLOADS
    print(f"\n{UPLOADS} uploads: {taken[0]:.1f} s, emptied {taken[1]:.1f} s")  # noqa: T201
    assert not IS_WHOLE or taken[1] <= taken[0] * LONGEST
