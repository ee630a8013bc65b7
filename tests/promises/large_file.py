"""Lets one large picture pass through the site and out again, and prints the peak of memory.

A process of its own (tests/promises/test_upload_memory.py), so that the peak is this file's. The
picture is a plain TIFF of zeros, written block by block.
"""

import json
import os
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")
django.setup()

from gallery.uploads.receiving.handler import Incoming, IncomingHandler  # noqa: E402
from providers import pictures  # noqa: E402
from providers.client.http import Http  # noqa: E402

_SHORT, _LONG = 3, 4
_MANY_PIXELS = 100_000_000  # what a site takes


def peak_kib() -> int:
    """Of this program alone: getrusage's figure begins with what its parent had at the fork."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def tiff_head(side: int) -> bytes:
    """Everything before the pixels of a grey picture of `side` x `side`, 16 bits deep, in one strip."""
    data_at = 8 + 2 + 9 * 12 + 4
    fields = [
        (256, _LONG, side), (257, _LONG, side), (258, _SHORT, 16), (259, _SHORT, 1), (262, _SHORT, 1),
        (273, _LONG, data_at), (277, _SHORT, 1), (278, _LONG, side), (279, _LONG, 2 * side * side),
    ]  # fmt: skip
    packed = [
        struct.pack("<HHIHH", tag, kind, 1, value, 0)
        if kind == _SHORT
        else struct.pack("<HHII", tag, kind, 1, value)
        for tag, kind, value in fields
    ]
    return b"II*\0" + struct.pack("<IH", 8, len(fields)) + b"".join(packed) + struct.pack("<I", 0)


def take_in(side: int) -> Incoming:
    """As the page does it: block by block to disk, then looked into and shrunk."""
    handler = IncomingHandler()
    handler.new_file("files", "large.tif", "image/tiff", None, None, None)
    handler.receive_data_chunk(tiff_head(side), 0)
    left = 2 * side * side
    while left:
        block = min(left, handler.chunk_size)
        handler.receive_data_chunk(bytes(block), 0)
        left -= block
    incoming = handler.file_complete(0)
    assert incoming is not None
    incoming.close()
    pictures.inspect(incoming.path, max_pixels=_MANY_PIXELS)
    pictures.shrink(incoming.path, 128, 128, max_pixels=_MANY_PIXELS)
    return incoming


class Sink(BaseHTTPRequestHandler):
    """Takes a body and forgets it."""

    def do_POST(self) -> None:
        left = int(self.headers["content-length"])
        while left:
            left -= len(self.rfile.read(min(left, 65536)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


def send(incoming: Incoming) -> int:
    """As the worker does it, to a sink; returns how many bytes went."""
    server = HTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    size = incoming.path.stat().st_size
    with incoming.path.open("rb") as file:
        Http("test", ["127.0.0.1"], allow_private=True).post_file(
            "send", f"http://127.0.0.1:{server.server_address[1]}/", fields=[], file_field="f",
            filename="large.tif", media_type="image/tiff", file=file, byte_size=size,
        )  # fmt: skip
    return size


if __name__ == "__main__":
    taken = take_in(int(sys.argv[1]))
    sent = send(taken)
    taken.path.unlink()
    json.dump({"sent": sent, "peak": peak_kib()}, sys.stdout)
