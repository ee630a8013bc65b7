"""What will not be kept, said before anything is sent."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from providers.contract.accepts import Accepts, check, not_stored, refused
from providers.contract.entities import Draft, Ticket, Visibility
from providers.contract.errors import Refused

DRAFT = Draft(filename="a.jpg", media_type="image/jpeg", byte_size=100)
NARROW = Accepts(
    fields=frozenset({"title"}),
    media_types=("image/jpeg",),
    visibilities=frozenset({Visibility.PRIVATE}),
    text_limits={"title": 5},
    max_bytes=100,
    max_pixels=12,
    has_default_place=False,
)


def test_what_a_draft_does_not_fill_is_not_missed() -> None:
    assert not_stored(DRAFT, NARROW) == ("filename",)


@pytest.mark.parametrize(
    "filled",
    [
        {"description": "Le phare"},
        {"subtitle": "Le soir"},
        {"tags": ("mer",)},
        {"taken_at": datetime(1998, 7, 12, tzinfo=UTC)},
        {"is_adult": True},
        {"album_id": "5"},
    ],
)
def test_field_that_has_no_place_is_named(filled: dict[str, object]) -> None:
    (name,) = filled
    draft = replace(DRAFT, title="Phare", **filled)  # type: ignore[arg-type]
    assert not_stored(draft, NARROW) == ("filename", name)
    assert not_stored(draft, replace(NARROW, fields=NARROW.fields | {name, "filename"})) == ()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, ()),
        ({"media_type": "image/tiff"}, ("media_type",)),
        ({"byte_size": 101}, ("byte_size",)),
        ({"width": 4, "height": 3}, ()),
        ({"width": 5, "height": 3}, ("width",)),
        ({"title": "Phare"}, ()),
        ({"title": "Phares"}, ("title",)),
        ({"album_id": ""}, ("album_id",)),
        ({"visibility": Visibility.PRIVATE}, ()),
        ({"visibility": Visibility.PUBLIC}, ("visibility",)),
        ({"visibility": Visibility.PASSWORD, "password": "ajonc"}, ("visibility",)),
    ],
)
def test_draft_that_will_be_refused_is_known_by_its_field(
    changed: dict[str, object], why: tuple[str, ...]
) -> None:
    draft = replace(DRAFT, **{"album_id": "5", **changed})  # type: ignore[arg-type]
    assert refused(draft, NARROW) == why


def test_limits_that_nobody_declared_refuse_nothing() -> None:
    wide = Accepts(fields=frozenset(), media_types=("image/jpeg",))
    assert refused(replace(DRAFT, title="x" * 9999, byte_size=10**12, width=10**6, height=10**6), wide) == ()


@pytest.mark.parametrize("field", ["visibility", "album_id"])
def test_check_stops_what_would_be_seen_wrongly_or_lie_nowhere(field: str) -> None:
    wrong = {"album_id": "5", "visibility": Visibility.PUBLIC} if field == "visibility" else {}
    with pytest.raises(Refused) as refusal:
        check(replace(DRAFT, **wrong), NARROW, "box")  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.provider) == (field, "box")


@pytest.mark.parametrize(
    ("visibility", "password"),
    [(Visibility.PASSWORD, ""), (Visibility.PUBLIC, "ajonc"), (None, "ajonc")],
)
def test_password_and_its_visibility_come_together(visibility: Visibility | None, password: str) -> None:
    with pytest.raises(ValueError, match="password"):
        replace(DRAFT, visibility=visibility, password=password)


def test_password_of_a_draft_is_not_shown() -> None:
    assert "ajonc" not in repr(replace(DRAFT, visibility=Visibility.PASSWORD, password="ajonc"))


def test_ticket_keeps_its_data_when_it_learns_its_photo() -> None:
    ticket = Ticket(data={"uid": "u"})
    named = ticket.with_photo("p1")
    assert (ticket.photo_id, named.photo_id, named.data["uid"]) == ("", "p1", "u")
    assert named.with_photo("") is named
