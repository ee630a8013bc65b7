"""The SAPO Photos API as data: namespaces, codes, enums and limits (docs/protocols/sapo.md).

Names are the service's own, misspellings included. Nothing here writes or reads a message: client and
server each do that for themselves, so that a mistake cannot hide in a shared encoder. The tables of
operations and entities are in `protocol_tables`, those of the token service in `protocol_sts`.
"""

from enum import StrEnum
from zoneinfo import ZoneInfo

PHOTOS_NS = "http://services.sapo.pt/definitions/Photos"
DEFINITIONS_NS = "http://services.sapo.pt/definitions"
MARKET_NS = "http://services.sapo.pt/Metadata/Market"
EXCEPTIONS_NS = "http://services.sapo.pt/exceptions"
SOAP11_NS = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12_NS = "http://www.w3.org/2003/05/soap-envelope"
XSI_NS = "http://www.w3.org/2001/XMLSchema-instance"

# Feeds of the new generation (sapo.md, Feeds).
FEED_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "openSearch": "http://a9.com/-/spec/opensearchrss/1.0/",
    "sapoFotos": "http://fotos.sapo.pt/",
}

PAGE_SIZE = 50
FEED_PAGE_SIZE = 10
MAX_ALBUMS_TO_REMOVE_FROM = 50
TOKEN_SECONDS = 12 * 3600
UPLOAD_TOKEN_SECONDS = 600
UID_LENGTH = 20
DEFAULT_INTERFACE = "fotos.sapo.pt"
INBOX_ALBUM_TITLE = "Ao Molho"
FAVOURITES_ALBUM_TITLE = "Favoritos"  # offered to other programs

# Dates carry no zone; they are Portugal's local time (inferred).
DATE_FORMAT = "%Y-%m-%d %H:%M:%S"
TIME_ZONE = ZoneInfo("Europe/Lisbon")

# Paths under the service's address.
PHOTOS_PATH = "/Photos"
STS_PATH = "/STS"
UPLOAD_PATH = "/uploadPost.html"

# Credentials in a query string or form, and as elements of the SOAP header.
USERNAME = "ESBUsername"
PASSWORD = "ESBPassword"
TOKEN = "ESBToken"
ACCESS_KEY = "ESBAccessKey"
TOKEN_TIME_TO_LIVE = "ESBTokenTimeToLive"
CREDENTIALS = "ESBCredentials"
# `Authorization: ESB AccessKey=<key>`
AUTHORIZATION_SCHEME = "ESB"
AUTHORIZATION_PARAMETER = "AccessKey"

# The parts of the upload's multipart form and of the call to `redir`.
UPLOAD_TOKEN_FIELD = "token"
UPLOAD_REDIRECT_FIELD = "redir"
UPLOAD_STATUS_PARAMETER = "status"
# The answer's root differs in case between success and error.
UPLOAD_OK_ROOT = "uploadPost"
UPLOAD_ERROR_ROOT = "UploadPost"


class FaultCode(StrEnum):
    """Numbers of the service bus, in `detail/exceptionInfo/code`."""

    BAD_CREDENTIALS = "1010"
    INVALID_TOKEN = "2610"
    EXPIRED_TOKEN = "2620"
    TOO_SLOW = "2550"


class Order(StrEnum):
    """The values of `orderBy`."""

    ALPHABETICAL = "alfabeticamente"
    ALPHABETICAL_REVERSED = "alfabeticamente-inversa"
    OLDEST_PICTURES = "maisantigas"
    OLDEST_ALBUMS = "maisantigos"
    NEWEST = "maisrecentes"
    RELEVANCE = "relevancia"
    IDENTIFIER = "id"


# The short English names that one of the service's own tools offered.
ORDER_SHORT_NAMES = {
    "recent": Order.NEWEST,
    "older": Order.OLDEST_PICTURES,
    "alpha": Order.ALPHABETICAL,
    "inverse_alpha": Order.ALPHABETICAL_REVERSED,
    "relevance": Order.RELEVANCE,
    "id": Order.IDENTIFIER,
}


class Format(StrEnum):
    """The image formats that the schema names."""

    JPEG = "jpeg"
    JPG = "jpg"
    BMP = "bmp"
    GIF = "gif"
    PNG = "png"
    TIFF = "tiff"
    TIF = "tif"


# Format -> media type of the pictures that may be uploaded.
MEDIA_TYPES: dict[str, str] = {
    Format.JPEG: "image/jpeg",
    Format.JPG: "image/jpeg",
    Format.BMP: "image/bmp",
    Format.GIF: "image/gif",
    Format.PNG: "image/png",
    Format.TIFF: "image/tiff",
    Format.TIF: "image/tiff",
}


class UploadStatus(StrEnum):
    """The fifteen outcomes of an upload, in the document's order."""

    INVALID_UPLOAD = "INVALID_UPLOAD"
    MISSING_TOKEN = "MISSING_TOKEN"
    INVALID_TOKEN = "INVALID_TOKEN"
    INVALID_IMAGE = "INVALID_IMAGE"
    INVALID_OWNER = "INVALID_OWNER"
    EXHAUSTED_TOKEN = "EXHAUSTED_TOKEN"
    NO_FILE = "NO_FILE"
    FILE_COUNT_EXCEEDED = "FILE_COUNT_EXCEEDED"
    INVALID_FILE = "INVALID_FILE"
    FILE_LIMIT_QUOTA_EXCEEDED = "FILE_LIMIT_QUOTA_EXCEEDED"
    FILE_SIZE_QUOTA_EXCEEDED = "FILE_SIZE_QUOTA_EXCEEDED"
    TOTAL_STORAGE_QUOTA_EXCEEDED = "TOTAL_STORAGE_QUOTA_EXCEEDED"
    INVALID_DIMENSIONS = "INVALID_DIMENSIONS"
    PROBLEMS_SAVING_IMAGE = "PROBLEMS_SAVING_IMAGE"
    SUCCESS = "SUCCESS"


# What stands in `Error`; the figures are filled in where there is a {name}.
UPLOAD_MESSAGES = {
    UploadStatus.INVALID_UPLOAD: "Invalid upload, possibly max upload size of {bytes} bytes exceeded",
    UploadStatus.MISSING_TOKEN: "Missing token from POST vars",
    UploadStatus.INVALID_TOKEN: "Invalid token",
    UploadStatus.INVALID_IMAGE: "Invalid image referenced by token",
    UploadStatus.INVALID_OWNER: "Invalid owner, user is probably banned",
    UploadStatus.EXHAUSTED_TOKEN: "Token exhausted",
    UploadStatus.NO_FILE: "No file was sent",
    UploadStatus.FILE_COUNT_EXCEEDED: "Only allowed to upload one file at a time",
    UploadStatus.INVALID_FILE: "Invalid file for upload",
    UploadStatus.FILE_LIMIT_QUOTA_EXCEEDED: "User exceeded maximum allowed total of images of {count}",
    UploadStatus.FILE_SIZE_QUOTA_EXCEEDED: "User exceeded file quota size of {bytes}",
    UploadStatus.TOTAL_STORAGE_QUOTA_EXCEEDED: "User exceeded total storage quota of {bytes}",
    UploadStatus.INVALID_DIMENSIONS: (
        "File does not fulfill minimum dimensions requirements of {width}x{height}"
    ),
    UploadStatus.PROBLEMS_SAVING_IMAGE: "Problems saving image. Contact the tech support",
    UploadStatus.SUCCESS: "",
}
