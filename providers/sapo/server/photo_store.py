"""Saves photos, and with them who may see them and the counters that lists read instead of counting.

Every change of a photo goes through `update_image`: the copies on its albums and tags, "Ao Molho" and
all counters follow in the same transaction.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models, transaction

from providers.sapo.server.models import Album, Audience, Image, ImageAlbum, ImageTag, Person, PersonTag
from providers.sapo.server.queries import albums_holding, image_to_change, increment, update_rows
from providers.sapo.server.wire.tags import MAX_TAG_LENGTH

# (model, primary key, field) -> how much one photo adds there.
_Counts = Counter[tuple[type[models.Model], int, str]]


def sort_key(text: str) -> str:
    """`text` as lists are ordered and searched: small letters, no accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def audience_of(image: Image) -> Audience:
    """Who may see `image`, its owner being in good standing."""
    if image.is_pending:
        return Audience.NOBODY
    if not image.is_active or image.is_inappropriate or image.sealed_password:
        return Audience.OWNER
    return Audience.ADULTS if image.is_adult else Audience.EVERYBODY


@contextmanager
def update_image(image: Image) -> Iterator[Image]:
    """The locked row of `image`, to be changed in the block; its end saves it and all that depends on it.

    Placements may be added and removed in the block too. Raises Image.DoesNotExist when the photo
    is gone. `image.tags` is the joined string of the wire.
    """
    with transaction.atomic():
        locked = _locked(image)
        before, stored = _counts_of(locked), dict(locked.__dict__)
        yield locked
        _write(locked, stored)
        _update_counters(locked, before, _counts_of(locked))


def save_new_image(image: Image) -> None:
    """Save a new photo with its tags; it is in "Ao Molho" until it is put into an album."""
    with transaction.atomic():
        _write(image, {})
        _update_counters(image, Counter(), _counts_of(image))


def remove_image(image: Image) -> Image:
    """Delete a photo and all that depends on it. Returns the row as it was, for its files to be removed."""
    with transaction.atomic():
        locked = _locked(image)
        before = _counts_of(locked)
        Image.objects.filter(pk=locked.pk).delete()
        _update_counters(locked, before, Counter())
    return locked


def _locked(image: Image) -> Image:
    if (locked := image_to_change(image.pk)) is None:
        raise Image.DoesNotExist
    return locked


def increment_page_version(image: Image) -> None:
    """Make the cached pages of this owner out of date (operations/page_cache.py)."""
    increment(Person, image.owner_id, {"page_version": 1})


def _write(image: Image, stored: dict[str, object]) -> None:
    """Write what differs from `stored`, the row's values by name; all of a new photo, which has none."""
    image.audience = audience_of(image)
    image.title_key = sort_key(image.title)[:100]
    image.search_text = sort_key(f"{image.title}\n{image.synopse}\n{image.tags}")
    if stored:
        update_rows(Image, "id", image.pk, _changed(image, stored))
    else:
        image.save()
    if image.tags != stored.get("tags", ""):
        _write_tags(image)
    _update_special_album(image)
    copies = {"audience": image.audience, "created_at": image.created_at}
    update_rows(ImageAlbum, "image_id", image.pk, copies)
    if image.tags:
        update_rows(ImageTag, "image_id", image.pk, copies)


def _changed(image: Image, stored: dict[str, object]) -> dict[str, object]:
    now = {each.attname: getattr(image, each.attname) for each in Image._meta.concrete_fields}
    return {name: value for name, value in now.items() if value != stored[name]}


def _write_tags(image: Image) -> None:
    wanted = {tag.casefold()[:MAX_TAG_LENGTH]: tag for tag in image.tags.split(",") if tag}
    present = set(ImageTag.objects.filter(image=image).values_list("key", flat=True))
    if gone := present - wanted.keys():
        ImageTag.objects.filter(image=image, key__in=gone).delete()
    if new := wanted.keys() - present:
        PersonTag.objects.bulk_create(
            [PersonTag(owner_id=image.owner_id, key=key, name=wanted[key]) for key in sorted(new)],
            ignore_conflicts=True,
        )
        ImageTag.objects.bulk_create(
            ImageTag(image=image, owner_id=image.owner_id, key=key, created_at=image.created_at)
            for key in sorted(new)
        )


def _update_special_album(image: Image) -> None:
    """ "Ao Molho" holds exactly the photos that are in no other album."""
    held = albums_holding(image.pk)
    if len(held) > 1:
        for special_id in (pk for pk, is_special in held if is_special):
            ImageAlbum.objects.filter(image_id=image.pk, album_id=special_id).delete()
    if held:
        return
    special = Album.objects.filter(owner_id=image.owner_id, is_special=True).first()
    if special is not None:
        ImageAlbum.objects.get_or_create(
            image=image, album=special, defaults={"created_at": image.created_at}
        )


def _counts_of(image: Image) -> _Counts:
    """What `image` adds to each counter; nothing while its file has not arrived."""
    counts: _Counts = Counter()
    if image.audience == Audience.NOBODY:
        return counts
    columns = ["image_count"]
    columns += ["public_count"] if image.audience >= Audience.ADULTS else []
    columns += ["safe_count"] if image.audience == Audience.EVERYBODY else []
    places: list[tuple[type[models.Model], int]] = [(Person, image.owner_id)]
    places += [(Album, pk) for pk, _is_special in albums_holding(image.pk)]
    if image.tags:
        keys = ImageTag.objects.filter(image_id=image.pk).values("key")
        tags = PersonTag.objects.filter(owner_id=image.owner_id, key__in=keys)
        places += [(PersonTag, pk) for pk in tags.values_list("pk", flat=True)]
    for model, pk in places:
        counts.update({(model, pk, column): 1 for column in columns})
    counts[Person, image.owner_id, "stored_bytes"] = image.byte_size
    return counts


def _update_counters(image: Image, before: _Counts, after: _Counts) -> None:
    """Add the difference to the rows, in one fixed order so that two changes cannot lock each other out.

    What the lists of the owner show may have changed in any case (`increment_page_version`).
    """
    changes: dict[tuple[type[models.Model], int], dict[str, int]] = {}
    changes[Person, image.owner_id] = {"page_version": 1}
    for model, pk, column in before.keys() | after.keys():
        if change := after[model, pk, column] - before[model, pk, column]:
            changes.setdefault((model, pk), {})[column] = change
    for model, pk in sorted(changes, key=lambda place: (place[0].__name__, place[1])):
        increment(model, pk, changes[model, pk])
    if any(model is PersonTag for model, _ in changes):
        PersonTag.objects.filter(
            pk__in=[pk for model, pk in changes if model is PersonTag], image_count=0
        ).delete()
