"""The security token service: what its operations do (docs/protocols/sapo.md, 3)."""

import re
from collections.abc import Callable
from datetime import UTC, timedelta

from django.http import HttpRequest
from django.utils import timezone

from providers.sapo.protocol import FaultCode
from providers.sapo.server.auth.credentials import identify, token_row
from providers.sapo.server.auth.people import TOKEN_LIFETIME, issue_token
from providers.sapo.server.models import Person, Token
from providers.sapo.server.wire.arguments import Arguments
from providers.sapo.server.wire.errors import Fault, bad_request
from providers.sapo.server.wire.fields import Field, texts

MAX_LIFETIME = timedelta(days=30)
_LIFETIME = re.compile(r"(\d{1,4}):([0-5]\d):([0-5]\d)")


def get_token(arguments: Arguments, request: HttpRequest) -> Field:
    """A token for a password, or a new one for another token."""
    return "GetTokenResult", _issue(arguments, request)


def _issue(arguments: Arguments, request: HttpRequest) -> str:
    person = identify(arguments, request, needs_key=False).required_person
    return issue_token(person, _lifetime(arguments), arguments.text("esbtokenextrainfo")[:500])


def _lifetime(arguments: Arguments) -> timedelta:
    """The requested `h:mm:ss`, else twelve hours. Raises Fault."""
    text = arguments.text("esbtokentimetolive")
    if not text:
        return TOKEN_LIFETIME
    found = _LIFETIME.fullmatch(text)
    hours, minutes, seconds = (int(part) for part in found.groups()) if found else (0, 0, 0)
    lifetime = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if not timedelta(0) < lifetime <= MAX_LIFETIME:
        raise bad_request("ESBTokenTimeToLive: h:mm:ss, at most 720:00:00, is expected")
    return lifetime


def get_primary_id(arguments: Arguments, request: HttpRequest) -> Field:
    """Who the caller is, with a token."""
    return "GetPrimaryIdResult", _user_info(arguments, request, with_details=False)


def get_primary_id_details(arguments: Arguments, request: HttpRequest) -> Field:
    """Who the caller is, with roles and attributes."""
    return "GetPrimaryIdDetailsResult", _user_info(arguments, request, with_details=True)


def _user_info(arguments: Arguments, request: HttpRequest, *, with_details: bool) -> list[Field]:
    person = identify(arguments, request, needs_key=False).required_person
    login = arguments.text("userlogin").lower()
    if login and login not in (person.email, person.username):
        raise Fault(FaultCode.BAD_CREDENTIALS, "Only the own login can be asked about")
    token = issue_token(person, _lifetime(arguments), arguments.text("esbtokenextrainfo")[:500])
    fields: list[Field] = [("PrimaryId", person.email)]
    if with_details:
        fields.append(_roles(person))
    fields.append(("ESBToken", token))
    if with_details:
        username: Field = ("Attribute", [("Name", "Username"), ("Value", person.username)])
        fields.append(("Attributes", [username]))
    return fields


def _roles(person: Person) -> Field:
    roles = ["User", "Administrator"] if person.is_admin else ["User"]
    return texts("ESBRoles", "ESBRole", roles)


def _requested_token(arguments: Arguments, request: HttpRequest) -> Token:
    """`UserToken`, for a caller with credentials; without one the caller's own token."""
    if token := arguments.text("usertoken"):
        identify(arguments, request, needs_key=False)
        return token_row(token)
    return token_row(arguments.text("esbtoken"))


def validate_token(arguments: Arguments, request: HttpRequest) -> Field:
    """Until when a token is valid, and whose it is. Raises Fault for one that is not."""
    row = _requested_token(arguments, request)
    fields: list[Field] = [
        ("LifeTime", row.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("ExtraInfo", row.extra_info),
        ("PrimaryId", row.person.email),
    ]
    return "ValidateTokenResult", fields


def get_roles(arguments: Arguments, request: HttpRequest) -> Field:
    return "GetRolesResult", [_roles(_requested_token(arguments, request).person)]


def revoke_token(arguments: Arguments, request: HttpRequest) -> Field:
    """End a token that the caller holds."""
    row = _requested_token(arguments, request)
    Token.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
    return "RevokeTokenResult", "true"


STS: dict[str, Callable[[Arguments, HttpRequest], Field]] = {
    "GetToken": get_token,
    "GetPrimaryId": get_primary_id,
    "GetPrimaryIdDetails": get_primary_id_details,
    "ValidateToken": validate_token,
    "GetRoles": get_roles,
    "RevokeToken": revoke_token,
}
