"""The page on which a person links a SAPO account: for whoever is signed in, and for their own link only."""

import logging
from contextlib import suppress

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import FormView

from providers.contract.entities import Key
from providers.contract.errors import ProviderError, ReconnectNeeded, TemporaryError
from providers.linking import belongs_to_another, seal_token, service_apps
from providers.sapo.attempts import may_try, take_back
from providers.sapo.forms import LinkForm
from providers.sapo.renewal import forget_password, save_password
from providers.sapo.sts import TokenService

log = logging.getLogger(__name__)


def _nothing(request: HttpRequest) -> None:
    return None


_ask_who_it_is = reauthentication_required(_nothing, app="allauth.socialaccount")


@method_decorator([sensitive_post_parameters("password"), never_cache], name="dispatch")
class LinkView(LoginRequiredMixin, FormView[LinkForm]):
    """Name and password, exchanged at once for a token; then the password is forgotten, or stored sealed."""

    template_name = "sapo/link.html"
    form_class = LinkForm

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        app = service_apps().get(str(kwargs["provider_id"]))
        if app is None or app.kind != "sapo":
            raise Http404
        self.app = app
        if request.user.is_authenticated:
            try:
                _ask_who_it_is(request)
            except ReauthenticationRequired:
                if request.method != "POST":
                    raise
                # allauth would park the whole request in the session, password included.
                return redirect(request.path)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(app=self.app, **kwargs)

    @sensitive_variables()
    def form_valid(self, form: LinkForm) -> HttpResponse:
        if not may_try(self.request):
            return self._say(form, _("Too many tries. Wait ten minutes, then try again."))
        username, password = form.cleaned_data["username"], form.cleaned_data["password"]
        try:
            key = TokenService(self.app).key_for(username, password)
        except ReconnectNeeded:
            return self._say(form, _("SAPO does not know this name and password together."))
        except ProviderError as error:
            take_back(self.request)
            return self._say(form, self._sentence(error))
        take_back(self.request)
        try:
            return self._linked(form, key)
        except IntegrityError:  # the form was sent twice, and the other one has just made the link
            return self._linked(form, key)

    @sensitive_variables()
    def _linked(self, form: LinkForm, key: Key) -> HttpResponse:
        if self._is_foreign(key):
            self._give_back(key)
            return self._say(form, _("Somebody else here has linked this account already."))
        data = form.cleaned_data
        # No provider is asked inside the transaction.
        with transaction.atomic():
            response = self._link(key)
            stays_connected = data.get("stay_connected", False)
            self._save_or_forget(key, data["username"], data["password"], stays_connected=stays_connected)
        return response

    def _link(self, key: Key) -> HttpResponse:
        provider = get_adapter().get_provider(self.request, provider=self.app.provider_id)
        login = provider.sociallogin_from_response(self.request, key)
        # Sealed before the row exists: also a session that parks the login holds ciphertext only.
        sealed = seal_token(self.app.provider_id, key.remote_id, key.secret)
        login.token = SocialToken(token=sealed, expires_at=key.expires_at)
        login.state = {"process": "connect"}
        response: HttpResponse = complete_social_login(self.request, login)
        return response

    def _save_or_forget(self, key: Key, username: str, password: str, *, stays_connected: bool) -> None:
        own = SocialAccount.objects.filter(
            provider=self.app.provider_id, uid=key.remote_id, user_id=self.request.user.pk
        )
        for account in own:
            if stays_connected:
                save_password(account, username, password)
            else:
                forget_password(account)

    def _is_foreign(self, key: Key) -> bool:
        assert self.request.user.is_authenticated
        return belongs_to_another(self.app.provider_id, key.remote_id, self.request.user)

    def _give_back(self, key: Key) -> None:
        with suppress(ProviderError):
            TokenService(self.app).revoke_token(key.secret)

    def _sentence(self, error: ProviderError) -> str:
        log.warning("linking with %s: %s", self.app.provider_id, error)
        if isinstance(error, TemporaryError):
            return _("%(service)s is not answering. Try again in a few minutes.") % {"service": self.app.name}
        return _("%(service)s did not let us in. Nothing was linked.") % {"service": self.app.name}

    def _say(self, form: LinkForm, sentence: str) -> HttpResponse:
        form.add_error(None, sentence)
        return self.form_invalid(form)
