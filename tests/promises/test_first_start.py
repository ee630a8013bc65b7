"""What the first start makes, and that nothing makes it twice."""

import re
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gallery import first_start
from providers.vault import Vault


def test_first_start_makes_every_secret_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    secrets = first_start.make(data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for name in ("secrets.env", "oidc.pem"):
        assert stat.S_IMODE((data / name).stat().st_mode) == 0o600
    assert len(secrets["SECRET_KEY"]) >= 50
    assert re.fullmatch(r"[A-Z]{10}[0-9]{10}", secrets["ORANGE_SERVICE_ID"])
    assert Vault([secrets["VAULT_KEYS"]]).seal("x").startswith("v1.k1.")
    key = load_pem_private_key((data / "oidc.pem").read_bytes(), password=None)
    assert isinstance(key, RSAPrivateKey)
    assert key.key_size == 2048


def test_first_start_of_two_folders_shares_no_secret(tmp_path: Path) -> None:
    one, two = first_start.make(tmp_path / "one"), first_start.make(tmp_path / "two")
    differing = set(one) - {"SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"}  # one name for each process
    assert all(one[name] != two[name] for name in differing)


def test_second_start_changes_nothing(tmp_path: Path) -> None:
    first_start.make(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    first_start.make(tmp_path)
    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}


def test_start_after_an_upgrade_adds_only_the_missing_secret(tmp_path: Path) -> None:
    secrets = first_start.make(tmp_path)
    file = tmp_path / first_start.SECRETS
    lines = [line for line in file.read_text().splitlines() if not line.startswith("SAPO_ACCESS_KEY=")]
    file.write_text("\n".join([*lines, "MINE=stays"]))
    again = first_start.make(tmp_path)
    assert again["MINE"] == "stays"
    assert again["SAPO_ACCESS_KEY"] != secrets["SAPO_ACCESS_KEY"]
    assert {**again, "SAPO_ACCESS_KEY": "", "MINE": ""} == {**secrets, "SAPO_ACCESS_KEY": "", "MINE": ""}


def test_demo_is_wanted_by_a_new_folder_only(tmp_path: Path) -> None:
    first_start.make(tmp_path)
    wanted = tmp_path / first_start.DEMO_WANTED
    assert wanted.exists()
    wanted.unlink()
    first_start.make(tmp_path)
    assert not wanted.exists()


def test_fresh_secrets_are_printed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    first_start.print_fresh()
    lines = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    assert lines["OIDC_PRIVATE_KEY"].startswith("'-----BEGIN PRIVATE KEY-----\\n")
    assert {"SECRET_KEY", "VAULT_KEYS", "POSTGRES_PASSWORD", "STORAGE_SECRET"} <= set(lines)
