"""docs/adding-a-provider.md makes a provider: its blocks, word for word, keep the contract and the borders."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.documented_tree import tree_of
from tests.support.running_site import ROOT

_DOCUMENT = ROOT / "docs" / "adding-a-provider.md"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("tree")
    written = tree_of(_DOCUMENT, target)
    assert "providers/shoebox/photos.py" in written and "providers/registry.py" in written
    return target


def _run(tree: Path, *command: str) -> str:
    """What it says; fails when it fails. Its own data folder and services, not this test's."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TEST_"))}
    for name in ("DATA_DIR", "DATABASE_URL", "REDIS_URL", "VALKEY_SOCKET", "DJANGO_SETTINGS_MODULE"):
        inherited.pop(name, None)
    told = subprocess.run(command, cwd=tree, env=inherited, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-3000:]
    return told.stdout


@pytest.mark.parametrize("suite", ["contract", "link"])
def test_documented_provider_passes_the_suite(tree: Path, suite: str) -> None:
    """The core of the contract: the troubles of the line are `providers.client.http`'s for every provider."""
    chosen = [f"tests/providers/test_shoebox_{suite}.py", "-p", "no:cacheprovider", "-p", "no:xdist"]
    narrowed = ["-k", CORE] if suite == "contract" else []
    said = _run(tree, sys.executable, "-m", "pytest", *chosen, *narrowed)
    assert " passed" in said


def test_documented_provider_stays_within_the_import_contracts(tree: Path) -> None:
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert program, "import-linter is installed beside this Python"
    assert " 0 broken" in _run(tree, program, "--no-cache")
