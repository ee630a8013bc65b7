"""`manage.py up`: the whole site on one machine (docs/configuration.md)."""

import argparse
import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from gallery import first_start
from gallery.supervisor import lock, ports, runtime, valkey
from gallery.supervisor.child import WillNotRun
from gallery.supervisor.programs import (
    Program,
    Site,
    beat_program,
    manage,
    serving_programs,
    valkey_program,
)
from gallery.supervisor.supervisor import Stopped, Supervisor


class Command(BaseCommand):
    help = "Starts everything on this machine, keeps it running, and stops it as one on Ctrl-C."
    # Before the first start there is nothing to check; `prepare`, run as a part of it, checks.
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=_port, default=os.environ.get("PORT", "8000"))
        parser.add_argument(
            "--follow-parent", action="store_true", help="stop when the process that started this one ends"
        )

    def handle(self, *, port: int, follow_parent: bool, **options: object) -> None:
        data: Path = settings.DATA_DIR
        os.umask(0o077)  # the data are for the one who runs it, whoever else is on the machine
        try:
            held = lock.hold(data)
            secrets = first_start.make(data)
            site = self._site(data, port)
        except lock.AlreadyRunning as running:
            raise CommandError(f"Pomar already runs on {data} (process {running}).") from None
        except (OSError, LookupError) as error:
            raise CommandError(str(error)) from None
        try:
            runtime.write(data, site.environment)
            with Supervisor(site, held, self._say, follows_parent=follow_parent) as supervisor:
                self._run(supervisor, site, secrets)
        except Stopped:
            self._say("Stopped.")
        except WillNotRun as failure:
            raise CommandError(f"{failure}\n\nAll programs have been stopped.") from None
        finally:
            runtime.remove(data)
            if site.socket and site.socket.parent != data:
                with suppress(OSError):
                    site.socket.parent.rmdir()

    def _site(self, data: Path, port: int) -> Site:
        free = ports.reserve(port)
        if free != port:
            self._say(f"Port {port} is taken by another program; using {free} instead.")
        socket = None
        if not settings.REDIS_URL:
            socket = Path(settings.VALKEY_SOCKET)
            valkey.make_socket_folder(socket)
            socket.unlink(missing_ok=True)  # left by a killed one: the lock says that none runs
        return Site(
            data=data,
            code=settings.BASE_DIR,
            web_port=free,
            services_port=ports.reserve_for_services(free),
            socket=socket,
            hang_seconds=settings.HANG_SECONDS,
        )

    def _run(self, supervisor: Supervisor, site: Site, secrets: dict[str, str]) -> None:
        self._say("Starting Pomar ...")
        if embedded := valkey_program(site):
            supervisor.start(embedded)
        supervisor.run_once(Program(name="prepare", command=manage(site, "prepare")))
        _hold_database_open()
        ports.hand_over(site.services_port, site.web_port)
        supervisor.start(*serving_programs(site))
        supervisor.start(beat_program(site))
        address = site.environment["SITE_URL"]
        has_demo = self._plant_demo(supervisor, site, address)
        self._say(f"\nPomar is ready: {address}/")
        if has_demo:
            password = os.environ.get("DEMO_PASSWORD", secrets["DEMO_PASSWORD"])
            self._say(f"Sign in as demo, password {password}")
        self._say(f"Data and logs lie in {site.data}. Ctrl-C stops everything.")
        supervisor.watch()

    def _plant_demo(self, supervisor: Supervisor, site: Site, address: str) -> bool:
        """Whether there is a demo library; made at the first start, while the site answers already."""
        wanted, made = site.data / first_start.DEMO_WANTED, site.data / "demo.made"
        if os.environ.get("DEMO", "1") == "0":
            wanted.unlink(missing_ok=True)
        if not wanted.exists():
            return made.exists()
        self._say(f"Pomar answers at {address}/ - the demo library is being painted ...")
        try:
            supervisor.run_once(Program(name="demo", command=manage(site, "demo")), shows_output=True)
        except WillNotRun as failure:
            self._say(f"There is no demo library yet; the next start tries again.\n{failure}")
            return False
        wanted.replace(made)
        return True

    def _say(self, text: str) -> None:
        with suppress(OSError):  # the terminal has gone; the programs still have to be stopped
            self.stdout.write(text)
            self.stdout.flush()


def _hold_database_open() -> None:
    """Until we end. Whoever closes SQLite's last connection removes the files beside the database, and on a
    full disk nobody could make them again, not even to read.
    """
    if connection.vendor == "sqlite":
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")


def _port(text: str) -> int:
    if not (text.isdigit() and 1 <= int(text) <= 65_535):
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)
