"""`hipdeck preview --watch`: served here alone, renewed on save, ended by Ctrl-C."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from hipdeck.preview.server import _MOST_CONNECTIONS
from tests import decks
from tests.browser import Visit
from tests.preview.test_page import data

BROKEN = {"id": "q2", "question": "Question 2?", "anwser": "Answer 2."}


class Watched:
    """A `hipdeck preview --watch` that runs, and its lines."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hipdeck", "preview", "--watch"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self.lines: list[str] = []
        self.url = self.wait_for("http://").split()[0]

    def wait_for(self, part: str) -> str:
        """The next line that holds a text."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if part in line:
                return line
        raise AssertionError("".join(self.lines))

    def deck(self) -> dict[str, Any]:
        """What the page that is served now knows of the deck."""
        with urllib.request.urlopen(self.url, timeout=10) as answer:
            return data(answer.read().decode())

    def deck_with(self, *addresses: str) -> dict[str, Any]:
        """The same, once its cards are these."""
        for _ in range(200):
            found = self.deck()
            if [card["address"] for card in found["cards"]] == list(addresses):
                return found
            time.sleep(0.05)
        raise AssertionError(f"the page was not renewed: {found}")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    decks.write(tmp_path / "cards", {"section": [decks.question(1), decks.question(2)]})
    running = Watched(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()
    assert running.process.stdout
    running.process.stdout.close()


def test_page_is_renewed_on_save(watched: Watched, tmp_path: Path) -> None:
    first = watched.deck()
    assert [card["address"] for card in first["cards"]] == ["q1", "q2"]
    decks.write(tmp_path / "cards", {"section": [decks.question(1), BROKEN]})
    assert "unknown key 'anwser'" in watched.wait_for("error: unknown key")
    second = watched.deck_with("q1")
    assert [one["code"] for one in second["diagnostics"]] == ["unknown-key"]
    decks.write(tmp_path / "cards", {"section": [decks.question(1), decks.question(3)]})
    watched.wait_for("2 cards, no errors")
    third = watched.deck_with("q1", "q3")
    assert third["diagnostics"] == []
    written = (tmp_path / "output" / "preview" / "index.html").read_text(encoding="utf-8")
    assert data(written) == {**third, "version": ""}


def test_ctrl_c_stops_the_server_silently(watched: Watched) -> None:
    with urllib.request.urlopen(watched.url + "changes", timeout=10) as changes:
        assert changes.readline().startswith(b"data: ")
        watched.process.send_signal(signal.SIGINT)
        rest, _ = watched.process.communicate(timeout=10)
    assert (watched.process.returncode, rest) == (0, "")
    with pytest.raises(urllib.error.URLError):
        watched.deck()


@pytest.mark.parametrize(
    ("path", "host", "code"),
    [("", "hostile.test", 403), ("cards/deck.yaml", None, 404), ("../cards/deck.yaml", None, 404)],
)
def test_only_the_page_is_served_and_only_locally(watched: Watched, path: str, host: str | None, code: int) -> None:
    assert watched.url.startswith("http://127.0.0.1:")
    asked = urllib.request.Request(watched.url + path, headers={"Host": host} if host else {})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked, timeout=10)
    assert refused.value.code == code
    refused.value.close()


def test_missing_folder_exits_with_2(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hipdeck", "preview", "--watch"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr.split("\n")[0]) == (2, "error: there is no folder 'cards'")


def test_open_page_reloads_and_keeps_its_state(watched: Watched, tmp_path: Path, browser: Browser) -> None:
    visit = Visit(browser, watched.url, color_scheme="light")
    visit.page.get_by_label("Text").fill("q2")
    visit.page.get_by_label("Text").press("Enter")
    visit.page.keyboard.press("Space")
    decks.write(tmp_path / "cards", {"section": [decks.question(1), decks.question(2, answer="Another.")]})
    item = visit.page.locator("[id='q2']")
    expect(item.locator(".answer")).to_have_text("Another.")
    expect(visit.page.get_by_label("Text")).to_have_value("q2")
    expect(visit.page.locator("[id='q1']")).to_be_hidden()
    assert visit.problems == []
    visit.close()


def test_a_folder_that_is_removed_and_made_again_is_watched_again(watched: Watched, tmp_path: Path) -> None:
    shutil.move(tmp_path / "cards", tmp_path / "elsewhere")
    watched.wait_for("error: there is no folder 'cards'")
    decks.write(tmp_path / "cards", {"section": [decks.question(3)]})
    watched.deck_with("q3")
    decks.write(tmp_path / "cards", {"section": [decks.question(4)]})
    watched.deck_with("q4")


def test_connections_that_are_reset_or_too_many_do_no_harm(watched: Watched, tmp_path: Path) -> None:
    port = int(watched.url.rstrip("/").rpartition(":")[2])
    for _ in range(5):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        connection.close()  # with a reset
    threads = Path(f"/proc/{watched.process.pid}/task")
    others = len(list(threads.iterdir())) if threads.exists() else 0
    idle = []
    for _ in range(_MOST_CONNECTIONS + 3):
        idle.append(socket.create_connection(("127.0.0.1", port)))
        time.sleep(0.01)  # who comes while five others wait is turned away for a second and longer
    if threads.exists():
        deadline = time.monotonic() + 20
        while len(list(threads.iterdir())) < others + _MOST_CONNECTIONS - 5 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.2)  # in which the others would come, if nothing held them back
        assert len(list(threads.iterdir())) - others in range(_MOST_CONNECTIONS - 5, _MOST_CONNECTIONS + 1)
    for connection in idle:
        connection.close()
    decks.write(tmp_path / "cards", {"section": [decks.question(5)]})
    watched.deck_with("q5")
    watched.process.send_signal(signal.SIGINT)
    assert "Traceback" not in "".join(watched.lines) + watched.process.communicate(timeout=20)[0]
