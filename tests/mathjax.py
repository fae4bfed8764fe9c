"""Anki's own MathJax, with Anki's own configuration, in Chromium: what it makes of mathematics."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Request, Route

HOST = "http://anki.test/"
FILES = "_anki/js/"
PAGE = (
    '<!doctype html><body class="card"><div id="qa"></div>'
    f'<script src="/{FILES}mathjax.js"></script><script src="/{FILES}vendor/mathjax/tex-chtml-full.js"></script>'
)
TYPES = {".js": "text/javascript", ".woff": "font/woff", ".json": "application/json"}

# What a formula may become: MathJax's own elements, and the MathML that it adds for screen readers. `style` is looked
# at property by property.
FAULTS = """(place) => {
  const faults = [];
  const own = /^(?:mjx-|mml)|^(?:MathJax|MathML-Unit|CtxtMenu_Attached_0|MJX-\\S+|TEX-\\S+)$/i;
  for (const element of place.querySelectorAll("mjx-container, mjx-container *")) {
    const name = element.localName;
    const mathml = element.namespaceURI.endsWith("/MathML");
    if (!name.startsWith("mjx-") && !mathml && !["dbox"].includes(name)) faults.push(`<${name}>`);
    if (name === "maction") faults.push(`<${name}>`);
    for (const { name: key, value } of element.attributes) {
      if (/^(?:on|href|src|id$|xlink)/i.test(key)) faults.push(`${key}="${value}"`);
      if (key === "class" && !value.split(/\\s+/).every((one) => own.test(one))) faults.push(`${key}="${value}"`);
      if (key === "style" && /url|image|position:(?! ?relative)|content|inset|z-index|opacity/i.test(value)) {
        faults.push(`${key}="${value}"`);
      }
    }
  }
  return faults;
}"""
SHOW = f"""async (html) => {{
  const place = document.getElementById("qa");
  place.innerHTML = html;
  let failure = "";
  MathJax.typesetClear();
  try {{ await MathJax.typesetPromise([place]); }} catch (problem) {{ failure = String(problem); }}
  const wrong = Array.from(place.querySelectorAll("[data-mjx-error]"), (one) => one.getAttribute("data-mjx-error"));
  for (const one of place.querySelectorAll("mtext[mathcolor=red]")) wrong.push(`undefined: ${{one.textContent}}`);
  if (failure) wrong.push(failure);
  return {{ formulas: place.querySelectorAll("mjx-container").length, wrong, faults: ({FAULTS})(place) }};
}}"""

# All that one formula could change for the next: what names mean, settings, defined colors, and names of places.
STATE = """() => {
  const options = MathJax.startup.document.inputJax[0].parseOptions;
  const plain = (value, deep) => {
    if (typeof value === "function") return value.name;
    if (!value || typeof value !== "object" || deep > 6) return String(value);
    const pairs = value instanceof Map ? [...value] : Object.entries(value);
    // MathJax notes in its list of signs whether one stretches, when it first draws it.
    return pairs.filter(([key]) => key !== "stretchy").map(([key, inner]) => [String(key), plain(inner, deep + 1)]);
  };
  const maps = [...options.handlers.map].map(([kind, handler]) =>
    [kind, [...handler._configuration].map(({ item }) => [item.name, plain(item.map || {}, 3)])]);
  const { labels, ids, allLabels, allIds } = options.tags;
  const colors = options.packageData.get("color").model.userColors;
  const places = plain([labels, ids, allLabels, allIds], 0);
  return JSON.stringify([maps, plain(options.options, 0), plain(colors, 0), places]);
}"""

NAMES = """(kind) => {
  const { handlers } = MathJax.startup.document.inputJax[0].parseOptions;
  return [...handlers.get(kind)._configuration].map(({ item }) => [item.name, [...(item.map || new Map()).keys()]]);
}"""

# Called with names of commands: from now on MathJax notes each call of one, and does nothing else.
WATCH = """(names) => {
  window.calls = [];
  for (const { item } of MathJax.startup.document.inputJax[0].parseOptions.handlers.get("macro")._configuration) {
    for (const name of names) {
      const command = item.map && item.map.get(name);
      if (command && "_func" in command) command._func = (parser) => {
        window.calls.push(name);
        parser.i = parser.string.length;
      };
    }
  }
}"""
CALLS = """(sides) => {
  const page = MathJax.startup.document, input = page.inputJax[0];
  return sides.map((html) => {
    const place = document.createElement("div");
    place.innerHTML = html;
    window.calls.length = 0;
    const formulas = input.findMath(page.domStrings.find(place)[0]).map(({ math }) => math);
    for (const formula of formulas) MathJax.tex2mml(formula);
    return [...window.calls];
  });
}"""


class MathJax:
    """A page with Anki's MathJax, and what it asked for that isn't Anki's."""

    def __init__(self, browser: Browser) -> None:
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.context = browser.new_context()
        self.context.route("**/*", self._serve)
        self.page = self.context.new_page()
        self.page.on("dialog", self._dismiss)
        self.page.goto(HOST)
        self.page.evaluate("() => MathJax.startup.promise")

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def show(self, html: str) -> dict[str, Any]:
        """Show a card's HTML as Anki does: how many formulas there are, what is wrong with them, and their faults.

        A fault is what no formula may become: a link, an element that isn't MathJax's, a style that fetches.
        """
        shown: dict[str, Any] = self.page.evaluate(SHOW, html)
        return shown

    def state(self) -> str:
        """All that a formula could leave behind for the next one."""
        return str(self.page.evaluate(STATE))

    def commands(self) -> set[str]:
        """The names of all commands, without the backslash."""
        names = set()
        for source, keys in self.page.evaluate(NAMES, "macro"):
            # MathJax keeps brackets such as `(` and `\\{` in one list; the first kind are no commands.
            names |= {key.removeprefix("\\") for key in keys if "delimiter" not in source.lower() or key[0] == "\\"}
        return names - {""}

    def environments(self) -> set[str]:
        """The names of all environments."""
        return {key for _, keys in self.page.evaluate(NAMES, "environment") for key in keys}

    def watch(self, names: list[str]) -> None:
        """Note each call of one of these commands instead of running it, from now on."""
        self.page.evaluate(WATCH, names)

    def calls(self, sides: list[str]) -> list[list[str]]:
        """The watched commands that the formulas of each side call."""
        calls: list[list[str]] = self.page.evaluate(CALLS, sides)
        return calls

    def close(self) -> None:
        """Close the page."""
        self.context.close()

    def _serve(self, route: Route, request: Request) -> None:
        name = request.url.removeprefix(HOST)
        file = folder().joinpath(name.removeprefix("_anki/"))
        if request.url == HOST:
            route.fulfill(body=PAGE, content_type="text/html")
        elif name.startswith(FILES) and file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=TYPES.get(file.suffix, "text/plain"))
        else:
            self.requests.append(request.url)
            route.abort()


def folder() -> Path:
    """Where the package `aqt`, Anki for the desktop, keeps its pages. It isn't imported, which would take Qt."""
    found = importlib.util.find_spec("_aqt")
    for place in (found.submodule_search_locations or []) if found else []:
        if (web := Path(place, "data", "web")).is_dir():
            return web
    reason = "no MathJax: run pip install --no-deps aqt"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
