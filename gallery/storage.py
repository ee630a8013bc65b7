"""Where files lie: a folder by default, object storage by one address."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage


def s3_options(url: str) -> dict[str, object]:
    """Options of `ObjectStorage` from `s3://KEY:SECRET@host[:port]/bucket[?region=..&tls=0]`.

    Raises ValueError for another form.
    """
    parts = urlsplit(url)
    bucket, query = parts.path.strip("/"), parse_qs(parts.query)
    if parts.scheme != "s3" or not (parts.username and parts.password and parts.hostname and bucket):
        raise ValueError("not the address of a bucket with its key")
    options: dict[str, object] = {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": bucket,
        "default_acl": None,
        "file_overwrite": False,
        "max_memory_size": 1024 * 1024,  # else a file that is read lies in memory whole
    }
    is_amazon = parts.hostname == "s3.amazonaws.com"
    if not is_amazon:
        scheme = "http" if query.get("tls") == ["0"] else "https"
        port = f":{parts.port}" if parts.port else ""
        options["endpoint_url"] = f"{scheme}://{parts.hostname}{port}"
    if "region" in query:
        options["region_name"] = query["region"][0]
    return options | {"client_config": _manner("auto" if is_amazon else "path")}


def _manner(addressing_style: str) -> Config:
    """How calls to the store are made: with timeouts of seconds, as people wait for pictures, and
    without the newer checksums, which many stores that are not Amazon's refuse."""
    return Config(
        s3={"addressing_style": addressing_style},
        signature_version="s3v4",
        connect_timeout=3,
        read_timeout=20,
        retries={"total_max_attempts": 3, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


@contextmanager
def _errors_as_os_errors() -> Iterator[None]:
    """Errors of an object store become OSErrors: whoever saves a file handles that one kind."""
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise OSError(f"object storage: {type(error).__name__}") from error


class ObjectStorage(S3Storage):  # type: ignore[misc]
    """S3 as Django's storage. A file is here, whole, when it is opened: no answer breaks off midway."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _errors_as_os_errors():
            opened = super()._open(name, mode)
            if "r" in mode:
                opened.file.seek(0)
            return opened

    def _save(self, name: str, content: Any) -> str:
        with _errors_as_os_errors():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with _errors_as_os_errors():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _errors_as_os_errors():
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _errors_as_os_errors():
            folders, files = super().listdir(name)
            return list(folders), list(files)

    def size(self, name: str) -> int:
        with _errors_as_os_errors():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        with _errors_as_os_errors():
            found: datetime = super().get_modified_time(name)
            return found
