"""What services and kinds of pictures are called.

A service has one name; each server of it that the site offers has its own.
"""

from providers.linking import service_apps
from providers.registry import kinds


def service_name(kind_id: str) -> str:
    """What people call the service, as in "Photos": the first word of its kind's name."""
    kind = kinds().get(kind_id)
    return kind.name.partition(" ")[0] if kind else kind_id


def app_name(provider_id: str) -> str:
    """What this site calls the server that an account is on, as in "Photos at home"."""
    app = service_apps().get(provider_id)
    return app.name if app else provider_id


def picture_kind(media_type: str) -> str:
    """What people call a kind of picture: "JPEG" for image/jpeg."""
    return media_type.rpartition("/")[2].removeprefix("x-").removeprefix("ms-").partition("+")[0].upper()
