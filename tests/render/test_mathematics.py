"""Promise 8, does no harm: formulas hold only what draws, on every side of every card, and Anki's MathJax agrees."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hipdeck.commands.shared.checking import check
from hipdeck.diagnostics import Problem
from hipdeck.render import cards
from hipdeck.render.cloze import ordinals, parse_clozes, spread
from hipdeck.render.markup import to_html
from hipdeck.render.note_types import note_types
from hipdeck.render.tex import commands, formulas, names
from hipdeck.render.tex.refused import OLDEST
from hipdeck.render.tex.refused import REFUSED as REASONS
from tests import cases
from tests.conftest import NOW

ALLOWED = set(names.COMMANDS)
REFUSED = [name for words, _, _ in REASONS for name in words.split()]
UNKNOWN_TO_THE_OLDEST = {name for words, reason, _ in REASONS if reason == OLDEST for name in words.split()}
NOTE_TYPE = note_types("bridges", "Bridges")["cloze"]
SECTION = "section: Bridges\nsource: guide\nnotes:\n"

ORDINARY = r"""
    a^2 + b^2 = c^2
    x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
    (a+b)^3 = a^3 + 3a^2b + 3ab^2 + b^3
    \sqrt[3]{27} = 3
    \frac{1}{2} + \dfrac{1}{3} = \tfrac56
    0.\overline{3} = \tfrac{1}{3}
    |x| = \begin{cases} x & \text{if } x \ge 0 \\ -x & \text{if } x < 0 \end{cases}
    \log_b(xy) = \log_b x + \log_b y
    \sum_{k=1}^{n} k = \frac{n(n+1)}{2}
    \prod_{i=1}^n i = n!
    \binom{n}{k} = \frac{n!}{k!\,(n-k)!}
    {n \choose k}
    \sin^2\alpha + \cos^2\alpha = 1
    \tan\theta = \frac{\sin\theta}{\cos\theta}, \quad \theta \neq 90^\circ
    A \cup B \subseteq C \setminus \{1, 2, \ldots, n\}
    \mathbb{N} \subset \mathbb{Z} \subset \mathbb{Q} \subset \mathbb{R} \subset \mathbb{C}
    \forall \varepsilon > 0 \; \exists \delta > 0 : |x - a| < \delta \implies |f(x) - L| < \varepsilon
    \neg (p \land q) \iff \neg p \lor \neg q
    a \equiv b \pmod{n}
    \gcd(a, b) = \gcd(b, a \bmod b)
    \lim_{x \to 0} \frac{\sin x}{x} = 1
    \frac{d}{dx} e^{kx} = k e^{kx}
    \frac{\partial^2 u}{\partial t^2} = c^2 \nabla^2 u
    \int_a^b f(x)\,\mathrm{d}x = F(b) - F(a)
    \iint_D \nabla \times \mathbf{F} \cdot d\mathbf{A} = \oint_{\partial D} \mathbf{F} \cdot d\mathbf{r}
    e^{i\pi} + 1 = 0
    \left( \frac{a}{b} \right)^{-1} = \left[ \frac{b}{a} \right]
    \left. \frac{x^3}{3} \right|_0^1 = \frac{1}{3}
    \bigl( \Big\lfloor x \Big\rfloor \bigr)
    f \colon X \to Y, \quad x \mapsto f(x)
    \begin{pmatrix} a & b \\ c & d \end{pmatrix} \begin{bmatrix} x \\ y \end{bmatrix}
    \det A = \begin{vmatrix} a & b \\ c & d \end{vmatrix} = ad - bc
    \left[\begin{array}{cc|c} 1 & 0 & 3 \\ \hline 0 & 1 & 2 \end{array}\right]
    \begin{aligned} 2x + 3 &= 7 \\[4pt] x &= 2 \end{aligned}
    \begin{align*} f(x) &= (x+1)^2 \\ &= x^2 + 2x + 1 \nonumber \end{align*}
    \begin{alignat}{2} x &= 1 &\quad y &= 2 \end{alignat}
    \begin{gathered} a = b \\ c = d \end{gathered}
    \underbrace{a + \cdots + a}_{n} = n \cdot a
    \overbrace{1 + 1}^{2} \overset{!}{=} \underset{x}{\operatorname{arg\,max}}\, f(x)
    \lVert \vec{v} \rVert = \sqrt{\vec{v} \cdot \vec{v}} = \left\lVert \hat{v} \right\rVert
    \bar{x} = \frac{1}{n} \sum_{i=1}^n x_i
    s^2 = \frac{1}{n-1} \sum_{i=1}^{n} (x_i - \bar{x})^2
    P(A \mid B) = \frac{P(B \mid A)\,P(A)}{P(B)}
    X \sim \mathcal{N}(\mu, \sigma^2)
    f(x) = \frac{1}{\sigma\sqrt{2\pi}}\, e^{-\frac{1}{2}\left(\frac{x-\mu}{\sigma}\right)^2}
    \operatorname{Var}(X) = \operatorname{E}[X^2] - \operatorname{E}[X]^2
    t = \frac{\bar{x} - \mu_0}{s / \sqrt{n}}, \quad p < 0.05, \quad 95\,\%
    \hat{\beta} = (X^\top X)^{-1} X^\top y
    F = ma, \quad F = G\,\frac{m_1 m_2}{r^2}
    \vec{F} = q(\vec{E} + \vec{v} \times \vec{B})
    E = mc^2 = h\nu = \hbar\omega
    v = 12\,\mathrm{\frac{m}{s}} = 43.2\ \text{km/h}
    \Delta G^\circ = -RT \ln K
    i\hbar \frac{\partial}{\partial t} \lvert \psi \rangle = \hat{H} \ket{\psi}
    \bra{\phi}\ket{\psi} = \braket{\phi|\psi}
    \lambda = \frac{\ln 2}{t_{1/2}} \approx \frac{0.693}{t_{1/2}}
    \ce{2 H2 + O2 -> 2 H2O}
    \ce{CO2(g) + H2O(l) <=> H2CO3(aq)}
    \ce{SO4^2- + Ba^2+ -> BaSO4 v}
    \ce{^{227}_{90}Th+}, \ce{CH3-CH=CH2}, \ce{[Cu(NH3)4]^2+}
    \ce{A ->[\Delta][\text{cat.}] B}, \ce{C6H12O6 ->[$\ce{Zymase}$] 2 C2H5OH + 2 CO2 ^}
    \ce{A\bond{~}B\bond{...}C}
    K_c = \frac{[\ce{C}]^c}{[\ce{A}]^a} = \pu{1.8e-5 mol//L}
    \pu{9.81 m s-2}, \pu{10 kJ mol^-1}
    \cancel{x} + \xcancel{y} = \cancelto{0}{z}
    \boxed{x = \color{red}{2}} \quad \textcolor{#0066cc}{y} \quad \color[rgb]{1,0.5,0} z
    \enclose{longdiv}{123} \quad \bbox[yellow,5px]{a} \quad \colorbox{#ffe}{$b$} \quad \fcolorbox{red}{white}{c}
    \begin{CD} A @>f>> B \\ @VgVV @VVhV \\ C @>>k> D \end{CD}
    A \xrightarrow{f} B \xleftarrow[x]{g} C
    \cfrac{1}{1 + \cfrac{1}{1 + \cfrac{1}{x}}}
    \text{price in \$ at 50% off, where $x^2 > 1$}
    \rule{1em}{.4pt} \hspace{1em} \phantom{x} \smash[b]{y} \raise 1pt {z}
    \displaystyle\sum\nolimits_i^j \textstyle x \; \mathsf{A} \mathfrak{g} \boldsymbol{\beta} \mathtt{code} \mathscr{L}
    x \in (0,1] \;\Rightarrow\; \not\exists\, y \notin [a,b), \aleph_0 < \mathfrak{c}
    \begin{prooftree} \AxiomC{$A$} \AxiomC{$B$} \RightLabel{$\land$I} \BinaryInfC{$A \land B$} \end{prooftree}
"""
ORDINARY_FORMULAS = [line.strip() for line in ORDINARY.strip().splitlines()]
CLOZES = [
    r"The area is \({{c1::\pi r^2}}\).",
    r"{{c1::\(\frac{1}{\sqrt{2}}\)::a fraction}} is \(\sin{{c2::(45^\circ)}}\).",
    r"\(\frac{{{c1::a}}}{ {{c2::b + \frac{c}{d}::two terms}} } = {{c3::x}}y\)",
    r"\[\begin{aligned} x &= {{c1::1}} \\ y &= {{c2::\text{at most } 2}} \end{aligned}\]",
    r"\(\ce{2 H2 + {{c1::O2}} -> {{c2::2 H2O::a liquid}}}\)",
    r"\({{c1::a + {{c2::b}}::a sum}}\), {{c1,2::\(c\)}}",
    r"\(\begin{aligned} {}{{c1::x}} &= \sqrt{ {{c1::3}} } \\{}{{c2::y}} &= \cancel{ {{c2::4}} } \end{aligned}\)",
]

FETCH = "https://hostile.test/"
RUNS = r"\href{javascript:alert(1)}"
ATTACKS: list[tuple[str, list[str]]] = [
    # It runs a script on a tap on any place of the card.
    (rf"\({RUNS}{{\style{{position:fixed;inset:0;opacity:0}}{{x}}}}\)", [r"\href", r"\style"]),
    (rf"\[\text{{a ${RUNS}{{x}}$}}\]", [r"\href"]),
    (rf"\(\ce{{A {RUNS}{{x}}}}\)", [r"\href"]),
    (rf"\(\ce{{A $\text{{${RUNS}{{x}}$}}$}}\)", [r"\href"]),
    (rf"\(\begin{{cases}}a&{RUNS}{{x}}\end{{cases}}\)", [r"\href"]),
    (rf"\(\sqrt[{RUNS}{{3}}]{{x}}\)", [r"\href"]),
    # What hipdeck took for the end of a formula isn't one to MathJax.
    (rf"\(\text{{a \) ${RUNS}{{x}}$ }}\(b\)", [r"\href"]),
    # MathJax takes apart what looks like a line's end and text.
    (r"\({\matrix\\href{javascript:alert(1)}{x}\\}}\)", [r"\matrix", r"\\href"]),
    (r"\(\verb\,\\href{javascript:alert(1)}{x}\)", [r"\verb", r"\\href"]),
    # It fetches as soon as it is shown.
    (rf"\(\style{{background:url({FETCH})}}{{x}}\)", [r"\style"]),
    (rf"\(\bbox[background:url({FETCH})]{{x}}\)", [r"\bbox"]),
    (rf"\(\fcolorbox{{red;background:url({FETCH})}}{{blue}}{{x}}\)", [r"\fcolorbox"]),
    (rf"\(\mmlToken{{mglyph}}[src={FETCH}]{{}}\)", [r"\mmlToken"]),
    (rf"\(\mmlToken{{mi}}[style=background:url({FETCH})]{{x}}\)", [r"\mmlToken"]),
    (r"\(\require{physics}\)", [r"\require"]),
    (r"\(\unicode[url(x)]{65}\)", [r"\unicode"]),
    # It changes what later cards show.
    (r"\(\def\frac#1#2{x}\)", [r"\def"]),
    (r"\(\let\alpha\beta\)", [r"\let"]),
    (r"\(\newcommand{\pi}{3}\)", [r"\newcommand"]),
    (r"\(\renewcommand{\sin}{\cos}\)", [r"\renewcommand"]),
    (r"\(\newenvironment{cases}{a}{b}\)", [r"\newenvironment"]),
    (r"\(\DeclareMathOperator{\sin}{cos}\)", [r"\DeclareMathOperator"]),
    (r"\(\DeclarePairedDelimiter{\frac}{(}{)}\)", [r"\DeclarePairedDelimiter"]),
    (r"\(\Newextarrow{\to}{5,5}{65}\)", [r"\Newextarrow"]),
    (r"\(\definecolor{red}{rgb}{0,0,1}\)", [r"\definecolor"]),
    (r"\(\mathtoolsset{centercolon}\)", [r"\mathtoolsset"]),
    (r"\(\label{x}\)", [r"\label"]),
    (r"\[\tag{x} a\]", [r"\tag"]),
    # It sets what style sheets and scripts look for, or waits for a tap.
    (r"\(\class{choices}{x} \cssId{qa}{y}\)", [r"\class", r"\cssId"]),
    (r"\(\toggle{a}{b}\endtoggle \mathtip{a}{b}\)", [r"\toggle", r"\endtoggle", r"\mathtip"]),
]
CLOZE_ATTACKS: list[tuple[str, str]] = [
    (r"{{c2::x}} \(\hr{{c1::ef}}{javascript:alert(1)}{x}\)", r"\hr"),
    (rf"\(a {{{{c1::b\)}}}} {RUNS}{{x}} \(y\)", r"\)"),
    (rf"\(\bbox {{{{c1::x::background:url({FETCH})}}}}\)", r"\bbox"),
    (r"\(\le{{c1::t}}\alpha\beta\)", r"\le"),
    (r"\(\le{{c1::}}{{c2::t}}\alpha\beta\)", r"\le"),
    (r"\(\le{{c2::{{c1::t::h}}\alpha}}\beta\)", r"\le"),
    (r"\(\{{c1::href{javascript:alert(1)}{x}}}\)", "\\"),
    (rf"\(a {{{{c1::b::{RUNS}{{x}}}}}}\)", r"\href"),
]


def problems(text: str, cloze: bool = False) -> list[Problem]:
    """What is wrong with a text of a note that shows no pictures."""
    return to_html(text, lambda path: Problem("media-missing", path), cloze)[1]


def sides(rendered: str) -> Iterator[str]:
    """Both sides of each card of a cloze text as HTML."""
    values = ("id", spread(rendered), "", "", "", "fact", "", "", "")
    for ordinal in ordinals(parse_clozes(rendered)[0]):
        yield from cards.render_card(NOTE_TYPE, values, ordinal)


def named(folder: Path, key: str, texts: list[str]) -> list[list[tuple[str, str]]]:
    """Each text as the value of a key of a note, with the codes of its errors and what they point at in its file."""
    rest = {"answer": "    question: How?\n", "cloze": ""}[key]
    notes = [f"  - id: n{number}\n{rest}    {key}: '{text}'\n" for number, text in enumerate(texts)]
    cases.write({"deck.yaml": cases.DECK, "section.yaml": SECTION + "".join(notes)}, folder / "cards")
    lines = (SECTION + "".join(notes)).splitlines()
    places = {
        line: number for number, line in enumerate(n for n, line in enumerate(lines, 1) if f"    {key}: " in line)
    }
    found: list[list[tuple[str, str]]] = [[] for _ in texts]
    for one in check(folder / "cards", NOW).diagnostics:
        if one.severity == "error":
            _, line, column, length = one.place
            found[places[line]].append((one.code, lines[line - 1][column - 1 : column - 1 + length]))
    return found


@pytest.mark.parametrize("formula", ORDINARY_FORMULAS)
def test_ordinary_formulas_pass(formula: str) -> None:
    assert problems(rf"So \({formula}\).") == []
    assert problems(rf"So \[{formula}\]") == []
    assert problems(rf"So {{{{c1::\({formula}\)}}}}.", cloze=True) == []


@pytest.mark.parametrize("text", CLOZES)
def test_ordinary_clozes_in_formulas_pass(text: str) -> None:
    assert problems(text, cloze=True) == []


def test_every_attack_is_an_error_at_its_command(tmp_path: Path) -> None:
    found = named(tmp_path, "answer", [formula for formula, _ in ATTACKS])
    commands = [[word for code, word in errors if code == "unknown-tex"] for errors in found]
    assert commands == [words for _, words in ATTACKS]


def test_every_attack_through_a_cloze_is_an_error_at_its_place(tmp_path: Path) -> None:
    found = named(tmp_path, "cloze", [text for text, _ in CLOZE_ATTACKS])
    assert [
        errors and word in [text.rstrip(" {") for _, text in errors]
        for errors, (_, word) in zip(found, CLOZE_ATTACKS, strict=True)
    ] == [True] * len(CLOZE_ATTACKS)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (r"\(\fraq{1}{2}\)", ["unknown-tex"]),
        (
            "\\({%\\)\n\\href{javascript:alert(1)}{x}}%\\(\n\\)",
            ["mathematics", "unknown-tex", "mathematics", "mathematics"],
        ),
        (r"\({a\) and \(b\)", ["mathematics"]),
        (r"\(a}b\)", ["mathematics"]),
        (r"\(\left( a\)", ["mathematics"]),
        (r"\(\begin{cases}a\end{matrix}\)", ["mathematics"]),
        (r"\(50%\)", ["mathematics"]),
        (r"\(\begin{alignat}{999999999}a\end{alignat}\)", ["unknown-tex"]),
        (r"\(\begin a\)", ["unknown-tex", "mathematics"]),
        (r"\(\"o\)", ["unknown-tex"]),
        (r"`\(\def\x{}\)` in code, \(x\)", []),
        ("```\n\\(\\def\\x{}\\)\n```\n", []),
        (r"\\(\def\x{} and \(x\)", []),
    ],
)
def test_formulas_that_mathjax_reads_otherwise_are_errors(text: str, codes: list[str]) -> None:
    assert [problem.code for problem in problems(text)] == codes


@pytest.mark.parametrize(
    "formula",
    [
        rf"\color[named]{{red;background:url({FETCH})}} x",
        rf"\textcolor{{red;background:url({FETCH})}}{{x}}",
        rf"\colorbox{{red;background:url({FETCH})}}{{x}}",
        rf"\fcolorbox{{red}}{{red;background:url({FETCH})}}{{x}}",
        rf"\framebox[red;background:url({FETCH})]{{x}}",
        rf"\mathmakebox[red;background:url({FETCH})]{{x}}",
        rf"\enclose{{box}}[mathbackground=red;background:url({FETCH})]{{x}}",
        rf"\enclose{{red;background:url({FETCH})}}{{x}}",
        rf"\begin{{array}}[red;background:url({FETCH})]{{c}} x \end{{array}}",
        r"\enclose{box}[data-padding=999]{x}",
        r"\begin{alignat}{99999999} x \end{alignat}",
        r"\begin{alignedat}[t]{99999999} x \end{alignedat}",
        r"\begin{xalignat}{99999999} x \end{xalignat}",
        r"\sqrt[\uproot{9999} 3]{x}",
        r"\skew{9999}{\hat}{x}",
        r"\begin{align} \MoveEqLeft[9999] x \end{align}",
        r"\begin{matrix} a \\[b] \end{matrix}",
    ],
)
def test_an_argument_that_is_not_plain_is_an_error(formula: str) -> None:
    assert [problem.code for problem in problems(rf"\({formula}\)")] == ["unknown-tex"]


@pytest.mark.parametrize(
    "formula",
    [
        r"\kern LENGTH",
        r"\hspace{LENGTH}",
        r"\mspace{-LENGTH}",
        r"\raise LENGTH{x}",
        r"\moveleft LENGTH{x}",
        r"\rule{LENGTH}{1pt}",
        r"\rule[LENGTH]{1pt}{1pt}",
        r"\Rule{1pt}{1pt}{LENGTH}",
        r"\Space{1pt}{LENGTH}{1pt}",
        r"{a \above LENGTH b}",
        r"\genfrac(){LENGTH}{0}{a}{b}",
        r"\bbox[LENGTH]{x}",
        r"\enclose{box}[data-padding=LENGTH]{x}",
        r"\framebox[LENGTH]{x}",
        r"\begin{matrix} a \\[LENGTH] b \end{matrix}",
        r"\begin{multlined}[t][LENGTH] a \end{multlined}",
        r"\begin{multline} \shoveleft[LENGTH]{a} \\ b \end{multline}",
        r"\begin{spreadlines}{LENGTH} a \end{spreadlines}",
        r"\begin{CD} \minCDarrowwidth{LENGTH} A @>f>> B \end{CD}",
    ],
)
def test_lengths_have_a_limit(formula: str) -> None:
    small, large = (
        [problem.message for problem in problems(rf"\({formula.replace('LENGTH', length)}\)")]
        for length in ("2.5em", "9999em")
    )
    assert (small, large) == ([], ["the lengths in this formula add up to more than 50em"])


def test_the_limit_is_for_all_lengths_together_in_any_unit() -> None:
    assert problems(r"\(" + r"\kern 1em" * 50 + r"\)") == []
    for formula in (r"\kern 1em" * 51, r"\hspace{-7in}\raise 20pt{x}", r"\kern 999mu", r"\kern 180mm"):
        assert [problem.code for problem in problems(rf"\({formula}\)")] == ["mathematics"], formula


@pytest.mark.parametrize("word", ["frac", "href", "begin", "hspace", "textdegree"])
def test_a_command_after_two_backslashes_is_an_error(word: str) -> None:
    assert [problem.needle for problem in problems(rf"\(\ce{{\\{word}}}\)")] == [rf"\\{word}"]
    assert problems(rf"\(\begin{{matrix}} a \\ {word} \end{{matrix}}\)") == []


@pytest.mark.parametrize(
    "text",
    [
        rf"\(\color{{{{c1::{{red}}::named}}}}{{red;background:url({FETCH})}}\)",
        r"\(\begin{aligned} {{c1::x}} &= 1 \end{aligned}\)",
        r"\(\begin{matrix} a \\{{c1::b}} \end{matrix}\)",
        r"\(\begin{matrix} {{c1::a \\}}[9em] b \end{matrix}\)",
        r"\(\hspace{{c1::1em}}\)",
        r"\(\sqrt {{c1::3}}\)",
        r"\({{c1::\cancel}}[color=red]{x}\)",
    ],
)
def test_no_mark_of_a_cloze_stands_where_an_argument_does(text: str) -> None:
    assert "cloze-crosses" in [problem.code for problem in problems(text, cloze=True)]


PIECES = [
    *(
        r"\(",
        r"\)",
        r"\[",
        r"\]",
        r"\(x\)",
        "\\",
        r"\\",
        r"\{",
        r"\}",
        "{",
        "}",
        "[",
        "]",
        "$",
        "%",
        "&",
        "^",
        "_",
        "'",
    ),
    *("{{c1::", "{{c2::", "{{c1,2::", "}}", "::", "}} ", "{{", "\n", "\n\n", "*", "`", "<b>", " ", "  "),
    *(
        r"\le",
        r"\ne",
        r"\to",
        r"\text",
        r"\text{",
        r"\ce{",
        r"\pu{",
        r"\text{$",
        "$}",
        r"\frac{1}{",
        r"\left(",
        r"\right)",
    ),
    *(
        "t",
        "et",
        "wcommand",
        "ggle",
        "tip",
        "h",
        "hr",
        "ef",
        "href",
        "def",
        "{javascript:1}{x}",
        r"\href",
        r"\hr",
        r"\def",
    ),
    *(
        r"\color",
        "{red}",
        r"\bbox",
        "[red]",
        "[background:url(x)]",
        r"\begin{cases}",
        r"\end{cases}",
        r"\begin{",
        "cases}",
    ),
    *(r"\alpha", r"\sqrt", r"\,", r"\ ", "a", "1", "é", r"\unknown", r"\matrix", r"\verb", r"\mathop{\rm ", r"\boxed{"),
]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join)
LEAVES = [
    *(
        r"\le",
        r"\ne",
        r"\to",
        r"\text",
        r"\alpha",
        r"\ ",
        r"\,",
        r"\\",
        r"\{",
        r"\}",
        r"\color{red}",
        r"\bbox",
        r"\sqrt",
    ),
    *(
        "t",
        "ggle",
        "tip",
        "wcommand",
        "ef",
        "href",
        "a",
        "1",
        " ",
        "  ",
        "+",
        "=",
        "^2",
        "_1",
        "&",
        "'",
        "~",
        "[",
        "]",
        "é",
    ),
    *(
        "->",
        "<=>",
        "$",
        r"\hr",
        r"\href{javascript:1}{x}",
        r"\let",
        r"\def",
        r"\\href{javascript:1}{x}",
        "{javascript:1}",
    ),
]
FRAMES = [
    *("{%s}", "[%s]", "(%s)", "^{%s}", "_{%s}", r"\ce{%s}", r"\pu{%s}", r"\ce{->[%s]}", r"\ce{A^%s}", r"\text{%s}"),
    *(r"\text{$%s$}", r"\ce{$%s$}", r"\frac{%s}{b}", r"\sqrt[%s]{x}", r"\boxed{%s}", r"\operatorname{%s}", r"\hat{%s}"),
    *(r"\left( %s \right)", r"\begin{cases} %s \end{cases}", r"\begin{aligned} %s \end{aligned}", r"\mathop{\rm %s}"),
    *(r"\skew{%s}{\hat}{x}", r"\stackrel{%s}{a}", r"\xrightarrow[%s]{a}", r"\root %s \of x", r"\buildrel %s \over x"),
    *(r"\Set{%s|x}", r"\pmod{%s}", r"\cfrac{%s}{a}", r"\genfrac(]{0pt}{0}{%s}{x}"),
    *("{{c1::%s}}", "{{c2::%s}}", "{{c1,3::%s::h}}", "{{c2::x::%s}}", "{{c1::%s::[red]}}"),
]
FORMULAS = st.recursive(
    st.lists(st.sampled_from(LEAVES), min_size=1, max_size=3).map("".join),
    lambda inner: st.lists(
        st.tuples(st.sampled_from(FRAMES), inner).map(lambda parts: parts[0].replace("%s", parts[1])),
        min_size=1,
        max_size=3,
    ).map("".join),
    max_leaves=6,
)
FORMULA_TEXTS = st.lists(FORMULAS.map(r"a \({}\)".format), min_size=1, max_size=3).map(" ".join)


def all_sides(text: str) -> list[str]:
    """What Anki would show of a text as a question, and as a cloze; nothing where hipdeck finds something wrong."""
    shown = [] if problems(text) else [to_html(text, lambda path: Problem("", path))[0]]
    for cloze in (text, f"{{{{c1::{text}}}}}", f"{{{{c3::x}}}} {text}"):
        rendered, wrong = to_html(cloze, lambda path: Problem("", path), cloze=True)
        if not wrong and not parse_clozes(rendered)[1]:
            shown += sides(rendered)
    return shown


def read_as_mathjax(side: str) -> Iterator[str]:
    """The formulas of some HTML, found in another way than hipdeck does."""
    for run in re.split(r"<(?!br)[^>]*>", re.sub(r"<(code)>.*?</\1>", "<p>", side, flags=re.DOTALL)):
        text = html.unescape(re.sub(r"<br[^>]*>", "\n", run))
        while opening := re.search(r"\\([(\[])", text):
            text = text[opening.end() :]
            steps, depth, end = re.findall(r"\\.|[^\\]|\\", text, flags=re.DOTALL), 0, 0
            closing = {"(": r"\)", "[": r"\]"}[opening[1]]
            for index, step in enumerate(steps):
                if step == closing and not depth:
                    yield text[:end]
                    text = "".join(steps[index + 1 :])
                    break
                depth = max(0, depth + (step == "{") - (step == "}"))
                end += len(step)


@settings(max_examples=300)
@example(text=r"\(\hr{{c1::ef}}{javascript:1}{x}\)")
@example(text=r"\(\text{\(\) $\href{javascript:1}{x}$ \( }\)")
@example(text="\\({%\\)\n\\href{javascript:1}{x}}%\\(\n\\)")
@example(text=r"\\\(\def\) \\\\(\def\)")
@given(text=TEXTS | FORMULA_TEXTS)
def test_no_side_of_a_card_has_a_command_that_is_not_allowed(text: str) -> None:
    for side in all_sides(text):
        for formula in read_as_mathjax(side):
            read = re.findall(r"\\([A-Za-z]+|.)", formula, flags=re.DOTALL)
            assert {*read} <= ALLOWED | names.SIGNS | {"begin", "end"}, (side, formula)


def test_limits_are_those_that_mathjax_bears() -> None:
    longest = "x" * (formulas.LONGEST - 4)
    deepest = r"\frac{1}{" * commands.DEEPEST + "x" + "}" * commands.DEEPEST
    for formula in (longest, deepest):
        assert problems(rf"\({formula}\)") == []
    long, deep = problems(rf"\({longest}x\)"), problems(rf"\({{{deepest}}}\)")
    assert [problem.message for problem in long] == ["a formula has more than 2000 characters"]
    assert [problem.message for problem in deep] == ["this formula is nested more than 20 levels deep"]


@pytest.mark.parametrize(
    ("piece", "passes"),
    [
        (r"\displaystyle x + ", False),
        (r"\color{red} x + ", False),
        (r"\left( x \right) {x} + ", True),
        (r"\begin{array}{l} \displaystyle x \\ \end{array}", True),
    ],
)
def test_a_style_nests_what_follows_it(piece: str, passes: bool) -> None:
    assert (problems(rf"\({piece * 30}\)") == []) == passes
    assert problems(r"\(\begin{array}{ll}" + rf"{piece} & {piece} \\" * 15 + r"\end{array}\)") == []


def test_a_proof_nests_each_inference() -> None:
    proof = r"\(\begin{prooftree} \AxiomC{x}" + r"\UnaryInfC{x}" * 20 + r"\end{prooftree}\)"
    assert [problem.code for problem in problems(proof)] == ["mathematics"]


@pytest.mark.parametrize(
    ("word", "near"),
    [
        (r"\fraq", r"\frac"),
        (r"\Frac", r"\frac"),
        (r"\lamda", r"\lambda"),
        (r"\Lamda", r"\Lambda"),
        (r"\rightarow", r"\rightarrow"),
        (r"\tetx", r"\text"),
        (r"\begin{alignd}x\end{alignd}", "aligned"),
        (r"\begin{pmatrx}x\end{pmatrx}", "pmatrix"),
    ],
)
def test_a_near_miss_is_named(word: str, near: str) -> None:
    (problem,) = problems(rf"\({word}\)")
    assert problem.hint.removesuffix(" write it in \\begin and in \\end") == f"did you mean '{near}'?"


def test_a_name_that_another_begins_with_is_found_where_it_stands(tmp_path: Path) -> None:
    texts = [r"\(\frac{1}{2} + \fra{x} + \frak{y}\)", r"\(\letter{x}\) and \(\let\)"]
    assert named(tmp_path, "answer", texts) == [
        [("unknown-tex", r"\fra{")],
        [("unknown-tex", r"\letter"), ("unknown-tex", "\\let\\")],
    ]


@pytest.mark.parametrize(
    "text",
    [
        r"\(" + r"\a" * 500_000 + r"\)",
        r"\({" * 300_000,
        r"\(x\) " * 150_000,
        r"\(\fraq\) " * 100_000,
        "{{c1::" + r"\({{c2::x::y}}\) " * 50_000 + "}}",
        r"\({{c1::" + r"\\" * 400_000 + r"}}\)",
        r"\(" + r"\le{{c1::" * 90_000 + r"}}" * 90_000 + r"\)",
    ],
    ids=["one-formula", "never-closed", "many", "many-mistakes", "clozes", "backslashes", "marks"],
)
def test_a_megabyte_of_mathematics_is_looked_through(text: str) -> None:
    # A square of its length would take hours.
    problems = formulas.check(html.escape(text), cloze=True)
    assert len(problems) <= formulas.MOST


def test_a_text_without_mathematics_does_not_load_the_names() -> None:
    code = """
import sys
from hipdeck.render.markup import to_html
to_html("*a* \\\\\\\\ b", None)
assert "hipdeck.render.tex.names" not in sys.modules
to_html("\\\\(x\\\\)", None)
assert "hipdeck.render.tex.names" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
