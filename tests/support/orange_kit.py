"""Calls to the built-in Orange server as a program without our client makes them: literal addresses."""

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from allauth.idp.oidc.models import Client as ServiceClient
from django.contrib.auth.models import User
from django.test import Client
from lxml import etree

from providers.orange.server.accounts import ServiceKey, issue_token, open_account, subscribe_service
from providers.orange.server.models import OrangeAccount

ENDPOINT = "/services/orange/PersonalPhotos/V1"
PICTURES = "/services/orange/sitdriver"
Response = Any  # what Django's test client returns has no one type
BOUNDARY = "----albums7MA4YWxk"


@dataclass
class Caller:
    """A service that holds a person's user token."""

    account: OrangeAccount
    key: ServiceKey
    token: str
    http: Client = field(default_factory=Client)

    @property
    def basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.key.service_id}:{self.key.password}".encode()).decode()

    @property
    def service(self) -> ServiceClient:
        return ServiceClient.objects.get(pk=self.key.service_id)

    def get(self, query: str, *, with_token: bool = True) -> Response:
        """GET with the query exactly as written here, and the token after it."""
        token = f"&token={quote(self.token, safe='')}" if with_token else ""
        return self.http.get(f"{ENDPOINT}?{query}{token}", headers={"Authorization": self.basic})

    def add(
        self, content: bytes, *, filename: str = "soir.jpg", media_type: str = "image/jpeg", **fields: str
    ) -> Response:
        """AddMediaObj as the document's sample writes it."""
        named = {"action": "AddMediaObj", **fields, "token": self.token}
        return self.post_form(form(list(named.items()), content, filename, media_type))

    def post_form(self, body: bytes, query: str = "") -> Response:
        return self.http.post(
            f"{ENDPOINT}{query}", body, content_type=f"multipart/form-data; boundary={BOUNDARY}"
        )


def caller_for(user: User, **kwargs: str) -> Caller:
    """A new service with a token for `user`, whose account is opened if need be."""
    account, key = open_account(user), subscribe_service(**{"name": "Albums", **kwargs})
    return Caller(account, key, issue_token(account, key.service_id))


def form(fields: list[tuple[str, str]], content: bytes, filename: str, media_type: str) -> bytes:
    """The bytes of a multipart form, the file in `F` last."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="F"; filename="{filename}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    )
    return b"".join(parts) + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def body_of(response: Response) -> bytes:
    """The whole body, also of a response that is streamed."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def root_of(response: Response) -> etree._Element:
    return etree.fromstring(body_of(response))


def error_code(response: Response) -> str | None:
    """The code in either of the two envelopes."""
    root = root_of(response)
    return root.findtext("code") if root.tag == "error" else root.findtext("error-code")
