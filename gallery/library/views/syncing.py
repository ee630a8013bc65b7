"""How far the library follows an account of one's own, and asking for more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gallery.accounts.models import LinkedAccount
from gallery.library.services import request_sync


@require_GET
def sync_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The words and the bar on an account's card; htmx asks again while a sync is on its way."""
    accounts = LinkedAccount.objects.visible_to(request.user).select_related("sync")
    account = get_object_or_404(accounts, pk=pk)
    return render(request, "library/_sync_state.html", {"account": account})


@require_POST
def sync_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for a sync; `everything` for one that looks at each photo again."""
    account = get_object_or_404(LinkedAccount.objects.visible_to(request.user), pk=pk)
    request_sync(account, is_complete="everything" in request.POST)
    messages.success(request, _("Syncing %(account)s.") % {"account": account.label})
    return redirect("accounts:list")
