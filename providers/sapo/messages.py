"""What SAPO's codes mean for a person: statuses of uploads, faults of its bus (docs/protocols/sapo.md)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from providers.messages import AGAIN, Messages, NextStep
from providers.sapo.protocol import FaultCode, UploadStatus

_TICKET = _("SAPO did not accept the ticket for this upload. We are getting a new one.")
_TICKET_GIVEN_UP = _("SAPO did not accept the ticket for this upload. Nothing was stored there. Try again.")
_BY_STATUS: dict[str, Promise] = {
    UploadStatus.INVALID_UPLOAD: _(
        "SAPO could not read what was sent; the file may be above its limit. Try again, or send a smaller "
        "copy."
    ),
    UploadStatus.MISSING_TOKEN: _TICKET,
    UploadStatus.INVALID_TOKEN: _TICKET,
    UploadStatus.EXHAUSTED_TOKEN: _(
        "This ticket was used before. We are checking whether the photo arrived; it is not sent twice."
    ),
    UploadStatus.INVALID_IMAGE: _(
        "SAPO lost the place reserved for this photo. We are asking for a new one."
    ),
    UploadStatus.INVALID_OWNER: _(
        "SAPO does not let {a} upload, perhaps because it is blocked. Ask SAPO, or choose another account."
    ),
    UploadStatus.NO_FILE: _("No file reached SAPO. Choose it again, or let us send our copy."),
    UploadStatus.FILE_COUNT_EXCEEDED: _("SAPO takes one file at a time. We send them one by one."),
    UploadStatus.INVALID_FILE: _(
        "The file was damaged on the way. Try again; if it fails twice, open it and save a fresh copy."
    ),
    UploadStatus.FILE_LIMIT_QUOTA_EXCEEDED: _(
        "{a} holds all the photos SAPO allows. Delete some there, or choose another account."
    ),
    UploadStatus.FILE_SIZE_QUOTA_EXCEEDED: _(
        "This file is larger than SAPO allows for {a}. Send a smaller copy (we can make it), or choose "
        "another account."
    ),
    UploadStatus.TOTAL_STORAGE_QUOTA_EXCEEDED: _(
        "Your SAPO account is full. Nothing is lost. Make room there, or choose another account."
    ),
    UploadStatus.INVALID_DIMENSIONS: _(
        "The picture is smaller than SAPO takes. Choose a larger one, or another account."
    ),
    UploadStatus.PROBLEMS_SAVING_IMAGE: _(
        "SAPO had trouble making its sizes. We clear the broken one and try again; the file is safe here."
    ),
    UploadStatus.SUCCESS: _("SAPO says that it has the photo. We are checking."),
}
_GIVEN_UP: dict[str, Promise] = {
    UploadStatus.MISSING_TOKEN: _TICKET_GIVEN_UP,
    UploadStatus.INVALID_TOKEN: _TICKET_GIVEN_UP,
    UploadStatus.EXHAUSTED_TOKEN: _(
        "This ticket was used before, and SAPO shows no photo for it. Look there first, then try again."
    ),
    UploadStatus.INVALID_IMAGE: _(
        "SAPO lost the place reserved for this photo. Nothing was stored there. Try again."
    ),
    UploadStatus.FILE_COUNT_EXCEEDED: _(
        "SAPO takes one file at a time. Nothing was stored there. Try again."
    ),
    UploadStatus.PROBLEMS_SAVING_IMAGE: _(
        "SAPO had trouble making its sizes. Nothing was stored there. Try again later."
    ),
}
_KEY_REFUSED = (FaultCode.BAD_CREDENTIALS, FaultCode.INVALID_TOKEN, FaultCode.EXPIRED_TOKEN)

MESSAGES = Messages(
    how_to_link=_("With your user name and password for it."),
    by_code=_BY_STATUS,
    given_up=_GIVEN_UP,
    same_as={**dict.fromkeys(_KEY_REFUSED, "reconnect"), FaultCode.TOO_SLOW: "unreachable"},
    next_steps={
        UploadStatus.INVALID_UPLOAD: (NextStep.SMALLER, *AGAIN),
        UploadStatus.FILE_SIZE_QUOTA_EXCEEDED: (NextStep.SMALLER, *AGAIN),
        UploadStatus.INVALID_DIMENSIONS: (NextStep.ELSEWHERE,),
        **dict.fromkeys(_KEY_REFUSED, (NextStep.RECONNECT,)),
    },
)
