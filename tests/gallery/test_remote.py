"""Asking a service while a person waits: deadline, cached replies, one call for many, circuit, threads."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connections
from django.test import override_settings

from gallery.accounts.models import LinkedAccount
from gallery.remote import limits
from gallery.remote.ask import Query, ask, cached_reply
from gallery.remote.circuit_breaker import CircuitOpen
from gallery.remote.concurrency_limit import TooBusy, concurrency_limit
from gallery.remote.deadline import DeadlineExceeded
from gallery.remote.limits import EXPLORE, Limits
from providers.contract.base import PhotoService
from providers.contract.errors import NotFound, ProviderError, Refused, Unavailable
from tests.support.remote_calls import no_call_is_under_way
from tests.support.running_site import wait_for
from tests.support.sapo_api import person
from tests.support.sapo_site import link

pytestmark = pytest.mark.django_db(transaction=True)  # services are asked from threads of their own
LIMITS = replace(EXPLORE, name="test", deadline=30.0, deadline_after_failure=30.0)
OTHER_LIMITS = replace(LIMITS, name="other")
BRIEF = 0.2  # seconds, for who asks what hangs


class Service:
    """What is asked of a service: it hangs until `goes_on` is set, then answers or raises `error`."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.error: ProviderError | None = None
        self.calls = 0
        self._begun = threading.Condition()

    def work(self, _service: PhotoService) -> str:
        with self._begun:
            self.calls += 1
            self._begun.notify_all()
        self.goes_on.wait(60)
        if self.error is not None:
            raise self.error
        return "reply"

    def query(self, name: str = "a", limits: Limits = LIMITS) -> Query[str]:
        return Query(limits=limits, name=name, work=self.work)

    def wait_for_calls(self, count: int) -> None:
        with self._begun:
            assert self._begun.wait_for(lambda: self.calls >= count, 30)


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.goes_on.set()


@pytest.fixture
def account(alice: User) -> LinkedAccount:
    return link(alice, person("ana"))


@pytest.fixture
def other(bob: User) -> LinkedAccount:
    return link(bob, person("rui"))


def failure(kind: type[ProviderError] = Unavailable) -> ProviderError:
    return kind("no", provider="sapo", operation="test")


def at_once(count: int, run: Callable[[int], object]) -> list[object]:
    def one(number: int) -> object:
        try:
            return run(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_reply_is_asked_for_once_and_then_cached(account: LinkedAccount, service: Service) -> None:
    service.goes_on.set()
    assert [ask(account, service.query()) for _ in range(3)] == ["reply"] * 3
    assert service.calls == 1 and cached_reply(account, service.query()) == "reply"


def test_what_one_account_was_told_is_not_shown_to_another(
    account: LinkedAccount, other: LinkedAccount, service: Service
) -> None:
    service.goes_on.set()
    ask(account, service.query())
    assert cached_reply(other, service.query()) is None
    ask(other, service.query())
    assert service.calls == 2


def test_queries_of_one_name_and_different_limits_do_not_share_a_reply(
    account: LinkedAccount, service: Service
) -> None:
    service.goes_on.set()
    ask(account, service.query())
    assert cached_reply(account, service.query(limits=OTHER_LIMITS)) is None


def test_many_who_ask_the_same_cause_one_call(account: LinkedAccount, service: Service) -> None:
    def one(_number: int) -> str:
        return ask(account, service.query())

    def answer_when_asked() -> None:
        service.wait_for_calls(1)
        service.goes_on.set()

    threading.Thread(target=answer_when_asked).start()
    assert at_once(8, one) == ["reply"] * 8
    assert service.calls == 1


def test_late_reply_is_there_when_asked_again(account: LinkedAccount, service: Service) -> None:
    with pytest.raises(DeadlineExceeded):
        ask(account, service.query(), BRIEF)
    service.goes_on.set()
    assert wait_for(no_call_is_under_way, 30)
    assert ask(account, service.query()) == "reply" and service.calls == 1


def test_asker_may_have_less_time_than_the_limits_but_never_more(
    account: LinkedAccount, service: Service
) -> None:
    strict = replace(LIMITS, name="strict", deadline=BRIEF, deadline_after_failure=BRIEF)
    with pytest.raises(DeadlineExceeded):
        ask(account, service.query(), BRIEF)
    with pytest.raises(DeadlineExceeded):
        ask(account, service.query(limits=strict), 3600)


def test_service_that_keeps_failing_is_left_alone(
    account: LinkedAccount, other: LinkedAccount, service: Service
) -> None:
    service.error = failure()
    service.goes_on.set()
    for _ in range(LIMITS.failures):
        with pytest.raises(Unavailable):
            ask(account, service.query())
    with pytest.raises(CircuitOpen):
        ask(account, service.query())
    assert service.calls == LIMITS.failures
    service.error = None
    assert ask(other, service.query()) == "reply"  # another person's account tries for itself
    cache.clear()  # as time would
    assert ask(account, service.query()) == "reply"


def test_service_that_hangs_costs_its_deadline_a_few_times(account: LinkedAccount, service: Service) -> None:
    for _ in range(LIMITS.failures):
        with pytest.raises(DeadlineExceeded):
            ask(account, service.query(), BRIEF)
    with pytest.raises(CircuitOpen):
        ask(account, service.query())


def test_open_circuit_still_shows_what_is_cached_and_a_late_reply_closes_it(
    account: LinkedAccount, service: Service
) -> None:
    for _ in range(LIMITS.failures):
        with pytest.raises(DeadlineExceeded):
            ask(account, service.query(), BRIEF)
    service.goes_on.set()
    assert wait_for(no_call_is_under_way, 30)
    assert ask(account, service.query()) == "reply"
    assert ask(account, service.query("another")) == "reply"


@pytest.mark.parametrize("kind", [NotFound, Refused])
def test_service_that_says_no_has_answered(
    kind: type[ProviderError], account: LinkedAccount, service: Service
) -> None:
    service.error = failure(kind)
    service.goes_on.set()
    for number in range(2 * LIMITS.failures):
        with pytest.raises(kind):
            ask(account, service.query(str(number)))
    assert service.calls == 2 * LIMITS.failures


def test_hanging_service_takes_no_thread_that_others_need(
    account: LinkedAccount, other: LinkedAccount, service: Service
) -> None:
    few = replace(LIMITS, name="few", slots=3, slots_of_a_service=2, slots_of_an_account=1)
    elsewhere = LinkedAccount.objects.get(pk=other.pk)
    elsewhere.provider_id = "another service"
    with concurrency_limit(few).slot(account, 0):
        with pytest.raises(TooBusy), concurrency_limit(few).slot(account, 0):
            pass
        with concurrency_limit(few).slot(other, 0):
            other.pk = 10_000
            with pytest.raises(TooBusy), concurrency_limit(few).slot(other, 0):
                pass
            elsewhere.pk = 10_001
            with concurrency_limit(few).slot(elsewhere, 0):
                pass
    with (  # all were given back
        concurrency_limit(few).slot(account, 0),
        concurrency_limit(few).slot(other, 0),
        concurrency_limit(few).slot(elsewhere, 0),
    ):
        pass


def test_thread_is_taken_until_the_service_lets_go_and_waiting_for_one_is_no_failure(
    account: LinkedAccount, other: LinkedAccount, service: Service
) -> None:
    one_each = replace(LIMITS, name="one-each", slot_wait=0.1, slots_of_an_account=1, failures=2)
    with pytest.raises(DeadlineExceeded):
        ask(account, service.query("hangs", one_each), BRIEF)
    for number in range(3):
        with pytest.raises(TooBusy):
            ask(account, service.query(f"waits {number}", one_each))
    assert service.calls == 1
    service.goes_on.set()
    assert ask(other, service.query("hangs", one_each)) == "reply"
    assert wait_for(no_call_is_under_way, 30)
    assert ask(account, service.query("waits", one_each)) == "reply"


@pytest.fixture
def no_cache() -> Iterator[None]:
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}
    with override_settings(CACHES={"default": away}):
        cache.clear()
        yield


def test_cache_that_is_away_breaks_nothing(no_cache: None, account: LinkedAccount, service: Service) -> None:
    service.goes_on.set()
    assert ask(account, service.query()) == "reply"


def test_who_asks_the_same_waits_for_one_call_while_the_cache_is_away(
    no_cache: None, account: LinkedAccount, service: Service
) -> None:
    for _ in range(2):
        with pytest.raises(DeadlineExceeded):
            ask(account, service.query(), BRIEF)
    assert service.calls == 1


def test_circuit_opens_while_the_cache_is_away(
    no_cache: None, account: LinkedAccount, service: Service
) -> None:
    service.error = failure()
    service.goes_on.set()
    for _ in range(LIMITS.failures):
        with pytest.raises(Unavailable):
            ask(account, service.query())
    with pytest.raises(CircuitOpen):
        ask(account, service.query())


def test_limits_are_those_of_the_documentation() -> None:
    text = (settings.BASE_DIR / "docs/remote.md").read_text()
    rows = [re.findall(r"[^|`\s]+", line) for line in text.splitlines() if line.startswith("| `")]
    documented = {name: [float(value) for value in values] for name, *values in rows}
    names = [field.name for field in fields(Limits) if field.name != "name"]
    in_use = [each for each in vars(limits).values() if isinstance(each, Limits)]
    assert [each.name for each in in_use] == re.findall(r"[a-z_]+", text.split("| limit |")[1].split("\n")[0])
    assert documented == {name: [getattr(each, name) for each in in_use] for name in names}
