"""An account at Orange Personal Photos, in the gallery's words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

from providers.client.http import Http
from providers.contract.accepts import Accepts, check
from providers.contract.entities import Album, Draft, Photo, Picture, Rendition, Ticket, Visibility
from providers.contract.errors import NotFound
from providers.orange.client import AlbumAnswer, MediaObjectAnswer, OrangeClient
from providers.orange.failures import PROVIDER
from providers.orange.policy import POLICY
from providers.orange.protocol import INBOX_TITLE, MAX_TITLE, MEDIA_TYPES, PATH, PRECOMPUTED_BOXES
from providers.registry import ServiceApp, ServiceKind, Tone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Two are precomputed there; the third is for a whole screen. The original is the last.
_BOXES = (*PRECOMPUTED_BOXES, (1600, 1600))
ACCEPTS = Accepts(
    fields=frozenset({"title", "filename", "album_id"}),
    media_types=tuple(MEDIA_TYPES.values()),
    visibilities=frozenset({Visibility.PRIVATE}),  # an account is shown to its owner alone
    text_limits={"title": MAX_TITLE},
)


class OrangePhotos:
    """The obligatory verbs and one photo alone: this service has no tags, no search, no editing."""

    def __init__(self, client: OrangeClient, http: Http, own_urls: tuple[str, ...]) -> None:
        self._client = client
        self._http = http
        self._own_urls = own_urls

    def albums(self) -> Iterator[Album]:
        """All albums; the inbox is known by its title (orange.md 7.6)."""
        for answer in self._client.get_albums_list():
            yield _album(answer)

    def photos(self, album_id: str) -> Iterator[Photo]:
        """The photos of one album, while the answer is still coming."""
        for answer in self._client.get_media_objs_list(album_id):
            yield self._photo(answer, album_id)

    def photo(self, remote_id: str) -> Photo:
        """The answer does not name the album; its lists leave nothing else out."""
        return self._photo(self._client.get_media_obj(remote_id), None)

    def create_album(self, title: str) -> Album:
        """The service renames a title that exists to `title-n`: the album it returns is the truth."""
        return _album(self._client.create_album(title))

    def fetch(self, rendition: Rendition) -> Picture:
        """The bytes, asked for without credentials and without token (orange.md 8)."""
        return self._http.stream("sitdriver", urljoin(f"{self._own_urls[0]}/", rendition.url))

    def begin_upload(self, draft: Draft, callback_url: str) -> Ticket:
        """Reserves nothing: notes what is there already, so that the new photo can be told from it."""
        check(draft, ACCEPTS, PROVIDER)
        album_id = draft.album_id or next((album.remote_id for album in self.albums() if album.is_inbox), "")
        filename = plain_filename(draft.filename)
        known = [photo.remote_id for photo in self._of_size(album_id, draft.byte_size)]
        return Ticket(
            data={
                "album_id": album_id,
                "known": " ".join(known),
                "filename": filename,
                "title": draft.title.strip() or filename,
                "byte_size": str(draft.byte_size),
            }
        )

    def send_upload(self, ticket: Ticket, draft: Draft, file: BinaryIO) -> str:
        """One POST; few services say in their answer which photo it became (orange.md 7.6)."""
        return self._client.add_media_obj(
            ticket.data["album_id"],
            ticket.data["title"],
            ticket.data["filename"],
            draft.media_type,
            file,
            draft.byte_size,
        )

    def confirm_upload(self, ticket: Ticket) -> Photo | None:
        """The photo that the answer named; else that of this size, and of this file name or else title,
        which was not there before."""
        known = set(ticket.data["known"].split())
        if ticket.photo_id and ticket.photo_id not in known and (photo := self._named(ticket)):
            return photo
        found = self._of_size(ticket.data["album_id"], int(ticket.data["byte_size"]))
        new = [photo for photo in found if photo.remote_id not in known]
        named = [photo for photo in new if photo.filename == ticket.data["filename"]]
        titled = [photo for photo in new if photo.title == ticket.data["title"]]
        return next(iter(named or titled), None)

    def _named(self, ticket: Ticket) -> Photo | None:
        """None when it is not the file that was sent after all: then the listing decides."""
        try:
            answer = self._client.get_media_obj(ticket.photo_id)
        except NotFound:
            return None
        if answer.byte_size != int(ticket.data["byte_size"]):
            return None
        return self._photo(answer, ticket.data["album_id"] or None)

    def _of_size(self, album_id: str, byte_size: int) -> Iterator[Photo]:
        """Photos of that many bytes in the album; in all of them where the inbox has no name yet."""
        ids = (
            [album_id] if album_id else [album.remote_id for album in self.albums() if album.photo_count != 0]
        )
        for each in ids:
            yield from (photo for photo in self.photos(each) if photo.byte_size == byte_size)

    def _photo(self, answer: MediaObjectAnswer, album_id: str | None) -> Photo:
        return Photo(
            remote_id=answer.cyphered_id,
            title=answer.title,
            created_at=_moment(answer.created_ms),
            filename=answer.filename,
            byte_size=answer.byte_size,
            media_type=answer.media_type,
            width=answer.width,
            height=answer.height,
            album_ids=None if album_id is None else (album_id,),
            renditions=tuple(self._renditions(answer.base_url)),
            raw=answer.raw,
        )

    def _renditions(self, base_url: str) -> Iterator[Rendition]:
        if not base_url:
            return
        # Stored relative where it is the service's own: its address may change, ours too.
        for own in self._own_urls:
            base_url = base_url.removeprefix(f"{own}/")
        joint = "&" if "?" in base_url else "?"
        for width, height in _BOXES:
            yield Rendition(
                url=f"{base_url}{joint}width={width}&height={height}", max_width=width, max_height=height
            )
        yield Rendition(url=base_url)


def _album(answer: AlbumAnswer) -> Album:
    return Album(
        remote_id=answer.cyphered_id,
        title=answer.title,
        created_at=_moment(answer.created_ms),
        photo_count=answer.media_count,
        is_inbox=answer.title == INBOX_TITLE,
        raw=answer.raw,
    )


def _moment(milliseconds: int | None) -> datetime | None:
    try:
        return None if milliseconds is None else _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def plain_filename(name: str) -> str:
    """A name that survives every multipart parser unchanged: the listing afterwards is searched for it."""
    last = name.replace("\\", "/").rpartition("/")[2].replace('"', "'").replace(";", "_")
    printable = "".join(character if character.isprintable() else " " for character in last)
    return " ".join(printable.split())[-200:] or "photo"


def open_account(app: ServiceApp, secret: str, username: str) -> OrangePhotos:
    """The account behind the user token `secret`."""
    own_urls = (app.api_url, app.web_url)
    hosts = {urlsplit(url).hostname or "" for url in own_urls} | set(app.options.get("hosts", "").split())
    http = Http(PROVIDER, sorted(hosts), allow_private=app.allow_private)
    client = OrangeClient(http, f"{app.api_url}/{PATH}", (app.client_id, app.secret), secret)
    return OrangePhotos(client, http, own_urls)


SERVICE = ServiceKind(
    id=PROVIDER,
    name="Orange Photos",
    letter="O",
    tone=Tone.EMBER,
    accepts=ACCEPTS,
    service=OrangePhotos,
    open=open_account,
    upload_policy=POLICY,
)
