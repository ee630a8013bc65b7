"""The Orange server's six methods, by literal addresses and literal answers (docs/protocols/orange.md)."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from providers.orange.server.models import MediaObject, OrangeAlbum
from tests.support.orange_kit import Caller, body_of, caller_for, error_code, root_of

WHEN = datetime(2026, 11, 21, 10, 0, 0, 123000, tzinfo=UTC)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@pytest.fixture
def caller(alice: User) -> Caller:
    return caller_for(alice)


def album(caller: Caller, title: str = "Bretagne 2026", cyphered_id: str = "9k2c4hq7tz0ab") -> OrangeAlbum:
    return OrangeAlbum.objects.create(
        account=caller.account, title=title, cyphered_id=cyphered_id, created_at=WHEN
    )


def photo(caller: Caller, of: OrangeAlbum, number: int = 1001, **changes: object) -> MediaObject:
    values: dict[str, object] = {
        "id": number,
        "account": caller.account,
        "album": of,
        "cyphered_id": f"b7d2904e6a31{number:04x}",
        "title": "Phare du Petit Minou",
        "created_at": WHEN,
        "filename": "phare.jpeg",
        "byte_size": 184320,
        "media_type": "image/jpeg",
        "width": 1600,
        "height": 1200,
        "stored_name": default_storage.save("t.jpeg", ContentFile(b"x")),
        **changes,
    }
    return MediaObject.objects.create(**values)


def test_albums_list_of_an_empty_account_has_count_zero(caller: Caller) -> None:
    response = caller.get("action=GetAlbumsList")
    assert response["Content-Type"] == "text/xml; charset=UTF-8"
    expected = f'{HEAD}<action version="2.0" code="3201"><albums count="0"/></action>\n'
    assert body_of(response).decode() == expected


def test_albums_list_is_written_as_documented(caller: Caller) -> None:
    album(caller)
    OrangeAlbum.objects.create(
        account=caller.account, title="Inbox", cyphered_id="3v8mmx1r5pq0", is_inbox=True, media_count=2
    )
    assert body_of(caller.get("action=GetAlbumsList")).decode() == (
        f'{HEAD}<action version="2.0" code="3201"><albums count="2">'
        '<album cypheredId="9k2c4hq7tz0ab"><title><![CDATA[Bretagne 2026]]></title>'
        '<guests count="0"/><mediaObjects count="0"/></album>'
        '<album cypheredId="3v8mmx1r5pq0"><title><![CDATA[Inbox]]></title>'
        '<guests count="0"/><mediaObjects count="2"/></album>'
        "</albums></action>\n"
    )


def test_albums_come_in_the_order_of_their_creation(caller: Caller) -> None:
    for title in ("zebra", "apple", "mango"):
        caller.get(f"action=CreateAlbum&TIT={title}")
    titles = [node.text for node in root_of(caller.get("action=GetAlbumsList")).iter("title")]
    assert titles == ["zebra", "apple", "mango"]


def test_created_album_is_answered_with_its_title_and_date(caller: Caller) -> None:
    root = root_of(caller.get("action=CreateAlbum&TIT=Bretagne%202026"))
    made = OrangeAlbum.objects.get()
    assert root.get("version") == "2.0" and root.get("code") == "100"
    assert [child.tag for child in root] == ["album"]
    assert [child.tag for child in root[0]] == ["title", "creationDate"]
    assert root[0].get("cypheredId") == made.cyphered_id
    assert root.findtext("album/title") == "Bretagne 2026"
    assert int(root.findtext("album/creationDate") or 0) == round(made.created_at.timestamp() * 1000)


def test_album_ids_have_the_documents_shape(caller: Caller) -> None:
    ids = {root_of(caller.get("action=CreateAlbum&TIT=a"))[0].get("cypheredId") or "" for _ in range(20)}
    assert len(ids) == 20
    assert all(12 <= len(each) <= 13 and each.isalnum() and each == each.lower() for each in ids)


def test_title_that_exists_gets_the_first_free_number(caller: Caller) -> None:
    titles = [
        root_of(caller.get("action=CreateAlbum&TIT=Bretagne")).findtext("album/title") for _ in range(5)
    ]
    assert titles == ["Bretagne", "Bretagne-1", "Bretagne-2", "Bretagne-3", "Bretagne-4"]


def test_title_that_only_another_person_uses_is_kept(caller: Caller, bob: User) -> None:
    caller_for(bob).get("action=CreateAlbum&TIT=Bretagne")
    assert root_of(caller.get("action=CreateAlbum&TIT=Bretagne")).findtext("album/title") == "Bretagne"


def test_title_of_the_inbox_stays_free_for_the_inbox(caller: Caller) -> None:
    assert root_of(caller.get("action=CreateAlbum&TIT=Inbox")).findtext("album/title") == "Inbox-1"


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("a%20%5D%5D%3E%20b", "a ]]> b"),
        ("%F0%9F%8F%96%EF%B8%8F%20plage", "🏖️ plage"),
        ("F%C3%AAte", "Fête"),
        ("F%EAte", "Fête"),  # ISO-8859-1, where UTF-8 fails
        ("%3Cb%3E%26amp%3B", "<b>&amp;"),
        ("a+b", "a b"),
        ("a%2Bb", "a+b"),
        ("a%00b%0Bc%1F", "abc"),
        ("a%0D%0Ab%09c", "a b c"),
        ("%20%20a%20%20", "a"),
        ("x" * 300, "x" * 300),
    ],
)
def test_album_title_is_kept_as_text(caller: Caller, raw: str, stored: str) -> None:
    assert root_of(caller.get(f"action=CreateAlbum&TIT={raw}")).findtext("album/title") == stored
    assert root_of(caller.get("action=GetAlbumsList")).findtext("albums/album/title") == stored


@pytest.mark.parametrize("raw", ["", "%20%20", "%00%01%1F", "x" * 301, "x" * 10_000])
def test_album_title_that_cannot_be_is_refused(caller: Caller, raw: str) -> None:
    response = caller.get(f"action=CreateAlbum&TIT={raw}")
    assert (response.status_code, error_code(response)) == (200, "9008")
    assert not OrangeAlbum.objects.exists()


def test_album_is_written_as_documented(caller: Caller) -> None:
    album(caller)
    assert body_of(caller.get("action=GetAlbum&Album=9k2c4hq7tz0ab")).decode() == (
        f'{HEAD}<action version="2.0" code="105"><album cypheredId="9k2c4hq7tz0ab">'
        "<title><![CDATA[Bretagne 2026]]></title><creationDate>1795255200123</creationDate>"
        "</album></action>\n"
    )


def test_media_objects_are_written_as_documented(caller: Caller) -> None:
    of = album(caller)
    photo(caller, of)
    photo(caller, of, 1002, title="Carte", filename="a&b.png", media_type="image/png")
    base = "http://testserver/services/orange/sitdriver?cid=b7d2904e6a31"
    assert body_of(caller.get("action=GetMediaObjsList&Album=9k2c4hq7tz0ab")).decode() == (
        f'{HEAD}<action version="2.0" code="3204"><mediaObjects>'
        '<mediaObject id="1001" cypheredId="b7d2904e6a3103e9">'
        "<title><![CDATA[Phare du Petit Minou]]></title><creationDate>1795255200123</creationDate>"
        "<filename>phare.jpeg</filename><filesize>184320</filesize><mimeType>image/jpeg</mimeType>"
        f"<width>1600</width><height>1200</height><baseUrl>{base}03e9&amp;app=papi</baseUrl></mediaObject>"
        '<mediaObject id="1002" cypheredId="b7d2904e6a3103ea">'
        "<title><![CDATA[Carte]]></title><creationDate>1795255200123</creationDate>"
        "<filename>a&amp;b.png</filename><filesize>184320</filesize><mimeType>image/png</mimeType>"
        f"<width>1600</width><height>1200</height><baseUrl>{base}03ea&amp;app=papi</baseUrl></mediaObject>"
        "</mediaObjects></action>\n"
    )


def test_album_without_pictures_has_an_empty_list(caller: Caller) -> None:
    album(caller)
    assert body_of(caller.get("action=GetMediaObjsList&Album=9k2c4hq7tz0ab")).decode() == (
        f'{HEAD}<action version="2.0" code="3204"><mediaObjects></mediaObjects></action>\n'
    )


def test_media_object_is_written_as_documented(caller: Caller) -> None:
    photo(caller, album(caller))
    assert body_of(caller.get("action=GetMediaObj&MOB=b7d2904e6a3103e9")).decode() == (
        f'{HEAD}<action version="2.0" code="3205"><mediaObject id="1001" cypheredId="b7d2904e6a3103e9">'
        "<title><![CDATA[Phare du Petit Minou]]></title><creationDate>1795255200123</creationDate>"
        "<filename>phare.jpeg</filename><filesize>184320</filesize><mimeType>image/jpeg</mimeType>"
        "<width>1600</width><height>1200</height>"
        "<baseUrl>http://testserver/services/orange/sitdriver?cid=b7d2904e6a3103e9&amp;app=papi</baseUrl>"
        "</mediaObject></action>\n"
    )


def test_media_object_is_found_by_its_decimal_id_too(caller: Caller) -> None:
    photo(caller, album(caller))
    assert root_of(caller.get("action=GetMediaObj&MOB=1001"))[0].get("cypheredId") == "b7d2904e6a3103e9"


def test_someone_elses_things_are_as_unknown_as_none(caller: Caller, bob: User) -> None:
    photo(caller, album(caller))
    other = caller_for(bob)
    for query, code in (
        ("action=GetAlbum&Album=9k2c4hq7tz0ab", "9003"),
        ("action=GetMediaObjsList&Album=9k2c4hq7tz0ab", "9003"),
        ("action=GetMediaObj&MOB=b7d2904e6a3103e9", "9004"),
        ("action=GetMediaObj&MOB=1001", "9004"),
    ):
        theirs, unknown = other.get(query), other.get(query.replace("9k2c", "0000").replace("b7d2", "0000"))
        assert error_code(theirs) == code and theirs.status_code == 200
        if "1001" not in query:
            assert body_of(other.get(query)) == body_of(unknown)


@pytest.mark.parametrize("raw", ["%00", "a" * 5000, quote("../../x"), "9" * 40, "%FF%FE"])
def test_odd_identifiers_are_unknown(caller: Caller, raw: str) -> None:
    assert error_code(caller.get(f"action=GetAlbum&Album={raw}")) == "9003"
    assert error_code(caller.get(f"action=GetMediaObj&MOB={raw}")) == "9004"


def test_list_of_a_large_album_is_streamed(caller: Caller) -> None:
    of = album(caller)
    MediaObject.objects.bulk_create(
        MediaObject(
            account=caller.account, album=of, title=f"Photo {number}", filename="a.jpeg", byte_size=1,
            media_type="image/jpeg", width=1, height=1, stored_name="x", created_at=WHEN,
        )
        for number in range(3000)
    )  # fmt: skip
    response = caller.get("action=GetMediaObjsList&Album=9k2c4hq7tz0ab")
    assert response.streaming
    blocks = list(response)
    assert len(blocks) > 5 and max(len(block) for block in blocks) < 100_000
    assert b"".join(blocks).count(b"<mediaObject ") == 3000
