"""Listing a large SAPO account through the client, from a server that answers at once."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from benchmarks.report import Line
from providers.registry import ServiceApp
from providers.sapo.photos import SapoPhotos

LEAST_PER_SECOND = 5_000
MOST_GROWTH_MIB = 4
_BINDINGS = {"rest": "REST JSON", "rest-xml": "REST XML", "soap": "SOAP"}
_WARM = 5_000  # photos after which memory should not grow any more


def measure(photo_count: int) -> list[Line]:
    return [line for binding in _BINDINGS for line in _listed(binding, photo_count)]


def _listed(binding: str, photo_count: int) -> list[Line]:
    what = f"{_BINDINGS[binding]}, {photo_count:,} images listed"
    with server(binding, photo_count) as url:
        service = SapoPhotos(_app(url, binding), "token", "ana")
        begun, busy = time.perf_counter(), time.process_time()
        warm = highest = count = 0
        for count, _photo in enumerate(service.newest(), start=1):
            if count % _WARM == 0:
                warm, highest = warm or _resident_kib(), max(highest, _resident_kib())
        took, busy = time.perf_counter() - begun, time.process_time() - busy
    assert count == photo_count
    return [
        Line.at_least(f"{what}, images/s", count / took, LEAST_PER_SECOND),
        Line(f"{what}, images for each second of a processor", count / busy),
        Line.at_most(f"{what}, memory grown, MiB", (highest - warm) / 1024, MOST_GROWTH_MIB),
    ]


@contextmanager
def server(binding: str, photo_count: int) -> Iterator[str]:
    """A process of its own, so that its work is not the client's."""
    command = [sys.executable, "-m", "benchmarks.instant_sapo", binding, str(photo_count)]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def _app(url: str, binding: str) -> ServiceApp:
    return ServiceApp(
        provider_id="bench", kind="sapo", name="SAPO", client_id="key", secret="", web_url=url, api_url=url,
        allow_private=True, options={"binding": binding},
    )  # fmt: skip


def _resident_kib() -> int:
    return int(Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0])
