"""Sends a folder of real photographs through the real upload pipeline, sub-folders as albums."""

import hashlib
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.contrib.auth.models import User

from gallery.accounts.models import LinkedAccount
from gallery.demo.accounts import Say, open_and_link, servers
from gallery.library.models import Album
from gallery.uploads.delivery.albums import NewAlbum
from gallery.uploads.files import incoming_folder
from gallery.uploads.models import Upload, UploadBatch
from gallery.uploads.receiving.accept import FileRefused, Wanted, accept, open_batch
from gallery.uploads.receiving.handler import Incoming
from gallery.uploads.receiving.refusals import refusal
from gallery.uploads.states import UNFINISHED
from providers.configuration import builtin_id
from providers.server.manifest import ManifestPhoto, read_manifest

_IDLE_TIMEOUT = 600  # seconds without any upload coming to its end


def send_folder(user: User, folder: Path, say: Say) -> None:
    """Every picture below `folder` becomes an upload; says how they end."""
    ids = [builtin_id(kind_id) for kind_id in servers()]  # the first of these that is linked takes them
    linked = LinkedAccount.objects.visible_to(user).filter(provider_id__in=ids)
    if not linked.exists():
        # Only then: setting the password again at the server would end the key that is in use.
        open_and_link(user)
    account = min(linked, key=lambda each: ids.index(each.provider_id))
    accepted: list[int] = []
    for photo in read_manifest(folder).photos:
        try:
            accepted.append(_accept(account, folder, photo).pk)
        except (FileRefused, OSError) as error:
            reason = error.reason if isinstance(error, FileRefused) else "not_kept"
            say(f"{photo.path.name}: {refusal(reason, photo.path.name, account.label)}")
    say(f"{len(set(accepted))} photographs are safe here; sending them to {account.label} ...")
    for line in _outcomes(accepted):
        say(line)


def _accept(account: LinkedAccount, folder: Path, photo: ManifestPhoto) -> Upload:
    return accept(_batch(account, folder, photo), _incoming(photo.path), Wanted(title=photo.title))


def _batch(account: LinkedAccount, folder: Path, photo: ManifestPhoto) -> UploadBatch:
    """One batch a sub-folder; running the command again fills the same album."""
    album = Album.objects.filter(account=account, title=photo.album).first() if photo.album else None
    key = hashlib.sha256(f"{folder.resolve()}\0{photo.album}".encode()).hexdigest()[:32]
    return open_batch(account, key, album, None if album else NewAlbum(title=photo.album))


def _incoming(path: Path) -> Incoming:
    """A copy in the place where files of browsers come in: the original stays as it is."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        copy = tempfile.NamedTemporaryFile(dir=incoming_folder(), delete=False)  # noqa: SIM115 (Incoming closes it)
        shutil.copyfileobj(source, copy, 1024 * 1024)
    copy.flush()
    return Incoming(copy, path.name, path.stat().st_size, digest)


def _outcomes(ids: list[int]) -> Iterator[str]:
    """A line whenever the picture has changed, until all have ended or nothing moves any more."""
    last_line, last_change = "", time.monotonic()
    while True:
        counts = Counter(Upload.objects.filter(pk__in=ids).values_list("status", flat=True))
        line = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
        if line != last_line:
            last_line, last_change = line, time.monotonic()
            yield line
        if not any(counts[status] for status in UNFINISHED):
            return
        if time.monotonic() - last_change > _IDLE_TIMEOUT:
            yield "Nothing has moved for ten minutes; is a worker running?"
            return
        time.sleep(1)
