r"""The TeX that Anki's MathJax knows and mathematics may not hold, why, and what to write instead."""

from __future__ import annotations

OLDEST = "Anki 23.10 doesn't know it"

REFUSED = (
    (
        "def let newcommand renewcommand newenvironment renewenvironment DeclareMathOperator DeclarePairedDelimiter "
        "DeclarePairedDelimiterX DeclarePairedDelimiterXPP DeclarePairedDelimiters DeclarePairedDelimitersX "
        "DeclarePairedDelimitersXPP Newextarrow definecolor newtagform renewtagform usetagform mathtoolsset",
        "its effect would last for every later card",
        "write out what it stands for; for the name of a function there is \\operatorname{…}",
    ),
    (
        "require",
        "it loads a package",
        "delete it: cancel, color, mhchem and what else Anki has is there already",
    ),
    (
        "href class style cssId mmlToken unicode",
        "it can set links, styles and other attributes",
        "write links outside of the mathematics, colors with \\color, and any character as it is",
    ),
    (
        "label ref eqref refeq tag",
        "it names places of the page, which all cards share",
        "write the number as text: \\qquad (1)",
    ),
    (
        "toggle mathtip texttip",
        "it waits for a tap or for the mouse",
        "show it on the card, or ask for it with another note",
    ),
    (
        "prescript",
        "Anki's MathJax fails to draw it",
        "write {}^{14}_{6}C, or \\ce{^14_6C}",
    ),
    (
        "vdotswithin",
        "outside of an alignment, Anki's MathJax fails at it and draws no formula after it",
        "write \\vdots",
    ),
    (
        "verb",
        "it hides from hipdeck what MathJax reads",
        "write \\texttt{…}",
    ),
    (
        "matrix pmatrix array cases eqalign eqalignno leqalignno displaylines",
        "MathJax can misread what follows it",
        "write it as an environment: \\begin{matrix}…\\end{matrix}, or pmatrix, array, cases, aligned, gathered",
    ),
    (
        "pmb centernot centerOver overbracket underbracket Aboxed adjustlimits sideset",
        "MathJax reads what it holds twice, and doubles the work with each level of nesting",
        "there are \\boldsymbol, \\not, \\overbrace, \\underbrace and \\boxed; write {}_a^b for what stands in front",
    ),
    (
        "abovewithdelims",
        "hipdeck doesn't check what it holds",
        "write \\genfrac{(}{)}{1pt}{}{a}{b}",
    ),
    (
        "xmathstrut",
        "it can be of any height",
        "write \\mathstrut, or \\rule{0pt}{2em}",
    ),
    (
        "degree celsius ohm perthousand micro",
        OLDEST,
        "write the sign itself, such as °, Ω, ‰ or µ",
    ),
    (
        "upalpha upbeta upgamma updelta upepsilon upvarepsilon upzeta upeta uptheta upvartheta upiota upkappa "
        "uplambda upmu upnu upxi upomicron uppi upvarpi uprho upvarrho upsigma upvarsigma uptau upupsilon upphi "
        "upvarphi upchi uppsi upomega Upgamma Updelta Uptheta Uplambda Upxi Uppi Upsigma Upupsilon Upphi Uppsi "
        "Upomega",
        OLDEST,
        "write \\alpha, \\Gamma and so on, or the letter itself: \\text{α}",
    ),
    (
        "cellcolor rowcolor columncolor",
        OLDEST,
        "write \\colorbox{yellow}{$x$} in each cell",
    ),
    (
        "textasciiacute textasciibreve textasciicaron textasciicircum textasciidieresis textasciimacron "
        "textasciitilde textacutedbl textgravedbl texttildelow textasteriskcentered textbackslash textbar textbardbl "
        "textbraceleft textbraceright textbrokenbar textbullet textopenbullet textbigcircle textblank "
        "textvisiblespace textunderscore textdagger textdaggerdbl textellipsis textemdash textendash textexclamdown "
        "textquestiondown textinterrobang textinterrobangdown textgreater textless textlangle textrangle "
        "textlbrackdbl textrbrackdbl textlquill textrquill textordfeminine textordmasculine textparagraph textsection "
        "textperiodcentered textquotedblleft textquotedblright textquoteleft textquoteright textreferencemark "
        "textfractionsolidus textcompwordmark textbaht textcent textcentoldstyle textcolonmonetary textcurrency "
        "textdollar textdollaroldstyle textdong texteuro textflorin textguarani textlira textnaira textpeso "
        "textsterling textwon textyen textcircledP textcopyleft textcopyright textregistered textservicemark "
        "texttrademark textdiscount textestimated textmusicalnote textnumero textpertenthousand textperthousand "
        "textrecipe textcelsius textdegree textdiv texttimes textpm textminus textlnot textsurd textmho textmu "
        "textohm textonehalf textonequarter textthreequarters textonesuperior texttwosuperior textthreesuperior "
        "textuparrow textdownarrow textleftarrow textrightarrow textborn textdied textdivorced textmarried "
        "textzerooldstyle textoneoldstyle texttwooldstyle textthreeoldstyle textfouroldstyle textfiveoldstyle "
        "textsixoldstyle textsevenoldstyle texteightoldstyle textnineoldstyle",
        OLDEST,
        "write the sign itself, such as \\text{€}",
    ),
)
"""Names without their backslash, the reason, and what to do instead.

Also left out: empheq and its delimiters (it copies what it holds), numcases and subnumcases (Anki 23.10 doesn't know
them), xalignat and xxalignat (a large number of columns keeps them busy for minutes, then crashes the page).
"""
