"""The package that `pip wheel .` makes holds the whole site, and a site in production needs no painter."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gallery.version import VERSION

ROOT = Path(__file__).resolve().parents[2]
PACKAGES, BESIDE = ("gallery", "providers"), ("templates", "static")
MADE = ("__pycache__", "*.mo", "vendor")
# As pip does it, which a .venv made by uv does not have; with the pinned setuptools, so without network.
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
# The sign-in page in Portuguese, then the SAPO server's contract and schema.
ASK = """
import django; django.setup()
import gallery; print(gallery.__file__)
from django.test import Client
print(Client(headers={"accept-language": "pt"}).get("/accounts/login/").content.decode())
print(Client().get("/services/sapo/Photos?wsdl").content.decode())
"""


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=os.environ | environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, as building leaves folders behind."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in (*PACKAGES, *BESIDE):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns(*MADE))
    for path in [*ROOT.glob("requirements*"), *(ROOT / name for name in ("README.md", "LICENSE"))]:
        shutil.copy(path, copy)
    for name in ("setup.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy)
    built = run("-c", BUILD, str(out), folder=copy)
    assert built.returncode == 0, built.stderr
    return next(out.glob("*.whl"))


def test_wheel_holds_every_file_of_the_site(wheel: Path) -> None:
    assert wheel.name == f"pomar-{VERSION}-py3-none-any.whl"
    held = set(zipfile.ZipFile(wheel).namelist())
    below = [(path, path.relative_to(ROOT)) for name in PACKAGES for path in (ROOT / name).rglob("*")]
    below += [
        (path, Path("gallery") / path.relative_to(ROOT))
        for name in BESIDE
        for path in (ROOT / name).rglob("*")
    ]
    wanted = {
        str(name) for path, name in below if path.is_file() and not any(map(path.match, ("*.pyc", "*.mo")))
    }
    assert {name for name in wanted - held if "/vendor/" not in name} == set()
    assert "gallery/locale/pt/LC_MESSAGES/django.mo" in held


def test_wheel_tells_licence_and_what_it_needs(wheel: Path) -> None:
    metadata = zipfile.ZipFile(wheel).read(f"pomar-{VERSION}.dist-info/METADATA").decode()
    assert "License-Expression: MIT" in metadata
    assert "Requires-Dist: Django==5.2" in metadata
    assert 'Requires-Dist: numpy==2.4.6; extra == "demo"' in metadata


def test_site_from_the_wheel_answers_with_its_templates_sentences_and_schemas(
    wheel: Path, tmp_path: Path
) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    site = {
        "PYTHONPATH": str(tmp_path / "installed"),
        "DJANGO_SETTINGS_MODULE": "gallery.settings",
        "DEBUG": "1",  # else static files have to be collected first, which takes 15 seconds
    }
    found = run("-m", "django", "findstatic", "--first", "css/base.css", folder=tmp_path, **site)
    assert f"{site['PYTHONPATH']}/gallery/static/css/base.css" in found.stdout, found.stderr
    answer = run("-c", ASK, folder=tmp_path, **site)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith(site["PYTHONPATH"])
    assert "Iniciar sessão" in answer.stdout and "css/base." in answer.stdout
    assert "definitions" in answer.stdout


@pytest.fixture
def without_painter(tmp_path: Path) -> dict[str, str]:
    """As where requirements.txt alone is installed: numpy cannot be imported."""
    away = 'raise ModuleNotFoundError("No module named \'numpy\'", name="numpy")\n'
    (tmp_path / "numpy.py").write_text(away)
    return {"PYTHONPATH": str(tmp_path), "DEMO_PASSWORD": "pears-and-quinces"}


def test_production_installs_no_painter() -> None:
    assert "numpy" not in (ROOT / "requirements.txt").read_text()
    assert "numpy==" in (ROOT / "requirements-demo.txt").read_text()


def test_site_runs_without_the_painter(without_painter: dict[str, str]) -> None:
    checked = run("manage.py", "check", folder=ROOT, **without_painter)
    assert checked.returncode == 0, checked.stderr


def test_demo_says_which_package_the_painter_lacks(without_painter: dict[str, str], tmp_path: Path) -> None:
    done = run("manage.py", "demo", folder=ROOT, **without_painter)
    assert done.returncode == 1
    assert "The painter needs numpy, which is not installed" in done.stderr
    assert "requirements-demo.txt" in done.stderr and "Traceback" not in done.stderr
