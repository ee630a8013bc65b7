"""`manage.py prepare`: everything between new code and a site that can serve it."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from redis import Redis
from redis.exceptions import RedisError

from gallery import translations


class Command(BaseCommand):
    help = "Brings database, translations, static files and the built-in services up to date."

    def handle(self, *args: object, **options: object) -> None:
        _meet_redis()
        translations.compile_all()
        call_command("migrate", interactive=False, verbosity=1)
        self._collect_static()
        call_command("register_services")

    def _collect_static(self) -> None:
        """Only when a file has changed: naming and compressing them takes longer than all the rest."""
        stored = Path(settings.STATIC_ROOT) / ".fingerprint"
        fingerprint = _static_fingerprint()
        if stored.is_file() and stored.read_text() == fingerprint:
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stored.write_text(fingerprint)


def _meet_redis() -> None:
    """Else each program would wait for it, and nobody would say for what."""
    try:
        Redis.from_url(settings.CACHE_URL, socket_connect_timeout=5, socket_timeout=5).ping()
    except RedisError as error:
        raise CommandError(f"Redis does not answer (REDIS_URL): {type(error).__name__}.") from None


def _static_fingerprint() -> str:
    """Changes with each name, size and time of change among the static files."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
