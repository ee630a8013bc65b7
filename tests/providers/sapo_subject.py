"""SAPO for the contract suite: its built-in server, its keys, its errors."""

import os
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from providers.client.http import Limits
from providers.contract.albums import AlbumCovers, AlbumDeletion, AlbumRenaming
from providers.contract.entities import Draft, Ticket
from providers.registry import ServiceApp
from providers.sapo.photos import SapoPhotos
from providers.sapo.server.auth.keys import new_uid
from providers.sapo.server.auth.people import NewAlbum, add_album, issue_token, open_account, revoke_tokens
from providers.sapo.server.models import Album, Image, ImageAlbum, Person
from providers.sapo.server.photo_store import save_new_image, update_image
from providers.sapo.server.upload.accept import store_image
from tests.providers import contract_subject as meanings
from tests.providers.contract_subject import SHORT

# Everything that an address or an element treats in a special way.
TOKEN = "B64AAEC+wQF/Bgc=&<b>;fhZMd/Fzr+Tp="
ACCESS_KEY = "the-access-key+of/this=site"


class SapoSubject:
    """See tests.providers.contract_subject.Subject."""

    provider = "sapo"
    some_album_id = "5"
    lacks: Mapping[object, str] = {
        **dict.fromkeys(
            (meanings.NOT_FOUND, meanings.REFUSED),
            "no fault says it: the answer of each operation does, as test_sapo_answers.py has it",
        ),
        **dict.fromkeys(
            (AlbumRenaming, AlbumCovers, AlbumDeletion), "AlbumCreate is all that changes an album there"
        ),
    }

    def __init__(self, request: pytest.FixtureRequest, binding: str) -> None:
        self._request, self._binding = request, binding

    @cached_property
    def _url(self) -> str:
        """The built-in server: started, with its database, only for the duties that need it."""
        return f"{self._request.getfixturevalue('live_server').url}/services/sapo"

    @cached_property
    def _alice(self) -> Person:
        assert self._url
        return _person(self._request.getfixturevalue("alice"))

    @cached_property
    def _bob(self) -> Person:
        assert self._url
        return _person(self._request.getfixturevalue("bob"))

    def account(self, *, of_bob: bool = False) -> SapoPhotos:
        person = self._bob if of_bob else self._alice
        return self._open(issue_token(person), person.username)

    def with_bad_key(self, state: str) -> SapoPhotos:
        if state == "expired":
            return self._open(issue_token(self._alice, timedelta(seconds=-1)), "alice")
        token = issue_token(self._alice)
        if state == "revoked":
            revoke_tokens(self._alice)
        return self._open(token if state == "revoked" else "a-token-nobody-ever-issued", "alice")

    def _open(self, token: str, username: str) -> SapoPhotos:
        return SapoPhotos(self._app(self._url, settings.SAPO_ACCESS_KEY), token, username)

    def _app(self, url: str, access_key: str) -> ServiceApp:
        return ServiceApp(
            provider_id="sapo-under-test",
            kind="sapo",
            name="SAPO",
            client_id=access_key,
            secret="",
            web_url=url,
            api_url=url,
            allow_private=True,
            options={"binding": self._binding},
        )

    def add_album(self, title: str, *, of_bob: bool = False) -> str:
        person = self._bob if of_bob else self._alice
        # Numbers are each person's own: Bob's begin where Alice has none, so that foreign is foreign.
        if of_bob and person.last_album_number < 1000:
            Person.objects.filter(pk=person.pk).update(last_album_number=1000)
        return str(add_album(person, NewAlbum(title=title)).number)

    def add_photo(self, album_id: str, content: bytes, *, title: str = "", filename: str = "a.jpeg") -> str:
        album = Album.objects.select_related("owner").get(
            number=int(album_id), owner__username__in=["alice", "bob"]
        )
        image = Image(uid=new_uid(), owner=album.owner, title=title)
        save_new_image(image)
        with update_image(image) as row:
            ImageAlbum.objects.create(
                image=row, album=album, audience=row.audience, created_at=row.created_at
            )
        handle, name = tempfile.mkstemp()
        os.close(handle)
        Path(name).write_bytes(content)
        store_image(image, Path(name))
        Path(name).unlink(missing_ok=True)
        return image.uid

    def at(self, url: str, limits: Limits = SHORT) -> SapoPhotos:
        return SapoPhotos(self._app(url, ACCESS_KEY), TOKEN, "alice", limits=limits)

    def ticket(self, url: str, draft: Draft) -> Ticket:
        return Ticket(
            data={"uid": new_uid(), "token": "ticket-of-a-test", "album_id": "", "callback_url": ""}
        )

    def picture_url(self, url: str) -> str:
        return f"{url}/i/o0a1b2c3d/101_aB3dE.jpeg"

    def fault(self, meaning: str) -> tuple[int, str, bytes]:
        code, text = {
            meanings.KEY_EXPIRED: ("2620", "Token expired"),
            meanings.KEY_REJECTED: ("2610", f"Invalid security token {TOKEN}"),
            meanings.UNKNOWN_CODE: ("4242", f"what is {quote(TOKEN)} {ACCESS_KEY}"),
        }[meaning]
        body = (
            f"<fault><faultcode>soap:Server</faultcode><faultstring><![CDATA[{text}]]></faultstring><detail>"
            '<tns:exceptionInfo xmlns:tns="http://services.sapo.pt/exceptions">'
            f"<tns:code>{code}</tns:code></tns:exceptionInfo></detail></fault>"
        )
        return 500, "text/xml; charset=utf-8", body.encode()

    def secrets(self) -> list[str]:
        return [TOKEN, quote(TOKEN, safe=""), ACCESS_KEY, quote(ACCESS_KEY, safe="")]


def _person(user: User) -> Person:
    """The person's account there; an administrator, who may count views."""
    person = open_account(user.username, user.email, f"{user.username}-sapo-password")
    person.is_admin = True
    person.save(update_fields=["is_admin"])
    return person
