"""What can go wrong with a photo service, named by what the reader does next."""


class ProviderError(Exception):
    """Base of all errors a photo service can cause.

    `code` is the service's own code ("" when it gave none); `message` is for the log and the
    admin panel. The sentence for the person is chosen by the gallery from provider and code.
    Neither may ever hold a secret: no URL with a query, no header, no body.
    """

    def __init__(self, message: str, *, provider: str, operation: str, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.provider = provider
        self.operation = operation
        self.code = code

    def __str__(self) -> str:
        code = f" [{self.code}]" if self.code else ""
        return f"{self.provider} {self.operation}{code}: {self.message}"


class TemporaryError(ProviderError):
    """Try again later."""


class RateLimited(TemporaryError):
    """Asked too often; `retry_after` is in seconds."""

    def __init__(
        self, message: str, *, provider: str, operation: str, code: str = "", retry_after: float = 60
    ) -> None:
        super().__init__(message, provider=provider, operation=operation, code=code)
        self.retry_after = retry_after


class Unavailable(TemporaryError):
    """Nothing was done: the service could not be reached, or said that it is closed for now."""


class OutcomeUnknown(TemporaryError):
    """It may have happened: confirm, never repeat."""


class ReconnectNeeded(ProviderError):
    """The person must link the account again: the key is expired, rejected or banned."""


class ConsentNeeded(ProviderError):
    """The person must say yes on the service's own page at `url` first."""

    def __init__(self, message: str, *, provider: str, operation: str, url: str, code: str = "") -> None:
        super().__init__(message, provider=provider, operation=operation, code=code)
        self.url = url


class NotFound(ProviderError):
    """Forget it: there is no such thing, or not for this person."""


class Refused(ProviderError):
    """The service said no; the person must change something. `code` says what."""


class ProtocolError(ProviderError):
    """The answer is not as documented: we must act."""
