"""A person at a browser without scripts: follows links, fills in forms, keeps cookies."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from lxml import html

Files = dict[str, tuple[str, bytes, str]]


class Person:
    """Signed in nowhere at first. `page` is what lies before them."""

    def __init__(self, site_url: str, *, ca: str | None = None) -> None:
        self.site_url = site_url
        self.username = self.password = ""
        self.session = requests.Session()
        self.session.trust_env = False
        if ca:
            self.session.verify = ca
        self.answer = requests.Response()

    def goes_to(self, address: str, *, follow: bool = True) -> requests.Response:
        url = urljoin(f"{self.site_url}/", address)
        self.answer = self.session.get(url, timeout=30, allow_redirects=follow)
        return self.answer

    @property
    def page(self) -> html.HtmlElement:
        page: Any = html.document_fromstring(self.answer.text)
        page.make_links_absolute(self.answer.url)
        return page

    @property
    def text(self) -> str:
        return " ".join(self.page.text_content().split())

    @property
    def path(self) -> str:
        return urlsplit(self.answer.url).path

    def form(self, *, holding: str) -> html.FormElement:
        """The form of this page that has a field or button named `holding`."""
        for form in self.page.forms:
            if form.xpath(f".//*[@name='{holding}']"):
                return form
        raise AssertionError(f"no form with {holding!r} on {self.answer.url}: {self.text[:500]}")

    @property
    def main_form(self) -> html.FormElement:
        """The one form of the page's own content."""
        forms = self.page.xpath("//main//form")
        assert forms, f"no form on {self.answer.url}: {self.text[:500]}"
        return forms[0]

    def sends(
        self,
        form: html.FormElement,
        fields: Mapping[str, object] | None = None,
        *,
        files: list[tuple[str, tuple[str, bytes, str]]] | None = None,
        follow: bool = True,
    ) -> requests.Response:
        """Submit a form with some fields changed."""
        values = [(name, value) for name, value in form.form_values() if name not in (fields or {})]
        values += [(name, str(value)) for name, value in (fields or {}).items()]
        url = urljoin(self.answer.url, form.action or self.answer.url)
        self.answer = self.session.post(
            url,
            data=values,
            files=files,
            headers={"Referer": self.answer.url},
            timeout=60,
            allow_redirects=follow,
        )
        return self.answer

    def signs_up(self, username: str) -> "Person":
        self.username = username
        self.password = password = f"{username}-orchard-42"
        self.goes_to("/accounts/signup/")
        self.sends(
            self.form(holding="password1"),
            {
                "email": f"{username}@example.org",
                "username": username,
                "password1": password,
                "password2": password,
            },
        )
        assert self.answer.status_code == 200, self.text
        assert "sign" not in self.path, self.text
        return self

    def waits_until(self, is_so: Callable[[], bool], seconds: float = 120) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_so():
                return True
            time.sleep(0.3)
        return False
