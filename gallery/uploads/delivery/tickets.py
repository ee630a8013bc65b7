"""Tickets and callback addresses: what lets somebody finish an upload, so neither is ever shown."""

import json
import secrets
from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from gallery.uploads.models import Upload
from providers.contract.entities import Ticket
from providers.linking import vault
from providers.vault import CannotOpen


def seal_ticket(upload: Upload, ticket: Ticket) -> str:
    """The ticket as its row stores it: readable only for this upload."""
    deadline = ticket.callback_deadline
    text = json.dumps({"data": dict(ticket.data), "deadline": deadline.isoformat() if deadline else None})
    return vault().seal(text, "ticket", str(upload.pk))


def open_ticket(upload: Upload) -> Ticket | None:
    """The ticket of this upload; None when there is none that still opens."""
    try:
        ticket = json.loads(vault().open(upload.ticket, "ticket", str(upload.pk)))
    except CannotOpen:
        return None
    deadline = datetime.fromisoformat(ticket["deadline"]) if ticket["deadline"] else None
    return Ticket(data=ticket["data"], callback_deadline=deadline)


def _signer() -> Signer:
    return Signer(salt="uploads.callback", sep=".")


def new_callback_key() -> str:
    return secrets.token_urlsafe(32)


def callback_url(key: str) -> str:
    """The address that a service, or the person's browser, calls when an upload ended."""
    return f"{settings.SITE_URL}{reverse('uploads:callback', args=[_signer().sign(key)])}"


def callback_key(signed: str) -> str:
    """The key within a callback address, "" for one that is not ours."""
    try:
        return str(_signer().unsign(signed))
    except BadSignature:
        return ""
