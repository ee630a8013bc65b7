"""People and photos on the built-in SAPO server that tests of several pages share."""

import re
from typing import NamedTuple

from django.test import Client
from django.urls import reverse

from gallery.accounts.models import LinkedAccount
from gallery.explore import page_urls
from gallery.library.models import Photo
from providers.sapo.server import models as sapo
from providers.sapo.server.models import Image, Person
from tests.support.sapo_api import photo

HTMX = {"HX-Request": "true"}
TILE = re.compile(r'class="tile__link" href="([^"]+)"')


class LinkedSapo(NamedTuple):
    """Alice is ana at SAPO and has one photo; marta is somebody else there."""

    account: LinkedAccount
    client: Client
    ana: Person
    marta: Person
    hers: Image  # marta's

    def get(self, address: str, **headers: str) -> str:
        answer = self.client.get(address, headers=headers)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()

    def part(self, address: str, name: str) -> str:
        """What htmx puts into the page for one of its parts."""
        joint = "&" if "?" in address else "?"
        return self.get(f"{address}{joint}ask={name}", **HTMX)

    def person_url(self, name: str = "marta") -> str:
        return page_urls.person_url(self.account.pk, name)

    def tag_url(self, tag: str) -> str:
        return page_urls.tag_url(self.account.pk, tag)

    @property
    def group(self) -> str:
        return f"a{self.account.pk}"


def many(owner: Person, count: int, **fields: object) -> None:
    for number in range(count):
        photo(owner, title=f"Foto {number}", **fields)


class OwnPhoto(NamedTuple):
    """Alice's one photo: at the server, in the library, and her browser."""

    image: sapo.Image
    photo: Photo
    account: LinkedAccount
    client: Client


def form_of(own: OwnPhoto, **changes: str) -> dict[str, str]:
    """The edit form as a browser sends it when nothing was touched, with `changes`."""
    page = own.client.get(reverse("changes:edit", args=[own.photo.pk]))
    initial = page.context["form"].initial
    fields = {name: str(initial[name]).replace("\n", "\r\n") for name in ("title", "description", "tags")}
    fields |= {name: "on" for name in ("is_adult", "is_active") if initial[name]}
    return fields | {"password": ""} | changes


def send(own: OwnPhoto, **changes: str) -> None:
    address = reverse("changes:edit", args=[own.photo.pk])
    assert own.client.post(address, form_of(own, **changes)).status_code == 302
