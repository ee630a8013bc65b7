"""The pages on which a person links, sees and unlinks accounts. All are for their owner alone."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gallery.accounts.messages import how_to_link, sentence
from gallery.accounts.models import LinkedAccount
from gallery.accounts.services import note_ok, unlink_account
from gallery.presentation.names import app_name
from providers.linking import service_apps
from providers.registry import ServiceApp, kind_of, kinds


@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    """The person's accounts; the ones that need them come first."""
    accounts = list(LinkedAccount.objects.visible_to(request.user).select_related("sync").order_by("pk"))
    accounts.sort(key=lambda account: not account.needs_person)
    cards = [_card(account) for account in accounts]
    return render(request, "accounts/list.html", {"cards": cards, **_services()})


def _card(account: LinkedAccount) -> dict[str, object]:
    app = service_apps().get(account.provider_id)
    trouble = ""
    if account.state != LinkedAccount.State.OK:
        trouble = sentence(account.kind, account.state_code, account.label, state=account.state)
    return {
        "account": account,
        "kind": kinds().get(account.kind),
        "service_name": app_name(account.provider_id),
        "trouble": trouble,
        "connect_url": _connect_url(app) if app else "",
    }


def _connect_url(app: ServiceApp) -> str:
    return reverse(f"{app.kind}_login", kwargs={"provider_id": app.provider_id})


@require_GET
def link_choice(request: HttpRequest) -> HttpResponse:
    """Which service; on the built-in servers an account can be opened on the spot."""
    return render(request, "accounts/new.html", _services())


def _services() -> dict[str, object]:
    offers = [
        {
            "app": app,
            "kind": kind_of(app.kind),
            "how_to_link": how_to_link(app.kind),
            "connect_url": _connect_url(app),
            "open_url": _open_url(app),
        }
        for app in service_apps().values()
    ]
    has_builtin = any(offer["open_url"] for offer in offers)
    return {"offers": offers, "has_builtin": has_builtin}


def _open_url(app: ServiceApp) -> str:
    """Where an account can be opened: only on the servers that are part of this site."""
    if not app.options.get("is_builtin"):
        return ""
    try:
        return f"{reverse(f'{app.kind}_open')}?{urlencode({'next': _connect_url(app)})}"
    except NoReverseMatch:
        return ""


@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what will happen; then does it."""
    account = get_object_or_404(LinkedAccount.objects.visible_to(request.user), pk=pk)
    if request.method == "GET":
        return render(request, "accounts/unlink.html", {"account": account, **_card(account)})
    unlink_account(account)
    messages.success(request, _("%(account)s is unlinked.") % {"account": account.label})
    return redirect("accounts:list")


@require_GET
def give_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the service's own page, which then sends the person back here."""
    account = get_object_or_404(
        LinkedAccount.objects.visible_to(request.user), pk=pk, state=LinkedAccount.State.CONSENT
    )
    return redirect(_consent_address(request, account))


def _consent_address(request: HttpRequest, account: LinkedAccount) -> str:
    """The address the service gave, if it is on that service's own site, with the way back."""
    app = service_apps().get(account.provider_id)
    if app is None or not _is_the_services_own(app, account.consent_url):
        raise Http404
    back = request.build_absolute_uri(reverse("accounts:consented", args=[account.pk]))
    joint = "&" if "?" in account.consent_url else "?"
    return f"{account.consent_url}{joint}{urlencode({'urlRetour': back})}"


def _is_the_services_own(app: ServiceApp, url: str) -> bool:
    """On its site, or on one of the further hosts that the operator named for it."""
    hosts = set(app.options.get("hosts", "").split())
    is_further = bool(hosts) and url_has_allowed_host_and_scheme(url, allowed_hosts=hosts)
    return url.startswith(f"{app.web_url}/") or is_further


@require_GET
def consented(request: HttpRequest, pk: int) -> HttpResponse:
    """Back from the service: what waited goes on. If the person said no, the state comes back by itself."""
    account = get_object_or_404(LinkedAccount.objects.visible_to(request.user), pk=pk)
    if account.state == LinkedAccount.State.CONSENT:
        note_ok(account)
    return redirect("accounts:list")
