"""Reads the environment; a value that is not understood is said in words: which variable, never its value."""

import logging
import warnings
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # What must outlive a power cut is committed by providers.durable.lasting.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


class Environment(environ.Env):  # type: ignore[misc]
    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().get_value(var, *args, **kwargs)
        except (ValueError, TypeError):
            raise _not_understood(var) from None

    def database(self, var: str, data_folder: Path) -> dict[str, Any]:
        """A database in Django's form; SQLite in the data folder where the variable is not set."""
        try:
            with warnings.catch_warnings(action="ignore"):  # it would print the password
                found: dict[str, Any] = self.db(var, default=f"sqlite:///{data_folder / 'pomar.sqlite3'}")
        except ValueError:
            found = {}
        if not str(found.get("ENGINE")).startswith("django.db.backends.") or not found.get("NAME"):
            raise _not_understood(var, "postgres://USER:PASSWORD@host:5432/name")
        if found["ENGINE"].endswith("sqlite3"):
            # A file for tests, not memory: their threads and processes meet the same locks as in production.
            return found | {"OPTIONS": _SQLITE, "TEST": {"NAME": str(data_folder / "test.sqlite3")}}
        # A server that is gone without a word would otherwise hold a page for minutes.
        options = {"connect_timeout": 5} | found.get("OPTIONS", {})
        return found | {
            "OPTIONS": options,
            "CONN_MAX_AGE": self.int("DATABASE_CONN_MAX_AGE", default=60),
            "CONN_HEALTH_CHECKS": True,
        }

    def mail(self, var: str, default: str) -> dict[str, Any]:
        try:
            return dict(self.email(var, default=default))
        except ImproperlyConfigured:
            raise _not_understood(var, "smtp+tls://USER:PASSWORD@host:587") from None

    def log_level(self, var: str, default: str) -> str:
        level: str = self.str(var, default=default).upper()
        if level not in logging.getLevelNamesMapping():
            raise _not_understood(var, "DEBUG, INFO, WARNING or ERROR")
        return level

    def time_zone(self, var: str, default: str) -> str:
        name: str = self.str(var, default=default)
        try:
            return ZoneInfo(name).key
        except (ValueError, LookupError):
            raise _not_understood(var, "Europe/Lisbon") from None

    def storage(self, var: str) -> dict[str, object]:
        """A storage in Django's form; a folder where the variable is empty."""
        url = self.str(var, default="")
        if not url:
            return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
        from gallery.storage import s3_options  # heavy, and needed here alone

        try:
            return {"BACKEND": "gallery.storage.ObjectStorage", "OPTIONS": s3_options(url)}
        except ValueError:
            raise _not_understood(var, "s3://KEY:SECRET@host[:port]/bucket[?region=..&tls=0]") from None


def _not_understood(var: str, form: str = "") -> ImproperlyConfigured:
    wanted = f" It has the form {form}" if form else " See docs/configuration.md."
    return ImproperlyConfigured(f"{var} is not understood.{wanted}")
