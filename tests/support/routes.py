"""Every address of the site, read from the router, and something of Alice's behind each that holds an id."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Album, Collection, CollectionAlbum, Photo
from gallery.library.picture_urls import address_key
from gallery.library.search.remote import picture_keys
from gallery.uploads.models import Upload
from gallery.uploads.receiving.accept import Wanted, open_batch
from gallery.uploads.services import start_browser_upload
from gallery.uploads.states import Status
from providers.contract import entities
from providers.linking import service_apps
from tests.support.linking import upload_of
from tests.support.painting import picture

_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>")


@dataclass(frozen=True)
class Route:
    """One pattern of the router. `pattern` is its whole text, `parameters` the names within."""

    pattern: str
    view: Any

    @property
    def parameters(self) -> list[str]:
        return [path_name or regex_name for _, path_name, regex_name in _PARAMETER.findall(self.pattern)]

    @property
    def is_public(self) -> bool:
        """Whether LoginRequiredMiddleware lets everybody in."""
        return not getattr(self.view, "login_required", True)

    @property
    def is_ours(self) -> bool:
        return str(self.view.__module__).startswith(("gallery.", "providers."))

    def address(self, values: Mapping[str, object] | None = None) -> str:
        """With `values` in place of the parameters, else with some that fit; not for regular expressions."""
        if "(?P<" in self.pattern:
            return self._of_a_regex()

        def value(match: re.Match[str]) -> str:
            return str((values or {}).get(match[2], "7" if match[1] == "int" else "x"))

        return "/" + _PARAMETER.sub(value, self.pattern)

    def _of_a_regex(self) -> str:
        """Only the admin panel has closed routes that are regular expressions: for whatever is not there."""
        assert self.pattern.startswith("admin/"), f"{self.pattern}: write how its address is made"
        return "/admin/library/" if "app_label" in self.pattern else "/admin/nothing/of/that/name"


def routes() -> list[Route]:
    return list(_routes_of(get_resolver(), ""))


def _routes_of(resolver: URLResolver, before: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield Route(before + str(entry.pattern), entry.callback)
        else:
            yield from _routes_of(entry, before + str(entry.pattern))


MARK = "marcador"  # in every word that is Alice's


@dataclass(frozen=True)
class FilledLibrary:
    """All that Alice has. `words` are never to be seen by anybody else."""

    account: LinkedAccount
    things: Mapping[str, object]

    def address(self, route: Route, names: tuple[str, ...]) -> str:
        """The route's address with Alice's things in the order of its parameters."""
        assert len(names) == len(route.parameters), route.pattern
        return route.address(
            {parameter: self.things[name] for parameter, name in zip(route.parameters, names, strict=True)}
        )

    def address_of_nothing(self, route: Route) -> str:
        """The same route with things that nobody has."""
        return route.address({"pk": 10**9, "year": 1931, "month": 2, "size": 240})


def filled_library(account: LinkedAccount) -> FilledLibrary:
    """A thing of each sort hangs from the account, which is synced and has one photo in one album."""
    photo, album = Photo.objects.get(account=account), Album.objects.get(account=account, is_inbox=False)
    collection = Collection.objects.create(
        account=account, owner=account.user, remote_id="1", title=f"{MARK} collection", album_count=1
    )
    CollectionAlbum.objects.create(collection=collection, album=album)
    upload = upload_of(account, picture(), f"{MARK}.jpg")
    batch = open_batch(account, "browser", album)
    found = entities.Photo(
        remote_id="f1", title=MARK, renditions=(entities.Rendition(url="i/nothing.jpeg", max_width=240),)
    )
    failed = upload_of(account, picture(text="failed"), f"{MARK}-failed.jpg")
    Upload.objects.filter(pk=failed.pk).update(status=Status.FAILED, reason="absent")
    app = service_apps()[account.provider_id]
    LinkedAccount.objects.filter(pk=account.pk).update(
        state=LinkedAccount.State.CONSENT, consent_url=f"{app.web_url}/yes"
    )
    things: dict[str, object] = {
        "account": account.pk,
        "username": account.remote_id,
        "album": album.pk,
        "there": album.remote_id,
        "collection": collection.pk,
        "photo": photo.pk,
        "remote photo": photo.remote_id,
        "picture key": address_key(photo.pk, photo.picture_key),
        "found key": picture_keys(account, [found])[0],
        "size": 240,
        "tag": photo.tag_names[0],
        "year": photo.taken_at.year,
        "month": photo.taken_at.month,
        "upload": upload.pk,
        "failed upload": failed.pk,
        "batch": upload.batch_id,
        "browser upload": start_browser_upload(batch, Wanted(title=f"{MARK} straight")).pk,
    }
    return FilledLibrary(account, things)
