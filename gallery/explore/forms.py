"""What a public search asks."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gallery.accounts.fields import AccountField
from gallery.accounts.models import LinkedAccount
from gallery.explore.orders import ORDERS
from gallery.explore.request_data import plain
from gallery.explore.searching import SearchQuery
from providers.contract.base import TAG_ORDERS

_MOST_WORDS, _MOST_TAGS = 12, 8
_BETWEEN_TAGS = re.compile(r"[,;]")


class PlainField(forms.CharField):
    def to_python(self, value: Any) -> str:
        return plain(super().to_python(value) or "")


class DayField(forms.DateField):
    """A day as browsers send it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        messages = {"invalid": _("Write the day as 2026-08-31.")}
        super().__init__(
            required=False, input_formats=["%Y-%m-%d"], widget=widget, error_messages=messages, **kwargs
        )


class SearchForm(forms.Form):
    words = PlainField(label=_("Words"), max_length=300, required=False)
    tags = PlainField(label=_("Tags"), max_length=300, required=False, help_text=_("Separated by commas."))
    person = PlainField(
        label=_("Person"), max_length=100, required=False, help_text=_("Their name at the service.")
    )
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))
    order = forms.ChoiceField(
        label=_("Order"), choices=[("", _("In the order of the service")), *ORDERS.items()], required=False
    )
    account = AccountField(
        queryset=LinkedAccount.objects.none(), label=_("Where"), required=False, empty_label=_("Everywhere")
    )
    adult = forms.BooleanField(label=_("Include photos for adults"), required=False)

    def __init__(self, able: list[LinkedAccount], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(able) > 1:
            field = self.fields["account"]
            assert isinstance(field, AccountField)
            field.queryset = LinkedAccount.objects.filter(pk__in=[account.pk for account in able])
        else:
            del self.fields["account"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one."))
        if not (found.get("words") or found.get("tags") or found.get("person")) and not self.errors:
            self.add_error("words", _("Enter a word, a tag or a person."))
        return found

    def query(self) -> SearchQuery:
        found = self.cleaned_data
        tags = (tag.strip() for tag in _BETWEEN_TAGS.split(found["tags"]))
        return SearchQuery(
            words=tuple(found["words"].replace(",", " ").split()[:_MOST_WORDS]),
            tags=tuple(dict.fromkeys(tag for tag in tags if tag))[:_MOST_TAGS],
            person=found["person"],
            since=found["since"],
            until=found["until"],
            order=found["order"] if found["order"] in TAG_ORDERS else "",
            adult=found["adult"],
        )
