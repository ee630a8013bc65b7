"""Mistakes of configuration are said in words; every variable is written down; the containers fit."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.checks import run_checks
from django.db.utils import ConnectionHandler
from psycopg import connect
from psycopg.errors import ConnectionTimeout

from gallery.environment import Environment
from gallery.supervisor import valkey
from providers.vault import Vault

ROOT = Path(__file__).resolve().parents[2]
_READ = re.compile(
    r"""(?:env|self)\.\w+\(\s*"([A-Z_]+)\"|environ\.get\("([A-Z_]+)\"|environ\["([A-Z_]+)\"\]"""
)


def _variables() -> set[str]:
    """Each name that the code reads from the environment."""
    sources = [*(ROOT / "gallery").rglob("*.py"), *(ROOT / "providers").rglob("*.py")]
    found = (_READ.findall(source.read_text()) for source in sources)
    return {name for pairs in found for pair in pairs for name in pair if name}


def test_every_variable_is_in_the_configuration_page() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    assert len(_variables()) > 40
    assert [name for name in sorted(_variables()) if f"`{name}`" not in page] == []


@pytest.fixture
def services() -> dict[str, Any]:
    described: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return dict(described["services"])


def test_containers_are_told_only_variables_that_the_code_reads(services: dict[str, Any]) -> None:
    ours = [service for service in services.values() if service["image"] == "pomar"]
    assert len(ours) == 5
    for service in ours:
        assert set(service["environment"]) <= _variables()


def test_containers_hold_no_secret_of_their_own(services: dict[str, Any]) -> None:
    secret = re.compile("SECRET|KEY|PASSWORD|PWD|VAULT")
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if secret.search(name):
                assert value.startswith("${"), name


def test_containers_wait_for_the_one_shot_and_are_watched(services: dict[str, Any]) -> None:
    for name in ("web", "services", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["healthcheck"]["test"]
    assert services["migrate"]["restart"] == "no"
    assert "USER pomar" in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set"),
        ("VAULT_KEYS", [], "VAULT_KEYS is not set"),
        ("IDP_OIDC_PRIVATE_KEY", "", "OIDC_PRIVATE_KEY is not set"),
        ("ORANGE_SERVICE_ID", "", "ORANGE_SERVICE_ID is not set"),
        ("ORANGE_SERVICE_PWD", "", "ORANGE_SERVICE_PWD is not set"),
        ("SAPO_ACCESS_KEY", "", "SAPO_ACCESS_KEY is not set"),
        ("VAULT_KEYS", ["k1:abc"], "vault key 'k1' is not 32 bytes in base64"),
        ("VAULT_KEYS", ["k1:c2hvcnQtMTYtYnl0ZXMhIQ=="], "vault key 'k1' is not 32 bytes in base64"),
        ("VAULT_KEYS", [Vault.new_key("k1"), Vault.new_key("k1")], "vault key 'k1' is there twice"),
        ("REDIS_URL", "redis://localhost:6379/0", "REDIS_URL is not understood"),
        ("REDIS_URL", "localhost", "REDIS_URL is not understood"),
        ("SAPO_REDIR", "refirect", "SAPO_REDIR does not know 'refirect'"),
        ("SAPO_REQUIRE", ["accesskey"], "SAPO_REQUIRE does not know 'accesskey'"),
        ("SAPO_BINDING", "json", "SAPO_BINDING does not know 'json'"),
        ("ACCOUNT_EMAIL_VERIFICATION", "yes", "EMAIL_VERIFICATION does not know 'yes'"),
        ("SITE_URL", "photos.example.org", "SITE_URL is not a web address"),
        ("VALKEY_SOCKET", "/" + "x" * 108, "longer than 107 bytes"),
        ("DATABASES", {"default": {"ATOMIC_REQUESTS": True}}, "ATOMIC_REQUESTS must stay off"),
        (
            "CACHES",
            {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            "not shared between processes",
        ),
        (
            "SOCIALACCOUNT_PROVIDERS",
            {"orange": {"APPS": [{"provider_id": "orange", "client_id": "A"}]}},
            "provider_id 'orange' is used more than once",
        ),
    ],
)
def test_a_mistake_of_configuration_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: object, words: str
) -> None:
    from django.conf import settings

    from gallery import checks

    own = [
        checks.check_secrets, checks.check_vault_keys, checks.check_addresses, checks.check_socket_path,
        checks.check_no_atomic_requests, checks.check_cache_is_shared, checks.check_offered_services,
        checks.check_redis_url, checks.check_choices,
    ]  # fmt: skip
    monkeypatch.setattr(settings, "REDIS_URL", "")
    assert [message for check in own for message in check(None)] == []
    monkeypatch.setattr(settings, setting, value)
    assert words in " ".join(message.msg for check in own for message in check(None))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SYNC_INTERVAL", "often"),
        ("ORANGE_APPS", "[{"),
        ("DATABASE_URL", "quince-garbage"),
        ("DATABASE_URL", "postgre://u:quince@host/name"),
        ("LOG_LEVEL", "often"),
        ("TIME_ZONE", "Lisbon"),
        ("DATABASE_URL", "postgres://u:quince@host:port/name"),
        ("STORAGE_URL", "s3://key:quince@host"),
        ("EMAIL_URL", "quince@mail.example.org"),
    ],
)
def test_variable_that_is_not_understood_is_named_and_its_value_is_not(variable: str, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**os.environ, variable: value},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"{variable} is not understood." in done.stderr
    assert "quince" not in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(("more", "seconds"), [("", 5), ("?connect_timeout=2", 2)])
def test_database_that_does_not_answer_holds_no_page(
    more: str, seconds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("DATABASE_URL", f"postgres://u:quince@{address}/name{more}")
        database = Environment().database("DATABASE_URL", tmp_path)
        assert database["OPTIONS"]["connect_timeout"] == seconds
        silent_one = ConnectionHandler({"default": database})["default"]
        with pytest.raises(ConnectionTimeout):
            connect(**silent_one.get_connection_params())


def test_a_plain_http_site_is_named_by_the_deployment_check() -> None:
    messages = run_checks(include_deployment_checks=True)
    assert "pomar.W020" in [message.id for message in messages]


def test_socket_of_a_long_folder_is_short_and_everywhere_the_same() -> None:
    data = Path("/srv") / ("x" * 120)
    assert len(str(valkey.socket_path(data))) <= 107
    assert valkey.socket_path(data) == valkey.socket_path(data)
    assert valkey.socket_path(data) != valkey.socket_path(data / "y")
    assert valkey.socket_path(Path("/srv/pomar")) == Path("/srv/pomar/valkey.sock")


def test_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    with pytest.raises(PermissionError):
        valkey.make_socket_folder(tmp_path / "link" / "valkey.sock")
