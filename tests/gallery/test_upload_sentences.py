"""Every code has a sentence and a next step; the words are the design's."""

from collections import Counter

import pytest
from django.utils import translation

from gallery.accounts.messages import FOR_ALL, next_steps, sentence
from gallery.accounts.models import LinkedAccount
from gallery.uploads.models import UploadBatch
from gallery.uploads.presenters import present_batch
from gallery.uploads.states import Status
from providers import registry
from providers.messages import NextStep, messages_by_kind
from providers.sapo.protocol import FaultCode, UploadStatus

State = LinkedAccount.State
OF_SERVICES = [(kind, str(code)) for kind, words in messages_by_kind().items() for code in words.by_code]


def is_known(text: str) -> bool:
    """Whether this is not what is said of a code that means nothing to us."""
    return "an answer that we do not know" not in text


@pytest.mark.parametrize("status", list(UploadStatus))
def test_each_of_the_fifteen_statuses_has_a_sentence_of_its_own(status: UploadStatus) -> None:
    text = sentence("sapo", status.value, "alice")
    assert is_known(text)
    assert "SAPO" in text or "ticket" in text or "file" in text
    assert status.value not in text and "{" not in text


@pytest.mark.parametrize("code", [code for code in FaultCode if code != FaultCode.TOO_SLOW])
def test_a_key_that_sapo_refuses_is_said_as_one_whatever_the_code(code: FaultCode) -> None:
    assert sentence("sapo", code, "alice").startswith("SAPO no longer accepts the key for alice.")
    assert next_steps("sapo", code) == (NextStep.RECONNECT,)


def test_a_slow_bus_is_said_as_a_service_that_does_not_answer() -> None:
    assert sentence("sapo", FaultCode.TOO_SLOW, "alice").startswith("SAPO is not answering.")


@pytest.mark.parametrize(("kind", "code"), [*OF_SERVICES, *(("orange", code) for code in FOR_ALL)])
def test_sentences_keep_the_house_rules(kind: str, code: str) -> None:
    text = sentence(kind, code, "alice@orange.example")
    assert text.endswith(".") and "!" not in text and "{" not in text
    assert not {"please", "oops", "invalid"} & set(text.lower().replace(".", " ").split())


@pytest.mark.parametrize("status", [status for status in UploadStatus if status != UploadStatus.SUCCESS])
def test_nothing_is_promised_of_an_upload_that_is_given_up(status: UploadStatus) -> None:
    text = sentence("sapo", status.value, "alice", is_given_up=True)
    assert "We are" not in text and "We clear" not in text and "We send" not in text, text
    assert status.value not in text and "{" not in text


def test_unknown_code_is_said_with_its_service_and_code() -> None:
    text = sentence("orange", "4711", "alice")
    assert text.startswith("Orange gave an answer that we do not know (4711).") and not is_known(text)
    assert next_steps("orange", "4711")


@pytest.mark.parametrize(
    ("state", "kind", "code", "text"),
    [
        (
            State.RECONNECT,
            "sapo",
            "2610",
            "SAPO no longer accepts the key for alice.",
        ),
        (
            State.RECONNECT,
            "sapo",
            "",
            "SAPO no longer accepts the key for alice.",
        ),
        (State.UNREACHABLE, "sapo", "2550", "SAPO is not answering."),
        (State.REFUSED, "orange", "4711", "Orange refused this for alice."),
        (State.CONSENT, "orange", "-99", "Orange asks for your permission"),
        (State.REFUSED, "orange", "1106", "Orange has no photo account for alice."),
    ],
)
def test_unknown_code_of_an_account_is_said_by_the_state_it_is_in(
    state: str, kind: str, code: str, text: str
) -> None:
    assert sentence(kind, code, "alice", state=state).startswith(text)


def test_every_state_that_is_trouble_has_a_sentence() -> None:
    for state in set(State) - {State.OK, State.LEAVING}:
        assert is_known(sentence("orange", "4711", "alice", state=state)), state


def test_decisions_are_about_codes_that_have_sentences() -> None:
    for kind in registry.kinds().values():
        for code in kind.upload_policy.worth_tries:
            assert is_known(sentence(kind.id, code, "alice")), code
    assert {kind for kind, _code in OF_SERVICES} <= set(registry.kinds())


@pytest.mark.parametrize("code", ["never_known", "broken", "unavailable", "nothing_came", *UploadStatus])
def test_what_a_browser_sent_itself_is_never_said_to_be_safe_here(code: str) -> None:
    """Its route knows these endings as well, and then no copy lies here."""
    assert "safe here" not in sentence("sapo", code, "alice", is_given_up=True)


@pytest.mark.parametrize("language", ["en", "fr", "pt"])
@pytest.mark.parametrize("status", [Status.STORED, Status.CANCELLED, Status.FAILED])
def test_what_is_said_of_one_file_and_of_its_batch_agrees(language: str, status: Status) -> None:
    """A file is masculine in French and Portuguese, wherever a word is about it."""
    batch = UploadBatch(account=LinkedAccount(label="alice"))
    with translation.override(language):
        detail = present_batch(batch, [], Counter({status: 1})).detail
        assert detail.casefold() == f"1 {status.label}".casefold()
        assert not str(status.label).endswith(("ée", "ada"))
