"""The fixed cast: Alice owns, Bob links the same provider, Carol must see nothing."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import override_settings
from pytest_django import Settings

from gallery.health import forget_answers
from tests.support import schema_watch
from tests.support.remote_calls import no_call_is_under_way
from tests.support.running_site import wait_for

# No example fails for the time that it took on a busy machine.
hypothesis.settings.register_profile(
    "no clock", hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("no clock")


def pytest_xdist_auto_num_workers() -> int | None:
    """One more than there are processors, since a third of the suite's time is waiting for what runs
    beside it; None where `PYTEST_XDIST_AUTO_NUM_WORKERS` says how many."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Stretching a password takes longer than most tests."""
    cheap = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[cheap, *settings.PASSWORD_HASHERS]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _watched_messages() -> Iterator[None]:
    with override_settings(MIDDLEWARE=["tests.support.schema_watch.SchemaWatch", *settings.MIDDLEWARE]):
        yield


@pytest.fixture(autouse=True)
def _valid_messages() -> Iterator[None]:
    """Every message of the SAPO API that a test causes is of the schema."""
    schema_watch.violations.clear()
    yield
    assert not schema_watch.violations, schema_watch.violations[0]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test sees what another one left in the cache."""
    cache.clear()
    forget_answers()


@pytest.fixture(autouse=True)
def _no_call_outlives_its_test() -> Iterator[None]:
    yield
    assert wait_for(no_call_is_under_way, 90)


@pytest.fixture(autouse=True)
def _no_renewal_beside_a_transaction(request: pytest.FixtureRequest, settings: Settings) -> None:
    """A lease is renewed by a thread, which does not see what a test's own transaction has written."""
    marker = request.node.get_closest_marker("django_db")
    is_committed = {"transactional_db", "live_server"} & set(request.fixturenames)
    if not is_committed and not (marker and marker.kwargs.get("transaction")):
        settings.LEASE_RENEW_SECONDS = 600


@pytest.fixture(autouse=True)
def _static_files_as_they_are(settings: Settings) -> None:
    """Nothing is collected before the tests: pages name the files under their own names."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice", "alice@example.org", "alice-password-1")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", "bob@example.org", "bob-password-2")


@pytest.fixture
def carol(db: None) -> User:
    return User.objects.create_user("carol", "carol@example.org", "carol-password-3")
