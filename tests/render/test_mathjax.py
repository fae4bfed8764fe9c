"""Anki's own MathJax, asked what it knows and shown what hipdeck allows, and the attacks that hipdeck refuses."""

from __future__ import annotations

import html
import importlib.util
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from hipdeck.diagnostics import Problem
from hipdeck.render import tex_names
from hipdeck.render.markup import to_html
from tests.mathjax import MathJax
from tests.render import test_mathematics as fast

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not importlib.util.find_spec("aqt"), reason="Anki's MathJax comes with the package aqt"),
]

MARK = "qxj"

# How a command of a group is used, and those that are used otherwise. MARK must not come to stand in any attribute.
USES = {
    "fractions and roots": r"\C{MARK}{b}",
    "fractions of what stands before and after": r"{MARK \C b}",
    "accents and what stands above or below": r"\C{MARK}",
    "arrows with a text above": r"\C[MARK]{b}",
    "fonts": r"{\C{MARK}}",
    "text": r"\C{MARK $b$}",
    "classes": r"\C{MARK}",
    "boxes and lines through": r"\C{MARK}",
    "rows and columns": r"\begin{align} \C a & MARK \\ b & c \end{align}",
    "inferences": r"\begin{prooftree} \AXC{a} \AXC{b} \AXC{c} \AXC{d} \AXC{e} \C{MARK} \end{prooftree}",
    "proofs": r"\begin{prooftree} \C \AXC{MARK} \UIC{b} \end{prooftree}",
}
USE = r"MARK \C MARK"
OTHER_USES = {
    **dict.fromkeys(("overset", "underset", "stackrel", "stackbin", "cancelto", "ketbra", "Ketbra"), r"\C{MARK}{b}"),
    **dict.fromkeys(("bra", "ket", "braket", "Bra", "Ket", "Braket", "set", "Set", "pmod", "pod"), r"\C{MARK}"),
    "above": r"{MARK \C 1pt b}",
    "abovewithdelims": r"{MARK \C (] 1pt b}",
    **dict.fromkeys(("overwithdelims", "atopwithdelims"), r"{MARK \C (] b}"),
    **dict.fromkeys(("root", "of"), r"\root MARK \of x"),
    **dict.fromkeys(("uproot", "leftroot"), r"\sqrt[\C{2} 3]{x}"),
    **dict.fromkeys(("left", "right", "middle"), r"\left( a \middle| MARK \right]"),
    **dict.fromkeys((f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", *"lrm")), r"\C( MARK"),
    **dict.fromkeys(("limits", "nolimits"), r"\sum\C_{MARK}^b"),
    **dict.fromkeys(("hspace", "hskip", "kern", "mspace", "mskip", "mkern"), r"a \C 1em MARK"),
    **dict.fromkeys(("Rule", "Space"), r"\C{1em}{1em}{1em}"),
    **dict.fromkeys(("raise", "lower", "moveleft", "moveright"), r"\C 1pt {MARK}"),
    **dict.fromkeys(
        [
            "phantom",
            "hphantom",
            "vphantom",
            "smash",
            "vcenter",
            "llap",
            "rlap",
            "clap",
            "mathllap",
            "mathrlap",
            "mathclap",
            "textllap",
            "textrlap",
            "textclap",
            "crampedllap",
            "crampedrlap",
            "crampedclap",
            "mathmbox",
            "mathmakebox",
        ],
        r"\C{MARK}",
    ),
    **dict.fromkeys(("cellcolor", "rowcolor", "columncolor"), r"\begin{array}{c} \C[rgb]{1,0,0} MARK \end{array}"),
    **dict.fromkeys(("shoveleft", "shoveright"), r"\begin{multline} \C{MARK} \\ b \end{multline}"),
    **dict.fromkeys(("minCDarrowwidth", "minCDarrowheight"), r"\begin{CD} \C{1em} a @>MARK>> b \end{CD}"),
    **dict.fromkeys(
        ("LeftLabel", "RightLabel", "LL", "RL"), r"\begin{prooftree} \AXC{a} \C{MARK} \UIC{b} \end{prooftree}"
    ),
    **dict.fromkeys(("AxiomC", "AXC"), r"\begin{prooftree} \C{MARK} \UIC{b} \end{prooftree}"),
    **{
        f"{number}Inf": r"\begin{prooftree} "
        + r"\Axiom$a \fCenter b$ " * count
        + r"\C$MARK \fCenter c$ \end{prooftree}"
        for count, number in enumerate(("Unary", "Binary", "Trinary", "Quaternary", "Quinary"), 1)
    },
    **dict.fromkeys(("Axiom", "fCenter"), r"\begin{prooftree} \Axiom$MARK \fCenter b$ \UIC{b} \end{prooftree}"),
    "genfrac": r"\C(]{1pt}{0}{MARK}{b}",
    "operatorname": r"\C{MARK}",
    "overunderset": r"\C{MARK}{b}{c}",
    "buildrel": r"\C MARK \over b",
    "skew": r"\C{2}{\hat}{MARK}",
    "mathchoice": r"\C{MARK}{b}{c}{d}",
    "nonscript": r"a \C MARK",
    "And": r"a \C MARK",
    "framebox": r"\C[9em][l]{MARK}",
    "enclose": r'\C{circle}[mathcolor="red"]{MARK}',
    "bbox": r"\C[#ffe,2px]{MARK}",
    "colorbox": r"\C{red}{MARK}",
    "fcolorbox": r"\C{red}{#ffeeaa}{MARK}",
    "cancel": r"\C[color=red]{MARK}",
    "color": r"\C{red}{MARK}",
    "textcolor": r"\C[RGB]{255,0,0}{MARK}",
    "rule": r"\C[1pt]{1em}{1em}",
    "xmathstrut": r"\C[.1]{.2}",
    "ce": r"\C{H2O}, \C{A ->[MARK] B}",
    "pu": r"\C{1 kg//m3}",
    "bond": r"\ce{A\C{~}B}",
    "ca": r"\ce{\C A}",
}

COMMANDS = {
    name: OTHER_USES.get(name, USES.get(group, USE)).replace(r"\C", rf"\{name}").replace("MARK", MARK)
    for group, names in tex_names.COMMANDS.items()
    for name in names.split()
}
CELLS = rf"{MARK} & b \\ c & d"
BODIES = {
    **dict.fromkeys(("equation", "equation*"), MARK),
    **dict.fromkeys(
        ("gathered", "lgathered", "rgathered", "gather", "gather*", "multline", "multline*"), rf"{MARK} \\ b"
    ),
    **dict.fromkeys(("alignat", "alignat*", "alignedat"), rf"{{1}} {CELLS}"),
    **dict.fromkeys(("subarray", "crampedsubarray"), rf"{{c}} {MARK} \\ b"),
    "array": rf"{{r|l}} {CELLS}",
    "multlined": rf"[9em] {MARK} \\ b",
    "spreadlines": rf"{{1em}} \begin{{align}} {CELLS} \end{{align}}",
    "CD": rf"A @>{MARK}>> B",
    "prooftree": rf"\AXC{{{MARK}}} \UIC{{b}}",
}
ENVIRONMENTS = {
    name: rf"\begin{{{name}}} {BODIES.get(name, CELLS)} \end{{{name}}}" for name in tex_names.ENVIRONMENTS.split()
}


@pytest.fixture(scope="module")
def mathjax(browser: Browser) -> Iterator[MathJax]:
    page = MathJax(browser)
    yield page
    page.close()


def test_each_command_and_environment_of_mathjax_is_allowed_or_refused(mathjax: MathJax) -> None:
    signs = {sign for sign in tex_names.SIGNS if sign != "\n"}
    left_out = {name for name in mathjax.commands() if name.startswith("empheq")} | {"begin", "end"}
    in_mhchem_alone, in_root_alone = {"bond", "ca"}, {"of"}
    assert mathjax.commands() - left_out == (fast.ALLOWED - in_mhchem_alone - in_root_alone) | {*fast.REFUSED} | signs
    others = {"empheq", "numcases", "subnumcases", "xalignat", "xalignat*", "xxalignat"}
    assert mathjax.environments() == {*tex_names.ENVIRONMENTS.split()} | others


ATTRIBUTES = """() => Array.from(document.querySelectorAll("#qa *"), (one) => Array.from(one.attributes))
  .flat().map(({ value }) => value).join(" ")"""


@pytest.mark.parametrize("formulas", [COMMANDS, ENVIRONMENTS], ids=["commands", "environments"])
def test_whatever_is_allowed_only_draws(mathjax: MathJax, formulas: dict[str, str]) -> None:
    state = mathjax.state()
    found = {}
    for formula in formulas.values():
        text = rf"\[{formula}\]"
        shown = mathjax.show(html.escape(text))
        faults = [*fast.problems(text), *shown["wrong"], *shown["faults"]]
        faults += ["the author's text in an attribute"] * (MARK in mathjax.page.evaluate(ATTRIBUTES))
        faults += ["something stays for the next card"] * (mathjax.state() != state)
        if faults or shown["formulas"] != 1:
            found[formula] = faults
    assert found == {}
    assert (mathjax.requests, mathjax.dialogs) == ([], [])


@pytest.mark.parametrize("formula", fast.ORDINARY_FORMULAS)
def test_ordinary_formulas_are_shown(mathjax: MathJax, formula: str) -> None:
    for text in (rf"\({formula}\)", rf"\[{formula}\]"):
        rendered = to_html(text, lambda path: Problem("", path))[0]
        shown = mathjax.show(rendered)
        assert shown == {"formulas": 1, "wrong": [], "faults": []}


@pytest.mark.parametrize("text", fast.CLOZES)
def test_ordinary_clozes_in_formulas_are_shown(mathjax: MathJax, text: str) -> None:
    rendered = to_html(text, lambda path: Problem("", path), cloze=True)[0]
    for side in fast.sides(rendered):
        shown = mathjax.show(side)
        assert (shown["wrong"], shown["faults"]) == ([], []), side


@pytest.mark.parametrize("formula", [formula for formula, _ in fast.ATTACKS])
def test_the_attacks_do_harm_if_nothing_keeps_them_back(browser: Browser, formula: str) -> None:
    mathjax = MathJax(browser)
    try:
        state = mathjax.state()
        shown = mathjax.show(html.escape(formula))
        assert shown["faults"] or mathjax.requests or mathjax.state() != state
    finally:
        mathjax.close()


def test_the_attacks_through_clozes_reach_their_commands_if_nothing_keeps_them_back(browser: Browser) -> None:
    mathjax = MathJax(browser)
    mathjax.watch(fast.REFUSED)
    for text, _ in fast.CLOZE_ATTACKS:
        rendered = to_html(text, lambda path: Problem("", path), cloze=True)[0]
        calls = mathjax.calls(list(fast.sides(rendered)))
        harmful = {name for names in calls for name in names} & {"href", "let"}
        assert harmful or "url(" in "".join(fast.sides(rendered)), text
    mathjax.close()


@settings(max_examples=4000)
@given(text=fast.TEXTS | fast.FORMULA_TEXTS)
def test_no_side_of_a_card_calls_a_refused_command(watched: MathJax, text: str) -> None:
    shown = fast.all_sides(text)
    calls = watched.calls(shown)
    assert calls == [[]] * len(shown), (text, shown)


@pytest.fixture(scope="module")
def watched(browser: Browser) -> Iterator[MathJax]:
    page = MathJax(browser)
    page.watch([name for name in fast.REFUSED if name != "mmlToken"])  # which \bmod and others become
    yield page
    page.close()


@pytest.mark.parametrize(
    ("command", "levels"),
    [
        (r"\pmb{X}", 6),
        (r"\centernot{X}", 6),
        (r"\overbracket{X}", 6),
        (r"\underbracket{X}", 6),
        (r"\centerOver{X}{a}", 6),
        (r"\adjustlimits a_{X} b_{c}", 6),
        (r"\sideset{_a a}{_b}{X}", 6),
    ],
)
def test_commands_refused_for_their_work_double_it_with_each_level(mathjax: MathJax, command: str, levels: int) -> None:
    formula, sizes = "x", []
    for _ in range(levels):
        formula = command.replace("X", formula)
        sizes.append(mathjax.page.evaluate("(tex) => MathJax.tex2mml(tex).length", formula))
    assert sizes[-1] > 2 ** (levels - 2) * sizes[0]
