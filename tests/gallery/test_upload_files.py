"""Our copies of files: there as long as they are needed, and no longer."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from gallery.uploads import files
from gallery.uploads.models import Upload
from gallery.uploads.services import cancel_upload
from gallery.uploads.states import Status
from tests.support.fake_service import Truth
from tests.support.linking import link, upload_of
from tests.support.painting import picture

pytestmark = pytest.mark.django_db


def test_accepted_file_is_synced_before_its_row_is_written(alice: User, truth: Truth) -> None:
    account = link(alice)
    done: list[str] = []

    def recorded(name: str, verb: Callable[..., Any]) -> Callable[..., Any]:
        def tell(*args: Any, **kwargs: Any) -> Any:
            done.append(name)
            return verb(*args, **kwargs)

        return tell

    with (
        mock.patch("os.fsync", recorded("sync", os.fsync)),
        mock.patch.object(Path, "replace", recorded("rename", Path.replace)),
        mock.patch.object(Upload.objects, "create", recorded("row", Upload.objects.create)),
    ):
        upload = upload_of(account, picture(text="apple"))
    assert done[:3] == ["sync", "rename", "sync"] and done[-1] == "row"
    assert oct(Path(upload.file.path).stat().st_mode & 0o777) == "0o600"


def test_disk_that_is_full_leaves_nothing_half_done(alice: User, truth: Truth) -> None:
    account = link(alice)
    with mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")), pytest.raises(OSError):
        upload_of(account, picture(text="apple"))
    assert not Upload.objects.exists()
    folder = files.incoming_folder()
    assert folder is not None and not list(folder.iterdir())


def test_files_go_with_their_account(
    alice: User, truth: Truth, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    account = link(alice)
    names = [str(upload_of(account, picture(text=f"{n}"), f"{n}.jpg").file) for n in range(2)]
    with django_capture_on_commit_callbacks(execute=True):
        account.delete()
    assert not any(default_storage.exists(name) for name in names)


def test_strays_are_cleared_and_named_files_are_kept(alice: User, truth: Truth) -> None:
    upload = upload_of(link(alice), picture(text="apple"))
    folder = files.incoming_folder()
    assert folder is not None
    old, young, inside = folder / "old", folder / "young", folder / "tmpdir" / "copy"
    for path in (old, young, inside):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    yesterday = time.time() - 90_000
    for path in (old, inside, Path(upload.file.path)):
        os.utime(path, (yesterday, yesterday))
    assert files.clear_strays() == 2
    assert not old.exists() and not inside.exists() and young.exists() and Path(upload.file.path).exists()
    young.unlink()
    inside.parent.rmdir()


def test_file_that_goes_while_strays_are_looked_for_stops_nothing(alice: User, truth: Truth) -> None:
    folder = files.incoming_folder()
    assert folder is not None
    stray = folder / "stray"
    stray.write_bytes(b"x")
    yesterday = time.time() - 90_000
    os.utime(stray, (yesterday, yesterday))
    names = [f"{files.INCOMING}/gone", f"{files.INCOMING}/stray"]
    assert files.clear_strays(names) == 1
    assert not stray.exists()


def test_file_of_a_cancelled_upload_is_kept_a_week(alice: User, truth: Truth) -> None:
    upload = upload_of(link(alice), picture(text="apple"))
    cancel_upload(upload)
    assert files.clear_old_files() == 0 and upload.file
    Upload.objects.update(updated_at=timezone.now() - timedelta(days=8))
    assert files.clear_old_files() == 1
    upload.refresh_from_db()
    assert (str(upload.file), upload.status) == ("", Status.CANCELLED)
