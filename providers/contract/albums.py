"""What a service may be able to do with albums besides making them: one optional interface for each.

As in `providers.contract.base`, whose rules hold here. This site makes albums with descriptions and
passwords; the other interfaces are offered to other programs.
"""

from typing import Protocol, runtime_checkable

from providers.contract.entities import Album


@runtime_checkable
class AlbumDescriptions(Protocol):
    """An album can be made with words about it."""

    def create_described_album(self, title: str, *, description: str) -> Album:
        """As `create_album`, in one call. The album MUST be returned with its description."""
        ...


@runtime_checkable
class AlbumPasswords(Protocol):
    """An album can be made closed to whoever does not know its password."""

    def create_closed_album(self, title: str, *, password: str, description: str = "") -> Album:
        """As `create_album`, in one call: there MUST be no moment at which the album stood open.

        `password` is not "". `description` MUST be kept by a service that has AlbumDescriptions, and
        is "" for any other.
        """
        ...


@runtime_checkable
class AlbumRenaming(Protocol):
    """The account's own albums can be given another title."""

    def rename_album(self, album_id: str, title: str) -> Album:
        """The album as the service named it, which MAY differ from `title`; its photos stay in it.

        MUST raise NotFound for an unknown or foreign album. Safe to repeat.
        """
        ...


@runtime_checkable
class AlbumCovers(Protocol):
    """The photo on the cover of an album can be chosen."""

    def choose_cover(self, album_id: str, photo_id: str) -> None:
        """MUST raise NotFound for an unknown or foreign album, and for a photo that is not in it."""
        ...


@runtime_checkable
class AlbumDeletion(Protocol):
    """The account's own albums can be removed."""

    def delete_album(self, album_id: str) -> None:
        """Remove an album that is empty. MUST raise NotFound when it is not there (any more).

        MUST raise Refused, and change nothing, while photos lie in it: none is ever lost with its album.
        """
        ...
