"""Keeps secrets out of logs, as both services put them into addresses; names the errors that people saw."""

import logging
import re

_SECRET = re.compile(
    r"""(?ix)
    ( \b [\w-]* (?: token | password | secret | pwd | verifier | _keys? ) | \b (?: ESB\w+ | AccessKey ) )
    ( = | %3D | > | ["']? : \s* ["']? )
    [^\s&'",;<>]+
    """
)
_IN_ADDRESS = re.compile(r"(?i)(\b|%3F|%26)(code|sig|key)(=|%3D)[^\s&'\",;<>]+")
_BEFORE_HOST = re.compile(r"://[^\s/@]+@")
_HEADER = re.compile(r"(?i)\b(authorization['\"]?:?\s*['\"]?(?:basic|bearer|esb|oauth)?)\s+\S+")


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
