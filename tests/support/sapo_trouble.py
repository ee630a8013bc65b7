"""Input that no honest program sends, for every operation of the SAPO API."""

import re
from collections.abc import Callable
from urllib.parse import quote

from tests.support.sapo_api import NS, Program
from tests.support.sapo_requests import OPERATION_NS, envelope_of

LONG = "x" * 100_000
BAD_QUERIES = {
    "nothing": "",
    "unknown ids": "uid=nothing&imageuid=nothing&albumid=999&id=999&username=nobody&tag=nothing&value=1",
    "wrong types": "uid=%5B%5D&page=one&id=two&albumid=a,b&m18=maybe&value=x&datefrom=never&orderby=%00",
    "page zero": "page=0&uid=x",
    "page minus one": "page=-1&uid=x",
    "page far away": "page=1000000000&tag=a&string=a&id=1",
    "control characters": "uid=%00%01%1f&username=%00ana&string=%00&tag=%00&title=%00",
    "latin 1": "uid=%E1%E9&username=%E1&string=%E1&tag=%E1",
    "long": f"uid={LONG}&username={LONG}&string={LONG}&tag={LONG}&title={LONG}&id={LONG}",
    "many terms": "string="
    + ",".join(map(str, range(100_000)))
    + "&tag="
    + ",".join(map(str, range(20_000))),
    "many pairs": "&".join(f"a{n}=1" for n in range(5000)),
    "quotes": "uid='%20OR%201=1--&username=%22%3E%3Cscript%3E&string=%27%25&tag=%25_&id=1%20OR%201",
    "percent": "uid=%&username=%zz&string=%u0041&tag=%e2%28%a1",
    "markup": quote("uid=]]><![CDATA[&x;", safe="="),
}
BAD_BODIES = {
    "deep": b'{"image":' * 500 + b"1" + b"}" * 500,
    "deep lists": b"[" * 100_000,
    "many": b'{"image":{' + b",".join(b'"a%d":1' % n for n in range(50_000)) + b"}}",
    "no object": b"3",
    "huge number": b'{"page":' + b"9" * 5000 + b"}",
    "not a number": b'{"page":NaN,"image":{"uid":Infinity}}',
    "broken": b'{"image":',
    "surrogate": b'{"image":{"title":"\\ud800","uid":"\\udfff"}}',
    "keys twice": b'{"image":{"uid":"a","uid":"b"},"IMAGE":{"UID":"c"}}',
    "other encoding": '{"image":{"title":"olá"}}'.encode("latin-1"),
    "utf 16": '{"image":{"title":"olá"}}'.encode("utf-16"),
    "too large": b'{"image":{"title":"' + b"x" * 2**20 + b'"}}',
    "xml": b"<image><uid>",
    "bomb": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    "nothing": b"",
    "null": b'{"image":null,"user":null,"album":null,"page":null}',
}

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
BODY = re.compile("<s:Body>(.*)</s:Body>", re.DOTALL)
BOMB = f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>'
BAD_MESSAGES: dict[str, Callable[[str], str]] = {
    "two bodies": lambda whole: BODY.sub(r"<s:Body>\1</s:Body><s:Body>\1</s:Body>", whole),
    "two operations": lambda whole: BODY.sub(r"<s:Body>\1\1</s:Body>", whole),
    "a wrong namespace": lambda whole: whole.replace("/definitions/Photos", "/definitions/Videos"),
    "a wrong envelope": lambda whole: whole.replace("envelope", "envelop"),
    "a doctype": lambda whole: f"<!DOCTYPE x>{whole}",
    "an entity bomb": lambda whole: f"{BOMB}{whole}".replace("INNER", "&a8;"),
    "an external entity": lambda whole: (
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{whole}'.replace("INNER", "&a;")
    ),
    "300 levels": lambda whole: whole.replace("INNER", "<image>" * 300 + "</image>" * 300),
    "100,000 elements": lambda whole: whole.replace("INNER", "<a>1</a>" * 100_000),
    "100,000 terms": lambda whole: whole.replace("INNER", f"<terms>{'<string>a</string>' * 100_000}</terms>"),
    "a title of 1 MB": lambda whole: whole.replace("INNER", f"<image><title>{'x' * 2**20}</title></image>"),
    "NUL": lambda whole: whole.replace("INNER", "<image><uid>\0</uid></image>"),
    "a control character": lambda whole: whole.replace("INNER", "<image><uid>\x01</uid></image>"),
    "an unknown encoding": lambda whole: f'<?xml version="1.0" encoding="klingon"?>{whole}',
    "no end": lambda whole: whole[:-20],
}


def message(operation: str, inner: str) -> str:
    return f"<{operation} {OPERATION_NS}>{inner}</{operation}>"


def envelope(program: Program, operation: str, inner: str, version: str = "soap") -> str:
    return envelope_of(program, message(operation, inner), NS[version]).decode()
