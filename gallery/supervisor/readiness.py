"""Whether a program is ready. Each answers "" for yes, else what is missing, in words.

`python -m gallery.supervisor.readiness PORT` asks the page of a container (docker-compose.yml).
"""

import http.client
import sys
from pathlib import Path

from gallery.supervisor import valkey
from gallery.supervisor.ports import HOST


def of_page(port: int) -> str:
    """Ready when the health page says that every part is well."""
    connection = http.client.HTTPConnection(HOST, port, timeout=3)
    try:
        connection.request("GET", "/health/ready/")
        answer = connection.getresponse()
        if answer.status == http.HTTPStatus.OK:
            return ""
        return f"its health page says {answer.status} {answer.read(500).decode(errors='replace')}"
    except (OSError, http.client.HTTPException):
        return f"nobody answers on port {port}"
    finally:
        connection.close()


def of_file(path: Path) -> str:
    """Ready when the program has made `path` (READY_FILE, gallery/celery.py)."""
    return "" if path.exists() else "it has not said that it is ready"


def of_valkey(socket: Path) -> str:
    return "" if valkey.answers(socket) else f"nobody answers on {socket}"


if __name__ == "__main__":
    sys.exit(of_page(int(sys.argv[1])) or 0)
