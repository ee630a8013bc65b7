"""Requests through all middleware of this process, without a network between, and how long they take."""

import time
from collections.abc import Callable, Mapping

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.test import RequestFactory

Ask = Callable[[str], HttpResponse]


def signed_in(user: AbstractBaseUser) -> Ask:
    """As the browser of a signed-in person."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return asking(cookies={settings.SESSION_COOKIE_NAME: str(session.session_key)})


def asking(*, cookies: Mapping[str, str] | None = None) -> Ask:
    handler, factory = BaseHandler(), RequestFactory()
    handler.load_middleware()

    def ask(path: str) -> HttpResponse:
        request = factory.get(path, headers={"host": settings.ALLOWED_HOSTS[0]})
        request.COOKIES.update(cookies or {})
        response = handler.get_response(request)
        assert response.status_code == 200, (path, response.status_code)
        assert isinstance(response, HttpResponse)
        return response

    return ask


def seconds(ask: Ask, path: str) -> float:
    """Of the processor's time."""
    started = time.process_time()
    ask(path)
    return time.process_time() - started
