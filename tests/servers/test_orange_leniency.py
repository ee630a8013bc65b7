"""What the document says twice and differently: the server takes both (docs/protocols/orange.md)."""

from urllib.parse import quote

import pytest
from allauth.idp.oidc.models import Token
from django.contrib.auth.models import User
from django.test import Client

from providers.orange.server.albums import create_album
from tests.support.orange_kit import ENDPOINT, Caller, caller_for, error_code, form, root_of
from tests.support.painting import picture

ODD_TOKEN = "B64AAEC+wQF/Bgc=|MCO=OFR|sau=|ted=1795298421|fhZMd/Fzr+Tp="


@pytest.fixture
def caller(alice: User) -> Caller:
    return caller_for(alice)


@pytest.fixture
def odd(caller: Caller) -> Caller:
    """A caller whose token holds everything that an address treats in a special way."""
    token = Token.objects.by_value(caller.token).get()
    token.set_value(ODD_TOKEN)
    token.save()
    caller.token = ODD_TOKEN
    return caller


@pytest.mark.parametrize(
    "query",
    [
        "action=GetAlbumsList",
        "action=GetAlbumList",  # reading 1
        "action=getalbumslist",
        "ACTION=GETALBUMSLIST",
        "actionGetAlbumsList",
        "actionGetAlbumsList=",
        "actiongetalbumlist",
    ],
)
def test_albums_list_is_known_by_both_names(caller: Caller, query: str) -> None:
    assert root_of(caller.get(query)).get("code") == "3201"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("TIT=a", "a"),
        ("title=a", "a"),  # reading 2
        ("Title=a", "a"),
        ("tit=a", "a"),
        ("TIT=a&title=b", "a"),
        ("title=b&TIT=a", "a"),
    ],
)
def test_title_of_a_new_album_has_two_names(caller: Caller, query: str, title: str) -> None:
    assert root_of(caller.get(f"action=CreateAlbum&{query}")).findtext("album/title") == title


@pytest.mark.parametrize("name", ["Album", "album", "ALBUM"])
@pytest.mark.parametrize("action", ["action=GetAlbum", "actionGetAlbum"])
def test_album_is_found_without_the_lost_equals_sign_and_in_any_case(
    caller: Caller, action: str, name: str
) -> None:
    made = create_album(caller.account, "Bretagne")  # readings 3 and 4
    assert root_of(caller.get(f"{action}&{name}={made.cyphered_id}")).get("code") == "105"
    listed = root_of(
        caller.get(f"{action.replace('GetAlbum', 'GetMediaObjsList')}&{name}={made.cyphered_id}")
    )
    assert listed.get("code") == "3204"


@pytest.mark.parametrize("name", ["MOB", "mob", "Mob"])
def test_media_object_parameter_is_taken_in_any_case(caller: Caller, name: str) -> None:
    assert error_code(caller.get(f"action=GetMediaObj&{name}=b7d2904e6a31fc58")) == "9004"


@pytest.mark.parametrize(
    "escaped",
    [
        quote(ODD_TOKEN, safe=""),
        quote(ODD_TOKEN, safe="|/="),
        ODD_TOKEN,  # a raw "+" arrives as a space
        ODD_TOKEN.replace("+", "%20"),
    ],
)
def test_token_is_taken_however_it_was_escaped(odd: Caller, escaped: str) -> None:
    response = Client().get(f"{ENDPOINT}?action=GetAlbumsList&token={escaped}")
    assert root_of(response).get("code") == "3201"


@pytest.mark.parametrize("escaped", [quote(ODD_TOKEN, safe=""), ODD_TOKEN])
def test_token_is_taken_from_a_plain_form(odd: Caller, escaped: str) -> None:
    response = Client().post(
        ENDPOINT,
        f"action=GetAlbumsList&token={escaped}",
        content_type="application/x-www-form-urlencoded",
    )
    assert root_of(response).get("code") == "3201"


def test_token_is_taken_from_a_multipart_form(odd: Caller) -> None:
    assert root_of(odd.add(picture(), F_title="a")).get("code") == "3201"


def test_writing_by_post_works_as_by_get(caller: Caller) -> None:
    body = f"action=CreateAlbum&TIT=F%C3%AAte&token={quote(caller.token)}"  # reading 21
    response = Client().post(ENDPOINT, body, content_type="application/x-www-form-urlencoded")
    assert root_of(response).findtext("album/title") == "Fête"


def test_form_field_goes_before_what_stands_in_the_address(caller: Caller) -> None:
    response = Client().post(
        f"{ENDPOINT}?action=GetAlbumsList&TIT=address",
        f"action=CreateAlbum&TIT=field&token={quote(caller.token)}",
        content_type="application/x-www-form-urlencoded",
    )
    assert root_of(response).findtext("album/title") == "field"


def test_action_and_token_of_an_upload_may_stand_in_the_address(caller: Caller) -> None:
    body = form([("F_title", "a")], picture(), "a.jpg", "image/jpeg")
    response = caller.post_form(body, f"?action=AddMediaObj&token={quote(caller.token)}")
    assert root_of(response).get("code") == "3201"


@pytest.mark.parametrize("name", ["Album", "album", "ALBUM"])
def test_album_field_of_an_upload_is_taken_in_any_case(caller: Caller, name: str) -> None:
    made = create_album(caller.account, "Bretagne")
    caller.add(picture(), F_title="a", **{name: made.cyphered_id})
    made.refresh_from_db()
    assert made.media_count == 1
