"""MathJax of the oldest and the newest Anki, shown what hipdeck allows, and the attacks that hipdeck refuses."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from hipdeck.diagnostics import Problem
from hipdeck.render.markup import to_html
from hipdeck.render.tex import arguments, names
from tests.mathjax import VERSIONS, MathJax
from tests.render import test_mathematics as fast

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

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
    "ce": r"\C{H2O}, \C{A ->[MARK] B}",
    "pu": r"\C{1 kg//m3}",
    "bond": r"\ce{A\C{~}B}",
    "ca": r"\ce{\C A}",
}

COMMANDS = {
    name: OTHER_USES.get(name, USES.get(group, USE)).replace(r"\C", rf"\{name}").replace("MARK", MARK)
    for name, group in names.COMMANDS.items()
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
ENVIRONMENTS = {name: rf"\begin{{{name}}} {BODIES.get(name, CELLS)} \end{{{name}}}" for name in names.ENVIRONMENTS}


@pytest.fixture(scope="module")
def oldest(browser: Browser) -> Iterator[MathJax]:
    page = MathJax(browser, VERSIONS[0])
    yield page
    page.close()


@pytest.fixture(scope="module")
def newest(browser: Browser) -> Iterator[MathJax]:
    page = MathJax(browser, VERSIONS[-1])
    yield page
    page.close()


@pytest.fixture(params=["oldest", "newest"])
def mathjax(request: pytest.FixtureRequest) -> MathJax:
    page: MathJax = request.getfixturevalue(request.param)
    return page


def test_each_command_and_environment_of_mathjax_is_allowed_or_refused(oldest: MathJax, newest: MathJax) -> None:
    known = {sign for sign in names.SIGNS if sign != "\n"} | fast.ALLOWED | {*fast.REFUSED}
    in_mhchem_alone, in_root_alone = {"bond", "ca"}, {"of"}
    left_out = {name for name in newest.commands() if name.startswith("empheq")} | {"begin", "end"}
    assert newest.commands() - left_out == known - in_mhchem_alone - in_root_alone
    others = {"empheq", "numcases", "subnumcases", "xalignat", "xalignat*", "xxalignat"}
    assert newest.environments() == {*names.ENVIRONMENTS} | others


def test_what_the_oldest_anki_does_not_know_is_refused(oldest: MathJax, newest: MathJax) -> None:
    later = newest.commands() - oldest.commands()
    assert later & fast.ALLOWED == set()
    assert (
        later
        - {
            *("centernot", "centerOver"),
            *(name for name in later if name.startswith("empheq")),
        }
        == fast.UNKNOWN_TO_THE_OLDEST
    )
    assert {*names.ENVIRONMENTS} <= oldest.environments()


@pytest.mark.parametrize("formulas", [COMMANDS, ENVIRONMENTS], ids=["commands", "environments"])
def test_whatever_is_allowed_only_draws(mathjax: MathJax, formulas: dict[str, str]) -> None:
    state = mathjax.state()
    problems = {}
    for number, formula in enumerate(formulas.values(), 1):
        text = rf"\[{formula}\]"
        shown = mathjax.show(html.escape(text))
        faults = [*fast.problems(text), *shown["wrong"], *shown["faults"]]
        faults += ["the author's text in an attribute"] * (MARK in mathjax.attributes())
        # To compare the states takes long.
        faults += ["something stays for the next card"] * (number % 20 == 0 and mathjax.state() != state)
        if faults or shown["formulas"] != 1:
            problems[formula] = faults
    assert problems == {}
    assert mathjax.state() == state
    assert (mathjax.requests, mathjax.dialogs) == ([], [])


# MathJax's \bbox takes it for a style, and its \color for a color. What it reads twice, it would read a million times
# twenty levels deep.
ARGUMENT = r"background:url(\mathstrut ☃)"
ARGUMENTS = (
    *(r"\C[X]{a}{b}", r"\C{X}{a}{b}", r"\C{a}{X}{b}", r"\C{a}{b}{X}", r"\C{a}[X]{b}{c}", r"\C[2em][X]{b}"),
    *(r"\C(){1pt}{X}{a}{b}", r"\C(){1pt}{0}{X}{b}", r"\C X", r"\begin{CD} \C{X} a @>b>> c \end{CD}"),
    *(r"\begin{align} \C{X} & a \end{align}", r"\begin{multline} \C[X]{a} \\ b \end{multline}"),
)
ENVIRONMENT_ARGUMENTS = ("[X]", "{X}", "[t][X]", "[t]{X}", "{1}[X]", "{c}[X]", "[2em][X]", r"{1} a \\[X]", r"a \\[X]")
WITHOUT_ARGUMENTS = (
    *("Greek", "letters and signs", "operators", "relations", "negations", "arrows", "dots", "sums and integrals"),
    *("styles and sizes", "signs of text"),
)


def with_arguments() -> list[str]:
    """Each command and environment with ARGUMENT in each place where it could take one."""
    commands = [name for name, group in names.COMMANDS.items() if group not in WITHOUT_ARGUMENTS]
    formulas = [use.replace(r"\C", rf"\{name}") for name in commands for use in ARGUMENTS if name != "mathstrut"]
    formulas += [
        rf"\begin{{{name}}} {use} b & c \end{{{name}}}" for name in names.ENVIRONMENTS for use in ENVIRONMENT_ARGUMENTS
    ]
    return [re.sub(r"(?<![A-Za-z])X(?![A-Za-z])", lambda _: ARGUMENT, formula) for formula in formulas]


@pytest.fixture(scope="module", params=VERSIONS)
def readings(request: pytest.FixtureRequest, browser: Browser) -> Iterator[dict[str, dict[str, Any]]]:
    """What a MathJax reads in each of `with_arguments`, and in three commands that are refused."""
    mathjax = MathJax(browser, request.param)
    mathjax.count("mathstrut")
    formulas = [*with_arguments(), *(rf"{use}{{{ARGUMENT}}}{{}}{{}}" for use in (r"\pmb", r"\vdotswithin", r"\style"))]
    yield dict(zip(formulas, mathjax.read(formulas, "☃"), strict=True))
    mathjax.close()


def commands_of(formulas: list[str]) -> set[str]:
    return {
        re.findall(r"\\(?!begin{align|begin{multline|begin{CD)(?:begin{[^}]*}|\w+)", formula)[0] for formula in formulas
    }


def test_no_argument_of_an_author_becomes_an_attribute(readings: dict[str, dict[str, Any]]) -> None:
    copied = [formula for formula, reading in readings.items() if reading["attributes"] and not reading["wrong"]]
    assert {r"\color", r"\bbox", r"\enclose", r"\framebox", r"\style", r"\begin{array}"} <= commands_of(copied)
    assert [formula for formula in copied if not fast.problems(rf"\({formula}\)")] == []


def test_whatever_is_allowed_is_read_once(readings: dict[str, dict[str, Any]]) -> None:
    more = [formula for formula, reading in readings.items() if max(reading["reads"], reading["copies"]) > 1]
    assert commands_of(more) == {r"\pmb"}


def test_mathjax_fails_at_nothing_that_is_allowed(readings: dict[str, dict[str, Any]]) -> None:
    # A failure, unlike a mistake that it marks, keeps MathJax from all formulas after it.
    failing = [formula for formula, reading in readings.items() if reading["fails"]]
    assert commands_of(failing) == {r"\vdotswithin"}


def test_lengths_are_at_most_what_hipdeck_counts(mathjax: MathJax) -> None:
    for unit, size in arguments.UNITS.items():
        mathjax.show(rf"\(\rule{{10em}}{{1em}}\)\(\rule{{10{unit}}}{{1em}}\)")
        ten, width = mathjax.page.evaluate(
            "() => Array.from(document.querySelectorAll('mjx-mspace'), (one) => one.getBoundingClientRect().width)"
        )
        # MathJax takes some lengths for a screen's, which are shorter.
        assert 0.75 * ten * size < width < 1.05 * ten * size, unit


@pytest.mark.parametrize(
    "text",
    [
        r"\(\begin{aligned} {{c1::x}} &= 1 \end{aligned}\)",
        r"\(\begin{cases} x \\{{c1::y}} \end{cases}\)",
        r"\(\sqrt {{c1::3}}\)",
        r"\(\cancel {{c1::x}}\)",
    ],
)
def test_a_cloze_where_an_argument_stands_would_not_show_its_hint(mathjax: MathJax, text: str) -> None:
    assert [problem.code for problem in fast.problems(text, cloze=True)] == ["cloze-crosses"]
    question = next(fast.sides(text))
    shown = mathjax.show(question)
    text = mathjax.page.inner_text("mjx-assistive-mml") if not shown["wrong"] else ""
    assert "[...]" not in text


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


def test_the_attacks_do_harm_if_nothing_keeps_them_back(browser: Browser) -> None:
    mathjax = MathJax(browser, VERSIONS[-1])
    state, harmless = mathjax.state(), []
    for formula, _ in fast.ATTACKS:
        shown = mathjax.show(html.escape(formula))
        changed = mathjax.state() != state
        if not (shown["faults"] or mathjax.requests or changed):
            harmless.append(formula)
        mathjax.requests.clear()
        if changed:
            mathjax.close()
            mathjax = MathJax(browser, VERSIONS[-1])
    mathjax.close()
    assert harmless == []


def test_the_attacks_through_clozes_reach_their_commands_if_nothing_keeps_them_back(browser: Browser) -> None:
    mathjax = MathJax(browser, VERSIONS[-1])
    mathjax.watch(fast.REFUSED)
    for text, _ in fast.CLOZE_ATTACKS:
        rendered = to_html(text, lambda path: Problem("", path), cloze=True)[0]
        calls = mathjax.calls(list(fast.sides(rendered)))
        harmful = {name for names in calls for name in names} & {"href", "let"}
        assert harmful or "url(" in "".join(fast.sides(rendered)), text
    mathjax.close()


@settings(max_examples=600)
@given(text=fast.TEXTS | fast.FORMULA_TEXTS)
def test_no_side_of_a_card_calls_a_refused_command(watched: MathJax, text: str) -> None:
    shown = fast.all_sides(text)
    calls = watched.calls(shown)
    assert calls == [[]] * len(shown), (text, shown)


@pytest.fixture(scope="module")
def watched(browser: Browser) -> Iterator[MathJax]:
    page = MathJax(browser, VERSIONS[-1])
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
def test_commands_refused_for_their_work_double_it_with_each_level(newest: MathJax, command: str, levels: int) -> None:
    formula, sizes = "x", []
    for _ in range(levels):
        formula = command.replace("X", formula)
        sizes.append(newest.page.evaluate("(tex) => MathJax.tex2mml(tex).length", formula))
    assert sizes[-1] > 2 ** (levels - 2) * sizes[0]
