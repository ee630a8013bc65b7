"""The document's two steps, and what becomes of the file afterwards: literal HTTP from end to end."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from providers.sapo.server.auth.people import issue_access_key, issue_token
from tests.support.sapo_media import ana, fetch, get, painted, send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def call(site: str, keys: str, operation: str, query: str = "", body: object = None) -> dict[str, Any]:
    path = f"/services/sapo/Photos/{operation}?json=true&{keys}&{query}"
    if body is None:
        reply = get(site, path)
    else:
        reply = fetch(site, "POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    assert reply.status == 200, reply.body
    answer: dict[str, Any] = json.loads(reply.body)[f"{operation}Response"][f"{operation}Result"]
    return answer


def stored_files() -> list[Path]:
    return [path for path in Path(default_storage.path("")).rglob("*") if path.is_file()]


def test_a_photo_is_created_brought_listed_shown_and_deleted(live_server: LiveServer) -> None:
    owner, site = ana(), live_server.url
    keys = f"ESBToken={issue_token(owner)}&ESBAccessKey={issue_access_key(owner)}"
    created = call(site, keys, "ImageCreate", body={"image": {"title": "Praia", "tags": "mar sol"}})
    uid = created["image"]["uid"]
    assert created["image"]["pending"] == "true"
    assert "views" not in created["image"]

    content = painted("jpeg", 1024, 768)
    assert b"<Result>SUCCESS</Result>" in send(site, created["token"], content).body
    image = call(site, keys, "ImageDetails", f"uid={uid}")["image"]
    assert image["pending"] == "false"
    views = image["views"]["view"]
    assert (views[0]["size"], views[0]["requestWidth"]) == ("original", "1024")
    assert get(site, views[0]["url"]).body == content
    for url in (image["url"], image["user"]["url"], image["user"]["avatar"]):
        assert get(site, url).status == 200, url
    feed = get(site, "/services/sapo/Photos/JSON?u=ana&tag=mar").body
    assert uid.encode() in feed

    assert call(site, keys, "ImageDelete", f"uid={uid}") == {"ok": "true"}
    assert get(site, views[0]["url"]).status == 404
    assert stored_files() == []
