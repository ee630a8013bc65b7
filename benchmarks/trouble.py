"""How long, and with how much memory, the SAPO server answers what no honest program sends."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.test import Client

from benchmarks.report import Line
from benchmarks.serving import account_with
from providers.sapo.protocol_tables import OPERATIONS
from tests.support.sapo_api import KEY, PHOTOS, Program
from tests.support.sapo_trouble import BAD_BODIES, BAD_MESSAGES, BAD_QUERIES, envelope, message

_MOST_MS, _MOST_MIB = 200, 64
_LOOKS = 3
_PHOTOS = 1_000


@dataclass(frozen=True, slots=True)
class Spoiled:
    """One request; `body` is None for a GET."""

    name: str
    address: str
    body: bytes | None
    content_type: str = ""


def measure() -> list[Line]:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
    ana = Program(client, account_with(_PHOTOS).person)
    count, slowest, largest = 0, (0.0, ""), (0.0, "")
    for operation in OPERATIONS:
        ana.get(operation, "datefrom=never")  # what is made once is made
        for request in _spoiled(ana, operation):
            what = f"{operation}, {request.name}"
            looks = [_look(client, request) for _ in range(_LOOKS)]
            count += 1
            slowest = max(slowest, (min(seconds for seconds, _ in looks) * 1000, what))
            largest = max(largest, (min(mib for _, mib in looks), what))
    return [
        Line("bad requests asked", count),
        Line.at_most(f"the slowest answer, ms ({slowest[1]})", slowest[0], _MOST_MS),
        Line.at_most(f"the most memory for one, MiB ({largest[1]})", largest[0], _MOST_MIB),
    ]


def _spoiled(ana: Program, operation: str) -> Iterator[Spoiled]:
    key = f"ESBToken={ana.token}&ESBAccessKey={KEY}"
    address = f"{PHOTOS}/{operation}?{key}"
    for name, query in BAD_QUERIES.items():
        yield Spoiled(name, f"{PHOTOS}/{operation}?{query}&{key}", None)
    for name, body in BAD_BODIES.items():
        for kind in ("application/json", "text/xml", "application/x-www-form-urlencoded"):
            yield Spoiled(f"{name} as {kind}", address, body, kind)
    for name, spoil in BAD_MESSAGES.items():
        element = spoil(message(operation, "INNER")).encode("utf-8", "replace")
        yield Spoiled(f"{name} in XML", address, element, "text/xml")
        for version, kind in (("soap", "text/xml"), ("soap12", "application/soap+xml")):
            whole = spoil(envelope(ana, operation, "INNER", version)).encode("utf-8", "replace")
            yield Spoiled(f"{name} in {version}", PHOTOS, whole, kind)


def _look(client: Client, request: Spoiled) -> tuple[float, float]:
    """Seconds, and the MiB that this process held at most above what it held before."""
    before = _from_now_on()
    started = time.perf_counter()
    if request.body is None:
        client.get(request.address)
    else:
        client.post(request.address, request.body, content_type=request.content_type)
    seconds = time.perf_counter() - started
    return seconds, (_status("VmHWM") - before) / 1024


def _from_now_on() -> int:
    """Forget the highest mark of this process's memory; returns where it stands, in KiB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(name: str) -> int:
    return int(Path("/proc/self/status").read_text().partition(f"{name}:")[2].split()[0])
