"""An empty queue; Alice at the built-in SAPO server: among others there, and with a photo of her own."""

from collections.abc import Iterator

import pytest
from celery import current_app
from django.contrib.auth.models import User
from pytest_django.live_server_helper import LiveServer

from gallery.jobs import queue
from gallery.library.models import Photo
from providers.sapo.server.auth.keys import seal
from providers.sapo.server.photo_store import update_image
from tests.support.fake_service import FakeServiceServer, Truth
from tests.support.linking import offered
from tests.support.sapo_api import album, person, photo
from tests.support.sapo_cast import LinkedSapo, OwnPhoto
from tests.support.sapo_site import link, served_at, signed_in, synced


@pytest.fixture(autouse=True)
def _empty_queue() -> None:
    """No test finds the messages of another one."""
    assert queue.flush(60)
    current_app.control.purge()


@pytest.fixture
def truth() -> Iterator[Truth]:
    """A small service of the tests' own, linked at; what it holds and how it fails."""
    with FakeServiceServer() as server, offered(server.url):
        yield server.truth


@pytest.fixture
def world(alice: User, live_server: LiveServer) -> Iterator[LinkedSapo]:
    with served_at(live_server.url):
        ana, marta = person("ana"), person("marta")
        photo(ana, title="Minha praia", tags="praia,mar")
        costa_nova = album(marta, "Costa Nova")
        hers = photo(marta, costa_nova, title="Riscas", synopse="Casas <ao> sol", tags="praia,alto mar")
        account = synced(link(alice, ana))
        yield LinkedSapo(account, signed_in(alice), ana, marta, hers)


@pytest.fixture
def own(alice: User, live_server: LiveServer) -> Iterator[OwnPhoto]:
    with served_at(live_server.url):
        ana = person("ana")
        image = photo(ana, album(ana, "Ferias"), title="Praia", synopse="Ao fim\nda tarde", tags="mar,areia",
                      is_adult=True)  # fmt: skip
        with update_image(image) as row:
            row.sealed_password = seal("segredo", "image", image.uid)
        album(ana, "Casa")
        account = synced(link(alice, ana))
        yield OwnPhoto(image, Photo.objects.get(), account, signed_in(alice))
