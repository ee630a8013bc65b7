"""A fault plan makes a server fall silent: the real web server hangs up, and the next call is answered."""

import os
import time

import pytest
import requests

from providers.server.faults.injection import QUIET_SECONDS
from tests.journeys.conftest import Site

pytestmark = [
    pytest.mark.whole_site if "PRODUCTION_SITE_URL" not in os.environ else pytest.mark.production_shape,
    pytest.mark.xdist_group("journeys"),
]
PLAN = """
from providers.server.faults.models import FaultPlan
FaultPlan.objects.create(server="sapo", operation="{}", kind="silent", seconds=0.1)
"""


@pytest.mark.parametrize(
    ("operation", "path"), [("DummyEcho", "Photos/DummyEcho"), ("uploadPost", "uploadPost.html")]
)
def test_silent_server_ends_the_connection_without_an_answer(site: Site, operation: str, path: str) -> None:
    site.manage("shell", "--no-imports", "-c", PLAN.format(operation))
    time.sleep(2 * QUIET_SECONDS)  # the site need not have looked before
    address = f"{site.url}/services/sapo/{path}"
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        requests.post(address, data={"token": "a"}, timeout=20, verify=site.ca or True)
    assert requests.post(address, data={"token": "a"}, timeout=20, verify=site.ca or True).content
