"""Orange for the contract suite: its built-in server, its keys, its errors."""

import io
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from urllib.parse import quote

import pytest
from allauth.idp.oidc.models import Token
from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from providers.client.http import Http, Limits
from providers.contract.albums import (
    AlbumCovers,
    AlbumDeletion,
    AlbumDescriptions,
    AlbumPasswords,
    AlbumRenaming,
)
from providers.contract.base import (
    AlbumMembership,
    CollectionLibrary,
    Highlights,
    OwnTags,
    PhotoEditing,
    PublicProfile,
    PublicSearch,
    RecentListing,
    TagSearch,
    UploadCallback,
    ViewCounting,
)
from providers.contract.entities import Draft, Ticket
from providers.orange.client import OrangeClient
from providers.orange.photos import OrangePhotos, open_account
from providers.orange.protocol import PATH
from providers.orange.server import accounts, albums, photo_store
from providers.orange.server.models import OrangeAccount, OrangeAlbum
from providers.registry import ServiceApp
from tests.providers import contract_subject as meanings
from tests.providers.contract_subject import SHORT

# As Orange's own tokens were made: everything that an address treats in a special way.
TOKEN = "B64AAEC+wQF/Bgc=|MCO=OFR|sau=|ted=1795298421|fhZMd/Fzr+Tp="
SERVICE = ("POMARTESTS0123456789", "the-service-password")


class OrangeSubject:
    """See tests.providers.contract_subject.Subject."""

    provider = "orange"
    some_album_id = "9k2c4hq7tz0ab"
    lacks: Mapping[object, str] = {
        **dict.fromkeys((CollectionLibrary,), "the document has albums and nothing above them"),
        **dict.fromkeys((TagSearch, OwnTags), "the document has no tags"),
        **dict.fromkeys((PublicSearch, Highlights), "the document has no search and shows nothing of others"),
        **dict.fromkeys(
            (AlbumDescriptions, AlbumPasswords, AlbumCovers),
            "an album of the document has a name and no more",
        ),
        **dict.fromkeys((AlbumRenaming, AlbumDeletion), "the document has no method that changes an album"),
        **dict.fromkeys((PublicProfile,), "the document shows a person's own albums to nobody else"),
        **dict.fromkeys((RecentListing,), "the document lists the photos of one album only"),
        **dict.fromkeys((PhotoEditing, ViewCounting), "the document has no method that changes a photo"),
        **dict.fromkeys((AlbumMembership,), "a photo of the document lies in one album, where it was sent"),
        **dict.fromkeys((UploadCallback,), "the document's upload is one call, that calls nobody back"),
    }

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request

    @cached_property
    def _url(self) -> str:
        """The built-in server: started, with its database, only for the duties that need it."""
        accounts.register_builtin_service([])
        return f"{self._request.getfixturevalue('live_server').url}/services/orange"

    def _account(self, name: str) -> OrangeAccount:
        assert self._url
        user: User = self._request.getfixturevalue(name)
        return accounts.open_account(user)

    def account(self, *, of_bob: bool = False) -> OrangePhotos:
        account = self._account("bob" if of_bob else "alice")
        return self._open(accounts.issue_token(account, settings.ORANGE_SERVICE_ID))

    def with_bad_key(self, state: str) -> OrangePhotos:
        raw = accounts.issue_token(self._account("alice"), settings.ORANGE_SERVICE_ID)
        token = Token.objects.by_value(raw)
        if state == "expired":
            token.update(expires_at=timezone.now() - timedelta(seconds=1))
        elif state == "revoked":
            token.delete()
        else:
            raw = "a-token-nobody-ever-issued"
        return self._open(raw)

    def _open(self, token: str) -> OrangePhotos:
        app = ServiceApp(
            provider_id="orange-under-test",
            kind="orange",
            name="Orange",
            client_id=settings.ORANGE_SERVICE_ID,
            secret=settings.ORANGE_SERVICE_PWD,
            web_url=self._url,
            api_url=self._url,
            allow_private=True,
        )
        return open_account(app, token, "")

    def add_album(self, title: str, *, of_bob: bool = False) -> str:
        return albums.create_album(self._account("bob" if of_bob else "alice"), title).cyphered_id

    def add_photo(self, album_id: str, content: bytes, *, title: str = "", filename: str = "a.jpeg") -> str:
        album = OrangeAlbum.objects.select_related("account").get(cyphered_id=album_id)
        account: OrangeAccount = album.account
        picture = photo_store.store_photo(account, album, title, filename, io.BytesIO(content))
        return picture.cyphered_id

    def at(self, url: str, limits: Limits = SHORT) -> OrangePhotos:
        http = Http("orange", ["127.0.0.1"], allow_private=True, limits=limits)
        return OrangePhotos(OrangeClient(http, f"{url}/{PATH}", SERVICE, TOKEN), http, (url,))

    def ticket(self, url: str, draft: Draft) -> Ticket:
        names = {"filename": draft.filename, "title": draft.title, "byte_size": str(draft.byte_size)}
        return Ticket(data={"album_id": self.some_album_id, "known": "", **names})

    def picture_url(self, url: str) -> str:
        return f"{url}/sitdriver?cid=b7d2904e6a31fc58&app=papi"

    def fault(self, meaning: str) -> tuple[int, str, bytes]:
        gateway = "<error><code>{}</code><detail>{}</detail></error>"
        service = (
            '<action version="2.0" code="200"><error-code>{}</error-code><error-msg>{}</error-msg></action>'
        )
        status, template, code, text = {
            meanings.KEY_EXPIRED: (401, gateway, "-2", "TokenExpiredException"),
            meanings.KEY_REJECTED: (401, gateway, "-1", f"InvalidTokenException {TOKEN}"),
            meanings.NOT_FOUND: (200, service, "9003", "album unknown"),
            meanings.REFUSED: (200, service, "1106", "Owner unknown [GUID = mail nobody@orange.example]"),
            meanings.UNKNOWN_CODE: (200, service, "4242", f"what is {SERVICE[1]}"),
        }[meaning]
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n{template.format(code, text)}'
        return status, "text/xml; charset=UTF-8", body.encode()

    def secrets(self) -> list[str]:
        return [TOKEN, quote(TOKEN, safe=""), SERVICE[1]]
