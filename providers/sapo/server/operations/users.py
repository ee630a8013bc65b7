"""People and their tags, and the echo."""

from datetime import datetime

from django.core.cache import cache
from django.core.exceptions import ValidationError

from providers.sapo.protocol import DATE_FORMAT
from providers.sapo.server.auth.people import open_account
from providers.sapo.server.auth.visibility import minimum_audience, requested_person
from providers.sapo.server.models import Audience, PersonTag
from providers.sapo.server.operations.call import Call
from providers.sapo.server.operations.encode import result_field
from providers.sapo.server.wire.dates import time_zone
from providers.sapo.server.wire.errors import Refused
from providers.sapo.server.wire.fields import Field, texts

MAX_ACCOUNTS_A_DAY = 20
_MAX_TAGS = 5000


def echo(call: Call) -> str:
    """The time, and what was sent after it."""
    now = datetime.now(time_zone()).strftime(DATE_FORMAT)
    return f"{now} {call.arguments.limited_text('echostr', 10_000)}".rstrip()


def user_details(call: Call) -> list[Field]:
    return [result_field(), call.encoder.user(requested_person(call.arguments, call.caller))]


def tags_of_user(call: Call) -> list[Field]:
    """The tags on photos of a person that the caller can see."""
    owner = requested_person(call.arguments, call.caller)
    match minimum_audience(owner, call.caller):
        case Audience.OWNER:
            counter = "image_count"
        case Audience.ADULTS:
            counter = "public_count"
        case _:
            counter = "safe_count"
    rows = PersonTag.objects.filter(owner=owner, **{f"{counter}__gt": 0}).order_by("key")
    return [texts("tags", "tag", rows.values_list("name", flat=True)[:_MAX_TAGS]), result_field()]


def create_user(call: Call) -> list[Field]:
    """A new account, which has no password until an operator sets one.

    Any caller may, as the document asks for no more; administrators without limit, others a few a day.
    """
    caller = call.caller.required_person
    username = call.arguments.limited_text("user/username", 40)
    email = call.arguments.limited_text("user/email", 254)
    if not username or not email:
        raise Refused("A user name and an e-mail address are needed")
    if not caller.is_admin and not _may_open_another(caller.pk):
        raise Refused("Too many accounts were opened today")
    try:
        person = open_account(username, email, None, opened_by=caller.opened_by)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    return [result_field(), call.encoder.new_user(person)]


def _may_open_another(person_id: int) -> bool:
    counter = f"sapo-opened:{person_id}"
    cache.add(counter, 0, 86_400)
    return cache.incr(counter) <= MAX_ACCOUNTS_A_DAY
