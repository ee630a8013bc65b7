"""Whole ways through the running site, as a person with a plain browser goes them.

They prove that the parts are joined: browser, web, services, worker, broker, files. What each format
must look like to the byte is judged elsewhere, by others than our own client and server.
"""

import os
import secrets

import pytest
import requests

from tests.journeys.conftest import Site
from tests.support.painting import picture
from tests.support.person import Person

pytestmark = [
    pytest.mark.whole_site if "PRODUCTION_SITE_URL" not in os.environ else pytest.mark.production_shape,
    pytest.mark.xdist_group("journeys"),
]


def open_sapo(person: Person) -> tuple[str, str]:
    """An account on the built-in SAPO server, opened from the page; its name and password."""
    name, password = f"ana{secrets.token_hex(4)}", "orange-blossom-77"
    person.goes_to("/services/sapo/open/")
    form = person.form(holding="username")
    fields = {"username": name}
    fields |= {field: password for field in form.fields if "password" in field}
    fields |= {field: f"{name}@example.org" for field in form.fields if field == "email"}
    person.sends(form, fields)
    assert person.answer.status_code == 200, person.text
    return name, password


def link_sapo(person: Person) -> str:
    name, password = open_sapo(person)
    person.goes_to("/accounts/sapo/pomar-sapo/login/")
    person.sends(person.form(holding="username"), {"username": name, "password": password})
    assert person.path == "/linked/", person.text
    assert name in person.text
    return name


def link_orange(person: Person) -> None:
    person.goes_to("/services/orange/open/")
    if "/orange/open" in person.path:  # who has an account there is sent on
        person.sends(person.main_form)
    person.goes_to("/linked/new/")
    start = next(link for link in person.page.xpath("//a/@href") if "/orange/pomar-orange/login" in link)
    person.goes_to(start)
    if "/orange/pomar-orange/login" in person.path:
        person.sends(person.main_form)
    person.sends(person.form(holding="scopes"), {"action": "grant"})
    assert person.path == "/linked/", person.text


def upload(person: Person, picture: bytes, filename: str, **fields: object) -> None:
    person.goes_to("/uploads/new/")
    form = person.form(holding="new_album")
    person.sends(form, dict(fields), files=[("files", (filename, picture, "image/jpeg"))])
    assert person.answer.status_code == 200, person.text


def choice(person: Person, label: str) -> str:
    """The value of the account whose label holds `label` on the upload page."""
    person.goes_to("/uploads/new/")
    options = person.page.xpath("//select[@name='account']/option")
    return str(next(option.get("value") for option in options if label in option.text_content()))


def is_stored(person: Person, title: str) -> bool:
    """Whether the photo of that title lies in the library."""
    person.goes_to(f"/search/?q={title}")
    return any(title in alt for alt in person.page.xpath("//main//img/@alt"))


def test_person_links_sapo_and_sees_what_lies_there(site: Site) -> None:
    alice = site.somebody("alice")
    link_sapo(alice)
    assert alice.waits_until(lambda: "Ao Molho" in alice.goes_to("/albums/").text)


def test_person_links_orange_by_consent(site: Site) -> None:
    alice = site.somebody("alice")
    link_orange(alice)
    assert "Orange" in alice.text


def test_photo_reaches_sapo_through_the_worker_and_is_in_the_library_at_once(site: Site) -> None:
    alice = site.somebody("alice")
    link_sapo(alice)
    title = f"Farol{secrets.token_hex(4)}"
    upload(alice, picture("jpeg", 300, 200), "farol.jpg", title=title, tags="mar farol", new_album="Costa")
    assert alice.waits_until(lambda: is_stored(alice, title)), alice.goes_to("/uploads/").text
    assert "Costa" in alice.goes_to("/albums/").text
    assert "farol" in alice.goes_to("/tags/").text
    alice.goes_to(f"/search/?q={title}")
    image_url = alice.page.xpath("//main//img/@src")[0]
    answer = alice.session.get(image_url, timeout=20)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8\xff")


def test_photo_reaches_orange(site: Site) -> None:
    alice = site.somebody("alice")
    link_orange(alice)
    title = f"Phare{secrets.token_hex(4)}"
    upload(alice, picture("jpeg", 320, 200), "phare.jpg", title=title, account=choice(alice, "Orange"))
    assert alice.waits_until(lambda: is_stored(alice, title)), alice.goes_to("/uploads/").text


def prepared_form(person: Person, title: str):  # type: ignore[no-untyped-def]
    """The ticket for sending one file straight from the browser; the form that does it."""
    person.goes_to("/uploads/straight/")
    person.sends(person.form(holding="title"), {"title": title})
    assert person.waits_until(
        lambda: bool(person.goes_to(person.path).text) and "uploadPost.html" in person.answer.text
    )
    return person.form(holding="token")


def test_photo_reaches_sapo_by_a_plain_form_of_the_browser(site: Site) -> None:
    alice = site.somebody("alice")
    link_sapo(alice)
    title = f"Praia{secrets.token_hex(4)}"
    form = prepared_form(alice, title)
    file_field = form.xpath(".//input[@type='file']/@name")[0]
    alice.sends(form, files=[(file_field, ("praia.jpg", picture("jpeg", 310, 200), "image/jpeg"))])
    assert alice.path.startswith("/uploads/"), alice.answer.url
    assert alice.waits_until(lambda: is_stored(alice, title)), alice.goes_to("/uploads/").text


def test_lost_callback_is_made_good_by_asking_the_service(site: Site) -> None:
    alice = site.somebody("alice")
    link_sapo(alice)
    title = f"Duna{secrets.token_hex(4)}"
    form = prepared_form(alice, title)
    file_field = form.xpath(".//input[@type='file']/@name")[0]
    files = [(file_field, ("duna.jpg", picture("jpeg", 330, 200), "image/jpeg"))]
    alice.sends(form, files=files, follow=False)  # the redirect to the callback is never followed
    assert alice.answer.status_code == 302
    assert alice.waits_until(lambda: is_stored(alice, title), 90), alice.goes_to("/uploads/").text


def test_forged_callback_stores_nothing(site: Site) -> None:
    alice = site.somebody("alice")
    link_sapo(alice)
    title = f"Nada{secrets.token_hex(4)}"
    form = prepared_form(alice, title)
    callback = form.fields["redir"]
    stranger = requests.Session()
    stranger.verify = alice.session.verify
    joint = "&" if "?" in callback else "?"
    answer = stranger.get(f"{callback}{joint}status=SUCCESS", timeout=20)
    assert answer.status_code == 200
    assert title not in answer.text
    forged = callback.rstrip("/")[:-6] + "forged/"
    assert stranger.get(f"{forged}?status=SUCCESS", timeout=20).status_code in (200, 404)
    later = f"Depois{secrets.token_hex(4)}"  # once this one is stored, that one had its time
    upload(alice, picture(text=later), "depois.jpg", title=later)
    assert alice.waits_until(lambda: is_stored(alice, later)), alice.goes_to("/uploads/").text
    assert not is_stored(alice, title)


def test_upload_waits_for_a_key_that_ended_and_goes_on_when_connected_again(site: Site) -> None:
    alice = site.somebody("alice")
    link_orange(alice)
    ends = f"Token.objects.filter(user__username='{alice.username}').delete()"
    site.manage("shell", "-c", f"from allauth.idp.oidc.models import Token; {ends}")
    title = f"Tarde{secrets.token_hex(4)}"
    upload(alice, picture("jpeg", 340, 200, text=title), "tarde.jpg", title=title)
    words = "Orange no longer accepts this key. Connect again; whatever is waiting then continues by itself."
    for page in ("/linked/", "/uploads/"):
        assert alice.waits_until(lambda page=page: words in alice.goes_to(page).text)  # type: ignore[misc]
    link_orange(alice)
    assert alice.waits_until(lambda: is_stored(alice, title)), alice.goes_to("/uploads/").text


def test_consent_taken_back_is_asked_for_again_and_a_refusal_asks_nobody_twice(site: Site) -> None:
    alice = site.somebody("alice")
    link_orange(alice)
    shown = "from django.conf import settings; print(settings.ORANGE_SERVICE_ID)"
    service = site.manage("shell", "-v", "0", "-c", shown).strip()
    page = "/services/orange/privacy/interaction.do"
    alice.goes_to(f"{page}?family=photo&serviceId={service}&attributes=,see,add")
    alice.sends(alice.main_form, {"choice": "refused"})
    title = f"Nuit{secrets.token_hex(4)}"
    upload(alice, picture("jpeg", 340, 200, text=title), "nuit.jpg", title=title)
    is_asked = "Needs you: give your permission"
    for answer in ("refused", "always", "always"):  # to see, then to add: each right is asked for by itself
        assert alice.waits_until(lambda: is_asked in alice.goes_to("/linked/").text), alice.text
        alice.goes_to(next(link for link in alice.page.xpath("//main//a/@href") if "/consent/" in link))
        assert alice.path == page
        alice.sends(alice.main_form, {"choice": answer})
        assert alice.path == "/linked/"
    assert alice.waits_until(lambda: is_stored(alice, title)), alice.goes_to("/uploads/").text


def test_two_people_see_only_their_own(site: Site) -> None:
    alice, bob = site.somebody("alice"), site.somebody("bob")
    link_sapo(alice)
    link_sapo(bob)
    title = f"Segredo{secrets.token_hex(4)}"
    upload(alice, picture("jpeg", 340, 200), "segredo.jpg", title=title)
    assert alice.waits_until(lambda: is_stored(alice, title))
    photo = alice.page.xpath("//main//a[contains(@href, '/photos/')]/@href")[0]
    image_url = alice.page.xpath("//main//img/@src")[0]
    assert not is_stored(bob, title)
    for address in (photo, image_url):
        assert bob.goes_to(address).status_code == 404
    for page in ("/", "/albums/", "/tags/", "/uploads/", "/linked/"):
        assert title not in bob.goes_to(page).text
    assert Person(site.url, ca=site.ca).goes_to(photo).url.split("?")[0].endswith("/accounts/login/")
