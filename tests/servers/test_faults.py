"""Fault plans: an operator makes a built-in server fail or respond slowly, a number of times.

Silence shows only on a running site: tests/journeys/test_silence.py.
"""

import time

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from providers.sapo.protocol import UploadStatus
from providers.sapo.protocol_sts import STS_OPERATIONS
from providers.server.faults import injection
from providers.server.faults.injection import operations_by_server
from providers.server.faults.models import FaultPlan
from tests.support.orange_kit import caller_for, error_code
from tests.support.painting import picture
from tests.support.sapo_api import PHOTOS, STS, Program, fault_code, person
from tests.support.sapo_media import pending, ticket

pytestmark = pytest.mark.django_db
UPLOAD = "/services/sapo/uploadPost.html"
ECHO = f"{PHOTOS}/DummyEcho?echoStr=ola"


def plan(admin: Client, **data: object) -> str:
    """Order a fault in the admin panel; returns the page that follows."""
    fields = {"server": "sapo", "kind": "error", "code": "", "seconds": "0", "remaining": "1", **data}
    return admin.post(reverse("admin:faults_faultplan_add"), fields, follow=True).content.decode()


def test_planned_error_is_answered_as_often_as_ordered(admin_client: Client) -> None:
    ana = Program(Client(), person())
    plan(admin_client, operation="UserDetails", code="2550", remaining="2")
    responses = [ana.get("UserDetails") for _ in range(3)]
    assert [fault_code(answer) for answer in responses[:2]] == ["2550", "2550"]
    assert responses[2].status_code == 200
    assert FaultPlan.objects.get().remaining == 0


@pytest.mark.parametrize("operation", operations_by_server()["sapo"])
def test_each_operation_of_sapo_plays_its_plan(client: Client, operation: str) -> None:
    FaultPlan.objects.create(server="sapo", operation=operation, kind="error", code="2550")
    if operation == "uploadPost":
        data = {"token": ticket(pending(person()))}
        assert b"<Result>PROBLEMS_SAVING_IMAGE</Result>" in client.post(UPLOAD, data).content
    else:
        base = STS if operation in STS_OPERATIONS else PHOTOS
        assert fault_code(client.get(f"{base}/{operation}")) == "2550"
    assert FaultPlan.objects.get().remaining == 0


@pytest.mark.parametrize("operation", operations_by_server()["orange"])
def test_each_operation_of_orange_plays_its_plan(alice: User, operation: str) -> None:
    caller = caller_for(alice)
    FaultPlan.objects.create(server="orange", operation=operation, kind="error", code="9007")
    answer = caller.add(picture()) if operation == "AddMediaObj" else caller.get(f"action={operation}")
    assert error_code(answer) == "9007"
    assert FaultPlan.objects.get().remaining == 0


@pytest.mark.parametrize("status", sorted(set(UploadStatus) - {UploadStatus.SUCCESS}))
def test_upload_answers_with_any_of_its_statuses(client: Client, status: str) -> None:
    FaultPlan.objects.create(server="sapo", operation="uploadPost", kind="error", code=status)
    answer = client.post(UPLOAD, {"token": ticket(pending(person()))})
    assert f"<Result>{status}</Result>" in answer.content.decode()


def test_plan_of_another_process_is_noticed_soon_and_none_costs_no_query(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(injection, "QUIET_SECONDS", 3600)
    FaultPlan.objects.create(server="orange", operation="*", kind="error", code="1")  # looks are made anew
    client.get(ECHO)
    with CaptureQueriesContext(connection) as captured:
        client.get(ECHO)
    assert not any("faults_faultplan" in each["sql"] for each in captured)
    monkeypatch.setattr(injection, "QUIET_SECONDS", 0)
    FaultPlan.objects.create(server="orange", operation="*", kind="error", code="1")
    client.get(ECHO)
    # As the other process does it: no signal of this one tells.
    FaultPlan.objects.bulk_create([FaultPlan(server="sapo", operation="*", kind="error", code="2550")])
    assert fault_code(client.get(ECHO)) == "2550"


def test_slow_answer_comes_late_and_is_the_right_one(admin_client: Client, client: Client) -> None:
    plan(admin_client, operation="*", kind="slow", seconds="0.4")
    began = time.monotonic()
    assert client.get(ECHO).status_code != 404
    assert time.monotonic() - began >= 0.4
    assert FaultPlan.objects.get().remaining == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"operation": "ImageCraete", "code": "2550"}, "There is no such operation. There are: "),
        ({"operation": "GetAlbumsList", "code": "9007"}, "There is no such operation."),
        ({"operation": "ImageCreate"}, "An error needs its code."),
        ({"operation": "ImageCreate", "kind": "slow", "seconds": "-1"}, "greater than or equal to 0"),
        ({"operation": "ImageCreate", "kind": "silent", "seconds": "3600"}, "less than or equal to 300"),
    ],
)
def test_plan_that_could_never_be_played_is_refused_in_words(
    admin_client: Client, data: dict[str, str], words: str
) -> None:
    assert words in plan(admin_client, **data)
    assert not FaultPlan.objects.exists()
