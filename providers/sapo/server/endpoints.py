"""The URLs that responses contain, in the shapes of the live service (docs/protocols/sapo.md, 1.4).

They begin with the host that the caller used, so that the caller can reach them.
"""

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse


def site_root(request: HttpRequest) -> str:
    """`scheme://host` as the caller wrote it."""
    return f"{request.scheme}://{request.get_host()}"


class ServerUrls:
    """The pages and pictures of this server, for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.base_url = site_root(request) + reverse("sapo_soap").removesuffix("/Photos")
        self._fotos = f"{self.base_url}/fotos"

    def photo(self, username: str, uid: str) -> str:
        return f"{self._fotos}/{username}/fotos/?uid={uid}"

    def album(self, username: str, number: int) -> str:
        return f"{self._fotos}/{username}/albuns/?aid={number}"

    def cover(self, username: str, number: int) -> str:
        return f"{self._fotos}/{username}/capa-de-album/{number}"

    def collection(self, username: str, number: int) -> str:
        return f"{self._fotos}/{username}/coleccoes/?cid={number}"

    def collection_cover(self, username: str, number: int) -> str:
        return f"{self._fotos}/{username}/capa-de-coleccao/{number}"

    def profile(self, username: str) -> str:
        return f"{self._fotos}/{username}/perfil"

    def gallery(self, username: str) -> str:
        return f"{self._fotos}/{username}/fotos"

    def tag(self, tag: str) -> str:
        return f"{self._fotos}/tags/{quote(tag, safe='')}"

    def avatar(self, username: str) -> str:
        return f"{self.base_url}/sapofotos/{username}/imgs/avatar.jpg"
