"""A server that answers ImageGetListByUser at once, from pages written beforehand.

`python -m benchmarks.instant_sapo rest|rest-xml|soap 100000` prints its address and serves until killed.
"""

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape

_PAGE_SIZE, _MARK = 50, "PAGENUMBER"
_BOXES = (
    ("original", 4000, 3000), ("50x50", 50, 50), ("90x90", 90, 90), ("120x90", 120, 90),
    ("260x260", 260, 260), ("500x500", 500, 500), ("normal", 580, 435), ("940x705", 940, 705),
    ("1280x960", 1280, 960), ("large", 1600, 1200),
)  # fmt: skip


def _image(number: int) -> dict[str, Any]:
    """A photo with all that lists tell; the page is written into its uid when it is asked for."""
    uid = f"{_MARK}photo{number:05}"
    views = [
        {"requestHeight": f"{height}", "requestWidth": f"{width}", "size": size,
         "url": f"http://127.0.0.1/services/sapo/i/o0a1b2c3d/{number}_aB3dE.jpeg"}
        for size, width, height in _BOXES
    ]  # fmt: skip
    return {
        "active": "true", "albums": {"album": [{"id": "5", "title": "Férias"}]},
        "avgColor": {"blue": "60", "green": "50", "red": "40"}, "creationDate": "2012-09-20 16:45:12",
        "format": "jpeg", "innapropriate": "false", "m18": "false", "password": None, "pending": "false",
        "refColor": {"blue": "30", "green": "20", "red": "10"}, "subtitle": None, "synopse": "Um dia & meio",
        "tags": "mar,sol,fim de tarde", "title": f"Praia {number}", "uid": uid,
        "url": f"http://127.0.0.1/services/sapo/fotos/ana/fotos/?uid={uid}", "views": {"view": views},
        "visualizations": "12",
    }  # fmt: skip


def _answer(total: int) -> dict[str, Any]:
    result = {
        "ok": "true", "page": "1", "perPage": f"{_PAGE_SIZE}", "total": f"{total}",
        "totalPages": f"{-(-total // _PAGE_SIZE)}",
    }  # fmt: skip
    images = {"image": [_image(number) for number in range(_PAGE_SIZE)]}
    inside = {"ImageGetListByUserResult": {"images": images, "result": result}}
    return {"ImageGetListByUserResponse": inside}


def _xml(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_xml(name, one) for one in value)
    inner = "".join(_xml(*pair) for pair in value.items()) if isinstance(value, dict) else escape(value or "")
    return f"<{name}>{inner}</{name}>"


def page_for(binding: str, total: int) -> bytes:
    """The page whose number is yet to be written in."""
    answer = _answer(total)
    if binding == "rest":
        return json.dumps(answer, ensure_ascii=False).encode()
    (root,) = answer
    body = _xml(root, answer[root]).replace(
        f"<{root}>", f'<{root} xmlns="http://services.sapo.pt/definitions/Photos">', 1
    )
    if binding == "soap":
        soap = 'xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
        body = f"<soap:Envelope {soap}><soap:Body>{body}</soap:Body></soap:Envelope>"
    return body.encode()


def serve(binding: str, total: int) -> None:
    page = page_for(binding, total)
    page_number = re.compile(rb"[?&]page=(\d+)|<page>(\d+)</page>")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and page in one go

        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            found = page_number.search(self.path.encode() + body)
            number = int(found[1] or found[2]) if found else 1
            answer = page.replace(_MARK.encode(), b"%010d" % number)
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_POST(self) -> None:
            self.do_GET()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
