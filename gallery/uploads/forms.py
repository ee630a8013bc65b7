"""What a person says about the files they send."""

import hashlib
import re
import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery.accounts.abilities import is_able
from gallery.accounts.fields import AccountField
from gallery.accounts.models import LinkedAccount
from gallery.library.models import Album
from gallery.ownership import Viewer
from gallery.presentation.names import service_name
from gallery.presentation.typed_text import TypedTextField
from gallery.uploads.delivery.albums import NewAlbum
from gallery.uploads.models import UploadBatch
from gallery.uploads.receiving.accept import Wanted, is_callback_kind, open_batch
from providers.contract.albums import AlbumDescriptions, AlbumPasswords

Choice = TypeVar("Choice", bound=Model)
# A field about the album to be made, and what its service must be able to do.
ABOUT_THE_ALBUM = {"album_description": AlbumDescriptions, "album_password": AlbumPasswords}
_MOST_ALBUMS = 500  # in the list of choices, the newest
_SEPARATORS = re.compile(r"[\s,;]+")
_NOT_IN_A_TAG = re.compile(r"[^\w\-.'’]")


class WhereForm(forms.Form):
    """Account, album and words; the choices are the person's own.

    `chosen` is what a link says before anything was posted: an account, an album, or both.
    """

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    account = AccountField(
        queryset=LinkedAccount.objects.none(), label=_("Account"), empty_label=None,
        error_messages={"invalid_choice": _("This account is no longer linked. Choose another.")},
    )  # fmt: skip
    album = forms.ModelChoiceField(
        queryset=Album.objects.none(), label=_("Album"), required=False,
        empty_label=_("No album"),
        error_messages={"invalid_choice": _("This album is not in the account. Choose another.")},
    )  # fmt: skip
    new_album = TypedTextField(label=_("Or a new album"), max_length=200, required=False)
    album_description = TypedTextField(
        label=_("About the new album"), max_length=5000, required=False, widget=forms.Textarea({"rows": 2})
    )
    album_password = TypedTextField(
        label=_("Password for others"), max_length=100, required=False,
        help_text=_("Others need it to see the new album."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    title = TypedTextField(
        label=_("Title"), max_length=200, required=False,
        help_text=_("Without one, each photo gets the name of its file."),
    )  # fmt: skip
    description = TypedTextField(
        label=_("Description"), max_length=5000, required=False, widget=forms.Textarea({"rows": 3})
    )
    tags = TypedTextField(
        label=_("Tags"), max_length=1000, required=False,
        help_text=_("Separate tags with spaces or commas. Join words with _."),
    )  # fmt: skip

    def __init__(
        self, user: Viewer, *args: Any, chosen: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.data if self.is_bound else chosen or {}
        accounts = self.accounts_of(user)
        own_albums = Album.objects.visible_to(user).filter(account__in=accounts)
        album = _named(own_albums, chosen.get("album", ""))
        account = _named(accounts, chosen.get("account", "")) or (album.account if album else None)
        account = account or accounts.order_by("pk").first()
        albums = own_albums.filter(account=account).order_by("-newest_at", "-pk")
        listed = [*albums.values_list("pk", flat=True)[:_MOST_ALBUMS], *([album.pk] if album else [])]
        self._offer("account", accounts, account)
        self._offer("album", albums.filter(pk__in=listed), album)
        self.fields["key"].initial = uuid.uuid4()

    def accounts_of(self, user: Viewer) -> QuerySet[LinkedAccount]:
        """The accounts to choose from."""
        return LinkedAccount.objects.visible_to(user)

    def _offer(self, name: str, choices: QuerySet[Any], chosen: Model | None) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.initial = choices, chosen.pk if chosen else None

    def clean_tags(self) -> list[str]:
        tags = [tag for tag in _SEPARATORS.split(self.cleaned_data["tags"]) if tag]
        for tag in tags:
            if wrong := _NOT_IN_A_TAG.search(tag):
                better = _NOT_IN_A_TAG.sub("_", tag).strip("_")
                raise ValidationError(
                    gettext("A tag cannot hold %(wrong)s. Write %(better)s.")
                    % {"wrong": wrong.group(), "better": better}
                    if better
                    else gettext("A tag cannot hold %(wrong)s.") % {"wrong": wrong.group()}
                )
        return list(dict.fromkeys(tags))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("album") and cleaned.get("new_album"):
            self.add_error("new_album", gettext("Choose an album or name a new one, not both."))
        for name in ABOUT_THE_ALBUM:
            if cleaned.get(name):
                self._check_about_the_album(name, cleaned)
        return cleaned

    def _check_about_the_album(self, name: str, cleaned: dict[str, Any]) -> None:
        account = cleaned.get("account")
        if not cleaned.get("new_album"):
            self.add_error(name, gettext("This is for a new album. Name it above, or leave this empty."))
        elif account and not is_able(account, ABOUT_THE_ALBUM[name]):
            words = {"service": service_name(account.kind)}
            self.add_error(name, gettext("Albums on %(service)s have a name only. Leave this empty.") % words)

    @property
    def wanted(self) -> Wanted:
        data = self.cleaned_data
        return Wanted(title=data["title"], description=data["description"], tags=data["tags"])

    def batch(self) -> UploadBatch:
        """The batch of this form, for its account and album; others chosen later make another."""
        data = self.cleaned_data
        place = f"{data['key']}:{data['account'].pk}:{data['album'] and data['album'].pk}:{data['new_album']}"
        key = hashlib.sha256(place.encode()).hexdigest()[:36]
        new = NewAlbum(
            title=data["new_album"],
            description=data["album_description"],
            password=data["album_password"],
        )
        return open_batch(data["account"], key, data["album"], new)


class ChangeForm(WhereForm):
    """Another account, album or words for one file that did not arrive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("new_album", *ABOUT_THE_ALBUM):
            del self.fields[name]


class StraightForm(WhereForm):
    """For a file that the browser brings to the service itself; not every service takes one."""

    def accounts_of(self, user: Viewer) -> QuerySet[LinkedAccount]:
        accounts = super().accounts_of(user)
        return accounts.filter(pk__in=[account.pk for account in accounts if is_callback_kind(account)])


def _named(choices: QuerySet[Choice], text: str) -> Choice | None:
    """The one that a link or a form names, if there is one."""
    return choices.filter(pk=text).first() if text.isdecimal() else None
