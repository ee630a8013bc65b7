"""The two kinds of errors of a call: a fault of the bus, and a result with `ok` false."""

from providers.sapo.protocol import FaultCode


class Fault(Exception):
    """A fault of the bus: HTTP 500 with a number (docs/protocols/sapo.md, Errors)."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class Refused(Exception):
    """The call was understood and is not done: `ok` is false and `description` says why."""


def bad_request(text: str) -> Fault:
    """1010, which the service's own documentation words "bad request or invalid credentials"."""
    return Fault(FaultCode.BAD_CREDENTIALS, text)
