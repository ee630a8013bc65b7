"""What the contract suite needs to know of one provider."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

import pytest

from providers.client.http import Limits
from providers.contract.accepts import Accepts
from providers.contract.base import PhotoService
from providers.contract.entities import Draft, Ticket
from providers.registry import kinds

# Short enough to test with, long enough for a busy machine.
SHORT = Limits(
    connect=2,
    read=0.6,
    answer=1.2,
    upload=2,
    answer_bytes=200_000,
    picture_bytes=200_000,
    list_seconds=1.2,
    list_bytes=200_000,
)

CALLBACK = "http://127.0.0.1:9/callback"  # nobody is there: no outcome may depend on it

# The meanings of `Subject.fault`.
KEY_EXPIRED, KEY_REJECTED, NOT_FOUND, REFUSED, UNKNOWN_CODE = (
    "key_expired",
    "key_rejected",
    "not_found",
    "refused",
    "unknown_code",
)


class Subject(Protocol):
    """One provider, a server of its API reached over HTTP, and how it is spoken to.

    The server is empty at the beginning of each duty. Alice owns what `add_album` and `add_photo` make; Bob
    has an account of his own there. These two write through the server's own code, not through the client
    that is being judged.
    """

    provider: str
    some_album_id: str
    # An optional interface, or a meaning of `fault`, to why the service has it not.
    lacks: Mapping[object, str]

    def account(self, *, of_bob: bool = False) -> PhotoService:
        """The account on the server."""
        ...

    def with_bad_key(self, state: str) -> PhotoService:
        """Alice's account with a key that is "expired", "revoked" or "unknown" to the server."""
        ...

    def add_album(self, title: str, *, of_bob: bool = False) -> str:
        """Put an empty album there; its remote_id."""
        ...

    def add_photo(self, album_id: str, content: bytes, *, title: str = "", filename: str = "a.jpeg") -> str:
        """Put a photo into an album of whoever owns that album; its remote_id."""
        ...

    def at(self, url: str, limits: Limits = SHORT) -> PhotoService:
        """The same client, told that the service is at `url` (http://127.0.0.1:port)."""
        ...

    def ticket(self, url: str, draft: Draft) -> Ticket:
        """A ticket such as `begin_upload` gives, for a service at `url`."""
        ...

    def picture_url(self, url: str) -> str:
        """The address of some picture on a service at `url`."""
        ...

    def fault(self, meaning: str) -> tuple[int, str, bytes]:
        """(HTTP status, media type, body) of the service's own error; for a meaning not in `lacks`."""
        ...

    def secrets(self) -> Sequence[str]:
        """The secrets with which the service of `at` is opened, in every form that goes on the wire."""
        ...


T = TypeVar("T")


def against_server(duties: type[T]) -> type[T]:
    """Marks every duty of a class as one that needs the subject's server, and what that server needs.

    A mark on the class itself would be inherited by all the duties of the suite.
    """
    for name, duty in list(vars(duties).items()):
        if name.startswith("test_"):
            setattr(duties, name, pytest.mark.usefixtures("server")(duty))
    return duties


class BuiltInServer:
    """Mixed into the contract test of a provider whose server is an app of this site."""

    @pytest.fixture
    def server(self, live_server: object) -> None:
        """Started, and with it the database."""


def accepts_of(service: PhotoService) -> Accepts:
    """What the kind of this service declares."""
    return next(kind.accepts for kind in kinds().values() if isinstance(service, kind.service))


def draft_for(service: PhotoService, content: bytes, **changes: object) -> Draft:
    """As `draft_of`, with an album that is made for it where the service has no default place."""
    if not accepts_of(service).has_default_place and "album_id" not in changes:
        changes["album_id"] = service.create_album("A place").remote_id
    return draft_of(content, **changes)


def draft_of(content: bytes, **changes: object) -> Draft:
    """A draft for `content`, a JPEG unless said otherwise."""
    fields = {"filename": "soir.jpg", "media_type": "image/jpeg", "title": "Soir", **changes}
    return Draft(byte_size=len(content), **fields)  # type: ignore[arg-type]


@contextmanager
def nothing_listens() -> Iterator[str]:
    """An address at which every connection is refused."""
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets the port
        yield f"http://127.0.0.1:{held.getsockname()[1]}"
