# mypy: disable-error-code="type-abstract"
"""Duties of whoever can do more with albums than make them."""

import pytest

from providers.contract.albums import (
    AlbumCovers,
    AlbumDeletion,
    AlbumDescriptions,
    AlbumPasswords,
    AlbumRenaming,
)
from providers.contract.base import PublicProfile
from providers.contract.errors import NotFound, Refused
from tests.providers.contract_listing import own_albums
from tests.providers.contract_optional import having
from tests.providers.contract_subject import Subject, against_server
from tests.support.painting import picture

WORDS = "Le phare\n& la mer"


@against_server
class AlbumDuties:
    """One or more duties for each interface of providers.contract.albums."""

    def test_described_album_is_listed_with_its_words(self, subject: Subject) -> None:
        service = having(subject, subject.account(), AlbumDescriptions)
        made = service.create_described_album("Bretagne", description=WORDS)
        (album,) = own_albums(subject.account())
        assert (album.remote_id, album.title) == (made.remote_id, "Bretagne")
        assert (made.description, album.description, album.has_password) == (WORDS, WORDS, False)

    def test_closed_album_is_listed_as_closed_and_opens_with_its_password_only(
        self, subject: Subject
    ) -> None:
        service = having(subject, subject.account(), AlbumPasswords)
        made = service.create_closed_album("Bretagne", password="ajonc")
        (album,) = own_albums(subject.account())
        assert (album.remote_id, album.description, album.has_password) == (made.remote_id, "", True)
        bob = subject.account(of_bob=True)
        if isinstance(bob, PublicProfile):
            assert list(bob.photos_of_album("alice", made.remote_id, password="ajonc")) == []
            for wrong in ("", "bruyère"):
                with pytest.raises(Refused):
                    list(bob.photos_of_album("alice", made.remote_id, password=wrong))

    def test_closed_album_keeps_its_words(self, subject: Subject) -> None:
        having(subject, subject.account(), AlbumDescriptions)
        service = having(subject, subject.account(), AlbumPasswords)
        service.create_closed_album("Bretagne", password="ajonc", description=WORDS)
        (album,) = own_albums(subject.account())
        assert (album.description, album.has_password) == (WORDS, True)

    def test_renamed_album_keeps_its_photos(self, subject: Subject) -> None:
        service = subject.account()
        album_id = subject.add_album("Bretagne")
        photo_id = subject.add_photo(album_id, picture())
        renamed = having(subject, service, AlbumRenaming).rename_album(album_id, "Finistère")
        (album,) = own_albums(service)
        assert (renamed.remote_id, renamed.title) == (album.remote_id, album.title) == (album_id, "Finistère")
        assert [photo.remote_id for photo in service.photos(album_id)] == [photo_id]

    def test_chosen_cover_is_a_photo_of_the_album(self, subject: Subject) -> None:
        service = having(subject, subject.account(), AlbumCovers)
        first, second = subject.add_album("First"), subject.add_album("Second")
        inside, outside = subject.add_photo(first, picture()), subject.add_photo(second, picture())
        service.choose_cover(first, inside)
        cover = next(album.cover_url for album in own_albums(subject.account()) if album.remote_id == first)
        assert cover
        with pytest.raises(NotFound):
            service.choose_cover(first, outside)

    def test_empty_album_is_deleted_once(self, subject: Subject) -> None:
        service = having(subject, subject.account(), AlbumDeletion)
        album_id = subject.add_album("Bretagne")
        service.delete_album(album_id)
        assert own_albums(subject.account()) == []
        with pytest.raises(NotFound):
            service.delete_album(album_id)

    def test_album_with_photos_is_not_deleted(self, subject: Subject) -> None:
        service = subject.account()
        deleting = having(subject, service, AlbumDeletion)
        album_id = subject.add_album("Bretagne")
        photo_id = subject.add_photo(album_id, picture())
        with pytest.raises(Refused):
            deleting.delete_album(album_id)
        assert [photo.remote_id for photo in service.photos(album_id)] == [photo_id]

    @pytest.mark.parametrize("interface", [AlbumRenaming, AlbumCovers, AlbumDeletion])
    def test_someone_elses_album_is_not_changed(self, subject: Subject, interface: type) -> None:
        service: object = having(subject, subject.account(), interface)
        foreign = subject.add_album("Bob's", of_bob=True)
        photo_id = subject.add_photo(foreign, picture())
        with pytest.raises(NotFound):
            if isinstance(service, AlbumRenaming) and interface is AlbumRenaming:
                service.rename_album(foreign, "Mine")
            elif isinstance(service, AlbumCovers) and interface is AlbumCovers:
                service.choose_cover(foreign, photo_id)
            elif isinstance(service, AlbumDeletion):
                service.delete_album(foreign)
        bob = subject.account(of_bob=True)
        assert [album.title for album in own_albums(bob)] == ["Bob's"]
        assert [photo.remote_id for photo in bob.photos(foreign)] == [photo_id]
