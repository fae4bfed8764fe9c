"""A client of the Language Server Protocol, as small as a test of an editor needs."""

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
        self._notes: list[Message] = []

    def open(self, path: Path, text: str) -> None:
        """Open a file, with a text that need not be the one on the disk."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def complete(self, path: Path, line: int, column: int) -> list[str]:
        """What the editor offers at a place; lines and columns count from 0 here."""
        found = self.ask("textDocument/completion", self._at(path, line, column))
        return [item["label"] for item in (found["items"] if isinstance(found, dict) else found)]

    def hover(self, path: Path, line: int, column: int) -> str:
        """What the editor shows for the word at a place."""
        found = self.ask("textDocument/hover", self._at(path, line, column))
        return str(found["contents"]["value"])

    def diagnostics(self, path: Path) -> list[Message]:
        """What the editor underlines in a file."""

        def said(message: Message) -> bool:
            published = message.get("method") == "textDocument/publishDiagnostics"
            return published and message["params"]["uri"] == path.as_uri()

        message = next((one for one in self._notes if said(one)), None) or self._read_until(said)
        return list(message["params"]["diagnostics"])

    def ask(self, method: str, params: Message) -> Any:
        """A request's result."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": params})
        return self._read_until(lambda message: message.get("id") == number and "method" not in message)["result"]

    def tell(self, method: str, params: Message) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def _at(self, path: Path, line: int, column: int) -> Message:
        return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin
        self._server.stdin.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self._server.stdin.flush()

    def _read_until(self, wanted: Callable[[Message], bool]) -> Message:
        while True:
            message = self._read()
            if wanted(message):
                return message
            if message.get("method") == "workspace/configuration":
                answer = [SETTINGS.get(item.get("section", "")) for item in message["params"]["items"]]
                self._send({"id": message["id"], "result": answer})
            elif "id" in message and "method" in message:
                self._send({"id": message["id"], "result": None})
            else:
                self._notes.append(message)

    def _read(self) -> Message:
        assert self._server.stdout
        length = 0
        while line := self._server.stdout.readline().strip():
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
        assert length, "the language server has ended"
        message: Message = json.loads(self._server.stdout.read(length))
        return message


@contextmanager
def editor(command: list[str], root: Path) -> Iterator[Editor]:
    """An editor that has a folder open, with the language server that the command starts."""
    # A server that says nothing would be waited for; one that is killed fails the test.
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    patience = threading.Timer(SECONDS, server.kill)
    patience.start()
    try:
        opened = Editor(server)
        capabilities = {"workspace": {"configuration": True}, "textDocument": {"completion": {}}}
        opened.ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": capabilities})
        opened.tell("initialized", {})
        opened.tell("workspace/didChangeConfiguration", {"settings": SETTINGS})
        yield opened
    finally:
        patience.cancel()
        server.kill()
        server.communicate()
