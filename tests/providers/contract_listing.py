"""Duties about albums and the photos in them, against the provider's own built-in server."""

import pytest

from providers.contract.base import PhotoService
from providers.contract.entities import Album
from providers.contract.errors import NotFound, Refused
from tests.providers.contract_subject import Subject, against_server
from tests.support.painting import picture, size_of
from tests.support.replay_server import ReplayServer

TITLES = {
    "plain": "Bretagne 2026",
    "accents": "Fête à Málaga — été, São João",
    "emoji": "Férias 🏖️👩‍👩‍👧",
    "markup": "<b>&amp; \"deux\" 'trois'</b>",
    "end_of_cdata": "a ]]> b",
    "right_to_left": "صور العائلة",
    "wide": "写真アルバム",
    "address_characters": "a+b=c&d%20e#f?g/h\\i",
    "inner_spaces": "un  deux",
}
UNKNOWN_IDS = {
    "unknown": "0000000000000",
    "a_path": "../../etc/passwd",
    "address_characters": "a&b=c#d e+f",
    "not_ascii": "álbum",
    "very_long": "9" * 3000,
}


def own_albums(service: PhotoService) -> list[Album]:
    """The albums that somebody made, without the service's own inbox."""
    return [album for album in service.albums() if not album.is_inbox]


@against_server
class ListingDuties:
    """Albums and photos."""

    def test_no_albums_is_an_empty_list(self, subject: Subject) -> None:
        assert own_albums(subject.account()) == []

    def test_one_album_is_listed_with_its_id_and_title(self, subject: Subject) -> None:
        album_id = subject.add_album("Bretagne")
        (album,) = own_albums(subject.account())
        assert (album.remote_id, album.title) == (album_id, "Bretagne")

    def test_many_albums_are_each_listed_once(self, subject: Subject) -> None:
        made = {subject.add_album(f"Album {number}") for number in range(25)}
        listed = [album.remote_id for album in own_albums(subject.account())]
        assert len(listed) == 25 and set(listed) == made

    @pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
    def test_album_title_arrives_as_it_was_given(self, subject: Subject, title: str) -> None:
        subject.add_album(title)
        (album,) = own_albums(subject.account())
        assert album.title == title

    def test_albums_listed_twice_are_the_same(self, subject: Subject) -> None:
        for number in range(5):
            subject.add_album(f"Album {number}")
        service = subject.account()
        assert list(service.albums()) == list(service.albums())

    def test_album_dates_are_aware_and_its_raw_answer_is_kept(self, subject: Subject) -> None:
        subject.add_album("Bretagne")
        (album,) = own_albums(subject.account())
        assert album.created_at is None or album.created_at.utcoffset() is not None
        assert album.raw

    def test_album_count_is_right_when_told(self, subject: Subject) -> None:
        album_id = subject.add_album("Bretagne")
        for number in range(3):
            subject.add_photo(album_id, picture(text=str(number)))
        (album,) = own_albums(subject.account())
        assert album.photo_count in (None, 3)

    def test_others_albums_are_not_listed(self, subject: Subject) -> None:
        subject.add_album("Bob's", of_bob=True)
        assert own_albums(subject.account()) == []

    def test_empty_album_has_no_photos(self, subject: Subject) -> None:
        album_id = subject.add_album("Bretagne")
        assert list(subject.account().photos(album_id)) == []

    def test_one_photo_is_listed_with_all_that_is_known(self, subject: Subject) -> None:
        content = picture(width=320, height=200)
        album_id = subject.add_album("Bretagne")
        photo_id = subject.add_photo(album_id, content, title="Phare", filename="phare.jpeg")
        (photo,) = subject.account().photos(album_id)
        assert (photo.remote_id, photo.title) == (photo_id, "Phare")
        assert photo.filename in ("", "phare.jpeg")
        assert photo.byte_size in (None, len(content))
        assert (photo.width, photo.height) in ((None, None), size_of(content))
        assert photo.media_type in ("", "image/jpeg")
        assert photo.created_at is not None and photo.created_at.utcoffset() is not None
        assert photo.renditions and photo.raw and not photo.is_pending

    def test_many_photos_are_each_listed_once(self, subject: Subject) -> None:
        album_id = subject.add_album("Bretagne")
        made = {subject.add_photo(album_id, picture(text=str(number))) for number in range(30)}
        listed = [photo.remote_id for photo in subject.account().photos(album_id)]
        assert len(listed) == 30 and set(listed) == made

    def test_photos_of_other_albums_are_not_listed(self, subject: Subject) -> None:
        first, second = subject.add_album("First"), subject.add_album("Second")
        subject.add_photo(first, picture())
        assert list(subject.account().photos(second)) == []

    @pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
    def test_photo_title_arrives_as_it_was_given(self, subject: Subject, title: str) -> None:
        album_id = subject.add_album("Bretagne")
        subject.add_photo(album_id, picture(), title=title)
        (photo,) = subject.account().photos(album_id)
        assert photo.title == title

    def test_photos_listed_twice_are_the_same(self, subject: Subject) -> None:
        album_id = subject.add_album("Bretagne")
        for number in range(4):
            subject.add_photo(album_id, picture(text=str(number)))
        service = subject.account()
        assert list(service.photos(album_id)) == list(service.photos(album_id))

    def test_listed_photo_names_its_album_if_any(self, subject: Subject) -> None:
        album_id = subject.add_album("Bretagne")
        subject.add_photo(album_id, picture())
        (photo,) = subject.account().photos(album_id)
        assert photo.album_ids is None or album_id in photo.album_ids

    def test_identifiers_fit_the_rows_that_keep_them(self, subject: Subject) -> None:
        album_id = subject.add_album("Bretagne")
        photo_id = subject.add_photo(album_id, picture())
        assert all(0 < len(each) <= 100 and each.isprintable() for each in (album_id, photo_id))

    def test_raw_answer_of_a_photo_is_a_whole_document_about_it(self, subject: Subject) -> None:
        album_id = subject.add_album("Bretagne")
        ids = [subject.add_photo(album_id, picture(text=str(number))) for number in range(2)]
        raw = {photo.remote_id: photo.raw for photo in subject.account().photos(album_id)}
        for photo_id, other in (ids, ids[::-1]):
            assert photo_id in raw[photo_id] and other not in raw[photo_id]

    @pytest.mark.parametrize("album_id", UNKNOWN_IDS.values(), ids=UNKNOWN_IDS)
    def test_unknown_album_is_not_found(self, subject: Subject, album_id: str) -> None:
        with pytest.raises(NotFound):
            list(subject.account().photos(album_id))

    def test_someone_elses_album_is_not_found(self, subject: Subject) -> None:
        foreign = subject.add_album("Bob's", of_bob=True)
        with pytest.raises(NotFound):
            list(subject.account().photos(foreign))

    @pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
    def test_created_album_is_listed_under_the_title_it_was_given(self, subject: Subject, title: str) -> None:
        service = subject.account()
        made = service.create_album(title)
        (album,) = own_albums(service)
        assert made.title == title
        assert (album.remote_id, album.title) == (made.remote_id, made.title)

    def test_created_album_takes_photos(self, subject: Subject) -> None:
        service = subject.account()
        made = service.create_album("Bretagne")
        assert list(service.photos(made.remote_id)) == []

    def test_two_albums_of_one_title_are_two_albums_or_a_refusal(self, subject: Subject) -> None:
        service = subject.account()
        first = service.create_album("Bretagne")
        try:
            second = service.create_album("Bretagne")
        except Refused:
            assert [album.remote_id for album in own_albums(service)] == [first.remote_id]
        else:
            listed = {album.remote_id: album.title for album in own_albums(service)}
            assert listed == {first.remote_id: first.title, second.remote_id: second.title}

    @pytest.mark.parametrize(
        "title", ["", "x" * 10_000, "a\x00b", "a\x0bb\x1fc", "line\nbreak\ttab"],
        ids=["empty", "ten_thousand", "zero_byte", "control_characters", "line_break"],
    )  # fmt: skip
    def test_odd_album_title_is_refused_or_stored_as_told(self, subject: Subject, title: str) -> None:
        service = subject.account()
        try:
            made = service.create_album(title)
        except Refused:
            assert own_albums(service) == []
        else:
            (album,) = own_albums(service)
            assert album.title == made.title


class LazinessDuties:
    """Nothing is asked before it is read."""

    def test_albums_are_asked_for_only_when_they_are_read(self, subject: Subject) -> None:
        with ReplayServer() as server:
            subject.at(server.url).albums()
            subject.at(server.url).photos(subject.some_album_id)
            assert server.requests == []
