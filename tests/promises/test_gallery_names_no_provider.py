"""The gallery serves whatever service is registered: none of its files names one."""

import re
from pathlib import Path

import pytest

from providers.registry import SERVICES, kinds
from tests.support.running_site import ROOT

READ = {".py", ".html", ".txt", ".svg", ".css", ".mjs", ".po"}
FILES = sorted(
    file
    for folder in ("gallery", "templates", "static")
    for file in (ROOT / folder).rglob("*")
    if file.suffix in READ and "migrations" not in file.parts
)


def mentions(kind_id: str, text: str) -> list[str]:
    """The lines with the service's name, however it is written; several oranges are fruit."""
    name = re.compile(rf"{re.escape(kind_id)}(?!s\b)", re.I)
    return [line.strip()[:120] for line in text.splitlines() if name.search(line)]


@pytest.mark.parametrize("kind_id", list(kinds()))
def test_no_file_of_the_gallery_names_a_service(kind_id: str) -> None:
    assert len(FILES) > 300
    found = {str(file.relative_to(ROOT)): mentions(kind_id, file.read_text()) for file in FILES}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("text", ["ORANGE_APPS", "class Orange(Kind):", "mark--orange", "say it to Orange."])
def test_a_name_is_found_in_every_spelling(text: str) -> None:
    assert mentions("orange", text) == [text]


def test_fruit_is_no_service() -> None:
    assert mentions("orange", "Les oranges de février") == []


@pytest.mark.parametrize("kind_id", list(kinds()))
def test_outside_its_folder_only_the_registry_names_a_service(kind_id: str) -> None:
    own = ROOT / "providers" / kind_id
    shared = [file for file in (ROOT / "providers").rglob("*.py") if not _is_of_a_service(file)]
    assert own.is_dir() and len(shared) > 20
    lines = {file.name: mentions(kind_id, file.read_text()) for file in shared}
    assert {name: found for name, found in lines.items() if found}.keys() == {"registry.py"}
    assert len(lines["registry.py"]) == 1


def _is_of_a_service(file: Path) -> bool:
    return any(ROOT / "providers" / kind_id in file.parents for kind_id in kinds())


@pytest.mark.parametrize("package", SERVICES)
def test_a_service_has_the_name_of_its_folder(package: str) -> None:
    kind_id = package.rpartition(".")[2]
    assert kinds()[kind_id].id == kind_id
