"""Signs of life of worker and beat, for whoever started them and for `/health/`."""

import logging
import os
import socket
from pathlib import Path

from django.db import DatabaseError, connection
from django.utils import timezone

from gallery.jobs.models import Heartbeat

logger = logging.getLogger(__name__)


def touch_ready_file() -> None:
    """For whoever started us (gallery/supervisor): untouched for a minute, we are started again."""
    try:
        if path := os.environ.get("READY_FILE"):
            Path(path).touch()
    except OSError as error:
        logger.warning("the file that shows that we live cannot be touched: %s", error)


def _name(program: str) -> str:
    """The same after each start; several of one machine differ by their files."""
    return f"{program}@{socket.gethostname()} {os.environ.get('READY_FILE', '')[-100:]}".strip()


def write_heartbeat(program: str, trouble: str = "") -> None:
    """For `/health/`. A database that does not answer is not our end."""
    values = {"program": program, "seen_at": timezone.now(), "trouble": trouble[:200]}
    try:
        Heartbeat.objects.update_or_create(name=_name(program), defaults=values)
    except DatabaseError as error:
        logger.warning("the sign of life could not be written: %s", error)
    finally:
        connection.close()


def remove_heartbeat(program: str) -> None:
    """This program ends as it was asked to: nobody is to miss it."""
    try:
        Heartbeat.objects.filter(name=_name(program)).delete()
    except DatabaseError as error:
        logger.warning("the sign of life could not be removed: %s", error)
    finally:
        connection.close()
