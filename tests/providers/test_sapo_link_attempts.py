"""How often a name and a password may be tried on the page that links a SAPO account."""

import threading

from allauth.socialaccount.models import SocialToken
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client

from providers.sapo.attempts import TRIES, TRIES_OF_AN_ADDRESS
from providers.sapo.server.models import Person
from tests.providers.test_sapo_link import ana, at_alice, link, link_page, links
from tests.support.sapo_site import signed_in

__all__ = ["ana", "at_alice"]  # fixtures
TOO_MANY = "Too many tries. Wait ten minutes, then try again."


def test_guessing_is_stopped(ana: Person, at_alice: Client) -> None:
    for _ in range(TRIES):
        link(at_alice, password="guess")
    assert TOO_MANY in link(at_alice).content.decode()
    assert links() == []


def test_right_password_is_no_guess_however_often_it_is_given(ana: Person, at_alice: Client) -> None:
    for _ in range(TRIES + 2):
        assert link(at_alice).status_code == 302
    assert "does not know" in link(at_alice, password="guess").content.decode()


def test_people_behind_one_address_do_not_use_up_one_anothers_tries(
    ana: Person, at_alice: Client, bob: User
) -> None:
    for number in range(TRIES + 1):
        page = at_alice.post(link_page(), {"username": f"nobody{number}", "password": "guess"})
    assert TOO_MANY in page.content.decode()
    assert link(signed_in(bob)).status_code == 302


def test_guesser_with_many_names_here_is_stopped_by_the_address(ana: Person, bob: User) -> None:
    cache.set("sapo-link:address:127.0.0.1", TRIES_OF_AN_ADDRESS, 60)
    assert TOO_MANY in link(signed_in(bob)).content.decode()


def test_form_sent_twice_at_once_is_one_link(ana: Person, alice: User) -> None:
    start, responses = threading.Barrier(4), []

    def press() -> None:
        browser = signed_in(alice)
        browser.raise_request_exception = False
        start.wait()
        responses.append(link(browser, stay_connected=True).status_code)
        connection.close()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert responses == [302] * 4
    assert links() == [("alice", "sapo-here")] and SocialToken.objects.count() == 1
