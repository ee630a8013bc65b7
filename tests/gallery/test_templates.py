"""Templates and style sheets: written to be read, sent as small as if they were not."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage
from django.template import Engine

from gallery import static_files
from gallery.templates_loading import compact

COLUMNS, TEMPLATE_LINES, SHEET_LINES = 120, 150, 300
FOLDERS = [settings.BASE_DIR / "templates", *settings.BASE_DIR.glob("providers/**/templates")]
TEMPLATES = sorted(
    file for folder in FOLDERS for suffix in ("html", "svg", "txt") for file in folder.rglob(f"*.{suffix}")
)
SHEETS = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))


def too_long(files: list[Path], lines: int) -> list[str]:
    found = []
    for file in files:
        rows = file.read_text().splitlines()
        found += [f"{file}: {len(rows)} lines"] if len(rows) > lines else []
        found += [f"{file}:{number}" for number, row in enumerate(rows, 1) if len(row) > COLUMNS]
    return found


def test_templates_fit_a_screen() -> None:
    assert len(TEMPLATES) > 150
    assert too_long(TEMPLATES, TEMPLATE_LINES) == []


def test_style_sheets_fit_a_screen() -> None:
    assert len(SHEETS) > 5
    assert too_long(SHEETS, SHEET_LINES) == []


def test_every_include_says_at_its_top_what_it_expects() -> None:
    includes = [file for file in TEMPLATES if file.name.startswith("_")]
    assert len(includes) > 50
    for file in includes:
        assert re.match(r"(\{% load [\w ]+ %\}\n)?(\{# .+ #\}\n)+", file.read_text()), file


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("<ul>\n  <li>\n    One\n  </li>\n</ul>\n", "<ul><li>One</li></ul>"),
        ("<p>\n  one\n  two\n</p>", "<p>one two</p>"),
        ("<p>\n  one\n  {{ two }}\n  three\n</p>", "<p>one {{ two }} three</p>"),
        ("<b>one</b> <i>two</i>\n", "<b>one</b> <i>two</i>"),
        ('<b>one</b>\n{{ " " }}\n<i>two</i>\n', '<b>one</b>{{ " " }}<i>two</i>'),
        ("{% if a %}\n  {{ a }}\n{% else %}\n  b\n{% endif %}\n", "{% if a %}{{ a }}{% else %}b{% endif %}"),
        ("one\n{# why #}\ntwo", "one{# why #}two"),
        ("{% if a %}, {{ b }}{% endif %}\n", "{% if a %}, {{ b }}{% endif %}"),
        ('<a\n  class="x"\n  href="y"\n>\n  z\n</a>', '<a class="x" href="y">z</a>'),
        ('<a\n  {% if x %}\n    b\n    c\n  {% else %}\n    d\n  {% endif %}\n  e\n>',
         "<a{% if x %} b c{% else %} d{% endif %} e>"),
        ('<a{% if x > 1 %} b="{% url "c" %}"{% endif %}>', '<a{% if x > 1 %} b="{% url "c" %}"{% endif %}>'),
        ('<p class="a{% if b %} c{% endif %}">', '<p class="a{% if b %} c{% endif %}">'),
        ('<path\n  d="M0 0\n     L1 1"\n/>\n<br>', '<path d="M0 0 L1 1"/><br>'),
        ("<p\n  a='{\"b\": 1,\n     \"c\": 2}'\n>", "<p a='{\"b\": 1, \"c\": 2}'>"),
        ("<body{% block b %} c{% endblock %}>\n", "<body{% block b %} c{% endblock %}>"),
        ("a < b\nand c > d", "a < b and c > d"),
        ("<!doctype html>\n<!-- why\n not -->\n", "<!doctype html><!-- why not -->"),
    ],
)  # fmt: skip
def test_what_is_written_over_many_lines_is_sent_as_one(source: str, sent: str) -> None:
    assert compact(source) == sent
    assert compact(sent) == sent


@pytest.mark.parametrize(
    "markup",
    [
        "<pre>\n one\n  two\n</pre>",
        '<textarea name="x">\n\n one\n</textarea>',
        "{% blocktranslate trimmed %}\n  one\n  <b>two</b>\n{% endblocktranslate %}",
        "{% verbatim %}\n  {{ a }}\n{% endverbatim %}",
        "{% comment %}\n  <p>\n{% endcomment %}",
        "<script>\n// one\ntwo()\n</script>",
    ],
)
def test_where_lines_matter_they_stay(markup: str) -> None:
    assert compact(f"<p>\n  {markup}\n</p>\n") == f"<p>{markup}</p>"


def loaded(name: str) -> str:
    return str(Engine.get_default().get_template(name).source)


def test_our_templates_are_sent_without_line_breaks_and_those_of_others_as_they_are() -> None:
    base = Path(settings.BASE_DIR / "templates" / "base_public.html").read_text()
    assert loaded("base_public.html") == compact(base)
    assert "\n" not in loaded("base_public.html")
    assert "\n" in loaded("admin/index.html")


def test_templates_of_our_own_apps_are_compact_as_well() -> None:
    name = "sapo_server/photo.html"
    (file,) = (file for file in TEMPLATES if str(file).endswith(name))
    assert loaded(name) == compact(file.read_text())


def test_mails_keep_their_lines() -> None:
    name = "account/email/password_reset_key_message.txt"
    assert loaded(name) == (settings.BASE_DIR / "templates" / name).read_text()


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("a {\n  b: c;\n  d: e\n}\n", "a{b: c;d: e}"),
        ("/* why */\na,\nb > c { d: e }\n\n/* so */ f { g: h }", "a, b > c{d: e}f{g: h}"),
        ('a::after { content: "{ ; /* */ }"; b: c }', 'a::after{content: "{ ; /* */ }";b: c}'),
        ("a { b:\n  0 1px red,\n  0 2px blue; }", "a{b: 0 1px red, 0 2px blue;}"),
        ("@media (min-width: 1px) and (max-width: 2px) {\n  a { b: c }\n}", None),
    ],
)
def test_a_style_sheet_is_sent_without_comments_and_breaks(source: str, sent: str | None) -> None:
    sent = sent or "@media (min-width: 1px) and (max-width: 2px){a{b: c}}"
    assert static_files.compact(source) == sent
    assert static_files.compact(sent) == sent


def test_collected_style_sheets_are_compact_and_those_of_others_as_they_are(tmp_path: Path) -> None:
    sources = {f"css/{sheet.name}": sheet.read_text() for sheet in SHEETS}
    sources["other/css/theirs.css"] = "a {\n  b: c;\n}\n"
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    paths: dict[str, tuple[Storage, str]] = {
        name: (FileSystemStorage(location=tmp_path), name) for name in sources
    }
    list(static_files.StaticStorage(location=tmp_path, base_url="/static/").post_process(paths))
    for name, text in sources.items():
        (sent,) = tmp_path.glob(f"{name.removesuffix('.css')}.{'[0-9a-f]' * 12}.css")
        assert sent.read_text() == (static_files.compact(text) if name.startswith("css/") else text)
    assert list(tmp_path.glob("css/components.*.css.gz"))
