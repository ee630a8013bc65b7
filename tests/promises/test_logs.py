"""What operators read in the logs: no secret, and the error that somebody's page gave a reference of."""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils.module_loading import import_string

from gallery.logs import redact

handler404, handler500 = "gallery.views.not_found", "gallery.views.broken"


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=403)


@login_not_required
def _breaks(request: HttpRequest) -> HttpResponse:
    raise ValueError("ESBToken=apple-of-discord")


@login_not_required
def _refuses(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns = [path("breaks/", _breaks), path("refuses/", _refuses)]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site's own handler would print from here on."""
    output = io.StringIO()
    config: Any = settings.LOGGING
    described = config["handlers"]["stderr"]
    handler = logging.StreamHandler(output)
    for name in described["filters"]:
        handler.addFilter(import_string(config["filters"][name]["()"])())
    logging.getLogger().addHandler(handler)
    yield output
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    "line",
    [
        "GET /services/orange/PersonalPhotos/V1?action=GetAlbums&token=S3CRET failed",
        "https://host/Photos/ImageDetails?ESBUsername=S3CRET&ESBPassword=S3CRET&uid=1",
        "ESBAccessKey=S3CRET",
        "{'access_token': 'S3CRET', 'token_type': 'bearer'}",
        '{"client_secret": "S3CRET"}',
        "redirect to /accounts/orange/pomar/login/callback/?code=S3CRET&state=x",
        "next=%2Fcallback%3Fcode%3DS3CRET%26",
        "code_verifier=S3CRET",
        "<ESBPassword>S3CRET</ESBPassword>",
        "Authorization: Basic S3CRET",
        "Authorization: ESB AccessKey=S3CRET",
        "{'Authorization': 'Bearer S3CRET'}",
        "could not connect to postgres://pomar:S3CRET@db:5432/pomar",
        "ORANGE_SERVICE_PWD=S3CRET SECRET_KEY=abc",
    ],
)
def test_secret_never_reaches_a_log(line: str) -> None:
    assert "S3CRET" not in redact(line)
    assert "***" in redact(line)


@pytest.mark.parametrize(
    "line", ["prepare ended with code 1", "fault code: 1010", "no picture of account 3: Unavailable"]
)
def test_what_is_no_secret_stays_readable(line: str) -> None:
    assert redact(line) == line


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_error_page_gives_a_reference_that_stands_in_the_log_beside_the_traceback(log: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/breaks/")
    assert answer.status_code == 500
    found = re.search(r"[0-9a-f]{8}", re.sub(r"<svg.*?</svg>", "", answer.content.decode(), flags=re.S))
    assert found
    assert f"reference {found[0]}: Internal Server Error: /breaks/" in log.getvalue()
    assert "ValueError" in log.getvalue() and "apple-of-discord" not in log.getvalue()


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_what_is_refused_takes_one_line_of_the_log(log: io.StringIO) -> None:
    assert Client(raise_request_exception=False).get("/refuses/").status_code == 403
    assert log.getvalue() == "Forbidden (Permission denied): /refuses/\n"
