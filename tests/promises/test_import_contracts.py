"""A new service is held by the import contracts from its first line, before anybody has thought of it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from providers.registry import SERVICES
from tests.support.running_site import ROOT

pytestmark = pytest.mark.no_database

TINY = {
    "protocol.py": 'PATH = "/photos"\n',
    "client.py": "from providers.tiny.protocol import PATH\n\nprint(PATH)\n",
    "photos.py": "from providers.registry import ServiceKind\nfrom providers.tiny import client\n\n"
    "print(client, ServiceKind)\n",
    "views.py": "import django\n\nfrom providers.tiny import photos\n\nprint(django, photos)\n",
    "server/__init__.py": "",
    "server/urls.py": "from providers.tiny.protocol import PATH\n\nprint(PATH)\n",
}
# A line that must not be written, where, and the contract that says so.
FAULTS = [
    ("providers/tiny/photos.py", "import django", "Talking to a service needs no Django"),
    ("providers/tiny/policy.py", "from django.conf import settings", "Talking to a service needs no Django"),
    ("providers/tiny/views.py", "import gallery.accounts.models", "Providers know nothing of the gallery"),
    ("providers/tiny/client.py", "import requests", "Only http.py knows requests"),
    ("providers/tiny/protocol.py", "import providers.tiny.photos", "Inside a service"),
    ("providers/tiny/views.py", "import providers.tiny.server.urls", "Nobody imports a built-in server"),
    ("providers/tiny/server/urls.py", "import providers.tiny.client", "A server shares the protocol"),
    ("providers/tiny/photos.py", f"import {SERVICES[0]}.protocol", "Nobody imports a service"),
    ("gallery/uploads/forms.py", "import providers.tiny.photos", "Nobody imports a service"),
    ("gallery/library/tiles.py", "import gallery.uploads.views.new", "Nobody imports an app's views"),
    ("gallery/changes/urls.py", "import gallery.explore.views.tag", "Nobody imports an app's views"),
    ("gallery/uploads/states.py", "import gallery.uploads.services", "Inside uploads"),
    ("gallery/remote/forgotten.py", "", "Inside remote"),
    ("providers/sapo/forgotten.py", "", "Inside SAPO"),
    ("gallery/forgotten.py", "", "Every module of the gallery has its layer"),
    ("providers/forgotten.py", "", "Every module of the providers has its layer"),
]
CIRCLE = ("gallery/library/store/columns.py", "import gallery.library.store.albums", "No circles")


def tree_with_tiny(folder: Path) -> None:
    """A copy of the code in which a third service is registered."""
    for name in ("gallery", "providers"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    (folder / "tests" / "support").mkdir(parents=True)
    for name in (
        "pyproject.toml",
        "tests/__init__.py",
        "tests/support/__init__.py",
        "tests/support/import_contracts.py",
    ):
        shutil.copy(ROOT / name, folder / name)
    for name, text in {"__init__.py": "", **TINY}.items():
        file = folder / "providers" / "tiny" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    registry = folder / "providers" / "registry.py"
    text, count = re.subn(r"^(SERVICES = .*)\)$", r'\1, "providers.tiny")', registry.read_text(), flags=re.M)
    assert count == 1
    registry.write_text(text)


def broken_contracts(folder: Path) -> dict[str, str]:
    """The names of the contracts that lint-imports finds broken, each with what it says about it."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "COLUMNS": "300"},
    )  # fmt: skip
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    names = re.findall(r"^(.*) BROKEN", done.stdout, flags=re.M)
    assert done.returncode == (1 if names else 0)
    _, _, report = done.stdout.partition("Broken contracts")
    sections = re.split(r"^(.+)\n-{5,}\n", report, flags=re.M)[1:]
    return dict(zip(sections[::2], sections[1::2], strict=True))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said where every fault has been made at once."""
    folder = tmp_path_factory.mktemp("faults")
    tree_with_tiny(folder)
    for name, line, _contract in (*FAULTS, CIRCLE):
        file = folder / name
        old = file.read_text() if file.exists() else ""
        file.write_text(f"{old}\n{line}\n")
    return broken_contracts(folder)


def test_a_service_in_order_breaks_no_contract(tmp_path: Path) -> None:
    tree_with_tiny(tmp_path)
    assert broken_contracts(tmp_path) == {}


def test_a_circle_inside_a_package_is_named(broken: dict[str, str]) -> None:
    report = broken["No circles among the modules of one package"]
    assert "No cycles are allowed in gallery.library.store." in report


@pytest.mark.parametrize(("file", "line", "contract"), FAULTS)
def test_a_fault_breaks_its_contract(broken: dict[str, str], file: str, line: str, contract: str) -> None:
    report = next((text for name, text in broken.items() if name.startswith(contract)), "")
    assert Path(file).with_suffix("").as_posix().replace("/", ".") in report, f"{line}\n{broken}"
