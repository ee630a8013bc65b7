"""Who calls: user name and password or a token, and the key of the program.

An unknown user and a wrong password get the same response after the same time; guessing is slowed down.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from providers.sapo.counters import count_of, count_up
from providers.sapo.protocol import FaultCode
from providers.sapo.server.auth.keys import digest
from providers.sapo.server.models import AccessKey, Person, Token
from providers.sapo.server.queries import person_by_id, token_by_hash
from providers.sapo.server.wire.arguments import Arguments
from providers.sapo.server.wire.errors import Fault

_HEADER_KEY = re.compile(r"^\s*ESB\s+AccessKey\s*=\s*\"?([^\s\",]+)", re.IGNORECASE)
MAX_FAILURES, MAX_FAILURES_OF_ADDRESS = 10, 200
FAILURE_SECONDS = 600
_LOGIN_CACHE_SECONDS = 300
_LOGIN_IS_STALE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Caller:
    """`person` is None where the site demands no credentials and none were sent."""

    person: Person | None
    address: str = ""

    @property
    def required_person(self) -> Person:
        """The person; raises Fault where somebody has to be signed in."""
        if self.person is None:
            raise Fault(FaultCode.BAD_CREDENTIALS, "Credentials are needed for this operation")
        return self.person


def identify(arguments: Arguments, request: HttpRequest, *, needs_key: bool = True) -> Caller:
    """Who calls. Raises Fault for what is missing (SAPO_REQUIRE) or wrong."""
    person = person_of(arguments, request)
    if person is None and "credentials" in settings.SAPO_REQUIRE:
        raise Fault(FaultCode.BAD_CREDENTIALS, "Credentials are missing")
    if needs_key and "access_key" in settings.SAPO_REQUIRE:
        _check_access_key(arguments, request, person)
    return Caller(person, request.META.get("REMOTE_ADDR", ""))


def person_of(arguments: Arguments, request: HttpRequest) -> Person | None:
    """The person behind a token or a password, None when neither was sent. Raises Fault."""
    if token := arguments.text("esbtoken"):
        return token_row(token).person
    username, password = arguments.text("esbusername"), arguments.text("esbpassword")
    if not username and not password:
        return None
    return _person_by_password(username, password, request)


def token_row(token: str) -> Token:
    """The row of a token that is still valid, with its person. Raises Fault 2610 or 2620."""
    row = token_by_hash(digest(token))
    person = None if row is None or row.revoked_at is not None else person_by_id(row.person_id)
    if row is None or person is None or not person.is_usable:
        raise Fault(FaultCode.INVALID_TOKEN, "Invalid security token")
    row.person = person
    if row.expires_at <= timezone.now():
        raise Fault(FaultCode.EXPIRED_TOKEN, "Security token expired")
    return row


def _check_access_key(arguments: Arguments, request: HttpRequest, person: Person | None) -> None:
    found = _HEADER_KEY.match(request.headers.get("Authorization", ""))
    key = found[1] if found else arguments.text("esbaccesskey")
    if not key:
        raise Fault(FaultCode.BAD_CREDENTIALS, "The access key is missing")
    # The site's own gallery has a key for everybody, from the environment.
    if settings.SAPO_ACCESS_KEY and secrets.compare_digest(key.encode(), settings.SAPO_ACCESS_KEY.encode()):
        return
    whose = Q(person=None) if person is None else Q(person=None) | Q(person=person)
    if not AccessKey.objects.filter(whose, key_hash=digest(key), is_active=True).exists():
        raise Fault(FaultCode.BAD_CREDENTIALS, "The access key is not known for this account")


def _person_by_password(username: str, password: str, request: HttpRequest) -> Person:
    name = username.lower()
    person = Person.objects.filter(Q(email=name) | Q(username=name)).order_by("username").first()
    cache_key = _login_cache_key(person, password)
    if person is not None and cache.get(cache_key) and person.is_usable:
        return person
    counters = _failure_counters(name, request)
    if any(count_of(counter) >= limit for counter, limit in counters.items()):
        raise Fault(FaultCode.BAD_CREDENTIALS, "Too many attempts; try again later")
    if person is None:
        Person().set_password(password)  # as long as a real check takes
    if person is None or not person.check_password(password) or not person.is_usable:
        for counter in counters:
            count_up(counter, FAILURE_SECONDS)
        raise Fault(FaultCode.BAD_CREDENTIALS, "Invalid credentials")
    cache.set(cache_key, True, _LOGIN_CACHE_SECONDS)
    _record_login(person)
    return person


def _login_cache_key(person: Person | None, password: str) -> str:
    """Under which the cache remembers that `password` was right: programs send it with every call, and a
    check costs 50 ms. A keyed hash, which changes with the password."""
    stored = "" if person is None else person.password
    value = salted_hmac("sapo.password", f"{stored}\0{password}", algorithm="sha256").hexdigest()
    return f"sapo-login:{value}"


def _failure_counters(name: str, request: HttpRequest) -> dict[str, int]:
    address = request.META.get("REMOTE_ADDR", "")
    return {
        f"sapo-failed:{digest(f'{address} {name}')}": MAX_FAILURES,
        f"sapo-failed:{digest(address)}": MAX_FAILURES_OF_ADDRESS,
    }


def _record_login(person: Person) -> None:
    now = timezone.now()
    if person.last_login_at is None or now - person.last_login_at > _LOGIN_IS_STALE:
        Person.objects.filter(pk=person.pk).update(last_login_at=now)
        person.last_login_at = now
