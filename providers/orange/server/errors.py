"""The two kinds of errors (docs/protocols/orange.md, Errors)."""

from providers.orange.protocol import ErrorCode, GatewayCode


class ServiceError(Exception):
    """Sent as <action><error-code>. `status` is HTTP's: 200 unless the request makes no sense."""

    def __init__(self, code: str, text: str, *, status: int = 200) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.status = status


class GatewayError(Exception):
    """Sent as <error>, before the photo service is reached."""

    def __init__(self, code: str, detail: str, *, status: int, url: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status
        self.url = url


class BadServiceCredentials(Exception):
    """HTTP Basic that is missing or wrong: HTTP's own 401."""


class CalledTooOften(Exception):
    """HTTP's own 429, with the time after which to try again."""


def missing_parameter(name: str) -> ServiceError:
    return ServiceError(ErrorCode.MISSING_PARAMETER, f"missing parameter {name}", status=400)


def unreadable() -> ServiceError:
    return ServiceError(ErrorCode.MISSING_PARAMETER, "the parameters cannot be read", status=400)


def too_large(max_bytes: int) -> ServiceError:
    return ServiceError(ErrorCode.FILE_TOO_LARGE, f"file too large, the limit is {max_bytes} bytes")


def invalid_token() -> GatewayError:
    return GatewayError(GatewayCode.INVALID_TOKEN, "InvalidTokenException", status=401)


def planned_error(code: str) -> ServiceError | GatewayError:
    """The error that an operator's fault plan asks for."""
    if code in list(GatewayCode):
        return GatewayError(code, "FaultPlanException", status=500)
    status = 500 if code == ErrorCode.INTERNAL else 200
    return ServiceError(code, "as planned by the operator", status=status)
