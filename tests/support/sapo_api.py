"""What the tests of the SAPO server's API share: people, photos and literal calls."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client
from lxml import etree

from providers.sapo.server.auth.keys import new_uid
from providers.sapo.server.auth.people import NewAlbum, add_album, issue_token, open_account
from providers.sapo.server.models import Album, Image, ImageAlbum, Person
from providers.sapo.server.photo_store import save_new_image, update_image

Answer = Any  # what the test client returns has no public type
PHOTOS = "/services/sapo/Photos"
STS = "/services/sapo/STS"
NS = {
    "p": "http://services.sapo.pt/definitions/Photos",
    "d": "http://services.sapo.pt/definitions",
    "soap": "http://schemas.xmlsoap.org/soap/envelope/",
    "soap12": "http://www.w3.org/2003/05/soap-envelope",
    "tns": "http://services.sapo.pt/exceptions",
}
KEY = "sapo-access-key-for-tests"  # tests/support/services.py
PASSWORD = "segredo-de-ana"


def person(username: str = "ana", **fields: Any) -> Person:
    """An account, with the given columns."""
    opened = open_account(username, f"{username}@sapo.example", PASSWORD)
    Person.objects.filter(pk=opened.pk).update(**fields)
    opened.refresh_from_db()
    return opened


def photo(owner: Person, *albums: Album, **fields: Any) -> Image:
    """A photo that counts as uploaded."""
    known = {"uid": new_uid(), "is_pending": False, "format": "jpeg", "width": 1024, "height": 768}
    image = Image(
        owner=owner,
        **{**known, "byte_size": 1000, "average_colour": "0a141e", "is_processed": True, **fields},
    )
    save_new_image(image)
    if albums:
        with update_image(image) as row:
            for each in albums:
                ImageAlbum.objects.create(image=row, album=each, created_at=row.created_at)
    image.refresh_from_db()
    return image


def album(owner: Person, title: str = "Ferias", **fields: Any) -> Album:
    return add_album(owner, NewAlbum(title=title, **fields))


@dataclass
class Program:
    """A program that calls with a token and the site's key, over REST with `json=true`."""

    client: Client
    owner: Person

    def __post_init__(self) -> None:
        self.token = issue_token(self.owner)

    def get(self, operation: str, query: str = "") -> Answer:
        """The raw response; `query` is sent unchanged."""
        return self.client.get(f"{PHOTOS}/{operation}?{query}&ESBToken={self.token}&ESBAccessKey={KEY}")

    def call(self, operation: str, query: str = "") -> Any:
        """The content of `<operation>Result` in the JSON response."""
        return result(self.get(operation, f"json=true&{query}"), operation)

    def post(self, operation: str, document: object) -> Any:
        """The same for a JSON body."""
        url = f"{PHOTOS}/{operation}?json=true&ESBToken={self.token}&ESBAccessKey={KEY}"
        return result(self.client.post(url, json.dumps(document), content_type="application/json"), operation)

    def soap(self, body: str, header: str | None = None, **headers: Any) -> Answer:
        """A SOAP 1.1 call with `body` in the Body."""
        header = self.soap_header() if header is None else header
        envelope = (
            '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/'
            f'envelope/"><soap:Header>{header}</soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>'
        )
        return self.client.post(
            PHOTOS, envelope.encode(), content_type="text/xml; charset=utf-8", headers=headers
        )

    def soap_header(self) -> str:
        return (
            f'<ESBCredentials xmlns="http://services.sapo.pt/definitions"><ESBToken>{self.token}</ESBToken>'
            '</ESBCredentials><ESBAccessKey xmlns="http://services.sapo.pt/Metadata/Market">'
            f"{KEY}</ESBAccessKey>"
        )


def result(response: Answer, operation: str) -> Any:
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return json.loads(response.content)[f"{operation}Response"][f"{operation}Result"]


def fault_code(response: Answer) -> str:
    """The number of a fault, in any of the recorded forms."""
    assert response.status_code == 500, response.content
    if response["Content-Type"].startswith("application/json"):
        return str(json.loads(response.content)["fault"]["detail"]["tns:exceptionInfo"]["tns:code"])
    root = etree.fromstring(response.content)
    return str(root.findtext(".//tns:exceptionInfo/tns:code", namespaces=NS))


def uids(answer: Any) -> list[str]:
    """The photos in a list's result."""
    return [image["uid"] for image in answer.get("images", {}).get("image", [])]


def refusal(answer: Any) -> str:
    """The description of a result that is not ok."""
    data = answer.get("result", answer)
    assert data["ok"] == "false"
    return str(data["description"])
