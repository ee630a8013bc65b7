"""Opens accounts, subscribes services, issues tokens and records consent."""

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from providers.orange.protocol import Right
from providers.orange.server.hashers import ServicePasswordHasher
from providers.orange.server.models import Consent, OrangeAccount, ServiceDetails

SCOPES = ["openid", "photos"]
_ONCE = timedelta(hours=1)


def open_account(user: AbstractBaseUser) -> OrangeAccount:
    """The person's account here, opened if need be."""
    label = getattr(user, "email", "") or user.get_username()
    return OrangeAccount.objects.get_or_create(user_id=user.pk, defaults={"label": label})[0]


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """SERVICE_ID and SERVICE_PWD; the password is readable only now."""

    service_id: str
    password: str


def new_service_id(name: str) -> str:
    """Ten capital letters from the service's name and ten digits, like Orange's own (orange.md 4)."""
    letters = "".join(character for character in name.upper() if character in string.ascii_uppercase)
    digits = "".join(secrets.choice(string.digits) for _ in range(10))
    return f"{letters:X<10.10}{digits}"


def subscribe_service(
    name: str,
    *,
    redirect_uris: Sequence[str] = (),
    service_id: str = "",
    password: str = "",
) -> ServiceKey:
    """Make or renew a service with a new key; the hosts of `redirect_uris` may be returned to."""
    service_id = service_id or new_service_id(name)
    client = Client.objects.filter(pk=service_id).first() or Client(id=service_id)
    client.name = name
    client.set_scopes(SCOPES)
    client.set_redirect_uris(list(redirect_uris))
    password = set_password(client, password)
    hosts = sorted({urlsplit(uri).netloc.lower() for uri in redirect_uris})
    with transaction.atomic():
        client.save()
        ServiceDetails.objects.update_or_create(client=client, defaults={"return_hosts": "\n".join(hosts)})
    return ServiceKey(client.id, password)


def set_password(client: Client, password: str = "") -> str:
    """Give a service its SERVICE_PWD, a new one unless given; it is readable only now.

    It is long and random, so the cheap hasher is no weaker than an expensive one.
    """
    password = password or secrets.token_urlsafe(24)
    client.secret = make_password(password, hasher=ServicePasswordHasher.algorithm)
    return password


def register_builtin_service(redirect_uris: list[str]) -> None:
    """Make this site's own gallery a service of this server. Changes nothing when it is one already."""
    client = Client.objects.filter(pk=settings.ORANGE_SERVICE_ID).first()
    if (
        client is not None
        and client.get_redirect_uris() == redirect_uris
        and client.check_secret(settings.ORANGE_SERVICE_PWD)
    ):
        return
    subscribe_service(
        "Pomar",
        redirect_uris=redirect_uris,
        service_id=settings.ORANGE_SERVICE_ID,
        password=settings.ORANGE_SERVICE_PWD,
    )


def issue_token(account: OrangeAccount, service_id: str) -> str:
    """A user token as linking would give it, for commands and tests; it is readable only now."""
    raw = secrets.token_urlsafe(64)
    lifetime = timedelta(seconds=settings.IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN)
    token = Token(
        type=Token.Type.ACCESS_TOKEN,
        client_id=service_id,
        user_id=account.user_id,
        expires_at=timezone.now() + lifetime,
    )
    token.set_value(raw)
    token.set_scopes(SCOPES)
    token.save()
    return raw


def record_consent(account: OrangeAccount, client: Client, rights: Sequence[Right], choice: str) -> None:
    """Store a decision made on the privacy page. "Once" ends after an hour."""
    now = timezone.now()
    until = now + _ONCE if choice == Consent.Choice.ONCE else None
    for right in rights:
        Consent.objects.update_or_create(
            account=account,
            client=client,
            right=right,
            defaults={"choice": choice, "decided_at": now, "expires_at": until},
        )
