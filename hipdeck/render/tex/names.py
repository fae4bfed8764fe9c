r"""The TeX that mathematics may hold: each command and environment of Anki's MathJax that only draws.

Anki shows mathematics with MathJax 3 and its packages (base, AMS, mathtools, mhchem, braket, cancel, color and more).
Of what they know from Anki 23.10 on, everything is allowed that only draws. The rest is in `refused`. A test asks
MathJax itself for its names, so a name that is in neither list fails there.
"""

from __future__ import annotations

_GROUPS = {
    "fractions and roots": """
        frac dfrac tfrac cfrac sqrt binom dbinom tbinom genfrac splitfrac splitdfrac root of uproot leftroot
    """,
    "fractions of what stands before and after": """
        over atop choose brace brack above overwithdelims atopwithdelims
    """,
    "functions and limits": """
        sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth exp log ln lg lim max min sup inf
        limsup liminf det dim gcd hom ker arg deg Pr injlim projlim varinjlim varprojlim varliminf varlimsup
        limits nolimits operatorname mod bmod pmod pod
    """,
    "sums and integrals": """
        sum prod coprod int iint iiint iiiint idotsint oint intop smallint bigcap bigcup bigsqcup bigvee
        bigwedge bigodot bigoplus bigotimes biguplus bigtimes
    """,
    "Greek": """
        alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi
        omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma Gamma Delta
        Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega varGamma varDelta varTheta varLambda varXi varPi varSigma
        varUpsilon varPhi varPsi varOmega
    """,
    "letters and signs": """
        aleph beth gimel daleth hbar hslash imath jmath ell wp Re Im partial infty nabla prime backprime
        emptyset varnothing forall exists nexists neg lnot top bot angle measuredangle sphericalangle triangle
        triangledown blacktriangle blacktriangledown square blacksquare Box lozenge blacklozenge Diamond bigstar
        clubsuit diamondsuit heartsuit spadesuit flat natural sharp complement eth mho Finv Game Bbbk circledS
        circledR yen checkmark maltese S diagup diagdown TeX LaTeX
    """,
    "operators": """
        pm mp times div divsymbol cdot cdotp centerdot ast star circ bullet bigcirc cap cup Cap Cup doublecap
        doublecup sqcap sqcup uplus amalg wr setminus smallsetminus wedge land vee lor barwedge doublebarwedge
        veebar curlywedge curlyvee oplus ominus otimes oslash odot boxplus boxminus boxtimes boxdot circledast
        circledcirc circleddash dotplus divideontimes ltimes rtimes leftthreetimes rightthreetimes intercal
        diamond dagger ddagger triangleleft triangleright bigtriangleup bigtriangledown surd
    """,
    "relations": """
        lt gt le ge leq geq ne neq leqq geqq leqslant geqslant eqslantless eqslantgtr ll gg lll llless ggg gggtr
        equiv sim simeq approx approxeq cong doteq doteqdot Doteq propto varpropto asymp prec succ preceq succeq
        preccurlyeq succcurlyeq curlyeqprec curlyeqsucc precsim succsim precapprox succapprox lesssim gtrsim
        lessapprox gtrapprox lessdot gtrdot lessgtr gtrless lesseqgtr gtreqless lesseqqgtr gtreqqless eqcirc
        circeq triangleq risingdotseq fallingdotseq bumpeq Bumpeq backsim backsimeq eqsim thicksim thickapprox
        in notin ni owns backepsilon subset supset subseteq supseteq subseteqq supseteqq Subset Supset sqsubset
        sqsupset sqsubseteq sqsupseteq vartriangle vartriangleleft vartriangleright trianglelefteq
        trianglerighteq blacktriangleleft blacktriangleright lhd rhd unlhd unrhd mid parallel perp shortmid
        shortparallel models vdash dashv vDash Vdash Vvdash smile frown smallsmile smallfrown bowtie Join
        between pitchfork therefore because coloneqq Coloneqq coloneq Coloneq eqqcolon Eqqcolon eqcolon Eqcolon
        colonapprox Colonapprox colonsim Colonsim dblcolon centercolon ordinarycolon colon
    """,
    "negations": """
        not notChar nless ngtr nleq ngeq nleqslant ngeqslant nleqq ngeqq lneq gneq lneqq gneqq lvertneqq
        gvertneqq lnsim gnsim lnapprox gnapprox nprec nsucc npreceq nsucceq precneqq succneqq precnsim succnsim
        precnapprox succnapprox nsim ncong nmid nparallel nshortmid nshortparallel nvdash nvDash nVdash nVDash
        ntriangleleft ntriangleright ntrianglelefteq ntrianglerighteq nsubseteq nsupseteq nsubseteqq nsupseteqq
        subsetneq supsetneq subsetneqq supsetneqq varsubsetneq varsupsetneq varsubsetneqq varsupsetneqq
    """,
    "arrows": """
        to gets leftarrow rightarrow leftrightarrow uparrow downarrow updownarrow Leftarrow Rightarrow
        Leftrightarrow Uparrow Downarrow Updownarrow longleftarrow longrightarrow longleftrightarrow
        Longleftarrow Longrightarrow Longleftrightarrow implies impliedby iff mapsto longmapsto leadsto
        hookleftarrow hookrightarrow nearrow searrow swarrow nwarrow leftharpoonup leftharpoondown
        rightharpoonup rightharpoondown leftrightharpoons rightleftharpoons upharpoonleft upharpoonright
        downharpoonleft downharpoonright restriction leftleftarrows rightrightarrows leftrightarrows
        rightleftarrows upuparrows downdownarrows twoheadleftarrow twoheadrightarrow leftarrowtail
        rightarrowtail Lleftarrow Rrightarrow looparrowleft looparrowright curvearrowleft curvearrowright
        circlearrowleft circlearrowright Lsh Rsh multimap dashleftarrow dashrightarrow rightsquigarrow
        leftrightsquigarrow nleftarrow nrightarrow nleftrightarrow nLeftarrow nRightarrow nLeftrightarrow
        nuparrow ndownarrow longrightleftharpoons longRightleftharpoons longLeftrightharpoons
        longleftrightarrows
    """,
    "arrows with a text above": """
        xrightarrow xleftarrow xleftrightarrow xRightarrow xLeftarrow xLeftrightarrow xhookleftarrow
        xhookrightarrow xmapsto xlongequal xtofrom xtwoheadleftarrow xtwoheadrightarrow xleftharpoonup
        xleftharpoondown xrightharpoonup xrightharpoondown xleftrightharpoons xrightleftharpoons
        xRightleftharpoons xLeftrightharpoons
    """,
    "dots": "dots ldots cdots vdots ddots dotsb dotsc dotsi dotsm dotso ldotp",
    "accents and what stands above or below": """
        hat widehat bar vec dot ddot dddot ddddot tilde widetilde acute grave breve check mathring overline
        underline overbrace underbrace overparen underparen overrightarrow overleftarrow overleftrightarrow
        underrightarrow underleftarrow underleftrightarrow overset underset overunderset stackrel stackbin
        buildrel substack crampedsubstack skew
    """,
    "brackets": """
        left right middle big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm biggm Biggm
        langle rangle lfloor rfloor lceil rceil lbrace rbrace lbrack rbrack lparen rparen lvert rvert lVert
        rVert vert Vert lgroup rgroup lmoustache rmoustache ulcorner urcorner llcorner lrcorner arrowvert
        Arrowvert bracevert backslash bra ket braket ketbra Bra Ket Braket Ketbra set Set
    """,
    "fonts": """
        mathrm mathup mathit mathbf mathbb mathcal mathscr mathfrak mathsf mathtt mathnormal mathbfup mathbfit
        mathbfcal mathbfscr mathbffrak mathsfup mathsfit mathbfsf mathbfsfup mathbfsfit boldsymbol Bbb symrm
        symup symit symbf symbb symcal symscr symfrak symsf symtt symnormal symbfup symbfit symbfcal symbfscr
        symbffrak symsfup symsfit symbfsf symbfsfup symbfsfit rm it bf sf tt cal scr frak bbFont mit oldstyle
    """,
    "text": "text textrm textit textbf textsf texttt textup textnormal mbox hbox",
    "styles and sizes": """
        displaystyle textstyle scriptstyle scriptscriptstyle tiny Tiny scriptsize small normalsize large Large
        LARGE huge Huge
    """,
    "classes": "mathord mathop mathopen mathclose mathbin mathrel mathpunct mathinner mathchoice nonscript cramped And",
    "boxes and lines through": "boxed fbox framebox cancel bcancel xcancel cancelto enclose bbox colorbox fcolorbox",
    "colors": "color textcolor ",
    "space": """
        quad qquad enspace space nobreakspace thinspace negthinspace negmedspace negthickspace hspace hskip kern
        mspace mskip mkern Space phantom hphantom vphantom smash strut mathstrut rule Rule raise
        lower moveleft moveright vcenter llap rlap clap mathllap mathrlap mathclap textllap textrlap textclap
        crampedllap crampedrlap crampedclap mathmbox mathmakebox tripledash
    """,
    "rows and columns": """
        hline hdashline hfil hfill hfilll cr newline notag nonumber shoveleft shoveright MoveEqLeft
        ArrowBetweenLines shortvdotswithin MTFlushSpaceAbove MTFlushSpaceBelow MTThinColon
        minCDarrowwidth minCDarrowheight
    """,
    "chemistry and units": "ce pu bond ca",  # mhchem alone knows the last two, within \ce
    "inferences": """
        UnaryInfC BinaryInfC TrinaryInfC QuaternaryInfC QuinaryInfC UIC BIC TIC UnaryInf BinaryInf TrinaryInf
        QuaternaryInf QuinaryInf
    """,
    "proofs": """
        AxiomC AXC Axiom fCenter LeftLabel RightLabel LL RL noLine singleLine solidLine dashedLine alwaysNoLine
        alwaysSingleLine alwaysSolidLine alwaysDashedLine rootAtTop rootAtBottom alwaysRootAtTop
        alwaysRootAtBottom
    """,
}
# Names without their backslash, by what they are for. What authors write most comes first.

COMMANDS = {name: group for group, names in _GROUPS.items() for name in names.split()}
"""Each command without its backslash, and its group."""

SIGNS = frozenset("\\{}|_#$%&,:;>! \n\u00a0")
"""Commands of one sign: `\\,`, `\\{` and the like. A line break is a space to TeX."""

_ENVIRONMENTS = """
    matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix cases aligned gathered split array align align*
    gather gather* equation equation* multline multline* alignat alignat* alignedat flalign flalign* eqnarray
    eqnarray* subarray CD prooftree matrix* pmatrix* bmatrix* Bmatrix* vmatrix* Vmatrix* smallmatrix*
    psmallmatrix bsmallmatrix Bsmallmatrix vsmallmatrix Vsmallmatrix psmallmatrix* bsmallmatrix* Bsmallmatrix*
    vsmallmatrix* Vsmallmatrix* dcases rcases drcases cases* dcases* rcases* drcases* crampedsubarray multlined
    spreadlines lgathered rgathered
"""
ENVIRONMENTS = tuple(_ENVIRONMENTS.split())

NESTING = ("fractions of what stands before and after", "styles and sizes", "inferences")
"""Groups of commands that take all before or after them into themselves, as a pair of braces would."""
