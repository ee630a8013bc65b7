"""Any request to the SAPO server, made from the tables of its operations, and how each binding writes it."""

import json
from collections.abc import Iterator
from typing import TypeAlias
from urllib.parse import quote
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from providers.sapo.protocol_tables import ARRAYS, ENTITIES, OPERATIONS
from providers.xml import clean
from tests.support.sapo_api import KEY, NS, PHOTOS, Answer, Program

Tree: TypeAlias = list[tuple[str, "str | Tree"]]
OPERATION_NS = 'xmlns="http://services.sapo.pt/definitions/Photos"'

# What programs, careless ones and wicked ones write; those of the world of the tests among them.
OWN, PENDING, HIDDEN = "Own1Own1Own1Own1Own1", "Pen1Pen1Pen1Pen1Pen1", "Hid1Hid1Hid1Hid1Hid1"
ODD = st.sampled_from(
    [
        "",
        " ",
        "0",
        "-1",
        "1e9",
        "9" * 20,
        "null",
        "%",
        "'\"--",
        "]]>&<b>",
        "\u202eab",
        "🍊",
        "ǅ",
        "_",
        ",",
        "x" * 600,
    ]
) | st.text(max_size=12)
UNCLEAN = st.sampled_from(["\0", "a\x01b", "\x0b", "\ud800", "\ufffe", "a\r\nb", "\x7f\x85"])
NUMBERS = st.sampled_from(["1", "2", "3"]) | st.sampled_from(
    ["0", "-1", "999", "1000000000", "9" * 20, "two", "1.5", ""]
)
SWITCHES = st.sampled_from(["true", "false", "1", "0", "True", "", "maybe"])
KNOWN: dict[str, list[str]] = {
    "uid": [OWN, PENDING, HIDDEN, "nothing"],
    "username": ["ana", "rui", "ANA", "ana@sapo.example", "nobody", "nova", ""],
    "email": ["nova@sapo.example", "ana@sapo.example", "no address"],
    "title": ["Praia", "Título"],
    "tags": ["mar sol", "a_b;c, d", "sol"],
    "tag": ["sol", "mar", "mar_azul", "segredo"],
    "string": ["praia", "título", "sol", "secreto"],
    "orderBy": ["maisrecentes", "maisantigas", "alfabeticamente", "id", "relevancia", "recent", "never"],
    "interface": ["fotos.sapo.pt", "jpeg", "other.example"],
    "intf": ["fotos.sapo.pt", "other.example"],
    "dateFrom": ["2012-09-01", "-1 week", "never", "@0"],
    "dateTo": ["2032-09-01", "tomorrow", "2012-02-30"],
    "password": ["abre-te", ""],
}  # fmt: skip


# The fields without which little comes of a request.
LEADS = {
    "Image": ("uid", "albums"),
    "Album": ("id", "title"),
    "Collection": ("id",),
    "User": ("username", "email"),
}


def scalars(name: str, kind: str, *, is_clean: bool) -> st.SearchStrategy[str]:
    if kind == "int":
        return NUMBERS
    if kind == "boolean":
        return SWITCHES
    known = st.sampled_from(KNOWN.get(name, ["Praia"]))
    odd = ODD.filter(lambda text: clean(text) == text and "\r" not in text) if is_clean else ODD | UNCLEAN
    return known | known | odd


@st.composite
def trees(draw: st.DrawFn, kind: str, *, is_clean: bool, depth: int = 0) -> Tree:
    """An entity or array with some of its fields."""
    if kind in ARRAYS:
        name, inner = ARRAYS[kind]
        return [
            (name, draw(values(name, inner, is_clean=is_clean, depth=depth)))
            for _ in range(draw(st.integers(0, 3)))
        ]
    fields = dict(field for field in ENTITIES[kind] if depth < 2 or field[1] not in ENTITIES | ARRAYS)
    leads = [name for name in LEADS.get(kind, ()) if name in fields and draw(st.integers(0, 3))]
    others = draw(
        st.lists(st.sampled_from([name for name in fields if name not in leads]), max_size=4, unique=True)
    )
    return [
        (name, draw(values(name, fields[name], is_clean=is_clean, depth=depth + 1)))
        for name in (*leads, *others)
    ]


def values(name: str, kind: str, *, is_clean: bool, depth: int = 0) -> "st.SearchStrategy[str | Tree]":
    if kind in ENTITIES or kind in ARRAYS:
        return trees(kind, is_clean=is_clean, depth=depth)
    return scalars(name, kind, is_clean=is_clean)


@st.composite
def requests(draw: st.DrawFn, operation: str, *, is_clean: bool) -> Tree:
    """What may be sent to an operation: its parameters, each with some of its fields."""
    return [
        (parameter.name, draw(values(parameter.name, parameter.type, is_clean=is_clean)))
        for parameter in OPERATIONS[operation].parameters
        if parameter.required or draw(st.booleans())
    ]


def leaves(tree: Tree, path: str = "") -> Iterator[tuple[str, str]]:
    """(dotted name, text) of all that stands in a tree."""
    for name, value in tree:
        whole = f"{path}.{name}" if path else name
        if isinstance(value, str):
            yield whole, value
        else:
            yield from leaves(value, whole)


def query_of(tree: Tree) -> str:
    return "&".join(
        f"{name}={quote(text.encode('utf-8', 'surrogatepass'), safe='')}" for name, text in leaves(tree)
    )


def document_of(tree: Tree) -> dict[str, object]:
    """The tree as JSON has it: what is repeated is an array."""
    found: dict[str, list[object]] = {}
    for name, value in tree:
        found.setdefault(name, []).append(value if isinstance(value, str) else document_of(value))
    return {name: each[0] if len(each) == 1 else each for name, each in found.items()}


def elements_of(tree: Tree) -> str:
    return "".join(
        f"<{name}>{escape(value) if isinstance(value, str) else elements_of(value)}</{name}>"
        for name, value in tree
    )


def envelope_of(program: Program, body: str, namespace: str) -> bytes:
    text = (
        f'<s:Envelope xmlns:s="{namespace}"><s:Header>{program.soap_header()}</s:Header><s:Body>{body}'
        "</s:Body></s:Envelope>"
    )
    return text.encode("utf-8", "surrogatepass")


def send_request(program: Program, binding: str, operation: str, tree: Tree) -> Answer:
    """The answer to the request in one of the six bindings; REST answers are XML."""
    client, keys = program.client, f"ESBToken={program.token}&ESBAccessKey={KEY}"
    url, element = (
        f"{PHOTOS}/{operation}",
        f"<{operation} {OPERATION_NS}>{elements_of(tree)}</{operation}>",
    )
    if binding == "query":
        return client.get(f"{url}?{query_of(tree)}&{keys}")
    if binding == "form":
        return client.post(f"{url}?{keys}", query_of(tree), content_type="application/x-www-form-urlencoded")
    if binding == "json":
        return client.post(f"{url}?{keys}", json.dumps(document_of(tree)), content_type="application/json")
    if binding == "xml":
        body = element.encode("utf-8", "surrogatepass")
        return client.post(f"{url}?{keys}", body, content_type="text/xml")
    version = NS["soap" if binding == "soap 1.1" else "soap12"]
    kind = "text/xml" if binding == "soap 1.1" else "application/soap+xml"
    return client.post(PHOTOS, envelope_of(program, element, version), content_type=kind)


BINDINGS = ("query", "form", "json", "xml", "soap 1.1", "soap 1.2")
