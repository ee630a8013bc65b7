"""Comments under one's own photo. Lists leave them out, so they are asked for when they are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gallery.library.models import Photo
from gallery.remote.ask import Query, ask, cached_reply
from gallery.remote.deadline import NoReply
from gallery.remote.limits import COMMENTS
from providers.contract.base import PhotoEditing, PhotoService
from providers.contract.entities import Comment
from providers.contract.errors import NotFound, ProviderError


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`has_answered` is False where the service did not in time, or could not; then they are our copy's."""

    comments: Sequence[Comment] = ()
    has_answered: bool = True


def read_comments(photo: Photo) -> Reply:
    """Asks the service, unless it answered within the last two minutes."""
    query = _comments_of(photo)
    if photo.account.needs_person:
        cached = cached_reply(photo.account, query)
        return _of_our_copy(photo) if cached is None else Reply(comments=cached)
    try:
        comments = ask(photo.account, query)
    except NotFound:
        return Reply()
    except (NoReply, ProviderError):
        return _of_our_copy(photo)
    return Reply(comments=comments)


def _comments_of(photo: Photo) -> Query[tuple[Comment, ...]]:
    remote_id = photo.remote_id

    def work(service: PhotoService) -> tuple[Comment, ...]:
        assert isinstance(service, PhotoEditing)
        return service.photo(remote_id).comments

    return Query(limits=COMMENTS, name="comments", arguments=(remote_id,), work=work)


def _of_our_copy(photo: Photo) -> Reply:
    """What the library's row has of them; dates lie in it as text."""
    comments = [
        Comment(
            author=row["author"],
            body=row["body"],
            written_at=datetime.fromisoformat(row["written_at"]) if row["written_at"] else None,
        )
        for row in photo.comments
    ]
    return Reply(comments=comments, has_answered=False)
