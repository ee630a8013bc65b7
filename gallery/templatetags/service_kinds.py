"""What a service says about itself, on pages: its mark, and who can show what others share."""

from django import template

from providers.contract.base import Highlights, PublicProfile, PublicSearch, TagSearch
from providers.registry import Tone, kinds

register = template.Library()


@register.filter
def mark_letter(kind_id: str) -> str:
    """The letter of a service's mark; of one that has left the site, the first of its id."""
    kind = kinds().get(kind_id)
    return kind.letter if kind else kind_id[:1].upper()


@register.filter
def mark_tone(kind_id: str) -> str:
    kind = kinds().get(kind_id)
    return kind.tone if kind else Tone.STONE


@register.simple_tag
def exploring_service() -> str:
    """The name of a service of this site that shows what others share; "" where none does."""
    interfaces = (Highlights, PublicSearch, TagSearch, PublicProfile)
    return next((kind.name for kind in kinds().values() if issubclass(kind.service, interfaces)), "")
