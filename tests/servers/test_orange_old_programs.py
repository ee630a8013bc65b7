"""Programs written from the document alone, byte for byte as their libraries of the time sent them.

No HTTP library of ours takes part: the bytes go into a socket, the answer is read by a program of the
standard library. SERVICE_ID and SERVICE_PWD are not in the document: none of them is sent.
"""

import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.dom import minidom

import pytest
from allauth.idp.oidc.models import Token
from django.contrib.auth.models import User
from pytest_django.live_server_helper import LiveServer

from providers.orange.server.albums import create_album
from providers.orange.server.models import MediaObject, OrangeAlbum
from tests.support.orange_kit import Caller, caller_for
from tests.support.painting import picture, size_of

PATH = "/services/orange/PersonalPhotos/V1"
DOCUMENTS_TOKEN = "Hjlkzjlfkzef23423kjlkjr"
REAL_TOKEN = "B64AAEC+wQF/Bgc=|sau=|ted=1795298421|fhZMd/Fzr+Tp="

# What libraries of 2008 put around a GET.
GETS = {
    "php_file_get_contents": "GET {target} HTTP/1.0\r\nHost: {host}\r\n\r\n",
    "php_curl": "GET {target} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nConnection: close\r\n\r\n",
    "java": "GET {target} HTTP/1.1\r\nUser-Agent: Java/1.6.0_05\r\nHost: {host}\r\n"
    "Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2\r\nConnection: close\r\n\r\n",
    "perl_lwp": "GET {target} HTTP/1.1\r\nTE: deflate,gzip;q=0.3\r\nConnection: close\r\nHost: {host}\r\n"
    "User-Agent: libwww-perl/5.805\r\n\r\n",
    "python_urllib": "GET {target} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: Python-urllib/1.17\r\n\r\n",
    "browser": "GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Mozilla/5.0 (Windows; U; fr)\r\n"
    "Accept: text/xml,text/html;q=0.9\r\nAccept-Language: fr\r\nAccept-Encoding: gzip,deflate\r\n"
    "Accept-Charset: ISO-8859-1,utf-8;q=0.7,*;q=0.7\r\nReferer: http://mesalbums.example/\r\n"
    "Connection: close\r\n\r\n",
}


@dataclass
class Line:
    """The server as a socket sees it, and the person whose token the program holds."""

    host: str
    port: int
    caller: Caller

    def says(self, request: bytes) -> tuple[int, str, bytes]:
        """(HTTP status, media type, body)."""
        with socket.create_connection((self.host, self.port), timeout=30) as line:
            line.sendall(request)
            answer = b""
            while block := line.recv(65536):
                answer += block
        head, _, body = answer.partition(b"\r\n\r\n")
        kind = re.search(rb"(?im)^content-type: *([^\r\n]*)", head)
        return int(head.split(b" ", 2)[1]), kind[1].decode() if kind else "", body

    def gets(self, query: str, around: str = GETS["php_file_get_contents"]) -> minidom.Element:
        """The root of the answer to a GET of the endpoint with this query."""
        target = f"{PATH}?{query}"
        status, kind, body = self.says(
            around.format(target=target, host=f"{self.host}:{self.port}").encode("latin-1")
        )
        assert (status, kind) == (200, "text/xml; charset=UTF-8"), body
        root = minidom.parseString(body).documentElement
        assert root is not None
        return root


@pytest.fixture
def line(live_server: LiveServer, alice: User) -> Line:
    url = urlsplit(live_server.url)
    return Line(url.hostname or "", url.port or 0, _holding(caller_for(alice), DOCUMENTS_TOKEN))


def _holding(caller: Caller, raw: str) -> Caller:
    token = Token.objects.by_value(caller.token).get()
    token.set_value(raw)
    token.save()
    caller.token = raw
    return caller


def _text(node: minidom.Element, name: str) -> str:
    (found,) = node.getElementsByTagName(name)
    return "".join(child.nodeValue or "" for child in found.childNodes).strip()


@pytest.mark.parametrize("around", GETS.values(), ids=GETS)
def test_hello_world_of_the_document_makes_its_album(line: Line, around: str) -> None:
    root = line.gets(f"action=CreateAlbum&title=Hello%20World&token={DOCUMENTS_TOKEN}", around)
    assert (root.getAttribute("version"), root.getAttribute("code")) == ("2.0", "100")
    assert _text(root, "title") == "Hello World"
    assert OrangeAlbum.objects.get().account == line.caller.account


@pytest.mark.parametrize("around", GETS.values(), ids=GETS)
def test_albums_are_listed_for_every_library(line: Line, around: str) -> None:
    made = create_album(line.caller.account, "album 8/2/2006-01")
    root = line.gets(f"action=GetAlbumsList&token={DOCUMENTS_TOKEN}", around)
    (album,) = root.getElementsByTagName("album")
    assert album.getAttribute("cypheredId") == made.cyphered_id
    assert _text(album, "title") == "album 8/2/2006-01"
    assert album.getElementsByTagName("mediaObjects")[0].getAttribute("count") == "0"


def test_title_with_bare_slashes_is_taken_as_in_the_document(line: Line) -> None:
    root = line.gets(f"action=CreateAlbum&TIT=album%2010/12/2006-01&token={DOCUMENTS_TOKEN}")
    assert _text(root, "title") == "album 10/12/2006-01"
    again = line.gets(f"action=CreateAlbum&TIT=album%2010/12/2006-01&token={DOCUMENTS_TOKEN}")
    assert _text(again, "title") == "album 10/12/2006-01-1"
    assert int(_text(root, "creationDate")) > 10**12


def test_album_is_found_by_the_documents_address_without_its_equals_sign(line: Line) -> None:
    made = create_album(line.caller.account, "Bretagne")
    root = line.gets(f"actionGetAlbum&Album={made.cyphered_id}&token={DOCUMENTS_TOKEN}")
    assert root.getAttribute("code") == "105" and _text(root, "title") == "Bretagne"


@pytest.mark.parametrize("method", ["GetAlbumList", "GetAlbumsList"])
def test_albums_list_has_both_names_of_the_document(line: Line, method: str) -> None:
    assert line.gets(f"action={method}&token={DOCUMENTS_TOKEN}").getAttribute("code") == "3201"


BOUNDARY = "---------------------------41184676334"
DOCUMENTS_FORM = (
    '--{boundary}\r\nContent-Disposition: form-data; name="action"\r\n\r\nAddMediaObj\r\n'
    '--{boundary}\r\nContent-Disposition: form-data; name="Album"\r\n\r\n{album}\r\n'
    '--{boundary}\r\nContent-Disposition: form-data; name="F_title"\r\n\r\ntitle\r\n'
    '--{boundary}\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n'
    '--{boundary}\r\nContent-Disposition: form-data; name="F"; filename="picture.jpg"\r\n'
    "Content-Type: image/jpeg\r\n\r\n"
)
# What stands above the document's Content-Type and Content-Length.
POSTS = {
    "document": "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n",
    "php_fsockopen": "POST {path} HTTP/1.0\r\nHost: {host}\r\n",
    "curl": "POST {path} HTTP/1.1\r\nUser-Agent: curl/7.18.0\r\nHost: {host}\r\nAccept: */*\r\n"
    "Expect: 100-continue\r\nConnection: close\r\n",
    "browser": "POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://mesalbums.example\r\n"
    "Referer: http://mesalbums.example/envoi.html\r\nCookie: wassup=1\r\nConnection: close\r\n",
}


def _posted(line: Line, above: str, album: str, token: str, content: bytes) -> tuple[int, str, bytes]:
    form = DOCUMENTS_FORM.format(boundary=BOUNDARY, album=album, token=token)
    body = form.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    head = above.format(path=PATH, host=f"{line.host}:{line.port}")
    head += f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
    return line.says(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


@pytest.mark.parametrize("above", POSTS.values(), ids=POSTS)
def test_upload_of_the_document_is_taken_and_can_be_fetched_again(line: Line, above: str) -> None:
    album, content = create_album(line.caller.account, "Bretagne"), picture(width=640, height=480)
    _, _, body = _posted(line, above, album.cyphered_id, DOCUMENTS_TOKEN, content)
    body = body[body.index(b"<?xml") :]  # curl is told first that it may go on
    assert b'code="3201"' in body and b'<mediaObjects count="1"/>' in body
    root = line.gets(f"actionGetMediaObjsList&Album={album.cyphered_id}&token={DOCUMENTS_TOKEN}")
    assert root.getAttribute("code") == "3204"
    (photo,) = root.getElementsByTagName("mediaObject")
    assert (_text(photo, "title"), _text(photo, "filename")) == ("title", "picture.jpg")
    assert _text(photo, "filesize") == str(len(content))
    one = line.gets(f"action=GetMediaObj&MOB={photo.getAttribute('cypheredId')}&token={DOCUMENTS_TOKEN}")
    assert one.getAttribute("code") == "3205" and _text(one, "baseUrl") == _text(photo, "baseUrl")
    for more, size in (("", (640, 480)), ("&width=100&height=100", (100, 75)), ("&width=500", (500, 375))):
        assert size_of(_fetched(line, _text(photo, "baseUrl") + more)) == size


def _fetched(line: Line, url: str) -> bytes:
    """As an <img> of a page would be: the address alone, and nothing else."""
    parts = urlsplit(url)
    assert f"{parts.hostname}:{parts.port}" == f"{line.host}:{line.port}"
    status, kind, body = line.says(
        f"GET {parts.path}?{parts.query} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode()
    )
    assert (status, kind) == (200, "image/jpeg")
    return body


def test_real_token_is_taken_raw_in_an_address_and_in_a_form(line: Line) -> None:
    _holding(line.caller, REAL_TOKEN)
    album = create_album(line.caller.account, "Bretagne")
    assert line.gets(f"action=GetAlbumsList&token={REAL_TOKEN}").getAttribute("code") == "3201"
    status, _, body = _posted(line, POSTS["document"], album.cyphered_id, REAL_TOKEN, picture())
    assert status == 200 and b'code="3201"' in body
    assert MediaObject.objects.get().album == album


def test_failure_is_what_a_program_of_the_document_looks_for(line: Line) -> None:
    line.caller.account.delete()
    root = line.gets(f"action=GetAlbumsList&token={DOCUMENTS_TOKEN}")
    assert root.getAttribute("code") == "200"
    assert _text(root, "error-code") == "1106"
    assert _text(root, "error-msg") == "Owner unknown [GUID = mail alice@example.org]"
