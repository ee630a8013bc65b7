"""Walks through the site's own pages as a person with a browser would: sign in, link, say yes."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from lxml import html

_MAX_STEPS = 12


class CannotWalkOn(Exception):
    """A page did not lead on; the text says which."""


class Visitor:
    """A signed-in person. Pages are asked within this process; what they ask of services is real HTTP."""

    def __init__(self, user: User, password: str) -> None:
        site = urlsplit(settings.SITE_URL)
        self._client = Client(headers={"host": site.netloc})
        self._is_secure = site.scheme == "https"
        self._post(reverse("account_login"), {"login": user.username, "password": password})

    def submit(self, address: str, fields: Mapping[str, str]) -> None:
        """Send the form of a page."""
        self._post(address, fields)

    def consent(self, address: str) -> None:
        """Send the form of a page, say yes on the page of the service that follows, and come back."""
        answer = self._post(address, {})
        for _ in range(_MAX_STEPS):
            if answer.status_code in (301, 302, 303):
                answer = self._get(answer["Location"])
                continue
            if answer.status_code >= 400:
                raise CannotWalkOn(f"HTTP {answer.status_code} on the way back from the consent page")
            form = _first_form(answer, "grant")
            if form is None:
                return
            fields: dict[str, list[str]] = {"action": ["grant"]}
            for name, value in form.form_values():  # a name may come twice: each scope is one
                fields.setdefault(name, []).append(value)
            answer = self._post(form.action or "", fields)
        raise CannotWalkOn("the service's consent page leads in a circle")

    def _get(self, address: str) -> HttpResponseBase:
        return self._client.get(_local(address), secure=self._is_secure)

    def _post(self, address: str, fields: Mapping[str, str | list[str]]) -> HttpResponseBase:
        answer = self._client.post(_local(address), fields, secure=self._is_secure)
        if answer.status_code >= 400:
            raise CannotWalkOn(f"HTTP {answer.status_code} at {urlsplit(address).path}")
        return answer


def _local(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _first_form(answer: HttpResponseBase, button: str) -> html.FormElement | None:
    """The form of a page whose button has the value `button`."""
    page = html.fromstring(getattr(answer, "content", b"<html/>"))
    forms: list[html.FormElement] = list(getattr(page, "forms", []))
    for form in forms:
        if form.xpath(f".//button[@name='action' and @value='{button}']"):
            return form
    return None
