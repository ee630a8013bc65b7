"""Starts the real parts that tests need: a private Valkey, an environment of their own."""

import os
import subprocess
import time
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gallery.supervisor import valkey
from providers.vault import Vault


def start_valkey(folder: Path) -> "subprocess.Popen[bytes]":
    """A Valkey of our own on a private socket in `folder`, ready when this returns."""
    socket = folder / "valkey.sock"
    process = subprocess.Popen(
        [valkey.server_binary(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
         "--dir", str(folder), "--save", "", "--appendonly", "no"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 10
    while not socket.exists():
        if time.monotonic() > deadline or process.poll() is not None:
            raise RuntimeError("valkey-server did not start")
        time.sleep(0.02)
    return process


def redis_databases(worker: str) -> str:
    """Two for each test process: emptying a cache empties the whole database, prefix or not."""
    first = 2 * (int(worker.removeprefix("gw")) + 1) if worker.startswith("gw") else 0
    return f"{first},{first + 1}" if os.environ.get("TEST_REDIS_URL") else "0,1"


def write_test_environment(folder: Path, worker: str) -> None:
    """Everything settings read from the environment, made for this test process alone."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    os.environ.update(
        DATA_DIR=str(folder),
        SECRET_KEY="test-secret-key-that-is-long-enough-for-every-check-0123456789",
        VAULT_KEYS=Vault.new_key("t1"),
        OIDC_PRIVATE_KEY=pem,
        ORANGE_SERVICE_ID="POMARTESTS0123456789",
        ORANGE_SERVICE_PWD="orange-service-password-for-tests",
        SAPO_ACCESS_KEY="sapo-access-key-for-tests",
        DATABASE_URL=os.environ.get("TEST_DATABASE_URL", f"sqlite:///{folder / 'pomar.sqlite3'}"),
        REDIS_URL=os.environ.get("TEST_REDIS_URL", ""),
        CACHE_PREFIX=f"pomar-{worker}",
        QUEUE_PREFIX=f"pomar-{worker}:",
        REDIS_DATABASES=redis_databases(worker),
        EMAIL_URL="memorymail://",
        LOG_LEVEL="WARNING",
        SITE_URL="http://testserver",
        ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
    )
