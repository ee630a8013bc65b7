"""French: the hour with its little word."""

DATETIME_FORMAT = r"j F Y \à H:i"
