"""Tags that draw: icons, tiles of photographs, fields of forms.

Tiles are printed by Python and not by a template: sixty of them are most of a page's time.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from gallery.library.picture_urls import PictureSources
from gallery.library.tiles import Tile
from gallery.presentation import dates, sizes

register = template.Library()
register.filter("day", dates.day_text)
register.filter("moment", dates.moment_text)
register.filter("long_moment", dates.long_moment_text)
register.filter("ago", dates.ago_text)
register.filter("size", sizes.size_text)

SPRITE = settings.FILES_DIR / "static" / "img" / "icons.svg"
SYMBOL = re.compile(r'<symbol id="(\w+)" viewBox="0 0 24 24">(.+)</symbol>')
GRID_SIZES = "(min-width: 75rem) 20rem, (min-width: 48rem) 33vw, 50vw"
LEAD_SIZES = "(min-width: 75rem) 26rem, (min-width: 48rem) 45vw, 60vw"
FIRST_ROW = 4  # tiles that are surely on the first screen of a phone


@cache
def _shapes() -> dict[str, str]:
    return dict(SYMBOL.findall(SPRITE.read_text()))


@register.simple_tag
@cache
def icon(name: str, *modifiers: str) -> SafeString:
    """`{% icon "check" "s" %}`: a shape of static/img/icons.svg, drawn in place in the text's colour."""
    classes = " ".join(["icon", *(f"icon--{modifier}" for modifier in modifiers)])
    shape = _shapes()[name]
    return mark_safe(f'<svg class="{classes}" viewBox="0 0 24 24" aria-hidden="true">{shape}</svg>')  # noqa: S308


@register.simple_tag(takes_context=True)
def nav_link(context: Context, view: str, section: str, label: str, shape: str = "") -> SafeString:
    """One entry of the navigation, marked as current on the pages of its `section`."""
    current = mark_safe(' aria-current="page"' if context["shell"].section == section else "")  # noqa: S308
    drawn = icon(shape) if shape else ""
    return format_html('<a href="{}"{}>{}{}</a>', reverse(view), current, drawn, label)


@register.simple_tag
def jump_link(jump: Mapping[str, Any], look: str) -> SafeString:
    """To a month or to the newest one of a year; `look` is its class."""
    current = mark_safe(' aria-current="true"' if jump["is_here"] else "")  # noqa: S308
    words = '<a class="{}" href="{}" aria-label="{}"{}>{}</a>'
    return format_html(words, look, jump["url"], jump["label"], current, jump["name"])


@register.simple_tag
def picture(shown: Tile | PictureSources, sizes: str, is_first: bool = False) -> SafeString:
    """A photo beside its own name, so without words of its own. `is_first`: the large one of a page."""
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="" {}>',
        *(shown.src, shown.srcset, sizes, shown.width, shown.height),
        mark_safe('fetchpriority="high"' if is_first else 'loading="lazy" decoding="async"'),  # noqa: S308
    )


def _tile(tile: Tile, sizes: str, loading: str) -> str:
    return (
        f'<li class="tile {tile.ratio_class} {tile.colour_class}">'
        f'<a class="tile__link" href="{escape(tile.url)}">'
        f'<img src="{escape(tile.src)}" srcset="{escape(tile.srcset)}" sizes="{sizes}"'
        f' width="{tile.width}" height="{tile.height}" alt="{escape(tile.alt)}" {loading}></a>'
        f'<span class="tile__name" aria-hidden="true">{escape(tile.name)}</span></li>'
    )


@register.simple_tag
def tiles(photos: Iterable[Tile], is_lead: bool = False, is_first: bool = False) -> SafeString:
    """The `<li>`s of a grid. `is_lead` for larger rows, `is_first` for the first grid of a page."""
    sizes = LEAD_SIZES if is_lead else GRID_SIZES
    items = []
    for position, photo in enumerate(photos):
        loading = 'loading="lazy" decoding="async"'
        if is_first and position < FIRST_ROW:
            loading = 'loading="eager" fetchpriority="high"' if position == 0 else 'loading="eager"'
        items.append(_tile(photo, sizes, loading))
    return mark_safe("".join(items))  # noqa: S308  (every value above went through escape)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's own widget with our class; its label, hint and errors are `_field.html`'s."""
    attrs: dict[str, str | bool] = {"class": "input"}
    if isinstance(field.field.widget, CheckboxInput | CheckboxSelectMultiple | RadioSelect):
        attrs = {}
    return field.as_widget(attrs=attrs)


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is one box to tick, whose label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)
