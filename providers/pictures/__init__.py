"""Inspecting picture files that strangers sent, and making smaller ones, with libvips.

Needs no Django; used by the gallery's uploads and by both servers.
"""

from providers.pictures.decoding import DEFAULT_MAX_PIXELS, MEDIA_TYPES, BadPicture, recognise, shrink
from providers.pictures.inspection import DecodedPicture, PictureFacts, inspect, inspect_structure

__all__ = [
    "DEFAULT_MAX_PIXELS",
    "MEDIA_TYPES",
    "BadPicture",
    "DecodedPicture",
    "PictureFacts",
    "inspect",
    "inspect_structure",
    "recognise",
    "shrink",
]
