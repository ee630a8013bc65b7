"""What Orange's codes mean for a person (docs/protocols/orange.md, Errors)."""

from django.utils.translation import gettext_lazy as _

from providers.messages import AGAIN, Messages, NextStep
from providers.orange.protocol import ErrorCode, GatewayCode

_UNAUTHORIZED = "401"
_GONE = _("This is no longer on Orange. Sync now, or choose another album.")
_KEY = _("Orange no longer accepts this key. Connect again; whatever is waiting then continues by itself.")

MESSAGES = Messages(
    how_to_link=_("You agree on Orange's own page; your password stays there."),
    by_code={
        GatewayCode.ACCESS_DENIED: _(
            "Orange asks for your permission before Pomar may do this. Go to Orange's page; we "
            "continue afterwards."
        ),
        GatewayCode.INVALID_TOKEN: _KEY,
        GatewayCode.TOKEN_EXPIRED: _KEY,
        _UNAUTHORIZED: _KEY,
        ErrorCode.OWNER_UNKNOWN: _("Orange has no photo account for {a}. Open one there, or link another."),
        ErrorCode.ALBUM_UNKNOWN: _GONE,
        ErrorCode.MEDIA_OBJECT_UNKNOWN: _GONE,
        ErrorCode.BAD_IMAGE: _(
            "Orange cannot read this picture. Send another copy, or choose another account."
        ),
        ErrorCode.FILE_TOO_LARGE: _(
            "Orange takes no file this large. Send another copy, or choose another account."
        ),
        ErrorCode.STORAGE_FULL: _(
            "Orange has no room left for {a}. The file is safe here. Make room there, or choose another "
            "account."
        ),
        ErrorCode.BAD_TITLE: _("Orange needs a title, not too long. Shorten it; the rest stays as it is."),
    },
    next_steps={
        ErrorCode.BAD_IMAGE: (NextStep.SMALLER, *AGAIN),
        ErrorCode.FILE_TOO_LARGE: (NextStep.SMALLER, *AGAIN),
        ErrorCode.BAD_TITLE: (NextStep.EDIT, *AGAIN),
        ErrorCode.ALBUM_UNKNOWN: (NextStep.ELSEWHERE,),
        ErrorCode.MEDIA_OBJECT_UNKNOWN: (NextStep.ELSEWHERE,),
        GatewayCode.ACCESS_DENIED: (NextStep.CONSENT,),
        **dict.fromkeys(
            [GatewayCode.INVALID_TOKEN, GatewayCode.TOKEN_EXPIRED, _UNAUTHORIZED], (NextStep.RECONNECT,)
        ),
    },
)
