"""A service is its folder and its name in the registry: without both, the rest of the site stands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.running_site import ROOT


@pytest.mark.parametrize(("removed", "left"), [("sapo", "orange"), ("orange", "sapo")])
def test_site_stands_without_a_provider(tmp_path: Path, removed: str, left: str) -> None:
    for name in ("gallery", "providers", "templates", "static"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    shutil.rmtree(tmp_path / "providers" / removed)
    registry = tmp_path / "providers" / "registry.py"
    text, count = re.subn(
        r"^SERVICES = .*$", f'SERVICES = ("providers.{left}",)', registry.read_text(), flags=re.M
    )
    assert count == 1
    registry.write_text(text)
    data = {"DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": f"sqlite:///{tmp_path / 'pomar.sqlite3'}"}
    (tmp_path / "data" / "static").mkdir(parents=True)
    for command in (["check"], ["makemigrations", "--check"], ["migrate", "-v0"], ["register_services"]):
        told = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=tmp_path, env={**os.environ, **data}, capture_output=True, text=True,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        assert removed not in told.stdout.lower()
