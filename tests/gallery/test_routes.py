"""Who may open which route. An address of the router that is on none of the lists here fails a test."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from tests.support.routes import MARK, FilledLibrary, Route, filled_library, routes
from tests.support.sapo_api import album, person, photo
from tests.support.sapo_site import link, served_at, signed_in, synced

_SIGN_IN = "people who are not signed in use it to sign in, to sign up or to get a new password"
_SERVICE = "programs call it with a token of their own; it looks at that"
_OAUTH = "OAuth 2.0 and OpenID Connect: looks at the service's credentials, or asks the person to sign in"
_PICTURES = "whoever has the address may see it: it holds the permission"
_PUBLIC_THERE = "what its owner shows to everybody on the built-in SAPO server"

# Below the SAPO server's own address, and at the root for old programs.
SAPO_PROGRAMS = {
    "uploadPost.html": _SERVICE,
    r"^Photos/?\Z": _SERVICE,
    r"^Photos/(?P<operation>[^/]+)/?\Z": _SERVICE,
    r"^(?:STS|sts)/?\Z": _SERVICE,
    r"^(?:STS|sts)/(?P<operation>[^/]+)/?\Z": _SERVICE,
    "Metadata/Contract/<str:name>": "the service's description",
    "Metadata/Schema/<str:name>": "the service's description",
    r"^Photos/JSON/?\Z": _PUBLIC_THERE,
    r"^Photos/RSS/?\Z": _PUBLIC_THERE,
    r"^Photos/RSS2/?\Z": _PUBLIC_THERE,
}
PUBLIC = {
    **{f"{place}{route}": why for route, why in SAPO_PROGRAMS.items() for place in ("", "services/sapo/")},
    "health/": "says only which part is well",
    "health/alive/": "says that this process answers",
    "health/ready/": "says only whether pages can be served",
    "i18n/setlang/": "the sign-in page speaks three languages",
    "theme/": "the sign-in page has a theme",
    "admin/login/": _SIGN_IN,
    "accounts/login/": _SIGN_IN,
    "accounts/logout/": _SIGN_IN,
    "accounts/inactive/": _SIGN_IN,
    "accounts/signup/": _SIGN_IN,
    "accounts/confirm-email/": _SIGN_IN,
    "accounts/login/code/confirm/": _SIGN_IN,
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$": _SIGN_IN,
    "accounts/password/reset/": _SIGN_IN,
    "accounts/password/reset/done/": _SIGN_IN,
    "accounts/password/reset/key/done/": _SIGN_IN,
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": _SIGN_IN,
    "accounts/3rdparty/login/cancelled/": "a page of words",
    "accounts/3rdparty/signup/": "closed: no photo service signs anybody up",
    "uploads/callback/<str:key>/": "services call it; whoever calls learns nothing",
    "services/orange/PersonalPhotos/V1": _SERVICE,
    "services/orange/sitdriver": _PICTURES,
    "services/orange/identity/o/authorize": _OAUTH,
    "services/orange/identity/o/logout": _OAUTH,
    "services/orange/identity/o/api/token": _OAUTH,
    "services/orange/identity/o/api/revoke": _OAUTH,
    "services/orange/identity/o/api/device/code": _OAUTH,
    "services/orange/identity/o/api/userinfo": _OAUTH,
    "services/orange/.well-known/openid-configuration": _OAUTH,
    "services/orange/.well-known/jwks.json": _OAUTH,
    r"services/sapo/^(?P<path>i/[A-Za-z][0-9a-f]{8}/(?P<pk>[0-9]{1,18})_[A-Za-z0-9]{5}"
    r"\.[a-z]{3,4})\Z": _PICTURES,
    "services/sapo/fotos/": _PUBLIC_THERE,
    r"services/sapo/^fotos/tags/(?P<tag>.+?)/?\Z": _PUBLIC_THERE,
    r"services/sapo/^fotos/(?P<username>[^/]+)/fotos/?\Z": _PUBLIC_THERE,
    r"services/sapo/^fotos/(?P<username>[^/]+)/fotos/(?P<slug>[^/]+)/?\Z": _PUBLIC_THERE,
    r"services/sapo/^fotos/(?P<username>[^/]+)/albuns/?\Z": _PUBLIC_THERE,
    r"services/sapo/^fotos/(?P<username>[^/]+)/coleccoes/?\Z": _PUBLIC_THERE,
    r"services/sapo/^fotos/(?P<username>[^/]+)/perfil/?\Z": _PUBLIC_THERE,
    "services/sapo/fotos/<str:username>/capa-de-album/<int:number>": _PUBLIC_THERE,
    "services/sapo/fotos/<str:username>/capa-de-coleccao/<int:number>": _PUBLIC_THERE,
    "services/sapo/sapofotos/<str:username>/imgs/avatar.jpg": _PUBLIC_THERE,
}

# What of Alice's stands in the place of each parameter. For anybody else it does not exist.
ALICES: dict[str, tuple[str, ...]] = {
    "linked/<int:pk>/unlink/": ("account",),
    "linked/<int:pk>/consent/": ("account",),
    "linked/<int:pk>/consented/": ("account",),
    "changes/<int:pk>/edit/": ("photo",),
    "changes/<int:pk>/delete/": ("photo",),
    "changes/<int:pk>/albums/": ("photo",),
    "changes/<int:pk>/state/": ("photo",),
    "changes/<int:pk>/comments/": ("photo",),
    "explore/<int:pk>/people/<path:username>/albums/<path:album_id>/": ("account", "username", "there"),
    "explore/<int:pk>/people/<path:username>/albums/": ("account", "username"),
    "explore/<int:pk>/people/<path:username>/": ("account", "username"),
    "explore/<int:pk>/keys/<path:username>/albums/<path:album_id>/": ("account", "username", "there"),
    "explore/<int:pk>/tags/<path:name>/": ("account", "tag"),
    "explore/<int:pk>/photos/<path:remote_id>/": ("account", "remote photo"),
    "uploads/batch/<int:pk>/": ("batch",),
    "uploads/<int:pk>/": ("upload",),
    "uploads/<int:pk>/preview/": ("upload",),
    "uploads/<int:pk>/retry/": ("upload",),
    "uploads/<int:pk>/cancel/": ("upload",),
    "uploads/<int:pk>/keep/": ("upload",),
    "uploads/<int:pk>/smaller/": ("upload",),
    "uploads/<int:pk>/change/": ("failed upload",),
    "uploads/<int:pk>/prepare/": ("browser upload",),
    "photos/<int:year>/<int:month>/": ("year", "month"),
    "photos/<int:pk>/": ("photo",),
    "pictures/found/<str:key>/<int:size>": ("found key", "size"),
    "pictures/<int:pk>/<str:key>/<int:size>": ("photo", "picture key", "size"),
    "albums/<int:pk>/": ("album",),
    "albums/<int:pk>/cover/<int:photo_pk>/": ("album", "photo"),
    "collections/<int:pk>/": ("collection",),
    "tags/<path:slug>/": ("tag",),
    "search/ask/<int:pk>/": ("account",),
    "sync/<int:pk>/": ("account",),
    "sync/<int:pk>/now/": ("account",),
}
# What an address needs besides, to lead anywhere.
QUERIES = {"search/ask/<int:pk>/": "?q=word"}
# Those that answer everybody else with a page or the way home, the same for what is there and what is not.
NOT_404 = {"photos/<int:year>/<int:month>/", "changes/<int:pk>/state/"}
# Parameters that name a server of the site and nothing of a person's.
SERVERS = {
    "accounts/orange/<slug:provider_id>/login/",
    "accounts/orange/<slug:provider_id>/login/callback/",
    "accounts/sapo/<slug:provider_id>/login/",
}

ROUTES = routes()
PRIVATE = [route for route in ROUTES if not route.is_public]
OF_OPERATORS = [route for route in PRIVATE if route.pattern.startswith("admin/")]
OF_PEOPLE = [route for route in PRIVATE if not route.pattern.startswith("admin/")]
SAYS_WHO = re.compile(
    r"\b(public|anybody|everybody|whoever|services?|programs?|own|owner|person's|signed in)\b"
)


def by_route(route: Route) -> str:
    return route.pattern or "home"


def test_public_routes_are_these_and_no_others() -> None:
    assert {route.pattern for route in ROUTES if route.is_public} == set(PUBLIC)


def test_doors_with_an_id_are_all_walked() -> None:
    assert {route.pattern for route in OF_PEOPLE if route.parameters} == set(ALICES) | SERVERS


@pytest.mark.parametrize("route", [route for route in ROUTES if route.is_ours], ids=by_route)
def test_view_says_who_may_see_it(route: Route) -> None:
    module = __import__(route.view.__module__, fromlist=["*"])
    docstrings = f"{getattr(route.view, 'view_class', route.view).__doc__} {module.__doc__}"
    assert SAYS_WHO.search(docstrings.lower()), docstrings


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_sent_to_sign_in(db: None, method: str) -> None:
    sign_in = {reverse("account_login"), reverse("admin:login")}
    for route in PRIVATE:
        response = getattr(Client(), method)(route.address())
        assert response.status_code == 302, route.pattern
        assert response["Location"].partition("?")[0] in sign_in, route.pattern


@pytest.mark.parametrize("method", ["get", "post"])
def test_operators_pages_are_closed_to_people(carol: User, method: str) -> None:
    browser = signed_in(carol)
    for route in OF_OPERATORS:
        response = getattr(browser, method)(route.address())
        assert response.status_code == 302, route.pattern
        leads_to = reverse("admin:index" if "logout" in route.pattern else "admin:login")
        assert response["Location"].partition("?")[0] == leads_to, route.pattern


@pytest.fixture
def library(alice: User, live_server: LiveServer) -> Iterator[FilledLibrary]:
    with served_at(live_server.url):
        ana = person(f"ana{MARK}")
        photo(ana, album(ana, f"{MARK} album"), title=f"{MARK} photo", synopse=MARK, tags=f"{MARK}tag")
        yield filled_library(synced(link(alice, ana)))


Rows = Mapping[str, Mapping[object, tuple[object, ...]]]


def all_rows() -> Rows:
    """Every row of every table, by its key; sessions come and go."""
    models = [model for model in apps.get_models(include_auto_created=True) if model is not Session]
    return {model._meta.label: {row[0]: row for row in _rows_of(model)} for model in models}


def _rows_of(model: Any) -> Iterator[tuple[object, ...]]:
    for row in model._base_manager.values_list(
        "pk", *[field.attname for field in model._meta.concrete_fields]
    ):
        yield tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def changed(before: Rows, after: Rows) -> list[str]:
    """The tables in which a row that was there is gone or differs."""
    return [
        label
        for label, rows in before.items()
        if any(after[label].get(key) != row for key, row in rows.items())
    ]


WALKED = [route for route in OF_PEOPLE if route.pattern in ALICES]


def test_carol_finds_nothing_of_alices_on_any_route(library: FilledLibrary, carol: User) -> None:
    """What is Alice's answers her as what never was, and stays as it is."""
    by_carol, before = signed_in(carol), all_rows()
    for route in WALKED:
        query = QUERIES.get(route.pattern, "")
        hers = library.address(route, ALICES[route.pattern]) + query
        nobodys = library.address_of_nothing(route) + query
        for htmx in ({}, {"HX-Request": "true"}):
            for method in (by_carol.get, by_carol.post, by_carol.head):
                response, unknown = method(hers, headers=htmx), method(nobodys, headers=htmx)
                assert response.status_code == unknown.status_code, route.pattern
                assert response.headers.get("Location") == unknown.headers.get("Location"), route.pattern
                assert response.status_code in (404, 405) or route.pattern in NOT_404, route.pattern
                assert MARK not in response.content.decode().replace(hers, ""), route.pattern
    assert set(changed(before, all_rows())) <= {"auth.User"}  # when Carol was last here


def test_alice_herself_opens_every_route(library: FilledLibrary, alice: User) -> None:
    """Or the walk above would prove nothing."""
    browser = signed_in(alice)
    for route in WALKED:
        address = library.address(route, ALICES[route.pattern]) + QUERIES.get(route.pattern, "")
        response = browser.get(address)
        if response.status_code == 405:
            response = browser.post(address)
        assert response.status_code in (200, 302), (route.pattern, response.status_code)


# Names under which pages and forms take an id, in the address or in a form.
QUERIED = {
    "account": "account", "album": "album", "photo": "photo", "batch": "batch", "of": "batch", "id": "photo",
    "pk": "photo", "upload": "upload", "tag": "tag", "q": "tag", "username": "username", "user": "username",
    "person": "username", "collection": "collection", "uid": "remote photo",
}  # fmt: skip
LISTS = ("in", "list", "after", "before", "next")


def test_alices_ids_in_a_query_or_a_form_open_nothing_to_carol(library: FilledLibrary, carol: User) -> None:
    query = {name: str(library.things[thing]) for name, thing in QUERIED.items()}
    query |= dict.fromkeys(LISTS, f"album:{library.things['album']}")
    before = all_rows()
    for route in OF_PEOPLE:
        if route.parameters:
            continue
        for htmx in ({}, {"HX-Request": "true"}):
            for method in ("get", "post"):
                response = getattr(signed_in(carol), method)(route.address(), query, headers=htmx)
                assert response.status_code < 500, route.pattern
                body = response.content.decode()
                for repeated in (query["username"], query["tag"]):  # a page may say what it was asked
                    body = body.replace(repeated, "")
                assert MARK not in body, route.pattern
    assert set(changed(before, all_rows())) <= {"auth.User"}
