"""The server's pages for people: opening an account, and deciding which services may see their photos."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client, Token
from allauth.idp.oidc.views import authorization
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from providers.orange.protocol import FAMILY, Right
from providers.orange.server.accounts import open_account, record_consent
from providers.orange.server.models import Consent, ServiceDetails, account_of


@require_http_methods(["GET", "POST"])
def open_page(request: HttpRequest) -> HttpResponse:
    """For anybody signed in: opens their own account here, then returns to where they came from."""
    assert request.user.is_authenticated
    next_url = _own_url(request, request.POST.get("next") or request.GET.get("next") or "/")
    if request.method == "GET" and account_of(request.user) is None:
        return render(request, "orange/open.html", {"next": next_url})
    open_account(request.user)
    return redirect(next_url)


def _own_url(request: HttpRequest, url: str) -> str:
    is_own = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_own else "/"


@csrf_exempt  # allauth's view checks it itself, for the POST that comes from its own form
@login_not_required
def authorize(request: HttpRequest) -> HttpResponseBase:
    """For anybody; allauth asks them to sign in. Whoever has no account here opens one first."""
    if request.method == "GET" and request.user.is_authenticated and account_of(request.user) is None:
        return redirect(f"{reverse('orange_open')}?{urlencode({'next': request.get_full_path()})}")
    response: HttpResponseBase = authorization(request)
    client = Client.objects.filter(pk=request.GET.get("client_id", "")[:100]).first()
    if client is not None:
        # A browser applies form-action to the redirect that follows the form as well.
        _allow_form_action(response, [_origin(uri) for uri in client.get_redirect_uris()])
    return response


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _allow_form_action(response: HttpResponseBase, origins: list[str]) -> None:
    response._csp_update = {"form-action": sorted(set(origins))}  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ConsentQuestion:
    """What a service requests: the rights, and the URL to which it wants its visitor back."""

    client: Client
    rights: list[Right]
    return_url: str


def _question(request: HttpRequest) -> ConsentQuestion | str:
    """The question in the query, or why there is none: "family", "service", "return"."""
    query = request.GET
    if (query.get("family") or query.get("familly") or FAMILY) != FAMILY:  # both were documented
        return "family"
    client = Client.objects.filter(pk=query.get("serviceId", "")[:100].replace("\x00", "")).first()
    if client is None:
        return "service"
    names = {name.strip() for name in query.get("attributes", "").split(",")}
    rights = [right for right in Right if right in names] or list(Right)
    return_url = query.get("urlRetour", "")
    if return_url and not _may_return(client, return_url):
        return "return"
    return ConsentQuestion(client, rights, return_url)


def _may_return(client: Client, url: str) -> bool:
    """Only to a host that the service registered: this page sends people nowhere else."""
    details = ServiceDetails.objects.filter(client=client).first()
    hosts = details.hosts() if details else set()
    return bool(hosts) and url_has_allowed_host_and_scheme(url, allowed_hosts=hosts)


@never_cache
@require_http_methods(["GET", "POST"])
def privacy_page(request: HttpRequest) -> HttpResponse:
    """For anybody signed in, about their own account: once, always or refuse (orange.md 5)."""
    assert request.user.is_authenticated
    account = account_of(request.user)
    if account is None:
        return redirect(f"{reverse('orange_open')}?{urlencode({'next': request.get_full_path()})}")
    question = _question(request)
    if isinstance(question, str):
        return render(request, "orange/privacy_impossible.html", {"reason": question}, status=400)
    choice = request.POST.get("choice", "")
    if request.method == "POST" and choice in Consent.Choice.values:
        record_consent(account, question.client, question.rights, choice)
        return _after_decision(request, question, choice)
    context = {"question": question, "account": account, "details": _details_of(question.client)}
    response = render(request, "orange/privacy.html", context)
    if question.return_url:
        _allow_form_action(response, [_origin(question.return_url)])
    return response


@never_cache
@require_safe
def services_page(request: HttpRequest) -> HttpResponse:
    """For anybody signed in: the services that requested their photos, and where to change each decision."""
    assert request.user.is_authenticated
    living = Token.objects.filter(user_id=request.user.pk, expires_at__gt=timezone.now())
    consents = Consent.objects.filter(account__user_id=request.user.pk)
    ids = {*living.values_list("client_id", flat=True), *consents.values_list("client_id", flat=True)}
    rows = [
        {"client": client, "details": _details_of(client), "url": _question_url(client)}
        for client in Client.objects.filter(pk__in=ids).order_by("name", "pk")
    ]
    return render(request, "orange/services.html", {"rows": rows})


def _question_url(client: Client) -> str:
    query = {"family": FAMILY, "serviceId": client.pk, "attributes": "".join(f",{right}" for right in Right)}
    return f"{reverse('orange_privacy')}?{urlencode(query)}"


def _details_of(client: Client) -> ServiceDetails | None:
    return ServiceDetails.objects.filter(client=client).first()


def _after_decision(request: HttpRequest, question: ConsentQuestion, choice: str) -> HttpResponse:
    if question.return_url:
        return redirect(question.return_url)
    return render(request, "orange/privacy_done.html", {"question": question, "choice": choice})
