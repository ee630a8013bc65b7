"""A service that takes requests and does not answer before it is told to."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SlowServer:
    """Used as a context manager; `go_on` lets every request have its `answer`, `request_count` counts."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.answer = b"{}"
        self.request_count = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def _serve(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                outer.request_count += 1
                outer.go_on.wait(30)
                self.send_response(200)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(outer.answer)))
                self.end_headers()
                self.wfile.write(outer.answer)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *args: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "SlowServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
