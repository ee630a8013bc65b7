"""docs/adding-a-provider.md makes a provider that keeps the contract and the borders, word for word."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.documented_tree import tree_of
from tests.support.running_site import ROOT

_WAITS = ("drip", "silence", "says_nothing", "endless", "breaks", "four_hundred")
_DOCUMENT = ROOT / "docs" / "adding-a-provider.md"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("tree")
    files = tree_of(_DOCUMENT, target)
    assert "providers/shoebox/photos.py" in files and "providers/registry.py" in files
    return target


def _run(tree: Path, *command: str, **variables: str) -> str:
    """What it says; fails when it fails. Its own data folder and services, not this test's."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TEST_"))
    }
    for name in ("DATA_DIR", "DATABASE_URL", "REDIS_URL", "VALKEY_SOCKET", "DJANGO_SETTINGS_MODULE"):
        inherited.pop(name, None)
    done = subprocess.run(command, cwd=tree, env={**inherited, **variables}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("suite", ["contract", "link"])
def test_documented_provider_passes_its_tests(tree: Path, suite: str) -> None:
    """All but what only waits: lines that are slow are the same code for every provider."""
    program = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-k",
        f"not {' and not '.join(_WAITS)}",
    ]
    passed = re.search(r"(\d+) passed", _run(tree, *program, f"tests/providers/test_shoebox_{suite}.py"))
    assert passed and int(passed[1]) >= {"contract": 300, "link": 4}[suite]


def test_documented_provider_is_part_of_the_site(tree: Path, tmp_path: Path) -> None:
    data = {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'pomar.sqlite3'}"}
    (tmp_path / "static").mkdir()
    _run(tree, sys.executable, "manage.py", "check", **data)


def test_documented_provider_stays_within_the_import_contracts(tree: Path) -> None:
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program, "import-linter is installed beside this Python"
    assert " 0 broken" in _run(tree, program, "--no-cache")
