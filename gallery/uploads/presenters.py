"""An upload and a batch as pages show them: a word, how far it is, a sentence, what can be done."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.accounts.messages import next_steps, sentence
from gallery.accounts.models import LinkedAccount
from gallery.library.models import Photo
from gallery.presentation.names import service_name
from gallery.uploads.models import Upload, UploadBatch
from gallery.uploads.states import IN_FLIGHT, UNFINISHED, Status
from providers.messages import NextStep

# Status -> class of the row, icon and tone of its word (templates/uploads/_row.html).
_LOOKS = {
    Status.ASKING: ("is-asking", "copy", "warn"),
    Status.QUEUED: ("is-queued", "clock", ""),
    Status.SENDING: ("is-sending", "upload", "busy"),
    Status.AWAITING_CALLBACK: ("is-waiting", "wait", "busy"),
    Status.CONFIRMING: ("is-confirming", "clock", "busy"),
    Status.STORED: ("is-stored", "check", "good"),
    Status.FAILED: ("is-failed", "stop", "bad"),
    Status.CANCELLED: ("is-cancelled", "close", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPresenter:
    """`percent` is None where there is no bar. `steps` are names of NextStep."""

    upload: Upload
    look: str
    icon: str
    tone: str
    word: str
    percent: int | None
    say: str
    code: str
    steps: Sequence[str]
    photo_url: str


def present_upload(upload: Upload) -> UploadPresenter:
    status, account = Status(upload.status), upload.account
    look, icon, tone = _LOOKS[status]
    waits_for_person = status == Status.QUEUED and account.needs_person
    if waits_for_person:
        look, icon, tone = "is-paused", "pause", "warn"
    say, code, steps = _message(upload, status, account, waits_for_person=waits_for_person)
    return UploadPresenter(
        upload=upload,
        look=look,
        icon=icon,
        tone=tone,
        word=_word(upload, status, waits_for_person=waits_for_person),
        percent=_percent(upload, status),
        say=say,
        code=code,
        steps=steps,
        photo_url=photo_url(upload.photo or upload.same_as),
    )


def tone_of(status: Status) -> str:
    return _LOOKS[status][2]


def _word(upload: Upload, status: Status, *, waits_for_person: bool) -> str:
    if waits_for_person:
        return _("Waiting for you")
    if status == Status.AWAITING_CALLBACK:
        return _("Waiting for %(service)s") % {"service": service_name(upload.account.kind)}
    if status == Status.SENDING and (percent := _percent(upload, status)):
        return f"{percent} %"
    return str(status.label)


def _percent(upload: Upload, status: Status) -> int | None:
    if status not in IN_FLIGHT or upload.route == Upload.Route.BROWSER:
        return None
    if status != Status.CONFIRMING and upload.byte_size and upload.lease_owner:
        return min(100, 100 * upload.sent_bytes // upload.byte_size)
    return 0 if status == Status.SENDING else 100


def _message(
    upload: Upload, status: Status, account: LinkedAccount, *, waits_for_person: bool
) -> tuple[str, str, Sequence[str]]:
    """(sentence, the code behind it, what can be done)."""
    if waits_for_person:
        code = account.state_code or account.state
        step = NextStep.CONSENT if account.state == LinkedAccount.State.CONSENT else NextStep.RECONNECT
        return sentence(account.kind, code, account.label, state=account.state), code, [step]
    if status == Status.ASKING:
        title = str(upload.same_as) if upload.same_as else upload.filename
        return _("The same picture is already here: %(title)s.") % {"title": title}, "", []
    if not upload.reason or status in (Status.STORED, Status.CANCELLED):
        return "", "", []
    is_given_up = status == Status.FAILED
    text = sentence(account.kind, upload.reason, account.label, is_given_up=is_given_up)
    return text, upload.reason, _steps(upload, status)


def _steps(upload: Upload, status: Status) -> Sequence[str]:
    if status != Status.FAILED:
        return []
    if upload.route == Upload.Route.BROWSER:
        return [NextStep.RETRY]
    return list(next_steps(upload.account.kind, upload.reason)) if upload.file else []


def photo_url(photo: Photo | None) -> str:
    """The photo's page in the library, "" without one."""
    return reverse("library:photo", args=[photo.pk]) if photo else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPresenter:
    """A batch with the uploads that are shown of it."""

    batch: UploadBatch
    uploads: Sequence[UploadPresenter]
    total: int
    moving: int
    is_safe_here: bool  # what is on its way lies with us; what a browser sends by itself does not
    headline: str
    detail: str
    percent: int


def present_batch(batch: UploadBatch, uploads: Iterable[Upload], counts: Counter[str]) -> BatchPresenter:
    """`counts` are of the whole batch, by status."""
    total = counts.total()
    moving = sum(counts[status] for status in UNFINISHED)
    files = ngettext("%(n)s file", "%(n)s files", total) % {"n": total}
    if moving:
        on_their_way = ngettext(
            "%(files)s, %(moving)s on its way", "%(files)s, %(moving)s on their way", moving
        )
        headline = on_their_way % {"files": files, "moving": moving}
    else:
        headline = files
    shown = list(uploads)
    return BatchPresenter(
        batch=batch,
        uploads=[present_upload(upload) for upload in shown],
        is_safe_here=bool(moving) and all(upload.route == Upload.Route.WORKER for upload in shown),
        total=total,
        moving=moving,
        headline=headline,
        detail=_detail(counts),
        percent=100 * (total - moving) // total if total else 100,
    )


def _detail(counts: Counter[str]) -> str:
    """ "2 stored, 1 needs your answer" and so on; statuses that none has are left out."""
    texts = {
        Status.STORED: ngettext("%(n)s stored", "%(n)s stored", counts[Status.STORED]),
        Status.ASKING: ngettext("%(n)s needs your answer", "%(n)s need your answer", counts[Status.ASKING]),
        Status.FAILED: ngettext("%(n)s did not arrive", "%(n)s did not arrive", counts[Status.FAILED]),
        Status.CANCELLED: ngettext("%(n)s cancelled", "%(n)s cancelled", counts[Status.CANCELLED]),
    }
    return ", ".join(text % {"n": counts[status]} for status, text in texts.items() if counts[status])
