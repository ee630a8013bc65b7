"""Whatever is asked, in whichever binding: an answer of the schema (tests/support/schema_watch.py) or a
documented fault, the same one in each binding, and nothing of anybody else's.
"""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from providers.sapo.protocol_tables import OPERATIONS
from providers.sapo.server.models import Image
from tests.support.sapo_api import Program
from tests.support.sapo_requests import BINDINGS, HIDDEN, requests, send_request
from tests.support.sapo_sample import (
    check_outcome,
    check_privacy,
    outcome_of,
    property_settings,
    rolled_back,
    sample_library,
)

pytestmark = pytest.mark.django_db
NAMES = sorted(OPERATIONS)


@pytest.fixture
def ana(client: Client) -> Program:
    return sample_library(client)


@pytest.mark.parametrize("operation", [name for name in NAMES if not OPERATIONS[name].writes])
@property_settings(7)
@given(data=st.data())
def test_question_gets_one_answer_in_every_binding(ana: Program, operation: str, data: st.DataObject) -> None:
    tree = data.draw(requests(operation, is_clean=True))
    responses = {binding: send_request(ana, binding, operation, tree) for binding in BINDINGS}
    outcomes = {binding: outcome_of(answer) for binding, answer in responses.items()}
    assert all(outcome == outcomes["query"] for outcome in outcomes.values()), outcomes
    check_outcome(outcomes["query"])
    check_privacy(responses["query"], sent=tree)


@pytest.mark.parametrize("operation", [name for name in NAMES if OPERATIONS[name].writes])
@property_settings(7)
@given(data=st.data())
def test_order_is_done_alike_in_every_binding(ana: Program, operation: str, data: st.DataObject) -> None:
    tree = data.draw(requests(operation, is_clean=True))
    outcomes = {}
    for binding in BINDINGS:
        with rolled_back():
            answer = send_request(ana, binding, operation, tree)
            outcome = outcome_of(answer)
            check_outcome(outcome)
            check_privacy(answer, sent=tree)
            hidden = Image.objects.get(uid=HIDDEN)
            assert (hidden.title, hidden.is_active) == ("Título secreto", False)
            images = list(
                Image.objects.order_by("pk").values_list("title", "tags", "is_active", "visualizations")
            )
            outcomes[binding] = (ok_of(outcome), images)
    assert all(outcome == outcomes["query"] for outcome in outcomes.values()), outcomes


def ok_of(outcome: Any) -> Any:
    """Whether it was done, or why not; a new photo's name differs each time."""
    if not isinstance(outcome, dict):
        return outcome
    result = next(iter(outcome.values()))[0]
    result = result.get("result", [result])[0]
    return result["ok"], result.get("description")


@pytest.mark.parametrize("operation", NAMES)
@property_settings(8)
@given(data=st.data())
def test_odd_characters_break_no_binding(ana: Program, operation: str, data: st.DataObject) -> None:
    tree = data.draw(requests(operation, is_clean=False))
    binding = data.draw(st.sampled_from(BINDINGS))
    with rolled_back():
        answer = send_request(ana, binding, operation, tree)
        check_outcome(outcome_of(answer))
        check_privacy(answer, sent=tree)
