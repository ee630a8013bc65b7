"""Whole pages and parts of lists, cached for one version of a person's library.

Any change of the library gives it another version (store/counters.py), and what else a page shows is part
of the key; so nothing has to be thrown away, and what is not asked for any more ends by itself. The
frame of a page costs more than all its queries: decision 20.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache as remember
from hashlib import blake2b

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Timeline
from gallery.look import THEME_COOKIE
from gallery.ownership import Viewer
from gallery.templates_loading import folders_of_apps

_SECONDS = 900


@dataclass(frozen=True, slots=True)
class PageVersion:
    """What a person's pages depend on beside their address: read at each request, in two queries."""

    version: int
    photo_count: int
    accounts: list[LinkedAccount]

    def key(self) -> tuple[object, ...]:
        troubled = LinkedAccount.State.OK
        return (
            self.version,
            *((one.pk, one.label, one.state, one.state_code) for one in self.accounts),
            *(
                one.sync.finished_at
                for one in self.accounts
                if one.state != troubled and hasattr(one, "sync")
            ),
        )


Page = tuple[str, Mapping[str, object]]  # a template and its context


def page_version_of(user: Viewer) -> PageVersion:
    timeline = Timeline.objects.filter(pk=user.pk).values_list("version", "photo_count").first()
    accounts = LinkedAccount.objects.visible_to(user).select_related("sync")
    return PageVersion(*(timeline or (0, 0)), list(accounts))


def cached_page(request: HttpRequest, *name: object, make: Callable[[PageVersion], Page]) -> HttpResponse:
    """The page that `make` describes, or the same page rendered before. What `make` raises is not cached.

    A library without photos is about to change, and messages are shown once: such pages are not cached.
    """
    page_version = page_version_of(request.user)

    def render() -> str:
        template, context = make(page_version)
        return render_to_string(template, {**context, "csrf_token": _csrf_mark()}, request)

    if not page_version.photo_count or len(get_messages(request)):
        html = render()
    else:
        person = request.user
        frame = (
            request.COOKIES.get(THEME_COOKIE),
            person.get_username(),
            person.is_staff,
            request.GET.get("q"),
        )
        html = _cached(request.user, (*name, *frame, *page_version.key()), render)
    return HttpResponse(html.replace(_csrf_mark(), get_token(request)))


def cached_part(request: HttpRequest, *name: object, make: Callable[[PageVersion], Page]) -> HttpResponse:
    """The same for a part of a list, without the frame: for htmx."""
    page_version = page_version_of(request.user)

    def render() -> str:
        template, context = make(page_version)
        return render_to_string(template, dict(context))

    return HttpResponse(_cached(request.user, ("part", *name, *page_version.key()), render))


def _cached(user: Viewer, name: tuple[object, ...], render: Callable[[], str]) -> str:
    whole_name = repr((name, get_language(), release()))
    digest = blake2b(whole_name.encode("utf-8", "backslashreplace"), digest_size=16)
    key = f"page:{user.pk}:{digest.hexdigest()}"
    found: str | None = cache.get(key)
    if found is None:
        found = render()
        cache.set(key, found, _SECONDS)
    return found


@remember
def release() -> str:
    """What pages are made of: one cached before an upgrade names style sheets that are gone."""
    digest = blake2b(str(getattr(staticfiles_storage, "manifest_hash", "")).encode(), digest_size=16)
    for folder in (settings.FILES_DIR / "templates", *folders_of_apps(), *settings.LOCALE_PATHS):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(file.read_bytes())
    return digest.hexdigest()


@remember
def _csrf_mark() -> str:
    """Stands in a cached page where the request's own token goes; nobody can write it into a title."""
    return salted_hmac("gallery.library.page_cache", "csrf", algorithm="sha256").hexdigest()
