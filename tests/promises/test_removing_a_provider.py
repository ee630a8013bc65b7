"""A service is its folder and its name in the registry: without both, the rest of the site stands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.running_site import ROOT

# Somebody who had linked an account of the service looks around.
LOOK_AROUND = """
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from gallery.accounts.models import LinkedAccount

user = User.objects.create_superuser("ana", "ana@example.org", "a long password")
for kind in ("{removed}", "{left}"):
    LinkedAccount.objects.create(user=user, provider_id="pomar-" + kind, kind=kind, remote_id="1", label="x")
client = Client(headers={{"host": "127.0.0.1"}})
print(client.get(reverse("account_login")).status_code)
client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
for name in (
    "library:home", "library:album_list", "library:tag_list", "library:collection_list", "library:search",
    "accounts:list", "accounts:new", "uploads:new", "explore:home", "explore:search", "admin:index",
):
    print(name, client.get(reverse(name)).status_code)
"""


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
    data |= {"DEBUG": "1", "VALKEY_SOCKET": settings.VALKEY_SOCKET}

    def manage(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=tmp_path, env={**os.environ, **data}, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    for command in (["check"], ["makemigrations", "--check"], ["migrate", "-v0"], ["register_services"]):
        assert removed not in manage(*command).lower()
    lines = manage("shell", "-v0", "-c", LOOK_AROUND.format(removed=removed, left=left)).splitlines()
    assert len(lines) == 12
    assert [line for line in lines if not line.endswith("200")] == []
