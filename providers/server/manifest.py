"""A folder of pictures with a `library.json`: the format of libraries that are imported to a server.

    {"albums": [{"title", "description", "created_at"}],
     "collections": [{"title", "description", "albums": [title, ...]}],
     "photos": [{"file", "title", "description", "tags", "album", "taken_at",
                 "comments": [{"author", "body"}]}],
     "highlights": {"albums": [title, ...], "tags": [tag, ...]}}

All but `file` may be left out. Without the file, every picture of the folder that is not hidden is
taken and its sub-folder is the album.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_ENDINGS = {".jpg", ".jpeg", ".png", ".gif", ".bmp"}


class ManifestError(ValueError):
    """`library.json` cannot be read; the text names the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestAlbum:
    title: str
    description: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestCollection:
    title: str
    description: str = ""
    albums: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestPhoto:
    """`album` is "" for a photo in none; `comments` are (author, text)."""

    path: Path
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    album: str = ""
    taken_at: datetime | None = None
    comments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    albums: tuple[ManifestAlbum, ...] = ()
    collections: tuple[ManifestCollection, ...] = ()
    photos: tuple[ManifestPhoto, ...] = ()
    highlighted_albums: tuple[str, ...] = ()
    highlighted_tags: tuple[str, ...] = ()


def read_manifest(folder: Path) -> Manifest:
    """What `folder` holds. Raises ManifestError."""
    path = folder / "library.json"
    if not folder.is_dir():
        raise ManifestError(f"{folder} is not a folder")
    if not path.is_file():
        return _found_pictures(folder)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            albums=tuple(_album(entry) for entry in content.get("albums", [])),
            collections=tuple(_collection(entry) for entry in content.get("collections", [])),
            photos=tuple(_photo(folder, entry) for entry in content.get("photos", [])),
            highlighted_albums=tuple(content.get("highlights", {}).get("albums", [])),
            highlighted_tags=tuple(content.get("highlights", {}).get("tags", [])),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{path}: {error}") from None


def _found_pictures(folder: Path) -> Manifest:
    paths = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in _ENDINGS and path.is_file() and not _is_hidden(path.relative_to(folder))
    )
    photos = [
        ManifestPhoto(path=path, title=path.stem, album=" / ".join(path.relative_to(folder).parts[:-1]))
        for path in paths
    ]
    titles = dict.fromkeys(photo.album for photo in photos if photo.album)
    return Manifest(albums=tuple(ManifestAlbum(title=title) for title in titles), photos=tuple(photos))


def _is_hidden(path: Path) -> bool:
    """Files that other systems leave beside photos: `._a.jpg`, `.thumbnails/a.jpg`."""
    return any(part.startswith(".") for part in path.parts)


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _album(entry: dict[str, Any]) -> ManifestAlbum:
    return ManifestAlbum(
        title=entry["title"],
        description=entry.get("description", ""),
        created_at=_moment(entry.get("created_at")),
    )


def _collection(entry: dict[str, Any]) -> ManifestCollection:
    return ManifestCollection(
        title=entry["title"],
        description=entry.get("description", ""),
        albums=tuple(entry.get("albums", [])),
    )


def _photo(folder: Path, entry: dict[str, Any]) -> ManifestPhoto:
    path = (folder / entry["file"]).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"{entry['file']} lies outside the folder")
    return ManifestPhoto(
        path=path,
        title=entry.get("title", ""),
        description=entry.get("description", ""),
        tags=tuple(entry.get("tags", [])),
        album=entry.get("album", ""),
        taken_at=_moment(entry.get("taken_at")),
        comments=tuple((comment["author"], comment["body"]) for comment in entry.get("comments", [])),
    )
