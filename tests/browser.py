"""Chromium without a screen, and pages that show a card as Anki's reviewers do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, Route, sync_playwright

from hipdeck.render.media import Picture

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOST = "http://anki.test/"
SCREENS = {"phone": (360, 640), "desktop": (1280, 800)}
MODES = ("light", "night")
ANKI = "body { margin: 20px } body.nightMode { background-color: #2c2c2c; color: #fcfcfc }"
"""What Anki's reviewer says of its own, which the card's style must outdo."""
TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser; the test that asks for one is skipped where there is none, and fails where CI is set."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = f"no browser: none of {', '.join(NAMES)} is installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # A sandbox cannot be made by root, who runs the tests in a container.
    sandbox = [] if os.name == "nt" or os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield browser
        browser.close()


class Reviewer:
    """A page that shows cards, and what goes wrong in it.

    `reloads` says how a side comes: as a new page (AnkiDroid), or into the page that is there, whose scripts run again
    (Anki on a desktop).
    """

    def __init__(
        self, browser: Browser, css: str, pictures: Sequence[Picture] = (), reloads: bool = False, **options: object
    ) -> None:
        self.context = browser.new_context(**options)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.css, self.reloads = css, reloads
        self.pictures = {picture.name: picture for picture in pictures}
        self.html = ""
        self.problems: list[str] = []
        self.context.route("**/*", self._serve)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda problem: self.problems.append(str(problem)))
        self.page.on("dialog", self._dialog)
        self.night = False
        self.started = False

    def resize(self, screen: str) -> None:
        """A screen by its name."""
        width, height = SCREENS[screen]
        self.page.set_viewport_size({"width": width, "height": height})

    def show(self, html: str) -> None:
        """A side of a card."""
        self.html = html
        if self.reloads or not self.started:
            self.page.goto(HOST)
            self.started = True
            return
        self.page.evaluate(
            """([html, night]) => {
                 document.body.classList.toggle("nightMode", night);
                 const place = document.getElementById("qa");
                 place.innerHTML = html;
                 for (const old of place.querySelectorAll("script")) {
                   const script = document.createElement("script");
                   script.textContent = old.textContent;
                   old.replaceWith(script);
                 }
               }""",
            [self._side(), self.night],
        )

    def whole(self) -> bool:
        """Whether each picture of the card is loaded; waits for them."""
        return bool(
            self.page.evaluate(
                """() => Promise.all(Array.from(document.images, (one) => one.decode().then(() => one.naturalWidth > 0,
                     () => false))).then((all) => all.every(Boolean))"""
            )
        )

    def close(self) -> None:
        """Close the page."""
        self.context.close()

    def _side(self) -> str:
        return f"<style>{self.css}</style>{self.html}"

    def _serve(self, route: Route, request: Request) -> None:
        name = request.url.removeprefix(HOST)
        if request.url == HOST:
            body = f'<body class="card card1{" nightMode" if self.night else ""}">'
            head = f'<!doctype html><html lang="en"><title>A card</title><style>{ANKI}</style>'
            route.fulfill(body=f'{head}{body}<main id="qa">{self._side()}</main></html>', content_type="text/html")
        elif name in self.pictures:
            path = self.pictures[name].path
            route.fulfill(body=path.read_bytes(), content_type=TYPES[path.suffix])
        elif name == "favicon.ico":
            route.fulfill(status=204)
        else:
            self.problems.append(f"a request for {request.url}")
            route.abort()

    def _dialog(self, dialog: Dialog) -> None:
        self.problems.append(dialog.message)
        dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(message.text)


class Visit:
    """A page from the disk or a server, and what goes wrong in it: errors, dialogs, and requests for anything else."""

    def __init__(self, browser: Browser, url: str, **options: object) -> None:
        self.context = browser.new_context(**options)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("console", lambda message: self.problems.append(message.text))
        self.page.on("pageerror", lambda problem: self.problems.append(str(problem)))
        self.page.on("dialog", self._dialog)
        self.page.on("popup", lambda popup: self.problems.append(f"a window for {popup.url}"))
        self.page.on("request", lambda request: self._request(request.url, url))
        self.page.on("requestfailed", self._refused)
        self.page.goto(url)

    def until(self, condition: str, argument: object = None) -> None:
        """Wait for a function of JavaScript to be true. (The page's policy refuses Playwright's own way.)"""
        for _ in range(200):
            if self.page.evaluate(condition, argument):
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"not within five seconds: {condition}")

    def close(self) -> None:
        """Close the page."""
        self.context.close()

    def _dialog(self, dialog: Dialog) -> None:
        self.problems.append(dialog.message)
        dialog.dismiss()

    def _request(self, asked: str, own: str) -> None:
        if asked.split("#")[0] not in (own.split("#")[0], own + "changes") and not asked.startswith("data:"):
            self.problems.append(f"a request for {asked}")

    def _refused(self, request: Request) -> None:
        # What the page's policy refuses was never sent.
        if request.failure == "csp":
            self.problems.remove(f"a request for {request.url}")


def violations(page: Page, *without: str) -> list[str]:
    """What axe finds against the accessibility of a page, but for some of its rules."""
    from axe_playwright_python.sync_playwright import Axe

    rules = {name: {"enabled": False} for name in without}
    found = Axe().run(page, options={"rules": rules}).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]
