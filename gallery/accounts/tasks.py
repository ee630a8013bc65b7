"""Housekeeping of accounts."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_old() -> None:
    """Sessions and tokens that ended."""
    call_command("clearsessions")
    call_command("oidc_cleartokens")
