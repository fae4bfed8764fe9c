"""Headless Chromium, and pages that show a card as Anki's reviewers do."""

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
"""Anki's own reviewer style, which the card's style must override."""
TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser. Without one, the test that asks for it is skipped, or fails if CI is set."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = f"no browser: none of {', '.join(NAMES)} is installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # In a container the tests run as root, who can't create a sandbox.
    sandbox = [] if os.name == "nt" or os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=sandbox)
        yield browser
        browser.close()


class Reviewer:
    """A page that shows cards, and collects the problems in it.

    `reloads` says how it shows a side: as a new page (AnkiDroid), or in the existing page, where the side's scripts run
    again (Anki on a desktop).
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
        """Take the size of a screen in SCREENS."""
        width, height = SCREENS[screen]
        self.page.set_viewport_size({"width": width, "height": height})

    def show(self, html: str) -> None:
        """Show a side of a card."""
        self.html = html
        if self.reloads or not self.started:
            self.page.goto(HOST)
            self.started = True
            return
        self.page.evaluate(
            """([html, night]) => {
                 document.body.classList.toggle("nightMode", night);
                 const card = document.getElementById("qa");
                 card.innerHTML = html;
                 for (const old of card.querySelectorAll("script")) {
                   const script = document.createElement("script");
                   script.textContent = old.textContent;
                   old.replaceWith(script);
                 }
               }""",
            [self._side(), self.night],
        )

    def whole(self) -> bool:
        """Wait for the card's pictures. Returns whether all of them loaded."""
        return bool(
            self.page.evaluate(
                """() => Promise.all(Array.from(document.images, (image) =>
                     image.decode().then(() => image.naturalWidth > 0, () => false)
                   )).then((loaded) => loaded.every(Boolean))"""
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
    """A page from the disk or a server. Collects its problems: errors, dialogs, and requests for anything else."""

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
        """Wait until a JavaScript function returns true. (The page's policy blocks Playwright's own way.)"""
        for _ in range(200):
            if self.page.evaluate(condition, argument):
                return
            self.page.wait_for_timeout(25)
        raise AssertionError(f"still false after five seconds: {condition}")

    def close(self) -> None:
        """Close the page."""
        self.context.close()

    def _dialog(self, dialog: Dialog) -> None:
        self.problems.append(dialog.message)
        dialog.dismiss()

    def _request(self, url: str, own: str) -> None:
        if url.split("#")[0] not in (own.split("#")[0], own + "changes") and not url.startswith("data:"):
            self.problems.append(f"a request for {url}")

    def _refused(self, request: Request) -> None:
        # A request that the page's policy blocks was never sent.
        if request.failure == "csp":
            self.problems.remove(f"a request for {request.url}")


def violations(page: Page, *without: str) -> list[str]:
    """The accessibility problems that axe finds in a page, with some of its rules turned off."""
    from axe_playwright_python.sync_playwright import Axe

    rules = {name: {"enabled": False} for name in without}
    rules_broken = Axe().run(page, options={"rules": rules}).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in rules_broken for node in rule["nodes"]
    ]
