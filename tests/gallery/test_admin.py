"""The operators' panel: every page of every model opens, none shows a secret, none grows with the rows."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialToken
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import Model
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gallery.accounts.models import LinkedAccount, Revocation
from gallery.changes.models import Change
from gallery.explore.models import FollowedTag
from gallery.library.models import CachedPicture, Collection, Photo, Sync
from gallery.uploads.models import Upload, UploadEvent
from gallery.version import VERSION
from providers.linking import vault
from providers.orange.server.models import Consent, MediaObject
from providers.sapo.models import StoredPassword
from providers.sapo.server import models as sapo
from providers.sapo.server.auth.people import issue_access_key
from providers.server.faults.models import FaultPlan
from tests.support.fake_service import FakeServiceServer
from tests.support.linking import link, offered, upload_of
from tests.support.orange_kit import Caller, caller_for
from tests.support.painting import picture
from tests.support.sapo_api import album, photo
from tests.support.sapo_cast import OwnPhoto
from tests.support.sapo_media import ticket

pytestmark = pytest.mark.django_db(transaction=True)
SECRETS = {
    "auth.User": ["password"],
    "socialaccount.SocialToken": ["token"],
    "allauth_idp_oidc.Client": ["secret"],
    "allauth_idp_oidc.Token": ["hash"],
    "accounts.Revocation": ["sealed"],
    "uploads.Upload": ["ticket", "callback_key", "file"],
    "changes.Change": ["sealed_request"],
    "sapo.StoredPassword": ["sealed"],
    "sapo_server.Person": ["password"],
    "sapo_server.Token": ["token_hash"],
    "sapo_server.AccessKey": ["key_hash"],
    "sapo_server.UploadToken": ["token_hash"],
    "sapo_server.Image": ["sealed_password", "file_name"],
    "orange_server.MediaObject": ["stored_name"],
}


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("operator", "operator@example.org", "operator-password"))
    return client


@pytest.fixture
def caller(alice: User) -> Caller:
    return caller_for(alice)


@pytest.fixture
def all_secrets(alice: User, own: OwnPhoto, caller: Caller) -> Iterator[list[str]]:
    """A row of every model; yields what must never be read in the panel."""
    caller.add(picture())
    account, social = own.account, own.account.social_account
    sealed = vault().seal("dozen-pears", "token")
    Group.objects.create(name="helpers")
    EmailAddress.objects.create(user=alice, email=alice.email)
    Revocation.objects.create(provider_id="pomar-sapo", uid="ana", sealed=sealed)
    StoredPassword.objects.create(account=social, username="ana", sealed=sealed)
    Collection.objects.create(account=account, owner=alice, remote_id="1", title="Mar")
    FollowedTag.objects.create(account=account, name="Mar", key="mar")
    CachedPicture.objects.create(
        key="a", account=account, name="pictures/hidden-name", media_type="image/jpeg", byte_size=1,
        used_at=timezone.now(),
    )  # fmt: skip
    Change.objects.create(
        owner=alice, account=account, kind="edit", photo_remote_id="1", sealed_request=sealed
    )
    Consent.objects.create(account=caller.account, client=caller.service, right="add", choice="always")
    FaultPlan.objects.create(server="sapo", operation="DummyEcho", kind="slow")
    person = own.image.owner
    key, token = issue_access_key(person, "a program"), ticket(own.image)
    sapo.Comment.objects.create(image=own.image, nickname="rita", body="Que luz.")
    sapo.Collection.objects.create(owner=person, title="Mar")
    sapo.Highlight.objects.create(tag="mar")
    with FakeServiceServer() as server, offered(server.url):
        upload = upload_of(link(alice), picture(text="apple"), new_album="Harvest")
        Upload.objects.filter(pk=upload.pk).update(ticket=sealed)
        yield ["segredo", "dozen-pears", key, token, caller.token, caller.key.password, *_stored_secrets()]


def _stored_secrets() -> Iterator[str]:
    """Sealed and hashed ones as well: nobody needs to read those either."""
    from django.apps import apps

    for name, columns in SECRETS.items():
        for values in apps.get_model(name)._base_manager.values_list(*columns):
            yield from (str(value) for value in values if value)


def _pages(model: type[Model]) -> Iterator[str]:
    """The addresses of a model's pages: list, search, a new one, and of some rows their own."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_changelist") + "?q=a"
    yield reverse(f"{name}_add")
    for row in model._base_manager.order_by("pk")[:3]:
        for page in ("change", "history", "delete"):
            yield reverse(f"{name}_{page}", args=[quote(row.pk)])


def test_every_page_of_every_model_opens_and_shows_no_secret(
    operator: Client, all_secrets: list[str]
) -> None:
    for model in admin.site._registry:
        assert model._base_manager.exists(), f"{model} has no row here: let `all_secrets` make one"
        for address in _pages(model):
            answer = operator.get(address)
            may_be_closed = "/add/" in address or "/delete/" in address
            assert answer.status_code == 200 or (answer.status_code == 403 and may_be_closed), address
            page = answer.content.decode()
            assert [secret for secret in all_secrets if secret in page] == [], address


def test_every_list_can_be_searched(operator: Client) -> None:
    request = RequestFactory().get("/")
    unsearched = [model for model, its in admin.site._registry.items() if not its.get_search_fields(request)]
    assert unsearched == []


def test_panel_is_closed_to_people_who_do_not_keep_the_site(alice: User, client: Client) -> None:
    client.force_login(alice)
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert client.get(reverse(name)).status_code == 302, name


@pytest.mark.parametrize(
    ("model", "more"),
    [
        (Photo, lambda own, caller: _copies(Photo.objects.get(), "remote_id")),
        (Upload, lambda own, caller: _copies(Upload.objects.get(), "callback_key")),
        (UploadEvent, lambda own, caller: _copies(UploadEvent.objects.first())),
        (sapo.Image, lambda own, caller: [photo(own.image.owner) for _ in range(20)]),
        (sapo.Album, lambda own, caller: [album(own.image.owner, f"Album {n}") for n in range(20)]),
        (sapo.Comment, lambda own, caller: _copies(sapo.Comment.objects.get())),
        (MediaObject, lambda own, caller: _copies(MediaObject.objects.get(), "cyphered_id")),
    ],
)
def test_page_asks_as_many_queries_for_many_rows_as_for_few(
    operator: Client,
    all_secrets: list[str],
    own: OwnPhoto,
    caller: Caller,
    model: type[Model],
    more: Callable[..., object],
) -> None:
    shown = model if model in admin.site._registry else Upload
    name = f"admin:{shown._meta.app_label}_{shown._meta.model_name}"
    first = shown._base_manager.order_by("pk")[0]
    addresses = [reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[first.pk])]
    few = [_queries(operator, address) for address in addresses]
    more(own, caller)
    assert [_queries(operator, address) for address in addresses] == few


def test_page_before_a_deletion_counts_what_goes_along(
    operator: Client, own: OwnPhoto, caller: Caller
) -> None:
    for _ in range(20):
        photo(own.image.owner)
    page = operator.get(
        reverse("admin:sapo_server_person_delete", args=[own.image.owner_id])
    ).content.decode()
    assert "Images: 21" in page and own.image.uid not in page
    caller.add(picture())
    account = reverse("admin:orange_server_orangeaccount_delete", args=[caller.account.pk])
    assert "Pictures: 1" in operator.get(account).content.decode()
    operator.post(account, {"post": "yes"})
    assert not MediaObject.objects.exists()


def _copies(row: Model | None, unique: str = "") -> None:
    assert row is not None
    for number in range(20):
        row.pk = None
        if unique:
            setattr(row, unique, f"copy{number}")
        row._state.adding = True
        row.save()


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_operator_syncs_marks_and_unlinks(operator: Client, own: OwnPhoto) -> None:
    account = own.account
    _act(operator, "library_sync", "sync_now", account.pk)
    assert Sync.objects.get(account=account).wanted_at is not None
    LinkedAccount.objects.update(state_since=timezone.now() - timedelta(days=9))
    _act(operator, "accounts_linkedaccount", "mark_for_reconnect", account.pk)
    account.refresh_from_db()
    assert account.state == "reconnect" and timezone.now() - account.state_since < timedelta(hours=1)
    assert "no longer accepts the key" in own.client.get("/linked/").content.decode()
    _act(operator, "accounts_linkedaccount", "unlink_accounts", account.pk)
    account.refresh_from_db()
    assert account.state == "leaving" and not SocialToken.objects.exists()
    assert Revocation.objects.get().uid == "ana"


def test_operator_closes_a_person_before_deleting_them(operator: Client, own: OwnPhoto, alice: User) -> None:
    delete = reverse("admin:auth_user_delete", args=[alice.pk])
    assert "ana (pomar-sapo)" in operator.get(delete).content.decode(), "linked accounts stand in the way"
    _act(operator, "auth_user", "close", alice.pk)
    alice.refresh_from_db()
    assert not alice.is_active and not SocialToken.objects.exists()
    LinkedAccount.objects.all().delete()  # as the task does, in batches
    operator.post(delete, {"post": "yes"})
    assert not User.objects.filter(pk=alice.pk).exists()


def test_operator_does_not_close_themselves(operator: Client) -> None:
    me = User.objects.get(username="operator")
    _act(operator, "auth_user", "close", me.pk)
    assert User.objects.get(pk=me.pk).is_active


def _act(operator: Client, name: str, action: str, pk: int) -> None:
    answer = operator.post(
        reverse(f"admin:{name}_changelist"), {"action": action, "_selected_action": [pk]}, follow=True
    )
    assert answer.status_code == 200
    assert re.search(r'<li class="info">', answer.content.decode())


def test_operator_sees_which_version_runs_here_and_a_monitor_asks_for_it(operator: Client) -> None:
    assert f"Pomar {VERSION}</footer>" in operator.get("/admin/").content.decode()
    assert operator.get("/health/").json()["version"] == VERSION
