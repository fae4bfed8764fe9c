"""SVG files: small ones in the way that each editor writes them, and ones that try to be more than a picture."""

from __future__ import annotations

STRANGER = "https://stranger.test/"
"""The address that the harmful files ask for."""

_XLINK = "xmlns:xlink='http://www.w3.org/1999/xlink'"
_HTML = "xmlns:h='http://www.w3.org/1999/xhtml'"
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_PNG = f"data:image/png;base64,{_PIXEL}"
_SVG_11 = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'


def svg(inside: str) -> str:
    """A picture with something in it, and something that `#a` names."""
    head = f"<svg xmlns='http://www.w3.org/2000/svg' {_XLINK} {_HTML} width='40' height='40'>"
    return f"{head}<defs><linearGradient id='a'/></defs>{inside}</svg>"


def rect(attributes: str) -> str:
    """A picture of a rectangle with some attributes."""
    return svg(f"<rect width='20' height='20' {attributes}/>")


def style(css: str) -> str:
    """A picture of a rectangle and a text, with a style sheet."""
    return svg(f"<style>{css}</style><rect width='20' height='20'/><text y='30' font-family='F'>text</text>")


BY_EDITORS = {
    "hand": "<svg xmlns='http://www.w3.org/2000/svg'><circle r='9' fill='#33465c'/></svg>",
    "inkscape": f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Created with Inkscape -->
<svg width="40mm" height="40mm" viewBox="0 0 40 40" version="1.1" id="svg5" inkscape:version="1.3"
   sodipodi:docname="hip.svg" inkscape:export-filename="/home/coach/hip.png"
   xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
   xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns:xlink="http://www.w3.org/1999/xlink"
   xmlns="http://www.w3.org/2000/svg" xmlns:svg="http://www.w3.org/2000/svg"
   xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:cc="http://creativecommons.org/ns#"
   xmlns:dc="http://purl.org/dc/elements/1.1/">
  <sodipodi:namedview id="view7" pagecolor="#ffffff" inkscape:zoom="4"><inkscape:grid id="grid"/></sodipodi:namedview>
  <defs id="defs2">
    <linearGradient inkscape:collect="always" id="lg1"><stop style="stop-color:#33465c;stop-opacity:1" offset="0"
      id="s1"/></linearGradient>
    <linearGradient inkscape:collect="always" xlink:href="#lg1" id="lg2" gradientTransform="matrix(1,0,0,-1,0,40)"/>
    <inkscape:path-effect effect="spiro" id="pe1" is_visible="true"/>
  </defs>
  <g inkscape:label="Layer 1 (top)" inkscape:groupmode="layer" id="layer1" transform="translate(-5.5,2e-3)">
    <path style="font-variation-settings:normal;fill:url(#lg2);fill-opacity:1;-inkscape-stroke:none;stroke-width:0.3"
      d="M 1,1 H 30" sodipodi:nodetypes="cc" id="path1"/>
    <text xml:space="preserve" style="font-family:'Sans Serif';-inkscape-font-specification:'Sans Serif, Normal';
      shape-inside:url(#path1)" id="t"><tspan sodipodi:role="line" id="tspan1">Gluteus maximus</tspan></text>
    <image xlink:href="{_PNG}" width="9" height="9" preserveAspectRatio="none" id="i"/>
  </g>
  <metadata id="metadata1"><rdf:RDF><cc:Work rdf:about=""><dc:format>image/svg+xml</dc:format>
    <dc:type rdf:resource="http://purl.org/dc/dcmitype/StillImage"/></cc:Work></rdf:RDF></metadata>
</svg>""",
    "illustrator": f"""<?xml version="1.0" encoding="iso-8859-1"?>
<!-- Generator: Adobe Illustrator 19.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->
{_SVG_11}
<svg version="1.1" id="Layer_1" xmlns="http://www.w3.org/2000/svg" {_XLINK} x="0px" y="0px" viewBox="0 0 40 40"
  xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/" i:viewOrigin="0 40"
  style="enable-background:new 0 0 40 40;" xml:space="preserve">
<style type="text/css"><![CDATA[
	.st0{{clip-path:url(#SVGID_2_);fill:#33465C;}}
	.st1{{font-family:'MyriadPro-Regular';}} .st2{{mix-blend-mode:multiply;fill:url(#SVGID_3_);}}
]]></style>
<switch><g i:extraneous="self"><defs><rect id="SVGID_1_" width="40" height="40"/></defs>
<clipPath id="SVGID_2_"><use xlink:href="#SVGID_1_"  style="overflow:visible;"/></clipPath>
<text transform="matrix(1 0 0 1 9.5 12)" class="st1">Hip</text><path class="st0" d="M1,1h9"/></g></switch>
<metadata><i:swatches/></metadata></svg>""",
    "figma": """<svg width="40" height="40" viewBox="0 0 40 40" fill="none" xmlns="http://www.w3.org/2000/svg">
<g clip-path="url(#clip0_1_2)"><g filter="url(#filter0_d_1_2)"><path fill-rule="evenodd" d="M4 4h30v30Z"
fill="url(#paint0_linear_1_2)" style="mix-blend-mode:multiply"/></g></g>
<defs><filter id="filter0_d_1_2" filterUnits="userSpaceOnUse" color-interpolation-filters="sRGB">
<feFlood flood-opacity="0" result="BackgroundImageFix"/><feOffset dy="4"/><feGaussianBlur stdDeviation="2"/>
<feColorMatrix type="matrix" values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0.25 0"/><feBlend in2="effect1"/></filter>
<linearGradient id="paint0_linear_1_2"><stop stop-color="#fff"/></linearGradient>
<clipPath id="clip0_1_2"><rect width="40" height="40" fill="white" transform="translate(0.5)"/></clipPath></defs></svg>
""",
    "matplotlib": f"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg {_XLINK} width="460.8pt" height="345.6pt" viewBox="0 0 460.8 345.6" xmlns="http://www.w3.org/2000/svg">
 <metadata><rdf:RDF xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://creativecommons.org/ns#"
   xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><cc:Work>
    <dc:creator><cc:Agent><dc:title>Matplotlib v3.9, https://matplotlib.org/</dc:title></cc:Agent></dc:creator>
 </cc:Work></rdf:RDF></metadata>
 <defs><style type="text/css">*{{stroke-linejoin: round; stroke-linecap: butt}}</style></defs>
 <g id="figure_1"><g id="line2d_1"><defs><path id="m1" d="M 0 0 L 0 3.5 " style="stroke: #000000"/></defs>
  <use xlink:href="#m1" x="69" y="307" style="stroke: #000000; stroke-width: 0.8"/></g>
  <path d="M 1 1 L 3 3 " clip-path="url(#p1)" style="fill: none; stroke-dasharray: 5.5,2.4"/>
  <g transform="translate(66 322) scale(0.1 -0.1)"><use xlink:href="#m1" transform="translate(63.6 0)"/></g>
  <image xlink:href="{_PNG}" transform="scale(1 -1) translate(0 -9)" width="9" height="9"/></g>
 <defs><clipPath id="p1"><rect x="57" y="41" width="357" height="266"/></clipPath></defs>
</svg>""",
    "graphviz": f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
 "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<!-- Generated by graphviz version 9.0.0 (0) -->
<!-- Title: muscles Pages: 1 -->
<svg width="62pt" height="116pt" viewBox="0.00 0.00 62.00 116.00" xmlns="http://www.w3.org/2000/svg" {_XLINK}>
<g id="graph0" class="graph" transform="scale(1 1) rotate(0) translate(4 112)"><title>muscles</title>
<g id="a_node1"><a xlink:title="a tip"><polygon fill="white" stroke="none" points="-4,4 -4,-112 58,-112"/></a></g>
<text text-anchor="middle" x="27" y="-85" font-family="Times,serif" font-size="14.00">hip &#45;&gt; knee</text>
</g></svg>""",
    "drawio": """<?xml version="1.0" encoding="UTF-8"?>
<!-- Do not edit this file with editors other than draw.io -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" style="background: transparent; color-scheme: light dark;" version="1.1"
 width="121px" height="61px" viewBox="-0.5 -0.5 121 61"
 content="&lt;mxfile&gt;style=&quot;image=https://stranger.test/x.png;fillColor=url(https://stranger.test/)&quot;"><defs/>
<g data-cell-id="WIyWlLk6GJQsqaUBKTNV-3"><rect x="0" y="0" width="120" height="60" fill="#ffffff" pointer-events="all"
 style="fill: light-dark(#ffffff, var(--ge-dark-color, #121212)); stroke: light-dark(rgb(0, 0, 0), rgb(255,255,255));"/>
<g fill="#000000" font-family="&quot;Helvetica&quot;" text-anchor="middle" font-size="12px"><text x="59.5"
 y="34.5">Glute (max.)</text></g></g></svg>""",
    "excalidraw": """<svg version="1.1" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">
<!-- svg-source:excalidraw --><metadata></metadata><defs><style class="style-fonts">
      @font-face { font-family: Excalifont; src: url(data:font/woff2;base64,d09GMgABAAAAAA==); }
</style></defs><rect x="0" y="0" width="40" height="40" fill="#ffffff"></rect>
<g stroke-linecap="round" transform="translate(10 10) rotate(0 86.5 31)"><path d="M0 0 C1 1, 2 2, 3 3"></path></g>
<mask id="mask-1"><rect fill="#fff" width="9" height="9"></rect></mask><g mask="url(#mask-1)"><text y="18"
 font-family="Excalifont, Xiaolai, Segoe UI Emoji" style="white-space: pre;" direction="ltr">Hip</text></g></svg>""",
    "plantuml": """<?xml version="1.0" encoding="us-ascii" standalone="no"?><svg
 xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" contentStyleType="text/css" height="40px"
 preserveAspectRatio="none" style="width:40px;height:40px;background:#FFFFFF;" version="1.1"
 zoomAndPan="magnify"><?plantuml 1.2024.7?><defs><filter height="300%" id="f1"><feGaussianBlur result="blurOut"
 stdDeviation="2.0"/><feMerge><feMergeNode in="SourceGraphic"/></feMerge></filter></defs><g><!--class Hip--><g
 id="elem_Hip"><text fill="#000000" font-family="sans-serif" lengthAdjust="spacing" x="1" y="9">H&#252;fte</text>
 </g><?plantuml-src AbCdEf0123456789_-?></g></svg>""",
    "wikimedia": f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.0//EN' 'http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd'>
<svg xmlns="http://www.w3.org/2000/svg" {_XLINK} width="40" height="40"><title>Hip (front)</title><desc>By url(x)</desc>
<switch><text systemLanguage="de" y="20">Hüfte</text><text y="20"><tspan>Hip</tspan></text></switch>
<path id="arc" d="M1 1h9" marker-end="url(#end)" style="stroke:rgb(0%,0%,0%)"/><text><textPath xlink:href="#arc">on
</textPath></text><marker id="end"><path d="M0 0"/></marker></svg>""",
    "coreldraw": f"""<?xml version="1.0" encoding="UTF-8"?>
{_SVG_11}
<!-- Creator: CorelDRAW -->
<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="40mm" height="40mm" version="1.1" {_XLINK}
 xmlns:xodm="http://www.corel.com/coreldraw/odm/2003" style="shape-rendering:geometricPrecision">
 <defs><font id="FontID0" horiz-adv-x="722"><font-face font-family="Arial"/><missing-glyph/><glyph unicode="("
  glyph-name="parenleft" d="M1 1"/><hkern u1="(" g2="T" k="9"/></font><style type="text/css"><![CDATA[
   @font-face {{ font-family:"Arial";font-variant:normal;src:url("#FontID0") format(svg)}} .fil0 {{fill:#1F1A17}}
 ]]></style></defs><g id="Layer_x0020_1"><metadata id="CorelCorpID_0Corel-Layer"/><path class="fil0" d="M1 1"/></g>
</svg>""",
    "libreoffice": f"""<?xml version="1.0" encoding="UTF-8"?>
{_SVG_11}
<svg version="1.2" width="40mm" height="40mm" fill-rule="evenodd" xmlns="http://www.w3.org/2000/svg"
 xmlns:ooo="http://xml.openoffice.org/svg/export" xmlns:presentation="http://sun.com/xmlns/staroffice/presentation"
 xmlns:anim="urn:oasis:names:tc:opendocument:xmlns:animation:1.0" xml:space="preserve">
 <defs class="EmbeddedBulletChars"><g id="bullet-char-1" transform="scale(0.0005,-0.0005)"><path d="M 1,1"/></g>
 </defs><g ooo:name="page1" class="Page"><desc>Drawing</desc><path fill="rgb(114,159,207)" d="M 1,1 Z"/></g>
 <ooo:meta_slides/></svg>""",
    "visio": """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- Generated by Microsoft Visio, SVG Export Hip.svg Page-1 -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:ev="http://www.w3.org/2001/xml-events" width="2in" height="2in"
 xmlns:v="http://schemas.microsoft.com/visio/2003/SVGExtensions/" class="st2"><v:documentProperties v:langID="1031"/>
<style type="text/css"><![CDATA[ .st1 {fill:#ffffff;stroke:none} .st2 {font-family:Calibri (Body);marker:url(#mrk1)} ]]>
</style><g v:mID="0" v:index="1" transform="translate(1.44,-1.44)"><title>Page-1</title><v:pageProperties
 v:drawingScale="0.04"/><text class="st2"><v:paragraph v:horizAlign="1"/><v:tabList/>Hip</text></g></svg>""",
    "sketch, affinity, boxy": """<svg width="40px" xmlns="http://www.w3.org/2000/svg" xmlns:bx="https://boxy-svg.com"
 xmlns:sketch="http://www.bohemiancoding.com/sketch/ns" xmlns:serif="http://www.serif.com/"><defs><bx:grid/></defs>
<g sketch:type="MSPage" serif:id="Hip 1" style="fill-rule:nonzero;transform:matrix(1,0,0,1,-5,2e-16)"><path d="M1 1"
 bx:shape="rect 0 0 9 9" style="fill:url(#_Linear1);isolation:isolate;cursor:pointer"/></g></svg>""",
    "potrace": """<?xml version="1.0" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 20010904//EN"
 "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd">
<svg version="1.0" xmlns="http://www.w3.org/2000/svg" width="40pt" height="40pt"><metadata>Created by potrace</metadata>
<g transform="translate(0.000000,40.000000) scale(0.100000,-0.100000)" fill="#000000"><path d="M1 1z"/></g></svg>""",
    "rdkit": """<?xml version='1.0' encoding='iso-8859-1'?>
<svg version='1.1' baseProfile='full' xmlns='http://www.w3.org/2000/svg' xmlns:rdkit='http://www.rdkit.org/xml'
 xml:space='preserve' width='40px' height='40px'><path class='bond-0' d='M 1 1' style='fill:none;stroke:#000000'/>
<metadata><rdkit:mol version="0.9"><rdkit:atom idx="1" atom-smiles="[CH3]"/></rdkit:mol></metadata></svg>""",
}
"""A picture by each editor."""

HARMLESS = {
    "prefix": "<!DOCTYPE svg:svg><svg:svg xmlns:svg='http://www.w3.org/2000/svg'><svg:use href='#x'/></svg:svg>",
    "byte order mark": "\ufeff" + svg("<g/>"),
    "plain doctype": "<!-- <!DOCTYPE --> <?xpacket x?> <!DOCTYPE svg>\n" + svg("<g/>"),
    "doctype as text": svg("<!-- <!DOCTYPE x [ --><text><![CDATA[<!DOCTYPE svg>]]></text>"),
    "no namespace": svg("<note xmlns='' onload='x' src='https://stranger.test/' style='fill:url(//stranger.test/)'/>"),
    "handler in a foreign namespace": svg("<g xmlns:x='urn:x' x:onload='x' x:href='https://stranger.test/'/>"),
    "words": svg("<text>javascript: and url(https://stranger.test/) are words here</text>"),
    "words in attributes": rect(
        "id='image(1)' class='url(x' aria-label='url(x)' data-x=':(' requiredExtensions='http://x'"
    ),
    "embedded picture": svg(f"<image href='\n{_PNG[:40]}&#10;{_PNG[40:]}' width='9' height='9'/>"),
    "embedded picture in a style": style(f"svg {{ background: url( '{_PNG}' ) }} rect {{ cursor: url({_PNG}), auto }}"),
    "embedded picture in a filter": svg(f"<filter id='f'><feImage xlink:href='{_PNG}'/><feImage href='#a'/></filter>"),
    "fragment": rect("fill='url(#a) none' style='filter: url(&quot;#b&quot;) blur(2px); mask: URL( #c )'"),
    "escapes": style(r"/* https://stranger.test/ */ .a\(b { font-family: 'Segoe\ UI', \0046 oo; fill: \75\72 l(#a) }"),
    "strings": style("""text { font-family: "url(https://stranger.test/)"; content: 'it\\'s @import' "/*" }"""),
    "conditions": style(
        "@media (prefers-color-scheme: dark) and (min-width:1px) { rect:not(.a,:nth-child(2n+1)) { y:1 } }"
    ),
    "keyframes": style(
        "@keyframes x { 50% { transform: rotate( calc(1turn * (2 - 1)) ) } } rect { animation: x 1s steps(2) }"
    ),
    "animation": svg("<rect width='9' height='9'><animate attributeName='fill' values='url(#a);red' dur='1s'/></rect>"),
    "animated transform": svg(
        "<g><animateTransform attributeName='transform' type='rotate' values='0;9' dur='1s'/></g>"
    ),
    "times": svg("<g id='b'><set attributeName='fill' to='red' begin='b.click; accessKey(x)' end='b.repeat(2)'/></g>"),
    "link within": svg("<a href='#a' xlink:title='url(' xlink:role='https://stranger.test/'><text>a</text></a>"),
    "repeats a part twice": svg(
        "<g id='b'><use href='#a'/></g><use href='#b'/><use xlink:href='#b'/><use href='#none'/>"
    ),
}
"""Other pictures that do nothing."""

_EXHAUSTING_ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 20))
_EXHAUSTING_USES = "".join(
    f"<g id='u{n}'>{f'<use href=`#u{n - 1}`/>' * 10}</g>".replace("`", "'") for n in range(1, 20)
)

ACTIVE = {
    "script": svg(f"<script>fetch('{STRANGER}')</script>"),
    "script by a prefix": svg(f"<x:script xmlns:x='http://www.w3.org/2000/svg'>fetch('{STRANGER}')</x:script>"),
    "HTML script": svg(f"<h:script>fetch('{STRANGER}')</h:script>"),
    "handler": svg(f"<image href='{_PNG}' onload='fetch(`{STRANGER}`)' width='1' height='1'/>"),
    "handler of the root": svg("<g/>").replace("<svg", f"<svg onload='fetch(`{STRANGER}`)'"),
    "HTML picture": svg(f"<h:img srcset='{STRANGER}x.png'/>"),
    "HTML table": svg(f"<h:table><h:td background='{STRANGER}x.png'>x</h:td></h:table>"),
    "HTML refresh": svg(f"<h:meta http-equiv='refresh' content='0;url={STRANGER}'/>"),
    "HTML style sheet": svg(f"<h:link rel='stylesheet' href='{STRANGER}x.css'/>"),
    "HTML style": svg(
        f"<h:style>rect {{ fill: url({STRANGER}) }} * {{ background: url({STRANGER}) }}</h:style><h:p>x</h:p>"
    ),
    "HTML preload": svg(f"<h:link rel='preload' as='image' imagesrcset='{STRANGER}x.png'/>"),
    "HTML frame": svg(f"<h:iframe src='{STRANGER}'/>"),
    "HTML in a foreignObject": svg(
        f"<foreignObject width='9' height='9'><h:img src='{STRANGER}x.png'/></foreignObject>"
    ),
    "MathML": svg(
        f"<math xmlns='http://www.w3.org/1998/Math/MathML' style='background:url({STRANGER})'><mi>x</mi></math>"
    ),
    "image": svg(f"<image xlink:href=' {STRANGER}x.png' width='9' height='9'/>"),
    "image by another prefix": svg(
        "<image xmlns:y='http://www.w3.org/1999/xlink' y:href='//stranger.test/x.png' width='9' height='9'/>"
    ),
    "filter picture": svg(
        f"<filter id='f'><feImage href='{STRANGER}x.png'/></filter><rect width='9' height='9' filter='url(#f)'/>"
    ),
    "use": svg("<use href='other.svg#a'/>"),
    "file beside it": svg("<image href='x.png' width='9' height='9'/>"),
    "set an address": svg(
        f"<image href='#a' width='9' height='9'><set attributeName='href' to='{STRANGER}x.png'/></image>"
    ),
    "style sheet instruction": f"<?xml-stylesheet href='{STRANGER}x.css'?>" + svg("<g/>"),
    "mask": rect(f"mask='url({STRANGER}x.svg#a)'"),
    "marker": svg(f"<path d='M1 1h9v9' marker-mid='url({STRANGER}x.svg#a)'/>"),
    "cursor in a style": rect(f"style='cursor:url({STRANGER}x.png),auto;mask-image:url({STRANGER}x.png)'"),
    "embedded, then not": rect(f"style='{_PNG[:22]};mask:url({STRANGER}x.svg#a)'"),
    "escape before CRLF": rect(f"style='mask:u\\72&#13;&#10;l({STRANGER}x.svg#a)'"),
    "escape before a newline": style(f"rect {{ mask: u\\72\nl({STRANGER}x.svg#a) }}"),
    "escape of six digits": style(f"rect {{ mask: u\\000072 l({STRANGER}x.svg#a) }}"),
    "escape of a letter": style(f"rect {{ mask: \\ur\\l({STRANGER}x.svg#a) }}"),
    "escape in an address": style("rect { mask: url('\\68ttps\\:\\\n//stranger.test/x.svg\\#a') }"),
    "character references": style("rect { mask: &#117;rl(&quot;https://stranger.test/x.svg#a&quot;) }"),
    "CDATA": style(f"rect {{ mask: u<![CDATA[rl({STRANGER}x.svg#a)]]> }}"),
    "comment of XML": style(f"rect {{ mask: u<!-- -->rl({STRANGER}x.svg#a) }}"),
    "after a strange space": svg("<image href='\u00a0#a' width='9' height='9'/>"),
    "unclosed url": rect(f"mask='url({STRANGER}x.svg#a'"),
    "unclosed string": rect(f"""mask="url('{STRANGER}x.svg#a" """),
    "import": style(f"@import '{STRANGER}x.css';"),
    "import with escapes": style(f"@\\69mp\\6f rt url({STRANGER}x.css);"),
    "import split by a comment": style(f"@imp<!-- -->ort '{STRANGER}x.css';"),
    "font": style(f"@font-face {{ font-family: F; src: local('x'), url({STRANGER}x.woff2) }}"),
    "image-set": style(f"svg {{ background: image-set('{STRANGER}x.png' 1x) }}"),
    "old image-set": style("svg { background: -webkit-image-set(url(//stranger.test/x.png) 1x) }"),
    "cross-fade": style(f"svg {{ background: -webkit-cross-fade(url({STRANGER}x.png), none, 50%) }}"),
    "variable": style(f"svg {{ --x: url({STRANGER}x.png); background: var(--x) }}"),
    "after a comment in a number's unit": style(f"svg {{ x: 0url(#/*)'*/); background: url({STRANGER}x.png); y: ' }}"),
    "after a comment in a hash": style(f"svg {{ x: #url(#/*)'*/); background: url({STRANGER}x.png); y: ' }}"),
    "after a comment in a strange name": style(f"svg {{ x: éurl(#/*)'*/); background: url({STRANGER}x.png); y: ' }}"),
    "after an element in a style": svg(f"<style><g/>@import '{STRANGER}x.css';</style>"),
    "after a string's newline": style(f"svg {{ x: '\n; background: url({STRANGER}x.png); y: ' }}"),
}
"""Files that Chromium acts on when they're opened."""

PASSIVE = {
    "link": svg(f"<a xlink:href='{STRANGER}'><text>press</text></a>"),
    "link with script": svg("<a href=' java&#10;script:alert(1)'><text>press</text></a>"),
    "ping": svg(f"<a href='#a' ping='#a {STRANGER}'><text>press</text></a>"),
    "embedded SVG": svg("<image href='data:image/svg+xml;base64,PHN2Zy8+'/>"),
    "embedded SVG in use": svg("<use href='data:image/svg+xml;base64,PHN2Zy8+#a'/>"),
    "embedded SVG in a style": style("rect { mask: url('data:image/svg+xml;base64,PHN2Zy8+') }"),
    "embedded picture in a link": svg(f"<a href='{_PNG}'><text>press</text></a>"),
    "embedded picture and more": svg("<image href='data:image/png;base64,AAAA, https://stranger.test/ 2x'/>"),
    "empty address": svg("<image href=''/>"),
    "use of another site": svg(f"<use href='{STRANGER}x.svg#a'/>"),
    "fill": rect(f"fill='url({STRANGER}x.svg#a)'"),
    "element of HTML in SVG": svg(f"<video src='{STRANGER}x.mp4'/>"),
    "unknown element": svg("<rekt/>"),
    "foreignObject": svg("<foreignObject/>"),
    "XML events": svg("<handler xmlns='http://www.w3.org/2001/xml-events'/>"),
    "XInclude": svg(f"<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='{STRANGER}'/>"),
    "XSLT": svg("<x:stylesheet xmlns:x='http://www.w3.org/1999/XSL/Transform'/>"),
    "nearly a namespace": svg("<x:g xmlns:x='http://www.w3.org/2000/svg/'/>"),
    "capital handler": rect("OnClick='x'"),
    "base": svg(f"<g xml:base='{STRANGER}'><use href='#a'/></g>"),
    "font address": svg(
        f"<font-face><font-face-src><font-face-uri xlink:href='{STRANGER}'/></font-face-src></font-face>"
    ),
    "animated style": svg(f"<rect><set attributeName='fill' to='url({STRANGER})'/></rect>"),
    "animated list": svg(f"<rect><animate attributeName='mask' values=\"'a;url({STRANGER});'\"/></rect>"),
    "animated address": svg("<rect><animate attributeName='xlink:href' values='#a'/></rect>"),
    "animated handler": svg("<rect><set attributeName='onclick' to='x'/></rect>"),
    "element in a style": svg(f"<style><g>@import '{STRANGER}';</g></style>"),
    "image()": style(f"svg {{ background: image('{STRANGER}x.png') }}"),
    "src()": style(f"svg {{ background: src('{STRANGER}x.png') }}"),
    "unknown function": style("rect { fill: paint(x) }"),
    "unknown rule": style("@namespace x 'urn:x';"),
    "many signs": style("@media{" + "#a" * 100_001),
    "many backslashes": style("@media{" + "\\a" * 100_001),
    "unclosed comment": style("rect { fill: rgb(1 1 1) } /* no end"),
    "backslash at the end": style("rect { fill: rgb(1 1 1) } \\"),
    "empty url": style("rect { fill: url() }"),
    "url of a variable": style("rect { fill: url(var(--x)) }"),
    "style sheet for XSLT": f"<?xml-stylesheet type='text/xsl' href='{STRANGER}'?>" + svg("<g/>"),
    "instruction within": svg("<?php echo 1 ?>"),
    "entities": f"<!DOCTYPE svg [<!ENTITY a '<script/>'>]>{svg('&a;')}",
    "empty subset": f"<!DOCTYPE svg []>{svg('')}",
    "exhausting entities": f"<!DOCTYPE svg [<!ENTITY a0 'aaaaaaaaaa'>{_EXHAUSTING_ENTITIES}]>{svg('&a19;')}",
    "another DTD": f"<!DOCTYPE svg SYSTEM '{STRANGER}x.dtd'>{svg('')}",
    "another public DTD": f"<!DOCTYPE svg PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'http://www.w3.org/x'>{svg('')}",
    "exhausting uses": svg(f"<g id='u0'/>{_EXHAUSTING_USES}<use href='#u19'/>"),
    "exhausting uses and decoys": svg(
        f"<g id='u0'/>{_EXHAUSTING_USES}<use href='#u19'/>" + "".join(f"<g id='u{n}'/>" for n in range(20))
    ),
    "exhausting uses in other letters": svg(
        f"<g id='u0'/>{_EXHAUSTING_USES}<use href='#u19'/>".replace("#u", "#&#10;%75")
    ),
    "repeats itself": svg("<g id='b'><use href='#c'/></g><g id='c'><use href='#b'/></g>"),
    "repeats all": svg("<g id='b'><use href='#c'/><g id='c'><use href='#b'/></g></g>"),
    "deep": svg("<g>" * 300 + "</g>" * 300),
    "deep by uses": svg("".join(f"<use id='u{n}' href='#u{n + 1}'/>" for n in range(300))),
    "many elements": svg("<g/>" * 50_001),
    "another root by the same name": "<x:svg xmlns:x='http://ns.adobe.com/x'/>",
    "another root": "<html><img src='x'/></html>",
}
"""Files that Chromium does nothing bad with today, or only after a press, and that are refused nevertheless."""

HARMFUL = {**ACTIVE, **PASSIVE}
