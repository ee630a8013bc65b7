# mypy: disable-error-code="type-abstract"
"""Duties of the optional interfaces: held by whoever has them, else skipped for the reason that is given."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import TypeVar

import pytest

from providers.contract import albums, base
from providers.contract.albums import (
    AlbumCovers,
    AlbumDeletion,
    AlbumDescriptions,
    AlbumPasswords,
    AlbumRenaming,
)
from providers.contract.base import (
    TAG_ORDERS,
    AlbumMembership,
    CollectionLibrary,
    Highlights,
    OwnTags,
    PhotoDetails,
    PhotoEditing,
    PhotoService,
    PublicProfile,
    PublicSearch,
    RecentListing,
    TagSearch,
    UploadCallback,
    ViewCounting,
)
from providers.contract.entities import Photo
from providers.contract.errors import NotFound
from tests.providers.contract_subject import CALLBACK, Subject, against_server, draft_for
from tests.support.painting import picture

T = TypeVar("T")
# A list names other albums than the details do, and not always the owner; `raw` is each answer's own.
_MAY_DIFFER = {"raw", "album_ids", "is_partial", "view_count"}

OPTIONAL = (
    AlbumCovers, AlbumDeletion, AlbumDescriptions, AlbumMembership, AlbumPasswords, AlbumRenaming,
    CollectionLibrary, Highlights, OwnTags, PhotoDetails, PhotoEditing, PublicProfile, PublicSearch,
    RecentListing, TagSearch, UploadCallback, ViewCounting,
)  # fmt: skip


def having(subject: Subject, service: PhotoService, interface: type[T]) -> T:
    """The service as that interface; skips the duty when the subject says why there is none."""
    if interface in subject.lacks:
        pytest.skip(subject.lacks[interface])
    assert isinstance(service, interface)
    return service


class InterfaceDuties:
    """What a service can do is told by what it is."""

    def test_every_optional_interface_is_there_or_missing_for_a_reason(self, subject: Subject) -> None:
        service = subject.at("http://127.0.0.1:9")
        for interface in OPTIONAL:
            assert isinstance(service, interface) is (interface not in subject.lacks), interface
        assert all(len(reason) > 20 for reason in subject.lacks.values())

    def test_optional_interfaces_are_all_looked_at(self, subject: Subject) -> None:
        named = {**vars(base), **vars(albums)}
        known = {name for name, each in named.items() if getattr(each, "_is_protocol", False)}
        assert {interface.__name__ for interface in OPTIONAL} == known - {"PhotoService", "Protocol"}


@against_server
class DetailDuties:
    """Duties of PhotoDetails."""

    def test_photo_is_found_by_its_id(self, subject: Subject) -> None:
        service = having(subject, subject.account(), PhotoDetails)
        photo_id = subject.add_photo(subject.add_album("Bretagne"), picture(), title="Phare")
        photo = service.photo(photo_id)
        assert (photo.remote_id, photo.title, photo.is_partial) == (photo_id, "Phare", False)

    def test_details_tell_at_least_what_a_list_told(self, subject: Subject) -> None:
        service = subject.account()
        details = having(subject, service, PhotoDetails)
        album_id = subject.add_album("Bretagne")
        subject.add_photo(album_id, picture(), title="Phare")
        (listed,) = service.photos(album_id)
        photo = details.photo(listed.remote_id)
        for name in {each.name for each in fields(Photo)} - _MAY_DIFFER:
            assert getattr(listed, name) in (getattr(photo, name), getattr(Photo(remote_id=""), name)), name

    def test_list_that_says_it_is_whole_leaves_nothing_out(self, subject: Subject) -> None:
        service = subject.account()
        details = having(subject, service, PhotoDetails)
        album_id = subject.add_album("Bretagne")
        subject.add_photo(album_id, picture(), title="Phare")
        for listed in service.photos(album_id):
            if not listed.is_partial:
                photo = details.photo(listed.remote_id)
                assert replace(photo, raw="", album_ids=None) == replace(listed, raw="", album_ids=None)

    def test_details_of_nobodys_or_somebody_elses_photo_are_not_found(self, subject: Subject) -> None:
        service = having(subject, subject.account(), PhotoDetails)
        foreign = subject.add_photo(subject.add_album("Bob's", of_bob=True), picture())
        for photo_id in (foreign, "nothing-of-that-name"):
            with pytest.raises(NotFound):
                service.photo(photo_id)


@against_server
class OptionalDuties:
    """One or more duties for each interface of providers.contract.base."""

    def test_newest_lists_every_photo_once_newest_first(self, subject: Subject) -> None:
        service = having(subject, subject.account(), RecentListing)
        album_id = subject.add_album("Bretagne")
        made = [subject.add_photo(album_id, picture(text=str(number))) for number in range(12)]
        listing = service.newest()
        assert listing.total == 12
        photos = list(listing)
        assert sorted(photo.remote_id for photo in photos) == sorted(made)
        dates = [photo.created_at for photo in photos if photo.created_at]
        assert dates == sorted(dates, reverse=True)
        assert all(photo.album_ids is not None for photo in photos)

    def test_newest_of_an_empty_account_is_empty(self, subject: Subject) -> None:
        listing = having(subject, subject.account(), RecentListing).newest()
        assert list(listing) == [] and listing.total == 0

    def test_collections_of_an_empty_account_are_empty(self, subject: Subject) -> None:
        collections = having(subject, subject.account(), CollectionLibrary).collections()
        assert isinstance(collections, Iterator) and list(collections) == []

    def test_unknown_collection_is_not_found(self, subject: Subject) -> None:
        with pytest.raises(NotFound):
            list(having(subject, subject.account(), CollectionLibrary).collection_albums("99999999"))

    def test_tag_nobody_used_finds_nothing(self, subject: Subject) -> None:
        listing = having(subject, subject.account(), TagSearch).photos_by_tags(["nobodyusedthis"])
        assert list(listing) == []

    def test_words_nobody_wrote_find_nothing(self, subject: Subject) -> None:
        assert list(having(subject, subject.account(), PublicSearch).search(["nobodywrotethis"])) == []

    def test_tags_of_an_empty_account_are_empty(self, subject: Subject) -> None:
        assert list(having(subject, subject.account(), OwnTags).tags()) == []

    def test_edit_changes_the_named_and_keeps_the_rest(self, subject: Subject) -> None:
        service = having(subject, subject.account(), PhotoEditing)
        photo_id = subject.add_photo(subject.add_album("Bretagne"), picture(), title="Phare")
        service.edit_photo(photo_id, {"description": "Vu du port"})
        photo = service.photo(photo_id)
        assert (photo.title, photo.description) == ("Phare", "Vu du port")

    def test_deleted_photo_is_gone(self, subject: Subject) -> None:
        service = having(subject, subject.account(), PhotoEditing)
        photo_id = subject.add_photo(subject.add_album("Bretagne"), picture())
        service.delete_photo(photo_id)
        with pytest.raises(NotFound):
            service.photo(photo_id)

    @pytest.mark.parametrize("verb", ["edit", "delete"])
    def test_someone_elses_photo_is_not_changed(self, subject: Subject, verb: str) -> None:
        service = having(subject, subject.account(), PhotoEditing)
        foreign = subject.add_photo(subject.add_album("Bob's", of_bob=True), picture(), title="Bob's")
        with pytest.raises(NotFound):
            if verb == "edit":
                service.edit_photo(foreign, {"title": "mine"})
            else:
                service.delete_photo(foreign)
        assert having(subject, subject.account(of_bob=True), PhotoEditing).photo(foreign).title == "Bob's"

    def test_photo_lies_in_the_albums_it_was_added_to(self, subject: Subject) -> None:
        service = subject.account()
        membership = having(subject, service, AlbumMembership)
        first, second = subject.add_album("First"), subject.add_album("Second")
        photo_id = subject.add_photo(first, picture())
        membership.add_to_albums(photo_id, [second])
        assert [photo.remote_id for photo in service.photos(second)] == [photo_id]
        assert [photo.remote_id for photo in service.photos(first)] == [photo_id]

    def test_view_is_counted(self, subject: Subject) -> None:
        service = having(subject, subject.account(), ViewCounting)
        photo_id = subject.add_photo(subject.add_album("Bretagne"), picture())
        service.count_view(photo_id)

    def test_browser_form_names_where_and_what(self, subject: Subject) -> None:
        service = subject.account()
        form_maker = having(subject, service, UploadCallback)
        ticket = service.begin_upload(draft_for(service, picture()), CALLBACK)
        form = form_maker.browser_form(ticket, CALLBACK)
        assert form.action.startswith("http") and form.file_field and form.fields

    def test_abandoned_upload_is_never_confirmed(self, subject: Subject) -> None:
        service = subject.account()
        abandoner = having(subject, service, UploadCallback)
        ticket = service.begin_upload(draft_for(service, picture()), CALLBACK)
        abandoner.abandon_upload(ticket)
        abandoner.abandon_upload(ticket)
        assert service.confirm_upload(ticket) is None

    def test_public_photo_of_somebody_else_is_shown(self, subject: Subject) -> None:
        service = having(subject, subject.account(), PublicProfile)
        foreign = subject.add_photo(subject.add_album("Bob's", of_bob=True), picture(), title="Bob's")
        assert service.public_photo(foreign).title == "Bob's"

    def test_unknown_public_photo_is_not_found(self, subject: Subject) -> None:
        with pytest.raises(NotFound):
            having(subject, subject.account(), PublicProfile).public_photo("nothing-of-that-name")

    @pytest.mark.parametrize("order", ["", *TAG_ORDERS])
    def test_every_order_of_a_tag_search_is_taken(self, subject: Subject, order: str) -> None:
        service = having(subject, subject.account(), TagSearch)
        listing = service.photos_by_tags(["nobodyusedthis"], order=order)
        assert listing.page(1).items == () and listing.page(9).items == ()

    def test_unknown_person_is_not_found(self, subject: Subject) -> None:
        with pytest.raises(NotFound):
            having(subject, subject.account(), PublicProfile).profile("nobody-of-that-name")
