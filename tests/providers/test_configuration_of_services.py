"""What a service adds to the settings of the site joins what is there, and replaces nothing."""

import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import pytest

from gallery.environment import Environment
from providers import registry
from providers.configuration import ServiceSettings, Site, builtin_app, with_services

SITE = Site("https://photos.example.org", "http://127.0.0.1:9000")
Join = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]


@pytest.fixture
def join(monkeypatch: pytest.MonkeyPatch) -> Join:
    """The site's settings and those that its only service adds."""

    def joined(site: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
        for name in ("tiny", "tiny.settings"):
            module = ModuleType(name)
            module.__spec__ = ModuleSpec(name, None)
            monkeypatch.setitem(sys.modules, name, module)
        sys.modules["tiny"].__path__ = []
        sys.modules["tiny.settings"].SETTINGS = ServiceSettings(link=lambda env, site: added)  # type: ignore[attr-defined]
        monkeypatch.setattr(registry, "SERVICES", ("tiny",))
        return with_services(site, Environment(), SITE)

    return joined


def test_a_setting_of_a_service_stands_beside_the_sites(join: Join) -> None:
    assert join({"DEBUG": False}, {"TINY_KEY": "k"}) == {"DEBUG": False, "TINY_KEY": "k"}


def test_lists_and_mappings_are_added_to(join: Join) -> None:
    site = {"HASHERS": ["argon"], "BEAT": {"sweep": 5}}
    joined = join(site, {"HASHERS": ["tiny"], "BEAT": {"look": 3}})
    assert joined == {"HASHERS": ["argon", "tiny"], "BEAT": {"sweep": 5, "look": 3}}
    assert site == {"HASHERS": ["argon"], "BEAT": {"sweep": 5}}


@pytest.mark.parametrize(
    ("site", "added"), [({"DEBUG": False}, {"DEBUG": True}), ({"BEAT": {"sweep": 5}}, {"BEAT": {"sweep": 9}})]
)
def test_what_the_site_has_set_is_not_replaced(
    join: Join, site: dict[str, Any], added: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="is set already"):
        join(site, added)


def test_the_app_of_a_builtin_server_has_the_two_addresses_of_the_site() -> None:
    app = builtin_app(SITE, "tiny", name="Tiny", client_id="c", secret="s", binding="rest")
    assert app == {
        "provider_id": "pomar-tiny",
        "name": "Tiny",
        "client_id": "c",
        "secret": "s",
        "settings": {
            "web_url": "https://photos.example.org/services/tiny",
            "api_url": "http://127.0.0.1:9000/services/tiny",
            "allow_private": True,
            "is_builtin": True,
            "binding": "rest",
        },
    }
