from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from providers.server.faults.injection import operations_by_server
from providers.server.faults.models import ANY, FaultPlan


class FaultPlanForm(forms.ModelForm[FaultPlan]):
    """Refuses a plan that could never happen: a misspelt name would silently do nothing."""

    server = forms.ChoiceField(
        label=_("Server"), choices=lambda: [(name, name) for name in sorted(operations_by_server())]
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = operations_by_server().get(data.get("server", ""), ())
        if data.get("operation") not in (*names, ANY, None):
            text = _("There is no such operation. There are: %(names)s, or * for all.")
            self.add_error("operation", forms.ValidationError(text, params={"names": ", ".join(names)}))
        if data.get("kind") == FaultPlan.Kind.ERROR and not data.get("code"):
            self.add_error("code", _("An error needs its code."))
        return data


@admin.register(FaultPlan)
class FaultPlanAdmin(admin.ModelAdmin[FaultPlan]):
    form = FaultPlanForm
    list_display = ["server", "operation", "kind", "code", "seconds", "remaining", "created_at"]
    list_filter = ["server", "kind"]
    search_fields = ["operation", "code"]
    list_editable = ["remaining"]
    date_hierarchy = "created_at"
