"""Search in the own library: by tags and by words, newest first."""

from django.db.models import Exists, OuterRef

from gallery.accounts.models import LinkedAccount
from gallery.library.models import Photo, PhotoTag, Tag
from gallery.library.photo_lists import PhotoList
from gallery.library.search.fulltext import matching, terms_of
from gallery.library.search.remote import Asked
from gallery.ownership import Viewer


def search_library(user: Viewer, asked: Asked, account: LinkedAccount | None = None) -> PhotoList:
    """Photos that carry all the tags and hold all the words. Walks along the rarest tag."""
    photos = Photo.objects.visible_to(user)
    terms = terms_of(" ".join(asked.words))
    if not asked or len(terms) < bool(asked.words):
        return PhotoList(photos.none())
    if terms:
        photos = matching(photos, user.pk or 0, terms)
    if account is not None:
        photos = photos.filter(account=account)
    if not asked.tags:
        return PhotoList(photos)
    tags = list(Tag.objects.visible_to(user).filter(slug__in=asked.tags).order_by("photo_count"))
    if len(tags) < len(asked.tags):
        return PhotoList(photos.none())
    rows = PhotoTag.objects.filter(tag=tags[0])
    for tag in tags[1:]:
        rows = rows.filter(Exists(PhotoTag.objects.filter(tag=tag, photo=OuterRef("photo"))))
    if terms or account is not None:
        rows = rows.filter(photo__in=photos)
    return PhotoList(rows, prefix="photo__")
