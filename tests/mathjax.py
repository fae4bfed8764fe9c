"""Anki's own MathJax, with Anki's own configuration, in Chromium: what it makes of mathematics.

It comes from the package `aqt`, Anki for the desktop, which is never installed: its wheel is downloaded into `build`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Dialog, Request, Route

VERSIONS = ("23.10", version("anki"))
"""The oldest Anki that hipdeck supports, with MathJax 3.2.1, and the newest, with 3.2.2."""
WHEELS = Path(__file__).parent.parent / "build" / "aqt"

HOST = "http://anki.test/"
FILES = "_anki/js/"
ENTRIES = (f"{FILES}vendor/mathjax/tex-chtml-full.js", f"{FILES}vendor/mathjax/tex-chtml.js")
"""What Anki's reviewer loads, today and in 23.10."""
IN_WHEEL = "_aqt/data/web/"
TYPES = {".js": "text/javascript", ".woff": "font/woff", ".json": "application/json"}

PACKAGES = r"""\(\toggle a\endtoggle \begin{CD}a\end{CD} \bbox{a} \boldsymbol{a} \bra{a} \cancel{a} \color{red}{a}
    \begin{prooftree} \AXC{a} \end{prooftree} \enclose{box}{a} \xlongequal{a} \class{a}{a} \ce{a} \unicode{65}
    \verb|a| \newcommand\)"""
"""A formula, wrong only at its end, that needs all packages which Anki 23.10 loads late."""

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
  const attributes = Array.from(place.querySelectorAll("*"), (one) => Array.from(one.attributes)).flat();
  window.attributes = attributes.map(({{ value }}) => value).join(" ");
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


# Called with a command's name: from now on MathJax counts how often it reads it.
COUNT = """(name) => {
  window.count = 0;
  for (const { item } of MathJax.startup.document.inputJax[0].parseOptions.handlers.get("macro")._configuration) {
    const command = item.map && item.map.get(name);
    if (!command) continue;
    const read = command._func;
    command._func = (...all) => { window.count += 1; return read(...all); };
  }
}"""
# For each formula: MathJax's mistake in it, how often it read the counted command, how often a mark is in the text of
# the MathML, and the attributes that have the mark.
READ = """([formulas, mark]) => formulas.map((formula) => {
  window.count = 0;
  let mathml = "<failure/>";
  try { mathml = MathJax.tex2mml(formula); } catch (problem) { /* Nothing is shown. */ }
  const math = new DOMParser().parseFromString(mathml, "text/xml");
  const attributes = Array.from(math.querySelectorAll("*"), ({ attributes }) => Array.from(attributes)).flat();
  return {
    wrong: Boolean(math.querySelector("merror")),
    fails: Boolean(math.querySelector("failure")),
    reads: window.count,
    copies: math.documentElement.textContent.split(mark).length - 1,
    attributes: attributes.filter(({ value }) => value.includes(mark)).map(({ name, value }) => `${name}="${value}"`),
  };
})"""


class MathJax:
    """A page with the MathJax of a version of Anki, and what it asked for that isn't Anki's."""

    def __init__(self, browser: Browser, anki: str) -> None:
        self.wheel = wheel(anki)
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.context = browser.new_context()
        self.context.route("**/*", self._serve)
        self.page = self.context.new_page()
        self.page.on("dialog", self._dismiss)
        self.page.goto(HOST)
        self.page.evaluate("() => MathJax.startup.promise")
        # Anki 23.10 loads most packages when a formula first needs them, which changes what `state` sees.
        self.show(PACKAGES)

    def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def show(self, html: str) -> dict[str, Any]:
        """Show a card's HTML as Anki does: how many formulas there are, what is wrong with them, and their faults.

        A fault is what no formula may become: a link, an element that isn't MathJax's, a style that fetches.
        """
        shown: dict[str, Any] = self.page.evaluate(SHOW, html)
        return shown

    def read(self, formulas: list[str], mark: str) -> list[dict[str, Any]]:
        """What MathJax reads in each formula, without delimiters, without showing it."""
        readings: list[dict[str, Any]] = self.page.evaluate(READ, [formulas, mark])
        return readings

    def count(self, name: str) -> None:
        """Let `read` count how often a command is read, from now on."""
        self.page.evaluate(COUNT, name)

    def state(self) -> str:
        """All that a formula could leave behind for the next one."""
        return str(self.page.evaluate(STATE))

    def attributes(self) -> str:
        """The values of all attributes of what was shown last."""
        return str(self.page.evaluate("() => window.attributes"))

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
        files = self.wheel.NameToInfo
        if request.url == HOST:
            entry = next(entry for entry in ENTRIES if _in_wheel(entry) in files)
            scripts = "".join(f'<script src="/{script}"></script>' for script in (f"{FILES}mathjax.js", entry))
            body = f'<!doctype html><body class="card"><div id="qa"></div>{scripts}'
            route.fulfill(body=body, content_type="text/html")
        elif name.startswith(FILES) and _in_wheel(name) in files:
            content_type = TYPES.get(Path(name).suffix, "text/plain")
            route.fulfill(body=self.wheel.read(_in_wheel(name)), content_type=content_type)
        else:
            self.requests.append(request.url)
            route.abort()


def _in_wheel(name: str) -> str:
    return IN_WHEEL + name.removeprefix("_anki/")


@cache
def wheel(anki: str) -> ZipFile:
    """The wheel of Anki's desktop program, of a version of Anki."""
    name = f"aqt-{anki}-py3-none-any.whl"
    if not (WHEELS / name).exists():
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q", "--no-deps"]
        # Nothing of it is run, so the Python that it's for doesn't matter.
        command += ["--ignore-requires-python", "-d", str(WHEELS), f"aqt=={anki}"]
        download = subprocess.run(command, capture_output=True, text=True, check=False)
        if download.returncode:
            reason = f"Anki's MathJax can't be downloaded: {download.stderr.strip().splitlines()[-1]}"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
    return ZipFile(WHEELS / name)
