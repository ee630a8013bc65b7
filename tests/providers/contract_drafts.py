"""Duties about what a draft carries: stored as declared, and seen by nobody it was not meant for."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from providers.contract.accepts import STORED_FIELDS, not_stored
from providers.contract.base import PhotoDetails, PhotoService, PublicProfile
from providers.contract.entities import Draft, Photo, Visibility
from providers.contract.errors import NotFound, Refused
from tests.providers.contract_subject import CALLBACK, Subject, accepts_of, against_server, draft_for
from tests.providers.contract_uploads import upload
from tests.support.painting import picture

FILLED: Mapping[str, object] = {
    "filename": "phare.jpg",
    "title": "Phare",
    "subtitle": "Le soir",
    "description": "Vu du port,\nà marée basse",
    "tags": ("mer", "phare"),
    "taken_at": datetime(1998, 7, 12, 20, 30, tzinfo=UTC),
    "is_adult": True,
}


def whole(service: PhotoService, photo: Photo) -> Photo:
    """The photo with all that the service knows."""
    return service.photo(photo.remote_id) if isinstance(service, PhotoDetails) else photo


@against_server
class DraftDuties:
    """`Accepts` is the truth, in both directions."""

    def test_stored_fields_are_fields_of_a_draft(self, subject: Subject) -> None:
        accepts = accepts_of(subject.account())
        assert accepts.fields <= set(STORED_FIELDS) <= {each.name for each in fields(Draft)}
        assert set(accepts.text_limits) <= accepts.fields

    def test_what_is_declared_as_stored_comes_back_and_nothing_else(self, subject: Subject) -> None:
        service = subject.account()
        album_id = subject.add_album("Bretagne")
        _, photo = upload(service, picture(), album_id=album_id, **FILLED)
        assert photo is not None
        found = whole(service, photo)
        stored = {name for name, value in FILLED.items() if getattr(found, name) == value}
        stored |= {"album_id"} if [one.remote_id for one in service.photos(album_id)] else set()
        assert stored == accepts_of(service).fields

    def test_what_is_not_stored_is_said_beforehand(self, subject: Subject) -> None:
        service = subject.account()
        accepts = accepts_of(service)
        lost = not_stored(draft_for(service, picture(), album_id="some", **FILLED), accepts)
        assert set(lost) == set(STORED_FIELDS) - accepts.fields

    def test_text_is_stored_up_to_the_declared_length(self, subject: Subject) -> None:
        service = subject.account()
        for name, limit in accepts_of(service).text_limits.items():
            _, photo = upload(service, picture(), **{name: "x" * limit})
            assert photo and getattr(whole(service, photo), name) == "x" * limit
            with pytest.raises(Refused):
                upload(service, picture(), **{name: "x" * (limit + 1)})

    def test_file_of_a_type_that_is_not_declared_is_refused(self, subject: Subject) -> None:
        service = subject.account()
        if "image/webp" in accepts_of(service).media_types:
            pytest.skip("the service takes WebP")
        with pytest.raises(Refused):
            upload(service, picture("webp"), filename="a.webp", media_type="image/webp")


@against_server
class VisibilityDuties:
    """A photo is never seen by more people than its owner asked for."""

    @pytest.mark.parametrize("visibility", Visibility)
    def test_visibility_is_given_or_refused_before_anything_is_sent(
        self, subject: Subject, visibility: Visibility
    ) -> None:
        service = subject.account()
        draft = draft_for(service, picture(), **_asking(visibility))
        if visibility in accepts_of(service).visibilities:
            service.begin_upload(draft, CALLBACK)
            return
        with pytest.raises(Refused) as refusal:
            service.begin_upload(draft, CALLBACK)
        assert refusal.value.code == "visibility"

    @pytest.mark.parametrize("visibility", Visibility)
    def test_photo_is_seen_by_whom_it_was_meant_for(self, subject: Subject, visibility: Visibility) -> None:
        service = subject.account()
        if visibility not in accepts_of(service).visibilities:
            pytest.skip("the service refuses this visibility")
        _, photo = upload(service, picture(), **_asking(visibility))
        assert photo is not None
        assert whole(service, photo).has_password is (visibility is Visibility.PASSWORD)
        assert _is_seen_by_bob(subject, photo.remote_id) is (visibility is Visibility.PUBLIC)


def _asking(visibility: Visibility) -> dict[str, object]:
    return {"visibility": visibility, "password": "ajonc" if visibility is Visibility.PASSWORD else ""}


def _is_seen_by_bob(subject: Subject, photo_id: str) -> bool:
    bob = subject.account(of_bob=True)
    try:
        if isinstance(bob, PublicProfile):
            bob.public_photo(photo_id)
        elif isinstance(bob, PhotoDetails):
            bob.photo(photo_id)
        else:
            return False  # there is no way in which Bob could look
    except (NotFound, Refused):
        return False
    return True
