"""The cache's server answers with an error instead of a value: it counts as empty, and limits hold."""

import os
import signal
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client, override_settings
from redis import Redis

from gallery.health import forget_answers
from providers.sapo.counters import count_of, count_up
from tests.support.running_site import wait_for
from tests.support.sapo_cast import LinkedSapo
from tests.support.services import start_valkey

pytestmark = pytest.mark.django_db(transaction=True)


def run_out_of_memory(server: Redis, _folder: Path) -> None:
    server.config_set("maxmemory", 1)


def fail_to_save(server: Redis, folder: Path) -> None:
    """A folder lies where its file would go."""
    (folder / "dump.rdb").mkdir()
    server.config_set("save", "3600 1")
    server.bgsave()
    assert wait_for(lambda: server.info("persistence")["rdb_last_bgsave_status"] == "err", 30)


def become_a_replica(server: Redis, _folder: Path) -> None:
    server.replicaof("127.0.0.1", 1)


def become_a_replica_that_says_nothing(server: Redis, _folder: Path) -> None:
    server.config_set("replica-serve-stale-data", "no")
    server.replicaof("127.0.0.1", 1)


def want_a_password(server: Redis, _folder: Path) -> None:
    server.config_set("requirepass", "secret")
    server.client_kill_filter(_type="normal", skipme=True)


TROUBLES = [
    run_out_of_memory, fail_to_save, become_a_replica, become_a_replica_that_says_nothing, want_a_password
]  # fmt: skip


class Loading(socketserver.StreamRequestHandler):
    """A server that reads what it saved, and answers every command so."""

    def handle(self) -> None:
        while line := self.rfile.readline():
            for _ in range(int(line[1:])):
                self.rfile.read(int(self.rfile.readline()[1:]) + 2)
            self.wfile.write(b"-LOADING the dataset is in memory soon\r\n")


@contextmanager
def caching_at(location: str) -> Iterator[None]:
    with override_settings(CACHES={"default": {**settings.CACHES["default"], "LOCATION": location}}):
        yield


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    """A cache server of the test's own, in the site's use."""
    process = start_valkey(tmp_path)
    with caching_at(f"unix://{tmp_path / 'valkey.sock'}?db=0"):
        yield Redis(unix_socket_path=str(tmp_path / "valkey.sock"))
    process.kill()
    process.wait()


@pytest.fixture
def loading() -> Iterator[None]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Loading) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        with caching_at(f"redis://127.0.0.1:{running.server_address[1]}"):
            yield
        running.shutdown()


def assert_counts_as_empty_and_limits_hold() -> None:
    cache.set("page", "text")
    assert cache.get("page") is None and cache.get_many(["page"]) == {}
    assert [count_up("guesses", 60) for _ in range(3)] == [1, 2, 3] and count_of("guesses") == 3
    assert cache.add("lock", 1, 60) and not cache.add("lock", 1, 60)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_cache_that_says_no_counts_as_empty_and_limits_hold(
    server: Redis, tmp_path: Path, trouble: Callable[[Redis, Path], None]
) -> None:
    cache.set("page", "before")
    trouble(server, tmp_path)
    assert_counts_as_empty_and_limits_hold()


def test_cache_that_is_still_loading_counts_as_empty_and_limits_hold(loading: None) -> None:
    assert_counts_as_empty_and_limits_hold()


@pytest.mark.parametrize("address", ["/", "/albums/", "/tags/", "/search/?q=praia", "/explore/?ask=all"])
def test_pages_open_while_the_cache_is_full(
    world: LinkedSapo, server: Redis, tmp_path: Path, address: str
) -> None:
    run_out_of_memory(server, tmp_path)
    assert "<html" in world.get(address)


def test_health_says_that_the_cache_is_full(client: Client, server: Redis, tmp_path: Path) -> None:
    assert client.get("/health/").json()["queue"] == "ok"
    run_out_of_memory(server, tmp_path)
    forget_answers()
    assert client.get("/health/").json()["queue"] == "failing"


def test_wrong_passwords_are_held_back_while_the_cache_is_full(
    alice: User, client: Client, server: Redis, tmp_path: Path
) -> None:
    run_out_of_memory(server, tmp_path)
    pages = []
    for number in range(8):
        form = {"login": "alice@example.org", "password": f"wrong-{number}"}
        pages.append(client.post("/accounts/login/", form).content.decode())
    assert "Too many tries with a wrong password" in pages[-1]
    assert "Too many tries with a wrong password" not in pages[0]


def test_cache_is_used_again_when_it_takes_values_again_and_is_told_the_counts(
    server: Redis, tmp_path: Path
) -> None:
    run_out_of_memory(server, tmp_path)
    count_up("guesses", 600)
    count_up("guesses", 600)
    server.config_set("maxmemory", 0)

    def is_back() -> bool:
        cache.set("page", "text")
        return bool(cache.get("page") == "text")

    assert wait_for(is_back, 30)
    assert count_of("guesses") == 2 and count_up("guesses", 600) == 3
    assert 0 < server.ttl(cache.make_key("guesses")) <= 600


def test_cache_that_hangs_is_waited_for_once(server: Redis) -> None:
    process_id = server.info("server")["process_id"]
    os.kill(process_id, signal.SIGSTOP)
    try:
        begun_at = time.monotonic()
        assert [cache.get("page") for _ in range(100)] == [None] * 100
        assert time.monotonic() - begun_at < 25, "a hundred waits of half a second would take twice as long"
        assert_counts_as_empty_and_limits_hold()
    finally:
        os.kill(process_id, signal.SIGCONT)


def test_cache_is_cleared_of_the_keys_of_this_site_alone() -> None:
    server = Redis.from_url(settings.CACHE_URL)
    server.set("another-site:1:page", "text", ex=60)
    cache.set_many({f"page{number}": "text" for number in range(2_500)})
    cache.clear()
    assert server.get("another-site:1:page") == b"text"
    assert not cache.get_many([f"page{number}" for number in range(2_500)])
    server.delete("another-site:1:page")
