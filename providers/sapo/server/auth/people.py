"""Opens accounts, and issues and revokes their keys and tokens."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from providers.sapo.protocol import INBOX_ALBUM_TITLE
from providers.sapo.server.auth.keys import digest, new_key, seal
from providers.sapo.server.models import AccessKey, Album, Person, Token
from providers.sapo.server.photo_store import sort_key

TOKEN_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlbum:
    title: str
    description: str = ""
    password: str = ""
    is_active: bool = True
    is_special: bool = False


def open_account(
    username: str, email: str, password: str | None, *, opened_by: AbstractBaseUser | None = None
) -> Person:
    """A new account with its album "Ao Molho". Raises ValidationError, with words for each field.

    Without a password nobody can sign in until an operator sets one.
    """
    person = Person(username=username.strip().lower(), email=email.strip().lower())
    person.opened_by_id = None if opened_by is None else opened_by.pk
    person.set_password(password)
    person.full_clean()
    try:
        with transaction.atomic():
            person.save()
            add_album(person, NewAlbum(title=INBOX_ALBUM_TITLE, is_special=True))
    except IntegrityError:
        raise ValidationError(_("That user name or e-mail address is taken.")) from None
    return person


def add_album(owner: Person, new: NewAlbum) -> Album:
    """A new album under the owner's next small number."""
    with transaction.atomic():
        Person.objects.filter(pk=owner.pk).update(
            last_album_number=F("last_album_number") + 1, album_count=F("album_count") + 1
        )
        owner.refresh_from_db(fields=["last_album_number", "album_count"])
        return Album.objects.create(
            owner=owner,
            number=owner.last_album_number,
            title=new.title,
            title_key=sort_key(new.title)[:100],
            description=new.description,
            sealed_password=seal(new.password, "album", f"{owner.pk}/{owner.last_album_number}"),
            is_active=new.is_active,
            is_special=new.is_special,
        )


def issue_access_key(person: Person | None, label: str = "") -> str:
    """A new access key, returned this once; for everybody's account when `person` is None."""
    key = new_key()
    AccessKey.objects.create(key_hash=digest(key), prefix=key[:6], person=person, label=label)
    return key


def issue_token(person: Person, lifetime: timedelta = TOKEN_LIFETIME, extra_info: str = "") -> str:
    """A new ESBToken, returned this once."""
    token = new_key()
    Token.objects.create(
        token_hash=digest(token),
        person=person,
        expires_at=timezone.now() + lifetime,
        extra_info=extra_info,
    )
    return token


def revoke_tokens(person: Person) -> int:
    """End every token of `person` now. Returns how many there were."""
    return Token.objects.filter(person=person, revoked_at=None).update(revoked_at=timezone.now())


def update_account(person: Person, *, email: str, password: str) -> None:
    """Give an account another e-mail address and password; its tokens end. Raises ValidationError.

    Changes nothing, and ends nothing, where both are so already.
    """
    if person.email == email.strip().lower() and person.check_password(password):
        return
    person.email = email.strip().lower()
    person.set_password(password)
    person.full_clean()
    with transaction.atomic():
        person.save(update_fields=["email", "password"])
        revoke_tokens(person)
