"""The tables of the SAPO server."""

from providers.sapo.server.models.people import AccessKey, Person, Token, username_rule
from providers.sapo.server.models.photos import (
    Album,
    Audience,
    Collection,
    CollectionAlbum,
    Image,
    ImageAlbum,
    ImageTag,
    PersonTag,
)
from providers.sapo.server.models.related import Comment, Highlight, UploadToken

__all__ = [
    "AccessKey",
    "Album",
    "Audience",
    "Collection",
    "CollectionAlbum",
    "Comment",
    "Highlight",
    "Image",
    "ImageAlbum",
    "ImageTag",
    "Person",
    "PersonTag",
    "Token",
    "UploadToken",
    "username_rule",
]
