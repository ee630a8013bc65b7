"""The site as docker-compose.yml runs it: started by .ci/production_shape, met over TLS only."""

import os

import pytest
import requests

from gallery.jobs.kinds import Kind
from gallery.version import VERSION
from tests.support.running_site import wait_for

pytestmark = pytest.mark.production_shape


@pytest.fixture(scope="session")
def site_url() -> str:
    if "PRODUCTION_SITE_URL" not in os.environ:
        pytest.skip("run by .ci/production_shape")
    return os.environ["PRODUCTION_SITE_URL"]


@pytest.fixture
def browser(site_url: str) -> requests.Session:
    session = requests.Session()
    session.verify = os.environ["PRODUCTION_CA"]
    return session


def test_production_site_is_well_and_says_nothing_else(browser: requests.Session, site_url: str) -> None:
    def health() -> requests.Response:
        return browser.get(f"{site_url}/health/", timeout=10)

    assert wait_for(lambda: health().status_code == 200, 30)  # the first signs of life come after the start
    parts = health().json()
    assert set(parts.pop("oldest_due_seconds")) == set(Kind)
    assert parts.pop("disk") in ("ok", "low")
    well = dict.fromkeys(["database", "queue", "storage", "worker", "beat"], "ok")
    assert parts == {**well, "version": VERSION}


@pytest.mark.parametrize("address", ["alive", "ready"])
def test_production_site_tells_balancers(browser: requests.Session, site_url: str, address: str) -> None:
    assert browser.get(f"{site_url}/health/{address}/", timeout=10).status_code == 200


def test_production_site_keeps_browsers_on_tls(browser: requests.Session, site_url: str) -> None:
    answer = browser.get(f"{site_url}/accounts/login/", timeout=10)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert all(cookie.secure for cookie in browser.cookies)
    assert len(browser.cookies) > 0


def test_production_site_refuses_an_unknown_host(browser: requests.Session, site_url: str) -> None:
    answer = browser.get(f"{site_url}/accounts/login/", headers={"Host": "elsewhere.example"}, timeout=10)
    assert answer.status_code == 400
