"""The names and numbers of the Orange Personal Photos API (docs/protocols/orange.md). Data only.

Shared by our client and our server; each writes and reads the formats by itself.
"""

from enum import StrEnum

PATH = "PersonalPhotos/V1"
ENVELOPE_VERSION = "2.0"
FAMILY = "photo"
INBOX_TITLE = "Inbox"
MEDIA_TYPES = {"jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp", "png": "image/png"}
PRECOMPUTED_BOXES = ((100, 100), (500, 500))
MAX_TITLE = 300
MAX_TOKEN = 1024


class Action(StrEnum):
    """The six methods."""

    GET_ALBUMS_LIST = "GetAlbumsList"
    CREATE_ALBUM = "CreateAlbum"
    GET_ALBUM = "GetAlbum"
    GET_MEDIA_OBJS_LIST = "GetMediaObjsList"
    GET_MEDIA_OBJ = "GetMediaObj"
    ADD_MEDIA_OBJ = "AddMediaObj"


class Parameter(StrEnum):
    """As strictly sent; the server matches them without regard to case."""

    ACTION = "action"
    TOKEN = "token"  # a parameter's name
    ALBUM = "Album"
    TITLE = "TIT"
    MEDIA_OBJECT = "MOB"
    FILE = "F"
    FILE_TITLE = "F_title"


class Answer(StrEnum):
    """The `code` of <action>: what kind of answer it is, not an HTTP status."""

    ALBUM_CREATED = "100"
    ALBUM = "105"
    ALBUMS = "3201"
    MEDIA_OBJECTS = "3204"
    MEDIA_OBJECT = "3205"
    FAILURE = "200"


class Right(StrEnum):
    """What a person may allow a service: `attributes` of the privacy page."""

    SEE = "see"
    ADD = "add"


class GatewayCode(StrEnum):
    """In <error><code>."""

    INVALID_TOKEN = "-1"
    TOKEN_EXPIRED = "-2"
    ACCESS_DENIED = "-3"


class ErrorCode(StrEnum):
    """In <action><error-code>. The 9xxx are ours: only 1106 of Orange's own is known."""

    OWNER_UNKNOWN = "1106"
    MISSING_PARAMETER = "9001"
    UNKNOWN_ACTION = "9002"
    ALBUM_UNKNOWN = "9003"
    MEDIA_OBJECT_UNKNOWN = "9004"
    BAD_IMAGE = "9005"
    FILE_TOO_LARGE = "9006"
    STORAGE_FULL = "9007"
    BAD_TITLE = "9008"
    INTERNAL = "9099"
