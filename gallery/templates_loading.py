"""How templates are read: written over many lines for people, sent in as few bytes as one line.

Line breaks and the indentation around them are for whoever reads a template. They are taken out when it
is loaded, once, by the rule that JSX has:

- beside a tag, of HTML or of Django, and at either end of the file, a line break is nothing;
- elsewhere, between words and values, it is one space;
- within a tag of HTML, each attribute has one space before it; its value is in quotes, and one line;
- `<pre>`, `<textarea>`, `<script>`, `<style>` and `{% blocktranslate %}` stay as they are.

A space that is to be seen beside a tag therefore stands on the line of that tag, or as `{{ " " }}`.
"""

import re
from pathlib import Path

from django.apps import apps
from django.template.base import Origin
from django.template.loaders import filesystem

OUR_PACKAGES = ("gallery", "providers")
COMPACT_SUFFIXES = (".html", ".svg")

_LOGIC = r"\{%.*?%\}|\{#.*?#\}"
_VALUE = r"\{\{.*?\}\}"
_QUOTED = rf'"(?:{_LOGIC}|{_VALUE}|[^"])*+"' + "|" + rf"'(?:{_LOGIC}|{_VALUE}|[^'])*+'"
_AS_IT_IS = (
    r"\{% (?P<block>blocktrans(?:late)?|verbatim|comment)\b.*?\{% end(?P=block) %\}"
    r"|<(?P<element>pre|textarea|script|style)\b.*?</(?P=element)>"
)
_TOKEN = re.compile(
    rf"(?P<as_it_is>{_AS_IT_IS})|(?P<logic>{_LOGIC})|(?P<value>{_VALUE})"
    rf"|(?P<tag></?[a-zA-Z!](?:{_LOGIC}|{_VALUE}|{_QUOTED}|[^>])*+>)",
    re.DOTALL,
)
_IN_TAG = re.compile(
    rf"(?P<logic>{_LOGIC})|(?P<attribute>(?:{_VALUE}|{_QUOTED}|[^\s>{{]|\{{(?![%#]))++)", re.DOTALL
)
_BREAK = re.compile(r"[ \t]*\n\s*")


def compact(source: str) -> str:
    """A template's source without what only its readers need."""
    pieces: list[str] = []
    end, is_after_tag = 0, True
    for token in _TOKEN.finditer(source):
        is_value = token.lastgroup == "value"
        pieces.append(_words(source[end : token.start()], is_after_tag, not is_value))
        pieces.append(_tag(token[0]) if token.lastgroup == "tag" else token[0])
        end, is_after_tag = token.end(), not is_value
    pieces.append(_words(source[end:], is_after_tag, True))
    return "".join(pieces)


def _words(text: str, is_after_tag: bool, is_before_tag: bool) -> str:
    """What stands between two tokens."""
    if is_after_tag:
        text = re.sub(r"\A[ \t]*\n\s*", "", text)
    if is_before_tag:
        text = re.sub(r"[ \t]*\n\s*\Z", "", text)
    return _BREAK.sub(" ", text)


def _tag(tag: str) -> str:
    """One tag of HTML with one space before each attribute, also before one that logic leaves out."""
    name, *rest = _IN_TAG.finditer(tag)
    printed = name["attribute"]
    for piece in rest:
        printed += piece["logic"] or " " + _BREAK.sub(" ", piece["attribute"])
    return printed.removesuffix(" /") + ("/>" if printed.endswith(" /") else ">")


def folders_of_apps() -> list[Path]:
    """Where this site's own apps have their templates."""
    own = [config for config in apps.get_app_configs() if config.name.split(".")[0] in OUR_PACKAGES]
    return [Path(config.path) / "templates" for config in own]


class SiteTemplates(filesystem.Loader):
    """The templates of this site and of its own apps, compact; those of other packages are not touched."""

    def get_dirs(self) -> list[str | Path]:
        return [*self.engine.dirs, *folders_of_apps()]

    def get_contents(self, origin: Origin) -> str:
        source = str(super().get_contents(origin))
        return compact(source) if origin.name.endswith(COMPACT_SUFFIXES) else source
