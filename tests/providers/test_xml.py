"""Two ways to read XML that strangers sent: they agree on what is taken, and on what is refused."""

import pytest

from providers.xml import XmlError, parse, parse_plainly

BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>'
START = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    "encoding", ["utf-8", "UTF-8", "iso-8859-1", "windows-1252", "utf-16", "utf-16-be", "iso-8859-15"]
)
def test_text_is_read_in_the_encoding_that_the_document_names(encoding: str) -> None:
    document = (START.format(encoding) + "<a><b>Férias &amp; mar</b></a>").encode(encoding)
    if encoding == "utf-16-be":
        document = b"\xfe\xff" + document
    assert parse(document).findtext("b") == parse_plainly(document).findtext("b") == "Férias & mar"


@pytest.mark.parametrize("start", ["", "\ufeff", "\n ", '<?xml version="1.0"?>', "<!-- a --><?b c?>"])
def test_what_stands_before_the_root_changes_nothing(start: str) -> None:
    document = f"{start}<a><b>1</b></a>".encode()
    assert parse(document).findtext("b") == parse_plainly(document).findtext("b") == "1"


@pytest.mark.parametrize(
    "document",
    [
        BOMB.encode(), OUTSIDE.encode(), b"<!DOCTYPE a><a/>", b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/"><a/>',
        (START.format("utf-16") + BOMB).encode("utf-16"), (START.format("utf-16") + OUTSIDE).encode("utf-16"),
        (START.format("utf-32") + BOMB).encode("utf-32"), (START.format("cp037") + BOMB).encode("cp037"),
        START.format("cp037").encode() + BOMB.encode("cp037"),
        START.format("utf-7").encode() + BOMB.encode("utf-7"),
        b"", b"words", b"<a>", b"<a>\xff</a>", b"<a>&f;</a>", b"<a>\x00</a>", b"<a></b>", b"<a/><b/>",
    ],
)  # fmt: skip
def test_both_refuse_what_is_no_plain_document(document: bytes) -> None:
    for read in (parse, parse_plainly):
        with pytest.raises(XmlError):
            read(document)
