"""A page that is served on this computer and made again whenever a file of the deck is saved."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from watchfiles import DefaultFilter, watch

from hipdeck.diagnostics import HipdeckError
from hipdeck.source import folder

HOST = "127.0.0.1"
PORT = 8713
"""The port that is tried first, so that the address stays the same from one day to the next."""
_HEARTBEAT = 15  # seconds
_MOST_CONNECTIONS = 64
"""More are closed at once; a page in a browser needs two."""
_DELAY = 200  # milliseconds


def serve(cards: Path, output: Path, make_page: Callable[[str], str], print_line: Callable[[str], None]) -> None:
    """Serve the page of a deck's folder until Ctrl-C, and make it again whenever a file in the folder is saved.

    `make_page` takes a version, which the page must ask for changes with. Files below `output` don't count.
    `print_line` gets the page's address, and what keeps a page from being made. Raises HipdeckError if there is no such
    folder, or the first page can't be made.
    """
    folder.require(cards)
    server = _start()
    try:
        for is_changed in _changes(cards, output):
            if not server.version:
                server.renew(make_page)
                print_line(f"http://{HOST}:{server.server_port}/ shows the cards; press Ctrl-C to stop")
            elif is_changed:
                try:
                    server.renew(make_page)
                except HipdeckError as problem:
                    print_line(f"error: {problem.message}")
    except KeyboardInterrupt:
        pass
    finally:
        server.shutdown()
        server.server_close()


def _changes(cards: Path, output: Path) -> Iterator[bool]:
    """Yield several times a second whether anything in the folder has changed.

    The first time comes when the watch has begun, so that no change is lost before it.
    """
    while True:
        watched = _identity(cards)
        rounds = watch(cards, watch_filter=_filter(output), rust_timeout=_DELAY, debounce=_DELAY, yield_on_timeout=True)
        with contextlib.suppress(FileNotFoundError):  # the folder is gone before it's watched
            for changes in rounds:
                if _identity(cards) != watched:
                    break  # the folder was removed or replaced, and the watch would stay with the old one
                yield bool(changes)
        yield True
        while not cards.is_dir():
            time.sleep(_DELAY / 1000)
        yield True


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another of its name; None if there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _start() -> _Server:
    try:
        server = _Server(PORT)
    except OSError:
        server = _Server(0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _filter(output: Path) -> DefaultFilter:
    """Lets through what an editor saves: no swap files, nothing hidden in version control, nothing of ours."""
    return DefaultFilter(ignore_paths=[output, output.resolve()])


class _Server(ThreadingHTTPServer):
    """Serves one page, and tells the browsers that show it which version is the latest."""

    daemon_threads = True
    block_on_close = False
    page = ""
    version = ""

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.changed = threading.Condition()
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}
        self.free = threading.Semaphore(_MOST_CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own, unless there are too many."""
        if self.free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and make room for another connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a connection that was reset; anything else is a bug and shows its traceback."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def renew(self, make_page: Callable[[str], str]) -> None:
        """Make the page's next version and serve that one from now on."""
        version = uuid.uuid4().hex
        page = make_page(version)
        with self.changed:
            self.page, self.version = page, version
            self.changed.notify_all()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 2 * _HEARTBEAT
    """Seconds after which a connection on which nothing comes or goes is closed."""

    def do_GET(self) -> None:
        # A page of the web may give its own name to this address; it must not read the cards.
        if self.headers.get("Host") not in self.server.hosts:
            self.send_error(403)
        elif self.path == "/":
            self._send(self.server.page.encode(), "text/html; charset=utf-8")
        elif self.path == "/changes":
            self._send_changes()
        elif self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            self.send_error(404)

    def _send(self, body: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def _send_changes(self) -> None:
        """Send the version as an event, now and at each change, until the browser has closed the page.

        The format: https://html.spec.whatwg.org/multipage/server-sent-events.html
        """
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        sent = ""
        try:
            while True:
                with self.server.changed:
                    version = self.server.version
                    if version == sent:
                        self.server.changed.wait(_HEARTBEAT)
                        version = self.server.version
                # A comment if nothing is new: sending it fails once the page is closed, and the thread can end.
                self.wfile.write(f"data: {version}\n\n".encode() if version != sent else b":\n\n")
                self.wfile.flush()
                sent = version
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Nothing: the terminal is for the author's mistakes."""
