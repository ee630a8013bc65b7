"""The parameters and results of every operation that is served, by its name on the wire."""

from providers.sapo.protocol_tables import OPERATIONS as DOCUMENTED
from providers.sapo.protocol_tables import Operation, Parameter, RestName
from providers.sapo.server.wire.errors import bad_request

_ALBUM_OF_USER = (
    (Parameter("user", "User", required=True), Parameter("album", "Album", required=True)),
    (RestName("username", "user/username"), RestName("id", "album/id")),
)
# Once there, though neither in the document nor in the contract: so over REST and undocumented SOAP.
UNDOCUMENTED = {
    "AlbumDetails": Operation("AlbumDetails", *_ALBUM_OF_USER, result=("result", "album"), payload="Album"),
    "AlbumGetCoverImage": Operation(
        "AlbumGetCoverImage", *_ALBUM_OF_USER, result=("result", "image"), payload="Image"
    ),
}
SIGNATURES = DOCUMENTED | UNDOCUMENTED
_BY_LOWER_NAME = {name.lower(): signature for name, signature in SIGNATURES.items()}


def signature_of(name: str) -> Operation:
    """The signature of an operation, its name in any case. Raises Fault."""
    operation = _BY_LOWER_NAME.get(name.lower())
    if operation is None:
        raise bad_request("There is no such operation")
    return operation
