"""A client of the Language Server Protocol, just big enough to test what an editor shows."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Message = dict[str, Any]
SECONDS = 120
SETTINGS = {"yaml": {"schemaStore": {"enable": False}, "completion": True, "hover": True, "validate": True}}


class Editor:
    """A language server with files open in it."""

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        self._server = server
        self._number = 0
        self._notifications: list[Message] = []

    def open(self, path: Path, text: str) -> None:
        """Open a file. Its text needn't match the one on the disk."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def complete(self, path: Path, line: int, column: int) -> list[str]:
        """What the editor offers at a place. Lines and columns count from 0 here."""
        items = self.ask("textDocument/completion", self._at(path, line, column))
        return [item["label"] for item in (items["items"] if isinstance(items, dict) else items)]

    def hover(self, path: Path, line: int, column: int) -> str:
        """What the editor shows for the word at a place."""
        hover = self.ask("textDocument/hover", self._at(path, line, column))
        return str(hover["contents"]["value"])

    def diagnostics(self, path: Path) -> list[Message]:
        """What the editor underlines in a file."""

        def matches(message: Message) -> bool:
            published = message.get("method") == "textDocument/publishDiagnostics"
            return published and message["params"]["uri"] == path.as_uri()

        message = next(filter(matches, self._notifications), None) or self._read_until(matches)
        return list(message["params"]["diagnostics"])

    def ask(self, method: str, params: Message) -> Any:
        """Send a request. Returns its result."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        return self._read_until(lambda message: message.get("id") == number and "method" not in message)["result"]

    def notify(self, method: str, params: Message) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def _at(self, path: Path, line: int, column: int) -> Message:
        return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin
        self._server.stdin.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self._server.stdin.flush()

    def _read_until(self, matches: Callable[[Message], bool]) -> Message:
        while True:
            message = self._read()
            if matches(message):
                return message
            if message.get("method") == "workspace/configuration":
                answer = [SETTINGS.get(item.get("section", "")) for item in message["params"]["items"]]
                self._send({"id": message["id"], "result": answer})
            elif "id" in message and "method" in message:
                self._send({"id": message["id"], "result": None})
            else:
                self._notifications.append(message)

    def _read(self) -> Message:
        assert self._server.stdout
        length = 0
        while line := self._server.stdout.readline().strip():
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
        assert length, "the language server has stopped"
        message: Message = json.loads(self._server.stdout.read(length))
        return message


@contextmanager
def editor(command: list[str], root: Path) -> Iterator[Editor]:
    """An editor with a folder open, and with the language server that the command starts."""
    # A silent server would keep the test waiting; killing it makes the test fail.
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    timer = threading.Timer(SECONDS, server.kill)
    timer.start()
    try:
        opened = Editor(server)
        capabilities = {"workspace": {"configuration": True}, "textDocument": {"completion": {}}}
        opened.ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities})
        opened.notify("initialized", {})
        opened.notify("workspace/didChangeConfiguration", {"settings": SETTINGS})
        yield opened
    finally:
        timer.cancel()
        server.kill()
        server.communicate()
