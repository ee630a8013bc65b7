"""Opening accounts: by page, by command, in the admin; and what a fault plan does."""

import json

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from providers.sapo.server.models import AccessKey, Album, Image, Person, Token
from providers.server.faults.models import FaultPlan
from tests.support.sapo_api import PASSWORD, PHOTOS, STS, Program, fault_code, person, photo

pytestmark = pytest.mark.django_db
NEW = {"username": "Ana", "email": "ana@sapo.example", "password": "uma-palavra-longa", "next": "/linked/"}


def test_open_page_is_for_people_who_are_signed_in(client: Client) -> None:
    answer = client.get(reverse("sapo_open"))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]
    assert client.post(reverse("sapo_open"), NEW).status_code == 302
    assert not Person.objects.exists()


def test_account_is_opened_and_the_person_goes_on(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.get(reverse("sapo_open") + "?next=/linked/")
    assert b'name="next" value="/linked/"' in page.content
    assert b'value="alice@example.org"' in page.content
    answer = client.post(reverse("sapo_open"), NEW)
    assert (answer.status_code, answer["Location"]) == (302, "/linked/")
    opened = Person.objects.get()
    assert (opened.username, opened.opened_by) == ("ana", alice)
    assert opened.check_password("uma-palavra-longa")
    assert Album.objects.get().title == "Ao Molho"
    assert client.get(f"{STS}/GetToken?ESBUsername=ana&ESBPassword=uma-palavra-longa").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "a b"}, "username"), ({"username": ""}, "username"), ({"email": "nobody"}, "email"),
        ({"password": "short"}, "password"), ({"username": "rui"}, "username"),
        ({"email": "RUI@sapo.example"}, "email"),
    ],
)  # fmt: skip
def test_wrong_entries_are_explained_beside_their_fields(
    client: Client, alice: User, change: dict[str, str], field: str
) -> None:
    person("rui")
    client.force_login(alice)
    answer = client.post(reverse("sapo_open"), {**NEW, **change})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Person.objects.count() == 1
    assert NEW["password"].encode() not in answer.content


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_page_never_leads_to_another_site(client: Client, alice: User, target: str) -> None:
    client.force_login(alice)
    assert client.post(reverse("sapo_open"), {**NEW, "next": target})["Location"] == "/"


def test_command_opens_an_account_and_prints_a_key_that_works(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sapo_account", "ana", email="ana@sapo.example", password=PASSWORD, json=True)
    data = json.loads(capsys.readouterr().out)
    assert (data["username"], data["email"]) == ("ana", "ana@sapo.example")
    query = f"ESBUsername=ana&ESBPassword={PASSWORD}&ESBAccessKey={data['access_key']}"
    assert client.get(f"{PHOTOS}/UserDetails?{query}").status_code == 200
    assert data["access_key"] not in AccessKey.objects.get().key_hash


def test_command_changes_an_account_that_is_there(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    ana = Program(client, person())
    call_command("sapo_account", "ana", email="new@sapo.example", password="outra-palavra")
    assert "access_key: " in capsys.readouterr().out
    assert Person.objects.get().email == "new@sapo.example"
    assert fault_code(ana.get("UserDetails")) == "2610"
    with pytest.raises(CommandError):
        call_command("sapo_account", "a b", email="x", password="y")


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(
        User.objects.create_superuser("operator", "operator@example.org", "operator-password-9")
    )
    return client


def test_command_called_again_ends_nothing(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    ana = Program(client, person("ana"))
    for _ in range(2):
        call_command("sapo_account", "ana", email=ana.owner.email, password=PASSWORD, json=True)
        printed = json.loads(capsys.readouterr().out)
        assert printed["url"] == "http://testserver/services/sapo/Photos"
        query = f"ESBUsername=ana&ESBPassword={PASSWORD}&ESBAccessKey={printed['access_key']}"
        assert client.get(f"{PHOTOS}/DummyEcho?echoStr=yes&{query}").status_code == 200
    assert ana.get("DummyEcho", "echoStr=yes").status_code == 200  # with the token it had


def test_command_prints_no_key_that_would_open_nothing(db: None) -> None:
    with pytest.raises(CommandError, match="The password is empty"):
        call_command("sapo_account", "ana", email="ana@sapo.example", password="")
    person("ana", is_banned=True)
    with pytest.raises(CommandError, match="banned or switched off"):
        call_command("sapo_account", "ana", email="ana@sapo.example", password=PASSWORD)


def test_operators_lists_open_and_show_no_secret(operator: Client) -> None:
    owner = person()
    program = Program(operator, owner)
    program.post("ImageCreate", {"image": {"title": "Praia", "password": "abre-te"}})
    photo(owner, tags="sol")
    for model in (
        "person",
        "accesskey",
        "token",
        "album",
        "collection",
        "image",
        "comment",
        "uploadtoken",
        "highlight",
    ):
        page = operator.get(
            reverse(f"admin:sapo_server_{model}_changelist") + "?q=ana" * (model != "highlight")
        )
        assert page.status_code == 200
        for row in page.context["cl"].queryset:
            change = operator.get(reverse(f"admin:sapo_server_{model}_change", args=[row.pk]))
            assert change.status_code == 200
            for secret in (owner.password, Token.objects.get().token_hash, "sealed", "abre-te"):
                assert secret not in change.content.decode()


def test_operator_issues_a_key_that_is_shown_once(operator: Client) -> None:
    owner = person()
    action = {"action": "issue_key", "_selected_action": [owner.pk]}
    page = operator.post(reverse("admin:sapo_server_person_changelist"), action, follow=True)
    (message,) = page.context["messages"]
    key = str(message).rpartition(" ")[2]
    query = f"ESBUsername=ana&ESBPassword={PASSWORD}&ESBAccessKey={key}"
    assert operator.get(f"{PHOTOS}/UserDetails?{query}").status_code == 200


def test_operator_bans_and_ends_tokens(operator: Client) -> None:
    program = Program(operator, person())
    url = reverse("admin:sapo_server_person_changelist")
    operator.post(url, {"action": "end_tokens", "_selected_action": [program.owner.pk]})
    assert fault_code(program.get("UserDetails")) == "2610"
    operator.post(url, {"action": "ban", "_selected_action": [program.owner.pk]})
    assert Person.objects.get().is_banned


def test_operator_hides_a_photo_and_the_counters_follow(operator: Client) -> None:
    image = photo(person(), tags="sol")
    form = {
        "title": "Outra", "tags": "sol", "is_inappropriate": "on", "is_active": "on", "rating": "0",
        "visualizations": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = operator.post(reverse("admin:sapo_server_image_change", args=[image.pk]), form)
    assert answer.status_code == 302
    owner = Person.objects.get()
    assert (owner.image_count, owner.safe_count) == (1, 0)
    assert Image.objects.get().title == "Outra"


def test_planned_fault_is_answered_once(client: Client) -> None:
    ana = Program(client, person())
    FaultPlan.objects.create(
        server="sapo", operation="UserDetails", kind=FaultPlan.Kind.ERROR, code="2550", remaining=1
    )
    assert fault_code(ana.get("UserDetails")) == "2550"
    assert ana.get("UserDetails").status_code == 200


def test_answers_name_the_host_that_was_asked(client: Client) -> None:
    program = Program(client, person())
    answer = program.client.get(
        f"{PHOTOS}/UserDetails?ESBToken={program.token}&ESBAccessKey=sapo-access-key-for-tests",
        headers={"host": "localhost:8123"},
    )
    assert b"http://localhost:8123/services/sapo/fotos/ana/perfil" in answer.content
