"""Carries out the fault plans of a built-in server."""

import time
from collections.abc import Iterable, Mapping

from django.db.models import F
from django.db.models.signals import post_save
from django.dispatch import receiver

from providers.server.faults.models import ANY, FaultPlan

QUIET_SECONDS = 1.0  # how late another process than the one that saved a plan may notice it

_operations: dict[str, tuple[str, ...]] = {}
_quiet_until: dict[str, float] = {}  # server -> until when nobody need look for plans


class NoAnswer(Exception):
    """The connection is to end without a response."""


def register_operations(server: str, operations: Iterable[str]) -> None:
    """Each server registers at start the operations for which it calls `inject_fault`, by these names."""
    _operations[server] = tuple(operations)


def operations_by_server() -> Mapping[str, tuple[str, ...]]:
    """The registered operations of each server."""
    return _operations


def inject_fault(server: str, operation: str) -> str | None:
    """Carry out the oldest plan that fits: the error code to respond with, or None to go on.

    Sleeps for a slow or silent server; raises NoAnswer after the silence.
    """
    if _is_quiet(server):
        return None
    plans = FaultPlan.objects.filter(server=server, operation__in=[operation, ANY], remaining__gt=0)
    plan = plans.order_by("pk").first()
    if plan is None or not _use_up(plan):
        return None
    if plan.kind == FaultPlan.Kind.ERROR:
        return plan.code
    time.sleep(plan.seconds)
    if plan.kind == FaultPlan.Kind.SILENT:
        raise NoAnswer
    return None


def _is_quiet(server: str) -> bool:
    """Whether there was no plan at all a second ago: so that real calls cost no query."""
    now = time.monotonic()
    if now < _quiet_until.get(server, 0):
        return True
    if FaultPlan.objects.filter(server=server, remaining__gt=0).exists():
        return False
    _quiet_until[server] = now + QUIET_SECONDS
    return True


@receiver(post_save, sender=FaultPlan)
def _forget_quiet(**_kwargs: object) -> None:
    _quiet_until.clear()


def _use_up(plan: FaultPlan) -> bool:
    """Whether this call, of perhaps several at once, is one of the `remaining`."""
    left = FaultPlan.objects.filter(pk=plan.pk, remaining__gt=0)
    return bool(left.update(remaining=F("remaining") - 1))
