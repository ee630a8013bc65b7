"""Whatever a comment or a page refers to is there: documents, their sections, decisions, files."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("gallery", "providers", "templates", "static", "tests", "benchmarks", "docs", ".ci", ".github")
COMMENTED = {".py": "", ".html": "{#", ".mjs": "//", ".css": "/*", ".toml": "#", ".yml": "#", "": "#"}
STATUSES = re.compile(r"proposed|accepted|rejected|superseded by \d+")


@cache
def files() -> list[str]:
    """Every file of the project by its path, without what a site or a tool has made."""
    below = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    made = re.compile(r"__pycache__|/vendor/|\.mo$|^\.(?!env\.example|ci/|github/)")
    found = [path.relative_to(ROOT).as_posix() for path in [*below, *ROOT.iterdir()] if path.is_file()]
    return [path for path in found if not made.search(path)]


PAGES = [path for path in files() if path.endswith(".md")]
SOURCES = [path for path in files() if Path(path).suffix in COMMENTED and path != "LICENSE"]


def docstrings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


def comments(path: str) -> str:
    """On one line, what people read in a file: of Python its comments and docstrings, else everything."""
    text = (ROOT / path).read_text()
    if path.endswith(".py"):
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        hashed = [token.string for token in tokens if token.type == tokenize.COMMENT]
        text = "\n".join([*hashed, " . ", *docstrings(ast.parse(text))])
    return " ".join(re.sub(r"^\s*(#|//|\*) ", "", text, flags=re.M).split())


@cache
def page_named(name: str) -> str:
    """The path of a page, named by its path or, where there is only one, by its last part; else ""."""
    found = [
        page for page in PAGES if page == name or (name in ("orange.md", "sapo.md") and page.endswith(name))
    ]
    return found[0] if len(found) == 1 else ""


@cache
def sections(page: str) -> set[str]:
    """In small letters: headings, their numbers, rows of tables below them ("10.9", "ImageEdit")."""
    found, number = set(), ""
    for line in (ROOT / page).read_text().lower().splitlines():
        if heading := re.match(r"#+ (?:([\d.]*\d)\.? )?(.*)", line):
            number = heading[1] or ""
            found |= {number, heading[2]}
        cells = [cell.strip(" `*") for cell in line.split("|")[1:3]] or re.findall(
            r"^\*\*([\w.]+?)\.?\*\*", line
        )
        found |= {*cells, *(f"{number}.{cell}" for cell in cells if cell.isdigit())}
    return found - {""}


def is_section(page: str, name: str) -> bool:
    name = name.lower().strip()
    return any(there == name or there.startswith((f"{name},", f"{name} ")) for there in sections(page))


REFERENCE = re.compile(
    r"(?<![\w/])((?:docs/[\w/-]+|sapo|orange)\.md)(?:, ((?:[^():;.,]|\.\d)+)| (\d[\d.]*\d|\d))?"
)


def dead_references(path: str) -> list[str]:
    text, dead = comments(path), []
    for name, named, numbered in REFERENCE.findall(text):
        page = page_named(name)
        wanted = re.split(r" and ", named or numbered) if named or numbered else []
        if not page or not all(is_section(page, section) for section in wanted):
            dead.append(f"{name} {named or numbered}")
    wire = re.findall(r"\b[Ww]ire (\d+(?:\.\d+)?)", text)
    dead += [f"wire {number}" for number in wire if not is_section("docs/protocols/orange.md", number)]
    return dead + [
        f"decision {number}" for number in re.findall(r"\b[Dd]ecision (\d+)", text) if not decision(number)
    ]


def decision(number: str) -> list[Path]:
    return list((ROOT / "docs" / "decisions").glob(f"{int(number):04}-*.md"))


@pytest.mark.parametrize(
    "path", ["providers/orange/client.py", "static/css/base.css", "providers/sapo/server/wire/dates.py"]
)
def test_comments_are_read_for_references(path: str) -> None:
    assert re.search(r"\.md|decision \d|Wire \d", comments(path))


def test_what_comments_refer_to_is_there() -> None:
    assert len(SOURCES) > 400
    assert {path: dead for path in SOURCES if (dead := dead_references(path))} == {}


def test_a_dead_reference_would_be_seen(tmp_path: Path) -> None:
    source = tmp_path / "module.py"
    source.write_text('"""Right (sapo.md 2.5), wrong (sapo.md 9.9; docs/no.md; decision 9999; wire 77)."""\n')
    assert dead_references(str(source)) == ["sapo.md 9.9", "docs/no.md ", "wire 77", "decision 9999"]


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)", page.read_text(), flags=re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES)
def test_links_of_a_page_lead_somewhere(path: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", (ROOT / path).read_text()):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = ROOT / path if not name else (ROOT / path).parent / name
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


FILE = re.compile(r"[\w.*<>-][\w./*<>-]+\.(?:py|mjs|css|html|toml|yml|xsd|md)")


def is_file_or_folder(name: str) -> bool:
    """A path may leave out what stands in front (`library/keyset.py`), and say `*` or `<name>`."""
    pattern = re.sub(r"<\w+>", "*", name.rstrip("/"))
    if name.endswith("/") or "." not in Path(name).name:
        return any(fnmatch(path, f"{pattern}/*") for path in files()) or (ROOT / pattern).is_file()
    return any(fnmatch(path, pattern) or fnmatch(path, f"*/{pattern}") for path in files())


def files_named(page: str) -> list[str]:
    quoted = re.findall(r"`([^`\n ]+)`", (ROOT / page).read_text())
    return [
        name
        for name in quoted
        if FILE.fullmatch(name) or name.startswith(tuple(f"{folder}/" for folder in FOLDERS))
    ]


def test_files_that_pages_name_are_there() -> None:
    named = {page: files_named(page) for page in PAGES}
    assert sum(map(len, named.values())) > 60
    gone = {page: [name for name in names if not is_file_or_folder(name)] for page, names in named.items()}
    # What a reader of that page is to make, which tests/promises/test_adding_a_provider.py does.
    made = gone["docs/adding-a-provider.md"]
    gone["docs/adding-a-provider.md"] = [name for name in made if "shoebox" not in name]
    assert {page: names for page, names in gone.items() if names} == {}


def test_files_that_comments_name_are_there() -> None:
    named = {path: set(re.findall(r"(?<![\w./*-])[\w./]*\w\.py\b", comments(path))) for path in SOURCES}
    gone = {path: {name for name in names if not is_file_or_folder(name)} for path, names in named.items()}
    assert {path: names for path, names in gone.items() if names} == {}


def test_commands_that_pages_name_are_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    for page in PAGES:
        named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", (ROOT / page).read_text(), flags=re.M))
        assert named <= targets, page


def test_decisions_are_listed_with_their_title_date_and_status() -> None:
    folder = ROOT / "docs" / "decisions"
    texts = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    rows = []
    for number, path in enumerate(texts, start=1):
        head = re.match(r"# (\d+)\. (.+)\n\nDate: (\d{4}-\d\d-\d\d)\. Status: (.+)\.\n\n\S", path.read_text())
        assert head and int(head[1]) == number == int(path.name[:4]), path.name
        assert STATUSES.fullmatch(head[4]), path.name
        rows.append(f"| [{number}]({path.name}) | {head[2]} | {head[3]} | {head[4]} |")
    assert re.findall(r"^\| \[.*", (folder / "README.md").read_text(), flags=re.M) == rows
