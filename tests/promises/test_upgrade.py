"""A site of an earlier release is migrated and loses nothing.

tests/data/site_before_jobs.sqlite3.xz was made by the script beside it, at the last commit before background
work had one kernel: people, accounts, photos, uploads and changes in every state.
"""

import lzma
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

OLD_SITE = Path(__file__).parents[1] / "data" / "site_before_jobs.sqlite3.xz"
# Django's own lists of what there is, and full text, which is made anew from the photos.
OF_THE_CODE = ("django_migrations", "django_content_type", "auth_permission", "sqlite_")
# Columns that ended; what they said is worked out from the rest.
ENDED = {"uploads_upload": {"rung_at"}}
Rows = dict[str, list[dict[str, object]]]


def rows_of(database: Path) -> Rows:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = [name for name in names if not name.startswith(OF_THE_CODE) and "fts" not in name]
        return {name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for name in tables}


def migrate(database: Path, folder: Path) -> None:
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}", "DATA_DIR": str(folder)}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, Rows]:
    folder = tmp_path_factory.mktemp("upgrade")
    database = folder / "pomar.sqlite3"
    database.write_bytes(lzma.decompress(OLD_SITE.read_bytes()))
    before = rows_of(database)
    migrate(database, folder)
    return before, rows_of(database)


def test_every_row_is_there_after_the_upgrade_as_it_was(sites: tuple[Rows, Rows]) -> None:
    before, after = sites
    assert before["uploads_upload"] and before["changes_change"] and before["library_photo"]
    for table, rows in before.items():
        ended = ENDED.get(table, set())
        columns = [name for name in (rows[0] if rows else {}) if name not in ended]
        assert columns_of(after[table], columns) == columns_of(rows, columns), table


def columns_of(rows: list[dict[str, object]], columns: list[str]) -> list[list[object]]:
    return [[row[name] for name in columns] for row in rows]


def test_what_was_waiting_is_still_due(sites: tuple[Rows, Rows]) -> None:
    _before, after = sites
    due = [row["status"] for row in after["uploads_upload"] if row["next_at"] and not row["claimed_at"]]
    assert len(due) == len(after["uploads_upload"])
    assert all(row["lease_owner"] == "" for row in after["accounts_revocation"])
