from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from providers.server.faults.models import ANY, FaultPlan
from providers.server.faults.services import servers_with_faults


class FaultPlanForm(forms.ModelForm[FaultPlan]):
    """A plan that could never be played is refused: a name with a slip would silently do nothing."""

    server = forms.ChoiceField(
        label=_("Server"), choices=lambda: [(name, name) for name in sorted(servers_with_faults())]
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        names = servers_with_faults().get(told.get("server", ""), ())
        if told.get("operation") not in (*names, ANY, None):
            text = _("There is no such operation. There are: %(names)s, or * for all.")
            self.add_error("operation", forms.ValidationError(text, params={"names": ", ".join(names)}))
        if told.get("kind") == FaultPlan.Kind.ERROR and not told.get("code"):
            self.add_error("code", _("An error needs its code."))
        return told


@admin.register(FaultPlan)
class FaultPlanAdmin(admin.ModelAdmin[FaultPlan]):
    form = FaultPlanForm
    list_display = ["server", "operation", "kind", "code", "seconds", "remaining", "created_at"]
    list_filter = ["server", "kind"]
    search_fields = ["operation", "code"]
    list_editable = ["remaining"]
    date_hierarchy = "created_at"
