"""The tests' own Valkey, stopped for a while: it neither answers nor refuses."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import environment


@contextmanager
def hanging_valkey() -> Iterator[None]:
    if environment.valkey is None:
        pytest.skip("only a Valkey of our own can be stopped")
    os.kill(environment.valkey.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(environment.valkey.pid, signal.SIGCONT)
