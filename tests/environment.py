"""Gives every test process its own data folder, Valkey and secrets, before Django reads settings.

Loaded by `-p tests.environment` (pyproject.toml), ahead of pytest-django. TEST_DATABASE_URL and
TEST_REDIS_URL let .ci/run run the same tests on PostgreSQL and a Redis server.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.support.services import start_valkey, write_test_environment

worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
data_folder = Path(tempfile.mkdtemp(prefix=f"pomar-test-{worker}-"))
atexit.register(shutil.rmtree, data_folder, ignore_errors=True)
write_test_environment(data_folder, worker)
(data_folder / "static").mkdir()  # whitenoise warns of a missing one
valkey = None if os.environ.get("REDIS_URL") else start_valkey(data_folder)
if valkey is not None:
    atexit.register(valkey.kill)
