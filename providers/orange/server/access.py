"""Which service calls, for whom, and whether that person gave consent."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import urlencode

from allauth.idp.oidc.models import Client, Token
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from providers.orange.protocol import FAMILY, MAX_TOKEN, ErrorCode, GatewayCode, Right
from providers.orange.server.errors import (
    BadServiceCredentials,
    GatewayError,
    ServiceError,
    invalid_token,
)
from providers.orange.server.models import Consent, OrangeAccount, account_of

SCOPE = "photos"


@dataclass(frozen=True, slots=True)
class Access:
    """One call's rights: a service, a person's account, and the token that joins them."""

    token: Token
    account: OrangeAccount


def identify_service(request: HttpRequest) -> str:
    """The SERVICE_ID of HTTP Basic, "" when none was sent and none is demanded.

    Raises BadServiceCredentials.
    """
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        if settings.ORANGE_REQUIRE_SERVICE_AUTH:
            raise BadServiceCredentials
        return ""
    try:
        service_id, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise BadServiceCredentials from None
    client = Client.objects.filter(pk=service_id).first() if "\x00" not in service_id else None
    if client is None or not client.check_secret(password):
        raise BadServiceCredentials
    return service_id


def authorize_call(raw_token: str, service_id: str, right: Right) -> Access:
    """The rights of a user token. Raises GatewayError -1, -2, -3 and ServiceError 1106."""
    token = _valid_token(raw_token, service_id)
    account = account_of(token.user) if token.user else None
    if account is None:
        raise ServiceError(ErrorCode.OWNER_UNKNOWN, f"Owner unknown [GUID = mail {token.user.email}]")
    if not _is_allowed(account, token, right):
        raise GatewayError(
            GatewayCode.ACCESS_DENIED,
            "PrivacyAccessDeniedException",
            status=500,
            url=_consent_url(token.client_id, right),
        )
    return Access(token, account)


def _valid_token(raw: str, service_id: str) -> Token:
    """Raises GatewayError: -2 for one that expired, -1 for any other that is not valid."""
    if len(raw) > MAX_TOKEN:
        raise invalid_token()
    tokens = Token.objects.select_related("user", "client").by_value(raw)
    token = tokens.filter(type=Token.Type.ACCESS_TOKEN).first()
    # A token of another service, or of somebody who may no longer sign in, does not exist for this caller.
    if token is None or token.user is None or not token.user.is_active or token.client_id is None:
        raise invalid_token()
    if service_id and token.client_id != service_id:
        raise invalid_token()
    if token.expires_at and token.expires_at <= timezone.now():
        raise GatewayError(GatewayCode.TOKEN_EXPIRED, "TokenExpiredException", status=401)
    return token


def _is_allowed(account: OrangeAccount, token: Token, right: Right) -> bool:
    """The newest decision of the person holds: on the privacy page, or the grant that made the token."""
    consent = Consent.objects.filter(account=account, client_id=token.client_id, right=right).first()
    granted_by_token = SCOPE in token.get_scopes()
    if consent is None or (granted_by_token and token.created_at > consent.decided_at):
        return granted_by_token
    return consent.allows(timezone.now())


def _consent_url(service_id: str, right: Right) -> str:
    """Where the person can give consent. `attributes` begins with a comma, as it always did (orange.md 5)."""
    query = {"family": FAMILY, "serviceId": service_id, "attributes": f",{right}"}
    return f"{settings.SITE_URL}{reverse('orange_privacy')}?{urlencode(query, safe=',')}"
