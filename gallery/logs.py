"""Keeps secrets out of logs, as services have them in addresses; names the errors that people saw."""

import logging
import re
from typing import Any

from providers.configuration import service_settings

_ANY_SERVICE = r"[\w-]*(?:token|password|secret|pwd|verifier|_keys?)"
_NAMES = "|".join([_ANY_SERVICE, *(name for own in service_settings().values() for name in own.secret_names)])
_SECRET = re.compile(rf"""(?i)(\b(?:{_NAMES}))(=|%3D|>|["']?:\s*["']?)[^\s&'",;<>]+""")
_IN_ADDRESS = re.compile(r"(?i)(\b|%3F|%26)(code|sig|key)(=|%3D)[^\s&'\",;<>]+")
_BEFORE_HOST = re.compile(r"://[^\s/@]+@")
_HEADER = re.compile(r"(?i)\b(authorization['\"]?:?\s*['\"]?(?:basic|bearer|oauth)?)\s+\S+")

_LEAST_LEVELS = {
    # urllib3 prints whole addresses at DEBUG, and services' protocols put secrets into them.
    "urllib3": "INFO",
    "pyvips": "WARNING",
    "django.server": "WARNING",
    # Three lines for every message in the queue; failures are logged at ERROR.
    "celery.beat": "WARNING",
    "celery.worker.strategy": "WARNING",
    "celery.app.trace": "WARNING",
}


def redact(text: str) -> str:
    """`text` with the values of known secrets replaced by `***`."""
    text = _IN_ADDRESS.sub(r"\1\2\3***", _SECRET.sub(r"\1\2***", text))
    return _HEADER.sub(r"\1 ***", _BEFORE_HOST.sub("://***@", text))


class RedactSecrets(logging.Filter):
    """Redacts the finished message of every record, and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


class NameReference(logging.Filter):
    """Begins the record of an error with the reference that its page showed (gallery/views.py). Of what
    was merely refused, a line is enough: its traceback leads nowhere."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = None
        request = record.__dict__.pop("request", None)
        if reference := getattr(request, "error_reference", ""):
            record.msg, record.args = f"reference {reference}: {record.getMessage()}", None
        return True


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING: one line a record, to stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "reference": {"()": "gallery.logs.NameReference"},
            "redact": {"()": "gallery.logs.RedactSecrets"},
        },
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["reference", "redact"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {name: {"level": least} for name, least in _LEAST_LEVELS.items()},
    }
