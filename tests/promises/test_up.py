"""`manage.py up` started for real: its programs live, die and come back as one."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from gallery.supervisor.ports import is_free
from gallery.supervisor.readiness import touched_at
from gallery.supervisor.valkey import socket_path
from tests.support.running_site import INHERITED, ROOT, RunningSite, free_port, processes_of, wait_for

pytestmark = pytest.mark.whole_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """One running site, for the tests that leave it running."""
    running = RunningSite(tmp_path_factory.mktemp("up") / "data", free_port()).wait_until_ready()
    yield running
    running.stop(signal.SIGKILL)
    assert wait_for(lambda: not running.programs(), 60)


def _with_static_files_of(site: RunningSite) -> dict[str, str]:
    """Collecting them is half of a first start's time, and `site` has done it."""
    return {"STATIC_ROOT": str(site.data / "static")}


def test_up_is_ready_only_when_every_program_is(site: RunningSite) -> None:
    assert site.is_healthy()
    programs = " ".join(site.programs().values())
    for name in ("valkey-server", "gallery worker", "gallery beat"):
        assert name in programs
    assert programs.count("granian") >= 2, "the built-in servers have a web process of their own"


def test_command_run_by_hand_knows_where_the_site_answers(site: RunningSite) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "orange_account", "zoe@example.org", "--json"],
        cwd=ROOT,
        env={name: os.environ[name] for name in INHERITED if name in os.environ}
        | {"DATA_DIR": str(site.data)},
        capture_output=True,
        check=True,
    )
    key = json.loads(done.stdout)
    assert key["url"] == f"{site.address}services/orange/PersonalPhotos/V1"
    with urlopen(f"{key['url']}?action=GetAlbumsList&token={key['token']}", timeout=20) as answer:
        assert b'code="3201"' in answer.read()


def test_up_keeps_data_and_secrets_from_other_people(site: RunningSite) -> None:
    private = ["secrets.env", "oidc.pem", "pomar.sqlite3", "logs/web.log", "logs/worker.log", "up.lock"]
    for name in private:
        assert stat.S_IMODE((site.data / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE(site.data.stat().st_mode) == 0o700
    assert site.data.joinpath("valkey.sock").is_socket()


def test_command_beside_a_running_site_finds_its_addresses(site: RunningSite) -> None:
    code = "from django.conf import settings as s; print(s.SITE_URL, s.SERVICES_URL)"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    alone = {"PATH": os.environ["PATH"], "DATA_DIR": str(site.data)}
    web, services = subprocess.check_output(command, cwd=ROOT, env=alone, text=True).split()
    assert web + "/" == site.address
    assert urlopen(f"{services}/health/", timeout=5).status == 200


def test_up_without_a_demo_promises_none(site: RunningSite) -> None:
    assert "demo" not in site.output
    assert not list(site.data.glob("demo.*")), "nor at a later start"


def test_up_refuses_a_folder_that_is_in_use(site: RunningSite) -> None:
    second = RunningSite(site.data, free_port())
    assert second.process.wait(120) != 0
    assert f"already runs on {site.data} (process {site.process.pid})" in second.output
    assert site.is_healthy()


@pytest.mark.parametrize("name", ["gallery worker", "valkey-server", "granian"])
def test_up_starts_a_killed_program_again(site: RunningSite, name: str) -> None:
    killed = site.programs(name)
    os.kill(min(killed), signal.SIGKILL)
    back = lambda: set(site.programs(name)) - set(killed)  # noqa: E731
    assert wait_for(back, 60), site.output
    assert "ended by SIGKILL. It is started again in " in site.output
    assert wait_for(site.is_healthy, 60)
    assert wait_for(lambda: touched_at(site.data / "worker.ready"), 120)
    assert "ended with code" not in site.output, "no program ends because another one did"


def test_what_has_ended_is_not_ready(site: RunningSite) -> None:
    os.kill(min(site.programs("gallery worker")), signal.SIGKILL)
    assert wait_for(lambda: not touched_at(site.data / "worker.ready"), 20)
    assert wait_for(lambda: touched_at(site.data / "worker.ready"), 120)


def test_programs_start_though_nothing_can_be_written_to_their_logs(site: RunningSite) -> None:
    """As on a full disk: each that ends at its start would be tried again more and more seldom."""
    words = ("gallery worker", "gallery beat", "granian", "valkey-server")
    assert wait_for(lambda: all(map(site.programs, words)), 60)
    logs, printed_before = site.data / "logs", len(site.output)
    for name in ("worker", "beat", "web", "services", "valkey"):
        (logs / f"{name}.log").unlink()
        (logs / f"{name}.log").symlink_to("/dev/full")
    for pid in set().union(*map(site.programs, words)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    ready = [site.data / "worker.ready", site.data / "beat.ready"]
    assert wait_for(lambda: site.output[printed_before:].count("ended by SIGKILL") == 5, 20), site.output[
        printed_before:
    ]
    assert wait_for(lambda: site.is_healthy() and all(map(touched_at, ready)), 60), site.output[
        printed_before:
    ]
    assert "with code" not in site.output[printed_before:]
    for path in logs.glob("*.log"):
        path.unlink()


def test_up_says_that_a_port_is_taken_and_uses_the_next(tmp_path: Path, site: RunningSite) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        other = RunningSite(tmp_path / "data", port, **_with_static_files_of(site)).wait_until_ready()
        assert f"Port {port} is taken by another program; using {port + 1} instead." in other.output
        assert other.address == f"http://127.0.0.1:{port + 1}/"
        assert other.is_healthy()
        assert other.stop() == 0
    assert not other.programs()
    assert "Stopped." in other.output
    assert not (other.data / "runtime.env").exists()


def test_port_is_held_from_its_choice_until_the_site_ends(tmp_path: Path, site: RunningSite) -> None:
    """By somebody who tries all the time, from before the servers listen."""
    port = free_port()
    ports = (port, port + 10_000)
    other = RunningSite(tmp_path / "data", port, **_with_static_files_of(site))
    assert wait_for(lambda: "Starting" in other.output, 120)
    while "Pomar is ready" not in other.output:
        assert other.process.poll() is None, other.output
        assert not any(is_free(port) for port in ports)
        time.sleep(0.05)
    assert other.is_healthy()
    assert other.address == f"http://127.0.0.1:{port}/"
    assert "started again" not in other.output
    assert other.stop() == 0


def test_up_keeps_all_data_over_a_second_start_and_a_kill(tmp_path: Path, site: RunningSite) -> None:
    data, port = tmp_path / "too long a path for a socket".ljust(90, "x") / "data", free_port()
    static = _with_static_files_of(site)
    first = RunningSite(data, port, **static).wait_until_ready()
    before = {name: (data / name).read_bytes() for name in ("secrets.env", "oidc.pem")}
    first.process.kill()
    second = RunningSite(data, port, **static).wait_until_ready()
    assert second.is_healthy()
    assert second.address == f"http://127.0.0.1:{port}/", "the killed one's port is free again"
    assert before == {name: (data / name).read_bytes() for name in before}
    assert not set(first.programs()) - set(second.programs())
    assert second.stop(signal.SIGTERM) == 0
    assert not processes_of(data)
    assert not socket_path(data).parent.exists(), "nothing is left in the temporary folder"


def test_up_gives_up_with_the_log_of_what_will_not_run(tmp_path: Path) -> None:
    site = RunningSite(tmp_path / "data", free_port(), DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert site.process.wait(300) != 0
    assert "prepare ended with code 1" in site.output
    assert "connection" in site.output
    assert not site.programs()


def test_up_leaves_no_orphan_after_sigkill(site: RunningSite) -> None:
    """Last in this file: it ends the site that the others share."""
    assert site.programs()
    site.process.kill()
    assert wait_for(lambda: not site.programs(), 60), site.programs()
