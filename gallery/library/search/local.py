"""Search in the own library: by tags and by words, newest first."""

from django.db.models import Exists, OuterRef

from gallery.accounts.models import LinkedAccount
from gallery.library.fulltext import matching, terms_of
from gallery.library.models import Photo, PhotoTag, Tag
from gallery.library.photo_lists import PhotoList
from gallery.library.search.remote import SearchQuery
from gallery.ownership import Viewer


def search_library(user: Viewer, query: SearchQuery, account: LinkedAccount | None = None) -> PhotoList:
    """Photos that carry all the tags and hold all the words. Walks along the rarest tag."""
    photos = Photo.objects.visible_to(user)
    terms = terms_of(" ".join(query.words))
    if not query or len(terms) < bool(query.words):
        return PhotoList(photos.none())
    if terms:
        photos = matching(photos, user.pk or 0, terms)
    if account is not None:
        photos = photos.filter(account=account)
    if not query.tags:
        return PhotoList(photos)
    tags = list(Tag.objects.visible_to(user).filter(slug__in=query.tags).order_by("photo_count"))
    if len(tags) < len(query.tags):
        return PhotoList(photos.none())
    rows = PhotoTag.objects.filter(tag=tags[0])
    for tag in tags[1:]:
        rows = rows.filter(Exists(PhotoTag.objects.filter(tag=tag, photo=OuterRef("photo"))))
    if terms or account is not None:
        rows = rows.filter(photo__in=photos)
    return PhotoList(rows, prefix="photo__")
