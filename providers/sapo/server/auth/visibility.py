"""What a caller may see of other people. Hidden and absent are the same: not found."""

from providers.sapo.server.auth.credentials import Caller
from providers.sapo.server.auth.guesses import TriedTooOften, is_right_guess
from providers.sapo.server.models import Album, Audience, Image, Person
from providers.sapo.server.queries import album_by_number, image_by_uid, person_by_id, person_by_name
from providers.sapo.server.wire.arguments import Arguments
from providers.sapo.server.wire.errors import Refused


def requested_person(arguments: Arguments, caller: Caller) -> Person:
    """The person that `user/username` names; the caller when it is blank. Raises Refused or Fault."""
    username = arguments.text("user/username").lower()
    if not username or (caller.person and username in (caller.person.username, caller.person.email)):
        return caller.required_person
    person = person_by_name(username)
    if person is None or not person.is_usable:
        raise Refused("User not found")
    return person


def minimum_audience(owner: Person | None, caller: Caller, *, with_adult: bool = False) -> Audience:
    """The most restricted audience whose photos of `owner` (None: everybody) the caller sees in lists."""
    if owner is not None and caller.person is not None and owner.pk == caller.person.pk:
        return Audience.OWNER
    if with_adult or (caller.person is not None and caller.person.views_all):
        return Audience.ADULTS
    return Audience.EVERYBODY


def visible_count(counted: Person | Album, minimum: Audience) -> int:
    """The stored counter for an audience."""
    match minimum:
        case Audience.OWNER:
            return counted.image_count
        case Audience.ADULTS:
            return counted.public_count
        case _:
            return counted.safe_count


def own_image(arguments: Arguments, caller: Caller) -> Image:
    """The caller's own photo that `image/uid` names, pending or not. Raises Refused."""
    image = _image_by_uid(arguments)
    if image is None or image.owner_id != caller.required_person.pk:
        raise Refused("Image not found")
    return image


def visible_image(arguments: Arguments, caller: Caller) -> Image:
    """A photo that the caller may see; its password may come in `image/password`. Raises Refused."""
    image = _image_by_uid(arguments)
    if image is None or not _may_see(image, caller, arguments.text("image/password")):
        raise Refused("Image not found")
    return image


def _image_by_uid(arguments: Arguments) -> Image | None:
    uid = arguments.text("image/uid")
    if not uid:
        raise Refused("The uid of the image is missing")
    image = image_by_uid(uid)
    owner = person_by_id(image.owner_id) if image else None
    if image is None or owner is None:
        return None
    image.owner = owner
    return image


def _may_see(image: Image, caller: Caller, password: str) -> bool:
    if caller.person is not None and image.owner_id == caller.person.pk:
        return True
    if not image.owner.is_usable or image.is_pending:
        return False
    if image.audience >= Audience.ADULTS:
        return True
    is_otherwise_visible = image.is_active and not image.is_inappropriate
    return is_otherwise_visible and _opens(image, password, caller)


def visible_album(arguments: Arguments, caller: Caller, owner: Person) -> Album:
    """The album of `owner` that `album/id` names. Raises Refused, also for a missing password."""
    album = album_by_number(owner.pk, arguments.number("album/id"))
    is_own = caller.person is not None and owner.pk == caller.person.pk
    if album is None or not (is_own or album.is_active):
        raise Refused("Album not found")
    if is_own or not album.sealed_password or _opens(album, arguments.text("album/password"), caller):
        return album
    raise Refused("This album needs its password")


def _opens(item: Image | Album, password: str, caller: Caller) -> bool:
    """After too many guesses a right password is refused like a wrong one."""
    guesser = f"person:{caller.person.pk}" if caller.person else f"address:{caller.address}"
    try:
        return is_right_guess(item, password, guesser)
    except TriedTooOften:
        return False
