"""What a person changes. Only what differs from what was shown is ever sent."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gallery.library.models import Album, Photo
from gallery.presentation.typed_text import TypedTextField


class EditForm(forms.Form):
    """What a service lets its owner change."""

    title = TypedTextField(label=_("Title"), max_length=200, required=False)
    description = TypedTextField(
        label=_("Description"), max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    tags = TypedTextField(
        label=_("Tags"), max_length=2000, required=False, help_text=_("Separated by commas.")
    )
    is_adult = forms.BooleanField(label=_("For adults only"), required=False)
    is_active = forms.BooleanField(label=_("Visible to others"), required=False)
    password = TypedTextField(
        label=_("Password for others"),
        max_length=100,
        required=False,
        help_text=_("Others need it to see the photo. Leave it empty to change nothing."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    removes_password = forms.BooleanField(label=_("Remove the password"), required=False)

    def __init__(self, photo: Photo, data: Any = None) -> None:
        initial = {
            "title": photo.title,
            "description": photo.description,
            "tags": ", ".join(photo.tag_names),
            "is_adult": photo.is_adult,
            "is_active": photo.is_active,
        }
        super().__init__(data, initial=initial)
        if not photo.has_password:
            self.fields["password"].help_text = _("Others need it to see the photo.")
            del self.fields["removes_password"]

    def clean_tags(self) -> list[str]:
        tags = [" ".join(tag.split()) for tag in self.cleaned_data["tags"].replace(";", ",").split(",")]
        if any(len(tag) > 100 for tag in tags):
            raise forms.ValidationError(_("A tag has at most 100 characters."))
        return list(dict.fromkeys(tag for tag in tags if tag))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("password") and found.get("removes_password"):
            self.add_error("removes_password", _("You also gave a new password. Choose one of the two."))
        return found

    def changes(self) -> dict[str, object]:
        """The fields that differ, as PhotoEditing.edit_photo takes them."""
        plain = ("title", "description", "tags", "is_adult", "is_active")
        found = {name: self.cleaned_data[name] for name in plain if name in self.changed_data}
        if self.cleaned_data.get("removes_password"):
            found["password"] = ""
        elif self.cleaned_data["password"]:
            found["password"] = self.cleaned_data["password"]
        return found


class PlacesForm(forms.Form):
    """In which albums a photo lies. `shown` repeats what was ticked when the page was made."""

    albums = forms.MultipleChoiceField(label=_("Albums"), required=False, widget=forms.CheckboxSelectMultiple)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, choices: Sequence[Album], lies_in: Sequence[str], data: Any = None) -> None:
        initial = {"albums": lies_in, "shown": ",".join(lies_in)}
        super().__init__(data, initial=initial)
        field = self.fields["albums"]
        assert isinstance(field, forms.MultipleChoiceField)
        self._known = {album.remote_id: str(album) for album in choices}
        field.choices = list(self._known.items())

    def differences(self) -> tuple[list[str], list[str]]:
        """(added, removed): what the person ticked and unticked, whatever happened there meanwhile."""
        ticked = set(self.cleaned_data["albums"])
        were = set(self.cleaned_data["shown"].split(",")) & set(self._known)
        return sorted(ticked - were), sorted(were - ticked)
