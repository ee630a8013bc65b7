"""No secret of a whole day on the site is left anywhere: all that the site keeps is read byte by byte.

That is the database with what was deleted from it, Valkey's own log of everything that was ever put into
queue and cache, the sessions, the logs (of DEBUG) and the files; and each address a browser was sent to.
"""

import base64
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote

import pytest
from redis import Redis

from tests.journeys.conftest import Site
from tests.journeys.test_journeys import choice, is_stored, link_orange, open_sapo, prepared_form, upload
from tests.support.painting import picture
from tests.support.person import Person
from tests.support.running_site import INHERITED, RunningSite, free_port

pytestmark = [pytest.mark.whole_site, pytest.mark.xdist_group("journeys")]

OWN_SECRET_FILES = ("secrets.env", "oidc.pem")  # mode 0600: where the site's own secrets belong
# What is sealed or packed, in clear: for the test, which then looks for the first and in the second.
OPENED = """
import json
from allauth.socialaccount.models import SocialToken
from django.contrib.sessions.models import Session
from gallery.accounts.models import Revocation
from gallery.uploads.models import Upload
from gallery.uploads.delivery.tickets import open_ticket
from providers.linking import open_token, vault
tokens = [open_token(one.account, one.token) for one in SocialToken.objects.select_related("account")]
tokens += [vault().open(one.sealed, "token", one.provider_id, one.uid) for one in Revocation.objects.all()]
tickets = [open_ticket(one) for one in Upload.objects.exclude(ticket="")]
tokens += [ticket.data["token"] for ticket in tickets if ticket and "token" in ticket.data]
sessions = repr([one.get_decoded() for one in Session.objects.all()])
print("::" + json.dumps([tokens, sessions]))
"""
FAULTS = """
from providers.server.faults.models import FaultPlan
for server, code in (("orange", "9099"), ("sapo", "1010")):
    FaultPlan.objects.create(server=server, operation="*", kind="silent", seconds=0.1, remaining=2)
    FaultPlan.objects.create(server=server, operation="*", kind="error", code=code, remaining=2)
"""
_QUEUED = re.compile(rb'"body": ?"([A-Za-z0-9+/=]+)"')  # kombu packs its messages


@dataclass
class Day:
    """A site of its own that tells all it can, and what must be found nowhere in it."""

    site: Site
    running: RunningSite
    secrets: set[str] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)

    def somebody(self, name: str) -> Person:
        person = self.site.somebody(name)
        self.secrets.add(person.password)
        person.session.hooks["response"].append(
            lambda answer, **_: self.addresses.extend([answer.url, answer.headers.get("Location", "")])
        )
        return person

    def looks_into_seals(self) -> None:
        """Learn every key and ticket that lies sealed, and what the sessions hold, as it is now."""
        stored = self.site.manage("shell", "-v", "0", "-c", OPENED).partition("::")[2]
        sealed, sessions = json.loads(stored)
        assert sealed and all(len(one) > 16 for one in sealed)
        self.secrets |= set(sealed)
        self.sessions.append(sessions)

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """All that the site keeps or ever printed, by name."""
        data = self.running.data
        for path in sorted(data.rglob("*")):
            if path.is_file() and path.name not in OWN_SECRET_FILES and "static" not in path.parts:
                yield str(path.relative_to(data)), path.read_bytes()
        yield from self.queues()
        yield "sessions", "".join(self.sessions).encode()
        yield "output", self.running.output.encode()
        yield "addresses", "\n".join(self.addresses).encode()

    def queues(self) -> Iterator[tuple[str, bytes]]:
        """The messages of all tasks, unpacked."""
        for path in self.running.data.rglob("*.aof"):
            for packed in _QUEUED.findall(path.read_bytes().replace(b'\\"', b'"')):
                yield "queue", base64.b64decode(packed)


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    data = tmp_path / "data"
    running = RunningSite(data, free_port(), SYNC_INTERVAL="3600", LOG_LEVEL="DEBUG").wait_until_ready()
    with Redis(unix_socket_path=str(data / "valkey.sock")) as valkey:
        valkey.config_set("appendonly", "yes")  # a site writes none
    address = running.address.rstrip("/")
    clean = {name: os.environ[name] for name in INHERITED if name in os.environ}
    yield Day(Site(address, {**clean, "DATA_DIR": str(data), "SITE_URL": address}), running)
    running.stop()


def test_no_secret_of_a_whole_day_lies_anywhere_in_clear(day: Day) -> None:
    day.secrets |= _of_the_site(day.running.data)
    _programs_get_their_keys(day)
    alice = day.somebody("alice")
    _links_sapo(day, alice)
    link_orange(alice)
    day.looks_into_seals()
    _sends_and_protects(day, alice)
    _goes_through_trouble(day, alice)
    link_orange(alice)  # again: the first key is given back
    day.looks_into_seals()
    _leaves(alice)
    day.running.stop()
    everything = list(day.everything())
    found = {
        (f"{secret[:6]}...", name)
        for name, content in everything
        for secret in day.secrets
        if secret.encode() in content or quote(secret, safe="").encode() in content
    }
    assert found == set()
    _what_is_no_secret_was_found(everything)


def _of_the_site(data: Path) -> set[str]:
    """Its keys to its two servers, and to its vault."""
    lines = [line.partition("=") for line in (data / "secrets.env").read_text().splitlines()]
    wanted = ("ORANGE_SERVICE_PWD", "SAPO_ACCESS_KEY", "SECRET_KEY", "VAULT_KEYS")
    return {value.rpartition(":")[2] for name, _, value in lines if name in wanted}


def _programs_get_their_keys(day: Day) -> None:
    password = f"marker-{token_hex(8)}"
    orange = day.site.manage_json("orange_account", "zoe@example.org")
    sapo = day.site.manage_json("sapo_account", "zoe", "--email", "zoe@example.org", "--password", password)
    day.secrets |= {orange["SERVICE_PWD"], orange["token"], sapo["access_key"], password}


def _links_sapo(day: Day, alice: Person) -> None:
    """With a wrong password first; then twice, staying connected."""
    name, password = open_sapo(alice)
    wrong = f"wrong-{token_hex(8)}"
    day.secrets |= {password, wrong}
    for tried in (wrong, password, password):
        alice.goes_to("/accounts/sapo/pomar-sapo/login/")
        fields = {"username": name, "password": tried, "stay_connected": "on"}
        alice.sends(alice.form(holding="username"), fields)
    assert alice.path == "/linked/", alice.text


def _sends_and_protects(day: Day, alice: Person) -> None:
    """By the worker to both services and by her browser to SAPO; then a password for one photo there."""
    for service in ("Orange", "SAPO"):
        title = f"{service}{token_hex(4)}"
        upload(alice, picture(text=title), f"{title}.jpg", title=title, account=choice(alice, service))
        assert alice.waits_until(lambda title=title: is_stored(alice, title))  # type: ignore[misc]
    alice.goes_to(alice.page.xpath("//main//a[contains(@href, '/photos/')]/@href")[0])
    alice.goes_to(alice.page.xpath("//a[contains(@href, '/edit/')]/@href")[0])
    protection = f"marker-{token_hex(8)}"
    day.secrets.add(protection)
    alice.sends(alice.form(holding="description"), {"password": protection})
    photo = alice.path
    assert alice.waits_until(lambda: "Anyone who knows its password" in alice.goes_to(photo).text), alice.text
    form = prepared_form(alice, "Praia")
    day.secrets.add(form.fields["token"])
    day.looks_into_seals()
    alice.sends(form, files=[("file", ("praia.jpg", picture(text="praia"), "image/jpeg"))])


def _goes_through_trouble(day: Day, alice: Person) -> None:
    """Both services break off and fail while they are asked: that is what gets into logs."""
    day.site.manage("shell", "-v", "0", "-c", FAULTS)
    alice.goes_to("/linked/")
    for form in [form for form in alice.page.forms if "/now/" in (form.action or "")]:
        alice.sends(form)
        alice.goes_to("/linked/")
    for service in ("Orange", "SAPO"):
        upload(alice, picture(text=f"bad {service}"), "bad.jpg", account=choice(alice, service))
    for page in ("/search/?q=farol", "/explore/", "/linked/", "/uploads/"):
        alice.goes_to(page)


def _leaves(alice: Person) -> None:
    alice.goes_to("/linked/")
    pages = alice.page.xpath("//a[contains(@href, '/unlink/')]/@href")
    assert len(pages) == 2
    for page in pages:
        alice.goes_to(page)
        alice.sends(alice.main_form)


def _what_is_no_secret_was_found(everything: list[tuple[str, bytes]]) -> None:
    """Or the search would prove nothing."""

    def contents(name: str) -> bytes:
        return b"".join(content for each, content in everything if name in each)

    assert b"zoe@example.org" in contents("pomar.sqlite3") and b"pomar-orange" in contents("pomar.sqlite3")
    assert b"uploads" in contents("appendonlydir/") and b"callbacks" in contents("queue")
    assert b"_auth_user_id" in contents("sessions") and b"/accounts/orange/" in contents("addresses")
    assert all(b"DEBUG" in contents(f"logs/{name}.log") for name in ("web", "services", "worker"))
