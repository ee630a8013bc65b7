"""Plays the fault plans of a built-in server."""

import time
from collections.abc import Iterable, Mapping

from django.db.models import F
from django.db.models.signals import post_save
from django.dispatch import receiver

from providers.server.faults.models import ANY, FaultPlan

QUIET_SECONDS = 1.0  # how late a plan may be noticed by another process than the one that kept it

_operations: dict[str, tuple[str, ...]] = {}
_quiet_until: dict[str, float] = {}  # server -> until when there need be no look for plans


class NoAnswer(Exception):
    """The connection is to be left without an answer."""


def offer_faults(server: str, operations: Iterable[str]) -> None:
    """Each server says at start which of its operations play plans, by the names it plays them with."""
    _operations[server] = tuple(operations)


def servers_with_faults() -> Mapping[str, tuple[str, ...]]:
    """The operations of each server that plays plans."""
    return _operations


def play_fault(server: str, operation: str) -> str | None:
    """Act out the oldest plan that fits: the error code to answer with, or None to go on.

    Sleeps for the slow and the silent; raises NoAnswer after the silence.
    """
    if _is_quiet(server):
        return None
    plans = FaultPlan.objects.filter(server=server, operation__in=[operation, ANY], remaining__gt=0)
    plan = plans.order_by("pk").first()
    if plan is None or not _take_turn(plan):
        return None
    if plan.kind == FaultPlan.Kind.ERROR:
        return plan.code
    time.sleep(plan.seconds)
    if plan.kind == FaultPlan.Kind.SILENT:
        raise NoAnswer
    return None


def _is_quiet(server: str) -> bool:
    """Whether there is no plan at all, as of a second ago: that costs real calls no query."""
    now = time.monotonic()
    if now < _quiet_until.get(server, 0):
        return True
    if FaultPlan.objects.filter(server=server, remaining__gt=0).exists():
        return False
    _quiet_until[server] = now + QUIET_SECONDS
    return True


@receiver(post_save, sender=FaultPlan)
def _look_again(**_told: object) -> None:
    _quiet_until.clear()


def _take_turn(plan: FaultPlan) -> bool:
    """Whether this call, of perhaps several at once, is one of the `remaining`."""
    turn = FaultPlan.objects.filter(pk=plan.pk, remaining__gt=0)
    return bool(turn.update(remaining=F("remaining") - 1))
