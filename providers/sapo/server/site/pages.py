"""The pages that the URLs in responses lead to (docs/protocols/sapo.md, 1.4): plain, public, with feeds.

Everybody may see what its owner shows to everybody. What has a password asks for it; what is
pending, inactive or of a banned person is not there.
"""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from providers.sapo.protocol import PAGE_SIZE
from providers.sapo.server.endpoints import ServerUrls
from providers.sapo.server.models import Album, Collection, Image, Person
from providers.sapo.server.public_photos import PublicPhotos, page_number, usable_person
from providers.sapo.server.site.cards import album_cards, path_of, photo_cards, picture_path
from providers.sapo.server.site.passwords import is_open, try_password


def person_or_404(username: str) -> Person:
    person = usable_person(username)
    if person is None:
        raise Http404
    return person


def _number(request: HttpRequest, name: str) -> int | None:
    """A number of the query, None when there is none. Raises Http404 for anything else."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    return int(text)


def _list(request: HttpRequest, photos: PublicPhotos, **context: object) -> HttpResponse:
    """A page of a list of photos, with the feeds of the same list."""
    page, total = page_number(request.GET.get("page", "")), photos.total()
    urls = ServerUrls(request)
    rest = {name: value for name, value in request.GET.items() if name != "page"}
    context |= {
        "photos": photo_cards(photos.images(page, PAGE_SIZE), urls),
        "total": total,
        "newer": urlencode({**rest, "page": page - 1}) if page > 1 else "",
        "older": urlencode({**rest, "page": page + 1}) if page * PAGE_SIZE < total else "",
        "feed_query": urlencode(
            {"u": photos.person.username if photos.person else "", "tag": photos.tag},
        ),
    }
    return render(request, "sapo_server/photos.html", context)


def _ask_password(request: HttpRequest, item: Image | Album, title: str) -> HttpResponse:
    """The page that asks for a password; a right one leads back to the page itself."""
    error = ""
    if request.method == "POST":
        error = try_password(request, item)
        if not error:
            return redirect(request.get_full_path())
    return render(request, "sapo_server/password.html", {"title": title, "error": error})


@login_not_required
@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """Everybody: the newest public photos of all people."""
    return _list(request, PublicPhotos(), title=_("Newest photos"))


@login_not_required
@require_safe
def tagged(request: HttpRequest, tag: str) -> HttpResponse:
    """Everybody: the public photos with a tag."""
    return _list(request, PublicPhotos(tag=tag[:100]), title=tag[:100])


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def fotos(request: HttpRequest, username: str, slug: str = "") -> HttpResponse:
    """Everybody: a person's public photos, or with `uid` one photo."""
    if uid := request.GET.get("uid", ""):
        return _photo(request, username, uid)
    if slug:
        raise Http404
    person = person_or_404(username)
    return _list(request, PublicPhotos(person=person), title=person.username, person=person)


def _photo(request: HttpRequest, username: str, uid: str) -> HttpResponse:
    shown = Image.objects.filter(is_pending=False, is_active=True, is_inappropriate=False)
    image = shown.select_related("owner").filter(uid=uid, owner=person_or_404(username)).first()
    if image is None:
        raise Http404
    if not is_open(request, image):
        return _ask_password(request, image, _("This photo has a password"))
    if image.is_adult and request.GET.get("m18") != "true":
        return render(request, "sapo_server/adult.html", {"onward": request.GET.urlencode() + "&m18=true"})
    Image.objects.filter(pk=image.pk).update(visualizations=F("visualizations") + 1)
    urls = ServerUrls(request)
    tags = [tag for tag in image.tags.split(",") if tag]
    context = {
        "image": image,
        "views": image.visualizations + 1,
        "src": picture_path(image, urls, "940x705"),
        "large": picture_path(image, urls, "large"),
        "original": picture_path(image, urls, "original"),
        "tags": [(tag, path_of(urls.tag(tag))) for tag in tags],
        "albums": album_cards(
            image.albums.filter(is_active=True, is_special=False).select_related("owner"), urls
        ),
        "comments": image.comments.filter(is_approved=True),
        "gallery_url": path_of(urls.gallery(image.owner.username)),
        "feed_query": urlencode({"u": image.owner.username}),
    }
    return render(request, "sapo_server/photo.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def albums(request: HttpRequest, username: str) -> HttpResponse:
    """Everybody: a person's albums, or with `aid` the public photos of one."""
    person, number = person_or_404(username), _number(request, "aid")
    shown = Album.objects.filter(owner=person, is_active=True).select_related("owner")
    if number is None:
        return _albums(request, person, shown.order_by("-created_at", "-id")[:500])
    album = shown.filter(number=number).first()
    if album is None:
        raise Http404
    if not is_open(request, album):
        return _ask_password(request, album, _("This album has a password"))
    photos = PublicPhotos(person=person, album=album)
    return _list(request, photos, title=album.title, lead=album.description, person=person)


def _albums(request: HttpRequest, person: Person, shown: object, title: str = "") -> HttpResponse:
    context = {
        "title": title or _("Albums of %(name)s") % {"name": person.username},
        "person": person,
        "albums": album_cards(shown, ServerUrls(request)),  # type: ignore[arg-type]
        "feed_query": urlencode({"u": person.username}),
    }
    return render(request, "sapo_server/albums.html", context)


@login_not_required
@require_safe
def collections(request: HttpRequest, username: str) -> HttpResponse:
    """Everybody: the albums of one of a person's collections."""
    person, number = person_or_404(username), _number(request, "cid")
    collection = Collection.objects.filter(owner=person, is_active=True, pk=number or 0).first()
    if collection is None:
        raise Http404
    shown = collection.albums.filter(is_active=True).select_related("owner")
    return _albums(request, person, shown.order_by("collectionalbum__position"), collection.title)


@login_not_required
@require_safe
def profile(request: HttpRequest, username: str) -> HttpResponse:
    """Everybody: who a person is, their newest public photos, albums and tags. Never their e-mail."""
    person, urls = person_or_404(username), ServerUrls(request)
    shown = Album.objects.filter(owner=person, is_active=True, safe_count__gt=0).select_related("owner")
    tags = person.tags.filter(safe_count__gt=0).order_by("-safe_count", "key")[:60]
    context = {
        "person": person,
        "avatar": path_of(urls.avatar(person.username)),
        "gallery_url": path_of(urls.gallery(person.username)),
        "photos": photo_cards(PublicPhotos(person=person).images(1, 12), urls),
        "albums": album_cards(shown.order_by("-created_at")[:12], urls),
        "tags": [(tag.name, path_of(urls.tag(tag.name)), tag.safe_count) for tag in tags],
        "feed_query": urlencode({"u": person.username}),
    }
    return render(request, "sapo_server/profile.html", context)
