"""One site for all journeys: `manage.py up` on embedded defaults, or the one that .ci/run has started."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.person import Person
from tests.support.running_site import INHERITED, ROOT, RunningSite, free_port


@dataclass
class Site:
    """Where the site answers, and how its operator runs a command on it."""

    url: str
    environment: dict[str, str]
    ca: str | None = None
    people: int = field(default=0)

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage_json(self, *arguments: str) -> dict[str, str]:
        return dict(json.loads(self.manage(*arguments, "--json")))

    def somebody(self, name: str) -> Person:
        """A new person of that name, signed in."""
        self.people += 1
        return Person(self.url, ca=self.ca).signs_up(f"{name}{os.getpid()}{self.people}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if "PRODUCTION_SITE_URL" in os.environ:
        environment = json.loads(os.environ["PRODUCTION_ENVIRONMENT"])
        yield Site(os.environ["PRODUCTION_SITE_URL"], environment, os.environ["PRODUCTION_CA"])
        return
    data: Path = tmp_path_factory.mktemp("journeys") / "data"
    running = RunningSite(data, free_port(), SYNC_INTERVAL="3600").wait_until_ready()
    address = running.address.rstrip("/")
    clean = {name: os.environ[name] for name in INHERITED if name in os.environ}
    yield Site(address, {**clean, "DATA_DIR": str(data), "SITE_URL": address})
    running.stop()
