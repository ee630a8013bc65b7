"""A part of a page that a service fills in its own time.

The page comes at once, with what is cached; htmx asks for each part alone (`?ask=name`), and without
script the same address brings the whole page with the reply, or says that there is none.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from gallery.accounts import services as accounts
from gallery.accounts.models import LinkedAccount
from gallery.presentation.fragments import wants_fragment
from gallery.presentation.names import app_name
from gallery.remote.ask import Query, ask, cached_reply
from gallery.remote.circuit_breaker import CircuitOpen
from gallery.remote.deadline import NoReply
from gallery.remote.limits import EXPLORE
from providers.contract.errors import ConsentNeeded, NotFound, ProviderError, ReconnectNeeded, Refused

log = logging.getLogger(__name__)
_SHORTEST = 0.2  # seconds: asking for less is not worth a thread
EVERYTHING = "all"


@dataclass(kw_only=True)
class Part:
    """`present` makes of the reply what `template` prints; `address` is the page's, with its query.

    `frame` is the template around it, whatever its state. `trouble` is "", slow, failed, gone,
    refused or reconnect. `key_url` is where a password goes that may open what was refused; one
    `was_tried` already. `is_subject`: where the service does not know it, the page is about nothing.
    """

    name: str
    account: LinkedAccount
    query: Query[Any]
    template: str
    present: Callable[[Any], Mapping[str, Any]]
    address: str
    heading: str = ""
    frame: str = "explore/_part.html"
    key_url: str = ""
    was_tried: bool = False
    is_subject: bool = False
    shown: Mapping[str, Any] = field(default_factory=dict)
    trouble: str = ""
    is_waiting: bool = True

    @property
    def ask_url(self) -> str:
        return self._with_ask(self.name)

    @property
    def page_url(self) -> str:
        return self._with_ask(EVERYTHING)

    @property
    def is_nothing(self) -> bool:
        return self.is_subject and self.trouble == "gone"

    @property
    def service(self) -> str:
        return app_name(self.account.provider_id)

    def _with_ask(self, name: str) -> str:
        return f"{self.address}{'&' if '?' in self.address else '?'}{urlencode({'ask': name})}"

    def fill_from_cache(self) -> None:
        if self.account.needs_person:
            self._end("reconnect")
        elif (reply := cached_reply(self.account, self.query)) is not None:
            self._fill(reply)

    def ask(self, seconds: float) -> None:
        """Fill it with what the service replies in so many seconds, or with why it does not."""
        try:
            self._fill(ask(self.account, self.query, seconds))
        except CircuitOpen:
            self._end("failed")
        except NoReply:
            self._end("slow")
        except NotFound:
            self._end("gone")
        except Refused:
            self._end("refused")
        except (ReconnectNeeded, ConsentNeeded) as error:
            accounts.note_trouble(self.account, error)
            self._end("reconnect")
        except ProviderError as error:
            log.info("explore: %s", error)
            self._end("failed")

    def _fill(self, reply: Any) -> None:
        self.shown, self.is_waiting = self.present(reply), False

    def _end(self, trouble: str) -> None:
        self.trouble, self.is_waiting = trouble, False


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], parts: Sequence[Part]
) -> HttpResponse:
    """The page, or the one part of it that htmx asks for.

    The first part is the list that goes on with `page`: its next page is printed alone.
    """
    name = request.GET.get("ask", "")
    is_fragment = wants_fragment(request)
    goes_on = is_fragment and not name and "page" in request.GET
    chosen = [part for part in parts if name in (part.name, EVERYTHING)]
    chosen = list(parts[:1]) if goes_on else chosen
    for part in parts:
        part.fill_from_cache()
    _ask(chosen)
    if is_fragment and len(chosen) == 1:
        frame = "explore/_more.html" if goes_on else chosen[0].frame
        return render(request, frame, {"part": chosen[0]})
    by_name = {part.name: part for part in parts}
    status = 404 if any(part.is_nothing for part in parts) else 200
    return render(request, template, {**context, "parts": parts, "by_name": by_name}, status=status)


def _ask(parts: Sequence[Part]) -> None:
    """All together are waited for no longer than one would be; without a subject there is nothing else."""
    deadline = time.monotonic() + EXPLORE.deadline
    for part in sorted(parts, key=lambda part: not part.is_subject):
        left = deadline - time.monotonic()
        if not part.is_waiting:
            continue
        if any(other.is_nothing for other in parts):
            part._end("gone")
        elif left > _SHORTEST:
            part.ask(left)
        else:
            part._end("slow")
