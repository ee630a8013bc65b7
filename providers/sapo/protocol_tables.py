"""The tables of the SAPO Photos API: operations with their parameters, entities, sizes of pictures.

Order matters everywhere: it is the order of the elements in the schema (docs/protocols/sapo.md).
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Parameter:
    """One element of a SOAP request; `type` names an entity of ENTITIES or a scalar."""

    name: str
    type: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class RestName:
    """One flat REST parameter; `path` is where its value stands in the SOAP request.

    `is_list`: several values joined by commas, each an element of its own at the end of `path`.
    """

    name: str
    path: str
    is_list: bool = False


class Shape(Enum):
    """What stands inside `<Operation>Result`."""

    WRAPPED = "the elements of Operation.result, in that order"
    BARE_RESULT = "the fields of a Result themselves, one level less"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation in both bindings.

    `rest_body`: the element that a REST client posts as JSON (`{"image": {...}}`); "" means REST GET.
    `writes`: changes something there, whatever the method (deleting is a GET).
    `result`: children of the result wrapper; `payload` is the type of the one among them that holds
    what was asked for. `in_soap12`: whether the description has it there as well; offered to other programs.
    """

    name: str
    parameters: tuple[Parameter, ...] = ()
    rest: tuple[RestName, ...] = ()
    rest_body: str = ""
    writes: bool = False
    shape: Shape = Shape.WRAPPED
    result: tuple[str, ...] = ("result",)
    payload: str = ""
    in_soap12: bool = False


_USER = Parameter("user", "User", required=True)
_IMAGE = Parameter("image", "Image", required=True)
_PAGE, _ORDER = Parameter("page", "int"), Parameter("orderBy", "string")
_INTERFACE = Parameter("interface", "string")
_INTF = Parameter("intf", "string")
_HIGHLIGHTS = (_PAGE, _ORDER, _INTF)

_R_USER = RestName("username", "user/username")
_R_UID = RestName("uid", "image/uid")
_R_PAGE, _R_ORDER = RestName("page", "page"), RestName("orderby", "orderBy")
_R_INTERFACE, _R_INTF = RestName("interface", "interface"), RestName("intf", "intf")
_R_HIGHLIGHTS = (_R_PAGE, _R_ORDER, _R_INTF)
_R_IMAGE_ALBUMS = (
    RestName("imageuid", "image/uid"),
    RestName("albumid", "image/albums/album/id", is_list=True),
)

_OPERATIONS = (
    Operation(
        "AlbumCreate",
        (Parameter("album", "Album", required=True),),
        rest_body="album", writes=True, result=("result", "album"), payload="Album",
    ),
    Operation(
        "AlbumGetListByCollection",
        (Parameter("collection", "Collection", required=True), _PAGE, _ORDER),
        (
            RestName("id", "collection/id"), RestName("username", "collection/user/username"),
            _R_PAGE, _R_ORDER,
        ),
        result=("result", "albums"), payload="ArrayOfAlbums", in_soap12=True,
    ),
    Operation(
        "AlbumGetListByHighlighted", _HIGHLIGHTS, _R_HIGHLIGHTS,
        result=("result", "albums"), payload="ArrayOfAlbums", in_soap12=True,
    ),
    Operation(
        "AlbumGetListByUser",
        (_USER, _PAGE, _ORDER, _INTERFACE), (_R_USER, _R_PAGE, _R_ORDER, _R_INTERFACE),
        result=("albums", "result"), payload="ArrayOfAlbums",
    ),
    Operation(
        "CollectionGetListByUser",
        (_USER, _PAGE, _ORDER), (_R_USER, _R_PAGE, _R_ORDER),
        result=("result", "collections"), payload="ArrayOfCollections", in_soap12=True,
    ),
    Operation(
        "DummyEcho",
        (Parameter("echoStr", "string"),), (RestName("echoStr", "echoStr"),),
        shape=Shape.TEXT, result=(),
    ),
    Operation("ImageAddToAlbum", (_IMAGE, _INTERFACE), (*_R_IMAGE_ALBUMS, _R_INTERFACE), writes=True),
    Operation(
        "ImageCreate",
        (_IMAGE, _INTERFACE), (_R_INTERFACE,),
        rest_body="image", writes=True, result=("token", "image", "result"), payload="Image",
    ),
    Operation("ImageDelete", (_IMAGE,), (_R_UID,), writes=True, shape=Shape.BARE_RESULT, result=()),
    Operation("ImageDetails", (_IMAGE,), (_R_UID,), result=("result", "image"), payload="Image"),
    Operation(
        "ImageEdit", (_IMAGE,), rest_body="image", writes=True, result=("result", "image"), payload="Image"
    ),
    Operation(
        "ImageGetListBySearch",
        (
            _PAGE, _INTERFACE, Parameter("terms", "ArrayOfStrings", required=True),
            Parameter("dateFrom", "string"), Parameter("dateTo", "string"),
        ),
        (
            RestName("string", "terms/string", is_list=True), _R_PAGE, _R_INTERFACE,
            RestName("datefrom", "dateFrom"), RestName("dateto", "dateTo"),
        ),
        result=("result", "images"), payload="ArrayOfImages",
    ),
    Operation(
        "ImageGetListByTags",
        (
            Parameter("tags", "ArrayOfTags", required=True), _PAGE, _ORDER, Parameter("m18", "boolean"),
            Parameter("user", "User"), _INTERFACE,
        ),
        (
            RestName("tag", "tags/tag", is_list=True), _R_PAGE, _R_ORDER, RestName("m18", "m18"), _R_USER,
            _R_INTERFACE,
        ),
        result=("result", "images"), payload="ArrayOfImages",
    ),
    Operation(
        "ImageGetListByUser", (_PAGE, _USER), (_R_USER, _R_PAGE),
        result=("result", "images"), payload="ArrayOfImages",
    ),
    Operation(
        "ImageGetListByUserAlbum",
        (_USER, Parameter("album", "Album", required=True), _PAGE, _INTERFACE, _ORDER),
        (RestName("id", "album/id"), _R_USER, _R_PAGE, _R_ORDER, _R_INTERFACE),
        result=("result", "images"), payload="ArrayOfImages",
    ),
    Operation(
        "ImageNotifyView",
        (Parameter("value", "int", required=True), Parameter("type", "string"), _IMAGE),
        (RestName("value", "value"), RestName("type", "type"), _R_UID),
        writes=True, in_soap12=True,
    ),
    Operation(
        "ImageRemoveFromAlbum", (_IMAGE,), _R_IMAGE_ALBUMS,
        writes=True, shape=Shape.BARE_RESULT, result=(), in_soap12=True,
    ),
    Operation(
        "TagsGetListByHighlighted", (_INTF,), (_R_INTF,),
        result=("result", "tags"), payload="ArrayOfTags", in_soap12=True,
    ),
    Operation(
        "UserCreate", (_USER,), rest_body="user", writes=True, result=("result", "user"), payload="User"
    ),
    Operation(
        # `interface` is typed as an image format: a mistake of the schema, kept.
        "UserDetails", (_USER, Parameter("interface", "Format")), (_R_USER, _R_INTERFACE),
        result=("result", "user"), payload="User",
    ),
    Operation(
        "UserGetListByHighlighted", _HIGHLIGHTS, _R_HIGHLIGHTS,
        result=("result", "users"), payload="ArrayOfUsers", in_soap12=True,
    ),
    Operation(
        "UserGetTags", (_USER, _INTERFACE), (_R_USER, _R_INTERFACE),
        result=("tags", "result"), payload="ArrayOfTags",
    ),
)  # fmt: skip
OPERATIONS = {operation.name: operation for operation in _OPERATIONS}

# Not SOAP operations: GET only, no credentials, parameters u, tag and page.
FEEDS = ("JSON", "RSS", "RSS2")
FEED_USER, FEED_TAG, FEED_PAGE = "u", "tag", "page"

# Array type -> (element, its type).
ARRAYS = {
    "ArrayOfAlbums": ("album", "Album"),
    "ArrayOfCollections": ("collection", "Collection"),
    "ArrayOfComments": ("comment", "Comment"),
    "ArrayOfImages": ("image", "Image"),
    "ArrayOfStrings": ("string", "string"),
    "ArrayOfTags": ("tag", "string"),
    "ArrayOfUsers": ("user", "User"),
    "ArrayOfViews": ("view", "View"),
}

# Entity -> its elements as (name, type).
ENTITIES: dict[str, tuple[tuple[str, str], ...]] = {
    "Album": (
        ("id", "int"), ("ownerId", "int"), ("active", "boolean"), ("password", "string"),
        ("creationDate", "string"), ("description", "string"), ("title", "string"), ("url", "string"),
        ("user", "User"), ("cover", "string"),
    ),
    "Collection": (
        ("id", "int"), ("active", "boolean"), ("creationDate", "string"), ("description", "string"),
        ("title", "string"), ("user", "User"), ("code", "string"), ("cover", "string"), ("url", "string"),
    ),
    "Color": (("red", "int"), ("green", "int"), ("blue", "int")),
    "Comment": (("date", "string"), ("nickname", "string"), ("website", "string"), ("body", "string")),
    "Image": (
        ("id", "int"), ("active", "boolean"), ("password", "string"), ("creationDate", "string"),
        ("pending", "boolean"), ("uid", "string"), ("subtitle", "string"), ("synopse", "string"),
        ("title", "string"), ("url", "string"), ("rating", "string"), ("tags", "string"),
        ("comments", "ArrayOfComments"), ("m18", "boolean"), ("innapropriate", "boolean"),
        ("format", "Format"), ("albums", "ArrayOfAlbums"), ("user", "User"), ("emailFrom", "string"),
        ("visualizations", "int"), ("views", "ArrayOfViews"), ("refColor", "Color"), ("avgColor", "Color"),
    ),
    "Result": (
        ("total", "int"), ("page", "int"), ("totalPages", "int"), ("perPage", "int"), ("ok", "boolean"),
        ("description", "string"),
    ),
    "User": (
        ("id", "int"), ("active", "boolean"), ("banned", "boolean"), ("commentCaptcha", "boolean"),
        ("commentModerate", "boolean"), ("commentNotify", "boolean"), ("creationDate", "string"),
        ("email", "string"), ("lastLogin", "string"), ("partner", "boolean"), ("uploadMail", "string"),
        ("username", "string"), ("viewAll", "boolean"), ("avatar", "string"), ("url", "string"),
        ("imageCount", "int"), ("albumCount", "int"),
    ),
    "View": (
        ("actualWidth", "int"), ("actualHeight", "int"), ("requestWidth", "int"), ("requestHeight", "int"),
        ("url", "string"), ("size", "string"),
    ),
}  # fmt: skip

# What ImageEdit replaces, whether sent or not; offered to other programs.
EDITABLE_IMAGE_FIELDS = ("title", "active", "password", "m18", "synopse", "tags")


@dataclass(frozen=True, slots=True)
class ViewBox:
    """A size in which each picture is stored: its name, the letter in its address, the box in pixels."""

    size: str
    letter: str
    width: int
    height: int


# Names of seven of these sizes are not known: ours say the box.
VIEW_BOXES = (
    ViewBox("50x50", "N", 50, 50),
    ViewBox("90x90", "M", 90, 90),
    ViewBox("120x90", "M", 120, 90),
    ViewBox("260x260", "P", 260, 260),
    ViewBox("500x500", "B", 500, 500),
    ViewBox("normal", "N", 580, 435),
    ViewBox("940x705", "u", 940, 705),
    ViewBox("1280x960", "G", 1280, 960),
    ViewBox("large", "u", 1600, 1200),
)
ORIGINAL_SIZE, ORIGINAL_LETTER = "original", "o"

# Flat names beside the document's: a password opens what it closes, a search may be narrowed as one by tags.
MORE_REST: dict[str, tuple[RestName, ...]] = {
    "ImageDetails": (RestName("password", "image/password"),),
    "ImageGetListByUserAlbum": (RestName("password", "album/password"),),
    "ImageGetListBySearch": (RestName("username", "user/username"),),
}
