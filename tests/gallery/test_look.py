"""The frame of every page: it looks like ours, works without script, and says what is true."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.mail import EmailMessage
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from gallery.accounts.models import LinkedAccount
from gallery.library.tiles import Tile, colour_class, ratio_class, sheet
from gallery.look import Shell
from gallery.templatetags.look import icon, tiles
from providers.registry import ServiceKind, Tone, kinds

PUBLIC = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]
OWN = [
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "socialaccount_connections",
    "socialaccount_login_cancelled",
]


def tile(**changes: object) -> Tile:
    values: dict[str, object] = {
        "url": "/photos/1/",
        "src": "/images/1/240",
        "srcset": "/images/1/240 240w",
        "alt": "Sunset",
        "name": "Sunset",
        "ratio_class": "r-149",
        "colour_class": "c-222",
        "width": 1500,
        "height": 1000,
    }
    return Tile(**{**values, **changes})  # type: ignore[arg-type]


def test_tiles_css_is_what_the_sheet_prints() -> None:
    assert (settings.BASE_DIR / "static/css/tiles.css").read_text() == sheet()


@pytest.mark.parametrize(("width", "height"), [(1500, 1000), (1000, 1500), (1920, 1080), (1000, 1000)])
def test_a_ratio_class_is_true_to_one_per_cent_and_in_the_sheet(width: int, height: int) -> None:
    name = ratio_class(width, height)
    rule = re.search(rf"\.{name}{{--r:([\d.]+)}}", sheet())
    assert rule is not None
    assert float(rule[1]) == pytest.approx(width / height, rel=0.0101)


@pytest.mark.parametrize("size", [(1, 9000), (9000, 1), (None, 10), (10, None), (0, 0)])
def test_any_size_has_a_ratio_class_of_the_sheet(size: tuple[int | None, int | None]) -> None:
    assert f".{ratio_class(*size)}{{" in sheet()


def test_a_colour_class_is_the_nearest_of_the_sheet() -> None:
    assert colour_class(255, 0, 120) == "c-502"
    assert ".c-502{--c:#f01870}" in sheet()


def test_a_tile_escapes_what_people_wrote() -> None:
    printed = tiles([tile(alt='"><script>', name="<b>&", url="/p/?a=1&b=2")])
    assert "<script>" not in printed
    assert "<b>" not in printed
    assert "/p/?a=1&amp;b=2" in printed


def test_only_the_first_row_of_the_first_grid_is_loaded_at_once() -> None:
    first = tiles([tile()] * 9, True, True)
    assert first.count('loading="eager"') == 4
    assert first.count('fetchpriority="high"') == 1
    assert tiles([tile()] * 9).count('loading="lazy"') == 9


def template_files() -> list[Path]:
    """The gallery's and the services'."""
    found = [*settings.BASE_DIR.glob("templates/**/*"), *settings.BASE_DIR.glob("providers/*/templates/**/*")]
    return [file for file in found if file.suffix in (".html", ".svg")]


def test_every_icon_that_a_template_names_exists() -> None:
    names = {name for file in template_files() for name in re.findall(r'{% icon "(\w+)"', file.read_text())}
    assert names
    for name in names:
        assert "<svg" in icon(name)


def test_every_drawing_that_a_template_names_exists() -> None:
    folder = settings.BASE_DIR / "templates"
    for file in template_files():
        for name in re.findall(r'drawing="(\w+)"', file.read_text()):
            assert (folder / "drawings" / f"{name}.svg").is_file(), f"{file} names {name}"


@pytest.mark.parametrize("tone", list(Tone))
def test_a_mark_has_colours_in_every_tone(tone: Tone) -> None:
    style = (settings.BASE_DIR / "static/css/components.css").read_text()
    assert re.search(rf"\.mark--{tone}\s*\{{[^}}]*background:[^}}]*color:", style)


@pytest.mark.parametrize("kind", list(kinds().values()), ids=lambda kind: kind.id)
def test_a_mark_is_the_letter_and_the_tone_that_its_service_chose(kind: ServiceKind) -> None:
    mark = render_to_string("partials/_account_mark.html", {"family": kind.id})
    assert f'class="mark mark--{kind.tone}"' in mark and f">{kind.letter}</span>" in mark


def test_a_service_that_has_left_the_site_still_has_a_mark() -> None:
    mark = render_to_string("partials/_account_mark.html", {"family": "gone"})
    assert f"mark--{Tone.STONE}" in mark and ">G</span>" in mark


def test_no_template_carries_inline_style_or_script() -> None:
    for file in template_files():
        text = file.read_text()
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script>", text), file
        assert "javascript:" not in text, file


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_has_the_frame_and_every_input_a_label(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert '<span id="end" hidden></span>' in page
    assert 'class="skip"' in page
    for field in re.findall(r"<input[^>]*>", page):
        if 'type="hidden"' not in field:
            identifier = re.search(r'id="([^"]+)"', field)
            assert identifier is not None, field
            assert f'for="{identifier[1]}"' in page or '<label class="check">' in page


@pytest.mark.parametrize("name", OWN)
def test_a_page_of_ones_own_settings_has_the_app_bar(client: Client, alice: User, name: str) -> None:
    client.force_login(alice)
    page = client.get(reverse(name), follow=True).content.decode()
    assert 'class="app-bar"' in page
    assert "alice: accounts and settings" in page


@pytest.mark.django_db
def test_what_an_error_describes_is_on_the_page(client: Client) -> None:
    page = client.post(reverse("account_login"), {"login": "alice", "password": ""}).content.decode()
    assert 'aria-invalid="true"' in page
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        for identifier in described.split():
            assert f'id="{identifier}"' in page


def test_a_wrong_password_is_said_in_our_words(client: Client, alice: User) -> None:
    page = client.post(
        reverse("account_login"), {"login": "alice", "password": "not-this-one"}
    ).content.decode()
    assert "That is not the password for this user name." in page


def test_a_chosen_theme_is_on_the_next_page(client: Client) -> None:
    answer = client.post(
        "/theme/", {"theme": "dark"}, headers={"referer": "http://testserver/accounts/login/"}
    )
    assert answer["Location"] == "http://testserver/accounts/login/"
    assert answer.cookies["pomar_theme"].value == "dark"


@pytest.mark.django_db
def test_a_theme_is_printed_without_script_and_only_if_we_know_it(client: Client) -> None:
    client.cookies["pomar_theme"] = "dark"
    assert 'data-theme="dark"' in client.get(reverse("account_login")).content.decode()
    client.cookies["pomar_theme"] = '"><b>'
    assert "data-theme" not in client.get(reverse("account_login")).content.decode().split("<head>")[0]


def test_choosing_a_theme_never_leads_to_another_site(client: Client) -> None:
    answer = client.post("/theme/", {"theme": "light"}, headers={"referer": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_the_avatar_counts_only_ones_own_accounts_that_need_their_owner(alice: User, bob: User) -> None:
    states = LinkedAccount.State
    for number, (user, state) in enumerate(
        [(alice, states.RECONNECT), (alice, states.OK), (alice, states.LEAVING), (bob, states.CONSENT)]
    ):
        LinkedAccount.objects.create(
            user=user, provider_id="p", kind="sapo", remote_id=str(number), label="x", state=state
        )
    request = RequestFactory().get("/")
    request.user = alice
    assert Shell(request).accounts_needing_owner == 1


@pytest.mark.django_db
def test_a_page_that_is_not_there_is_ours_for_anyone(client: Client, alice: User) -> None:
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()
    client.force_login(alice)
    assert 'class="app-bar"' in client.get("/nothing-here/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "500.html"])
def test_a_page_of_trouble_has_one_title(name: str) -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert render_to_string(name, request=request).count("<h1") == 1


def test_the_page_of_a_broken_site_needs_nothing() -> None:
    page = Template('{% include "500.html" %}').render(Context())
    assert "Something went wrong on our side; your photos are safe." in page
    assert "csrf" not in page


def test_the_email_for_a_new_password_is_in_our_words(
    client: Client, alice: User, mailoutbox: list[EmailMessage]
) -> None:
    client.post(reverse("account_reset_password"), {"email": alice.email})
    assert [mail.subject for mail in mailoutbox] == ["A new password for Pomar"]
    words = str(mailoutbox[0].body)
    assert "!" not in words
    assert "lease" not in words
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", words)
    assert link is not None
    assert "Choose a new password" in client.get(link[1], follow=True).content.decode()
