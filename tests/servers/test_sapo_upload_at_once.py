"""Many at once: one token posted twice, the last place, a hundred askers of one missing picture."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from providers import pictures
from providers.sapo.server.media import view_urls
from providers.sapo.server.models import Image, Person
from tests.support.sapo_media import Reply, ana, get, painted, pending, send, stored, ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def at_once(calls: list[Callable[[], Reply]]) -> list[Reply]:
    """The answers to calls that all begin in the same moment."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], Reply]) -> Reply:
        gate.wait(30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def results(replies: list[Reply]) -> Counter[str]:
    return Counter(reply.body.partition(b"<Result>")[2].partition(b"<")[0].decode() for reply in replies)


def originals() -> list[Path]:
    return [path for path in Path(default_storage.path("sapo")).rglob("*") if path.is_file()]


def test_a_token_posted_many_times_at_once_stores_one_file(live_server: LiveServer) -> None:
    image = pending(ana())
    token = ticket(image)
    contents = [painted("png", 300 + n, 200) for n in range(6)]
    replies = at_once([partial(send, live_server.url, token, content) for content in contents])
    assert results(replies) == {"SUCCESS": 1, "EXHAUSTED_TOKEN": 5}
    [winner] = [n for n, reply in enumerate(replies) if b"SUCCESS" in reply.body]
    [original] = originals()
    assert original.read_bytes() == contents[winner]
    image.refresh_from_db()
    assert image.width == 300 + winner
    assert Person.objects.get().image_count == 1


def test_the_last_places_go_to_as_many_uploads_as_there_are(live_server: LiveServer) -> None:
    owner = ana(max_images=3)
    tokens = [ticket(pending(owner)) for _ in range(8)]
    replies = at_once([partial(send, live_server.url, token, painted()) for token in tokens])
    assert results(replies) == {"SUCCESS": 3, "FILE_LIMIT_QUOTA_EXCEEDED": 5}
    assert Image.objects.filter(is_pending=False).count() == len(originals()) == 3
    owner.refresh_from_db()
    assert (owner.image_count, owner.stored_bytes) == (3, 3 * len(painted()))


def test_a_full_storage_is_never_overfilled_by_uploads_at_once(live_server: LiveServer) -> None:
    owner = ana(max_storage_bytes=2 * len(painted()) + 10)
    tokens = [ticket(pending(owner)) for _ in range(6)]
    replies = at_once([partial(send, live_server.url, token, painted()) for token in tokens])
    assert results(replies) == {"SUCCESS": 2, "TOTAL_STORAGE_QUOTA_EXCEEDED": 4}
    assert sum(path.stat().st_size for path in originals()) == 2 * len(painted())


def test_a_hundred_askers_of_a_missing_picture_cause_one_decode(
    live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = stored(ana(), painted("jpeg", 1600, 1200))
    [view] = [view for view in view_urls(image, "/services/sapo") if view.size == "260x260"]
    decoded: list[tuple[object, ...]] = []
    shrink = pictures.shrink

    def counted(*args: object, **kwargs: object) -> tuple[bytes, str]:
        decoded.append(args)
        return shrink(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(pictures, "shrink", counted)
    replies = at_once([partial(get, live_server.url, view.url)] * 100)
    assert {reply.status for reply in replies} == {200}
    assert len({reply.body for reply in replies}) == 1
    assert len(decoded) == 1
    get(live_server.url, view.url)
    assert len(decoded) == 1


def test_different_uploads_at_once_are_all_stored(live_server: LiveServer) -> None:
    owner = ana()
    images = [pending(owner, tags="sol") for _ in range(12)]
    tokens = [ticket(image) for image in images]
    replies = at_once([partial(send, live_server.url, token, painted()) for token in tokens])
    assert results(replies) == {"SUCCESS": 12}
    owner.refresh_from_db()
    assert owner.image_count == owner.public_count == 12
    assert owner.tags.get().image_count == 12
