"""Links are followed: from the home page to all that Alice, a stranger or an operator can reach."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from gallery.accounts.models import LinkedAccount
from gallery.changes.models import Change
from gallery.explore.followed_tags import follow
from gallery.library import services
from gallery.templates_loading import folders_of_apps
from gallery.uploads.models import Upload
from gallery.uploads.receiving.accept import Wanted, open_batch
from gallery.uploads.services import start_browser_upload
from gallery.uploads.states import Status
from providers.linking import service_apps
from providers.sapo.server.models import Collection, CollectionAlbum, Comment, Highlight, Image, Person
from tests.support import jobs
from tests.support.crawler import Crawler
from tests.support.linking import upload_of
from tests.support.orange_kit import caller_for
from tests.support.painting import picture
from tests.support.routes import filled_library
from tests.support.sapo_api import album, person, photo
from tests.support.sapo_media import stored
from tests.support.sapo_site import link, served_at, signed_in, synced

pytestmark = pytest.mark.django_db(transaction=True)

# What a page names and no link of Alice's library leads to.
ELSEWHERE = {
    "account_signup": "a stranger's",
    "account_confirm_email": "stands in a letter",
    "account_set_password": "only who has no password comes there",
    "account_reauthenticate": "asked of who signed in long ago",
    "admin:index": "an operator's",
    "idp:oidc:logout": "a service sends her there",
    "idp:oidc:authorization": "behind the button that links Orange",
}
# Parameters whose page may be the same without them.
UNSEEN = {
    ("uploads:changes", "of"): "nothing changed meanwhile: test_upload_lists.py",
    ("uploads:changes", "since"): "the same",
    ("orange_privacy", "family"): "only photos are offered: test_orange_consent.py",
    ("orange_privacy", "attributes"): "all of them are asked for, as without it",
    ("sapo_newest", "urlRetour"): "of a page for consent, in the place of which this one stands here",
}


@pytest.fixture
def ana(live_server: LiveServer) -> Iterator[Person]:
    """Alice's own account there, with one photo, and Marta's, with all that can be explored."""
    with served_at(live_server.url):
        ana, marta = person("ana"), person("marta")
        first = stored(marta, title="Casa", tags="mar")
        photo(ana, album(ana, "Férias"), title="Praia", tags="mar", file_name=first.file_name)
        many(marta, first, 60)
        Comment.objects.create(image=first, nickname="rita", body="Que luz.")
        Highlight.objects.create(tag="mar")
        Highlight.objects.create(person=marta)
        Highlight.objects.create(album=album(marta, "Fechado", password="figo"))
        yield ana


def many(owner: Person, like: Image, count: int) -> None:
    """Photos and albums, more than one page of any list."""
    everything = album(owner, "Tudo")
    for number in range(count):
        photo(
            owner,
            album(owner, f"Álbum {number}"),
            everything,
            title=f"Foto {number}",
            tags=f"mar,t{number}",
            file_name=like.file_name,
        )


@pytest.fixture
def account(alice: User, ana: Person) -> LinkedAccount:
    """Her library, with something in every state that has a link of its own."""
    account = synced(link(alice, ana))
    filled_library(account)
    LinkedAccount.objects.filter(pk=account.pk).update(state=LinkedAccount.State.OK)
    many(ana, ana.images.get(), 120)
    CollectionAlbum.objects.create(
        collection=Collection.objects.create(owner=ana, title="Verões"), album=ana.albums.get(title="Tudo")
    )
    synced(account)
    follow(account, "mar")
    own = account.photos.latest("taken_at", "pk")
    Change.objects.create(
        owner=alice,
        account=account,
        photo=own,
        kind="edit",
        photo_remote_id=own.remote_id,
        next_at=timezone.now(),
    )
    for reason in ("INVALID_UPLOAD", "never_known"):
        failed = upload_of(account, picture(text=reason), f"{reason}.jpg")
        Upload.objects.filter(pk=failed.pk).update(status=Status.FAILED, reason=reason)
    waiting = start_browser_upload(open_batch(account, "straight", None), Wanted(title="Onda"))
    jobs.send_upload(waiting.pk)  # it waits for the browser
    services.request_sync(account)
    caller_for(alice)  # a service asked for her photos at Orange
    consent = link(alice, person("rui"))
    LinkedAccount.objects.filter(pk=consent.pk).update(
        state=LinkedAccount.State.CONSENT, consent_url=f"{service_apps()[account.provider_id].web_url}/fotos/"
    )
    return account


def names_in_templates() -> set[str]:
    """The addresses that the templates of the site name."""
    folders = [settings.FILES_DIR / "templates", *folders_of_apps()]
    text = "".join(path.read_text() for folder in folders for path in folder.rglob("*.html"))
    return set(re.findall(r'\{% url "([\w:]+)"', text))


def test_every_link_that_alice_finds_leads_where_it_says(alice: User, account: LinkedAccount) -> None:
    behind_a_button = reverse("orange_services")  # where Orange asks for her consent
    site = Crawler(signed_in(alice)).crawl("/", behind_a_button)
    assert site.broken() == []
    assert site.missing_fragments() == []
    assert site.unheeded() - set(UNSEEN) == set()
    assert names_in_templates() - site.views() == set(ELSEWHERE)


def test_every_link_that_a_stranger_finds_leads_somewhere(ana: Person, client: Client) -> None:
    site = Crawler(client).crawl("/", "/services/sapo/fotos/")
    assert site.broken() == []
    assert site.missing_fragments() == []


def test_every_link_of_the_operators_panel_leads_somewhere(
    account: LinkedAccount, admin_client: Client
) -> None:
    site = Crawler(admin_client, ignores_queries=True).crawl("/admin/")
    assert site.broken() == []
    assert site.missing_fragments() == []
