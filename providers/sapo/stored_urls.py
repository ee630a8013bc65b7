"""Addresses in answers: written for whoever asked, stored so that they outlive a move of the server."""

from urllib.parse import urljoin

from providers.registry import ServiceApp


class Addresses:
    """Of one server, which browsers and we may reach by different addresses."""

    def __init__(self, app: ServiceApp) -> None:
        self._ours, self._browsers = f"{app.api_url}/", f"{app.web_url}/"

    def page(self, url: str) -> str:
        """A page of the service as a person's browser reaches it."""
        if url.startswith(self._ours):
            return self._browsers + url.removeprefix(self._ours)
        return url

    def stored(self, url: str) -> str:
        """A picture's address to be stored: without the server's own, which may change its port."""
        return url.removeprefix(self._ours).removeprefix(self._browsers)

    def full(self, stored: str) -> str:
        """A stored address as our own calls reach it."""
        return urljoin(self._ours, stored)
