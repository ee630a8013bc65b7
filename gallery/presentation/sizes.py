"""How large a file is, as each language writes it; static/js/upload.mjs says it in the same way."""

from django.utils.formats import number_format
from django.utils.html import avoid_wrapping
from django.utils.translation import gettext as _

_KB, _MB, _GB = 2**10, 2**20, 2**30


def size_text(byte_size: int) -> str:
    """ "14 kB", "8.4 MB", "1 GB"."""
    if byte_size < _MB:
        text = _("%(number)s kB") % {"number": number_format(max(1, round(byte_size / _KB)))}
    elif byte_size < _GB:
        text = _("%(number)s MB") % {"number": _short(byte_size / _MB)}
    else:
        text = _("%(number)s GB") % {"number": _short(byte_size / _GB)}
    return avoid_wrapping(text)


def _short(value: float) -> str:
    """One digit after the point, none where it is a nought."""
    rounded = round(value, 1)
    return number_format(int(rounded) if rounded.is_integer() else rounded)
