"""The tables of SAPO's token service (docs/protocols/sapo.md, Tokens).

`UserToken` is the token asked about, `ESBToken` among the credentials is the asker's own.
"""

from dataclasses import dataclass

from providers.sapo.protocol_tables import Parameter


@dataclass(frozen=True, slots=True)
class StsOperation:
    """One operation of the token service; `http_root` is the root of its plain HTTP answer."""

    name: str
    parameters: tuple[Parameter, ...]
    result: str
    http_root: str


_STS_CREDENTIALS = Parameter("ESBCredentials", "ESBCredentials")
_JSON = Parameter("JSON", "boolean")
_PRIMARY_ID = (
    _STS_CREDENTIALS, Parameter("UserLogin", "string"), _JSON, Parameter("UserType", "string"),
    Parameter("UserLoginCredentialsStore", "string"),
)  # fmt: skip
_USER_TOKEN = (_STS_CREDENTIALS, Parameter("UserToken", "string"), _JSON)

STS_OPERATIONS = {
    operation.name: operation
    for operation in (
        # Over plain HTTP the answer is a bare <ESBToken>, not <GetTokenResponse>.
        StsOperation("GetToken", (_STS_CREDENTIALS, _JSON), "string", "ESBToken"),
        StsOperation("GetPrimaryId", _PRIMARY_ID, "UserInfo", "GetPrimaryIdResult"),
        StsOperation("GetPrimaryIdDetails", _PRIMARY_ID, "UserInfo", "GetPrimaryIdDetailsResult"),
        StsOperation("ValidateToken", _USER_TOKEN, "TokenInfo", "ValidateTokenResponse"),
        StsOperation("GetRoles", _USER_TOKEN, "Roles", "GetRolesResponse"),
        StsOperation("RevokeToken", _USER_TOKEN, "boolean", "RevokeTokenResponse"),
    )
}
STS_ENTITIES: dict[str, tuple[str, ...]] = {
    "ESBCredentials": (
        "ESBUsername", "ESBPassword", "ESBToken", "ESBRoles", "ESBTokenTimeToLive", "ESBTokenExtraInfo",
        "ESBPrimaryId", "ESBUserType", "ESBCredentialsStore",
    ),
    "UserInfo": (
        "PrimaryId", "ESBRoles", "ESBToken", "Group", "ESBCredentialsStore", "AccountNumbers", "Attributes",
    ),
    "TokenInfo": ("LifeTime", "ExtraInfo", "PrimaryId"),
    "Roles": ("ESBRoles",),
}  # fmt: skip
