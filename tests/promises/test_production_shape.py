"""The site as docker-compose.yml runs it: started by .ci/production_shape, met over TLS only."""

import os

import pytest
import requests

from gallery.version import VERSION

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
    answer = browser.get(f"{site_url}/health/", timeout=10)
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "redis": "ok", "storage": "ok", "version": VERSION}


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
