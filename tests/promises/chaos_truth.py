"""Prints as JSON what became of all uploads of a site: by its rows, by its services and on its disk.

Run beside a site by tests/promises/chaos.py, with the site's own DATA_DIR.
"""

import hashlib
import json
import os
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.test import override_settings  # noqa: E402

from gallery.library.models import CachedPicture, Photo  # noqa: E402
from gallery.uploads import files  # noqa: E402
from gallery.uploads.models import Upload, UploadBatch  # noqa: E402
from gallery.uploads.states import UNFINISHED, Status  # noqa: E402
from providers.orange.server.models import MediaObject, OrangeAlbum  # noqa: E402
from providers.sapo.server.models import Album, Image  # noqa: E402


def _sha256(name: str) -> str:
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stored_there() -> dict[str, Counter[str]]:
    """How often each file lies on each service."""
    sapo = Image.objects.filter(is_pending=False).values_list("file_name", flat=True)
    orange = MediaObject.objects.values_list("stored_name", flat=True)
    return {"sapo": Counter(map(_sha256, sapo)), "orange": Counter(map(_sha256, orange))}


def left_over() -> dict[str, list[str]]:
    """Files on the site's disk that no row knows; smaller pictures can be made again at any time.

    `here` is what stays when our own clearing has come by, which waits a day, and now does not.
    """
    with override_settings(UPLOAD_STRAY_AFTER=timedelta(0)):
        swept = files.clear_strays()
    media = Path(settings.MEDIA_ROOT)
    known = {
        *Upload.objects.values_list("file", flat=True),
        *Image.objects.values_list("file_name", flat=True),
        *MediaObject.objects.values_list("stored_name", flat=True),
        *CachedPicture.objects.values_list("name", flat=True),
    }
    there = (str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())
    left = sorted(name for name in there if name not in known and not name.startswith("renditions/"))
    at_services = [name for name in left if name.startswith(("sapo/", "orange/", "incoming/"))]
    return {
        "swept": [str(swept)],
        "here": [name for name in left if name not in at_services],
        "at_services": at_services,
    }


def albums_made() -> dict[str, int]:
    """How many albums the services have beside the inboxes, and how many of our forms asked for one."""
    requested = UploadBatch.objects.exclude(new_album_title="").filter(uploads__isnull=False).distinct()
    made = Album.objects.filter(is_special=False).count() + OrangeAlbum.objects.filter(is_inbox=False).count()
    return {"made": made, "asked": requested.count()}


def truth() -> dict[str, Any]:
    """`doubled`, `not_there` and `unknown_there` compare rows with what the services hold."""
    there = stored_there()
    uploads = list(Upload.objects.select_related("account", "photo"))
    doubled = [sha for counted in there.values() for sha, number in counted.items() if number > 1]
    rows = Counter((upload.account.kind, upload.sha256) for upload in uploads)
    doubled += [sha for (_, sha), number in rows.items() if number > 1]
    stored = [upload for upload in uploads if upload.status == Status.STORED]
    wanted = {(upload.account.kind, upload.sha256) for upload in stored}
    return {
        "accepted": sorted({upload.sha256 for upload in uploads}),
        "stored": len(stored),
        "failed": [f"{u.pk} {u.account.kind} {u.reason}" for u in uploads if u.status == Status.FAILED],
        "unsettled": sum(upload.status in UNFINISHED for upload in uploads),
        "doubled": doubled,
        "not_there": [
            u.pk for u in stored if not there[u.account.kind][u.sha256] or u.photo is None or u.file
        ],
        "unknown_there": [
            f"{kind} {sha}" for kind, counted in there.items() for sha in counted if (kind, sha) not in wanted
        ],
        "photos": Photo.objects.count(),
        "pending": Image.objects.filter(is_pending=True).count(),
        "albums": albums_made(),
        "left_over": left_over(),
    }


if __name__ == "__main__":
    json.dump(truth(), sys.stdout)
