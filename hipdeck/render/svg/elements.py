"""Which elements and attributes an SVG picture may have.

Browsers know the elements of SVG, HTML and MathML only. Elements that editors keep in namespaces of their own, or in
none, do nothing, and neither do attributes in a namespace other than XLink's or XML's.
"""

from __future__ import annotations

from hipdeck.render.svg.refusal import Refusal, refuse_address, shorten

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_HTML = "http://www.w3.org/1999/xhtml"
_EDITORS = (
    "adobe:ns:meta/",
    "http://creativecommons.org/ns#",
    "http://inkscape.sourceforge.net/",
    "http://iptc.org/std/",
    "http://krita.org/namespaces/svg/",
    "http://ns.adobe.com/",
    "http://purl.org/dc/",
    "http://schemas.microsoft.com/visio/",
    "http://sodipodi.sourceforge.net/DTD/",
    "http://web.resource.org/cc/",
    "http://www.bohemiancoding.com/sketch/",
    "http://www.corel.com/coreldraw/",
    "http://www.figma.com/figma/",
    "http://www.inkscape.org/namespaces/",
    "http://www.rdkit.org/xml",
    "http://www.serif.com/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://xml.openoffice.org/svg/",
    "http://xmlns.com/foaf/",
    "https://boxy-svg.com",
)
"""How the namespaces begin that editors use for their own elements."""

_ELEMENT_NAMES = """
    a altGlyph altGlyphDef altGlyphItem animate animateColor animateMotion animateTransform circle clipPath
    color-profile cursor defs desc discard ellipse feBlend feColorMatrix feComponentTransfer feComposite
    feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG
    feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight
    feTile feTurbulence filter flowDiv flowLine flowPara flowRegion flowRegionExclude flowRoot flowSpan font font-face
    font-face-format font-face-name font-face-src font-face-uri g glyph glyphRef hatch hatchPath hatchpath hkern image
    line linearGradient marker mask mesh meshGradient meshPatch meshRow meshgradient meshpatch meshrow metadata
    missing-glyph mpath path pattern polygon polyline radialGradient rect set solidColor solidcolor stop style svg
    switch symbol text textPath title tref tspan unknown use view vkern"""
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_ANIMATIONS = frozenset(["animate", "animateColor", "animateMotion", "animateTransform", "set"])
_ANIMATED_VALUES = frozenset(["by", "from", "to", "values"])
_TEXT_NAMES = "begin class content end font-family g1 g2 glyph-name id label lang name title u1 u2 unicode"
_TEXTS = frozenset(_TEXT_NAMES.split())
"""Attributes whose parentheses mean nothing."""

_AS_SVG_TEXT = "turn its text into SVG text (in draw.io, turn off Word Wrap and Formatted Text), or export it as PNG"


def check_element(namespace: str, name: str, attributes: dict[str, str]) -> Refusal | None:
    """Why an element isn't harmless, or None. Keys of `attributes` are names, or a namespace, a space and a name."""
    if namespace != SVG:
        return _check_foreign(namespace, name)
    if name not in _ELEMENTS:
        return _refuse_element(name)
    for key, value in attributes.items():
        refusal = _check_attribute(name, key, value)
        if refusal:
            return refusal
    return _check_animation(attributes) if name in _ANIMATIONS else None


def _check_foreign(namespace: str, name: str) -> Refusal | None:
    if not namespace or namespace.startswith(_EDITORS):
        return None
    if namespace == _HTML:
        return Refusal(f"it has an HTML element, <{shorten(name)}>", _AS_SVG_TEXT)
    return Refusal(f"it has an element that isn't SVG, <{shorten(name)}> of '{shorten(namespace)}'")


def _refuse_element(name: str) -> Refusal:
    if name == "foreignObject":
        return Refusal("it has a <foreignObject> element, which is for HTML", _AS_SVG_TEXT)
    what = "which could run code" if name == "script" else "which isn't part of a picture"
    return Refusal(f"it has a <{shorten(name)}> element, {what}")


def _check_attribute(element: str, key: str, value: str) -> Refusal | None:
    namespace, _, name = key.rpartition(" ")
    if namespace == _XML:
        return Refusal("it has an 'xml:base', which makes its addresses lead elsewhere") if name == "base" else None
    if namespace == XLINK:
        return _check_link(element, value) if name == "href" else None
    if namespace:
        return None
    if name.lower().startswith("on"):
        return Refusal(f"it has an event handler, '{shorten(name)}', which could run code")
    if name == "ping":
        return Refusal("it has a 'ping', which reports clicks to another site")
    if name == "href":
        return _check_link(element, value)
    if "(" not in value or name in _TEXTS or name.startswith(("aria-", "data-")):
        return None
    # Imported late: many pictures have no styles but plain words.
    from hipdeck.render.svg.style import find_fault

    fault = find_fault(value)
    return fault[1].of(f"its '{shorten(name)}'") if fault else None


def _check_link(element: str, value: str) -> Refusal | None:
    address = value.strip(" \t\n\r")  # no other spaces: browsers keep those
    refusal = refuse_address(address, pictures=element in ("image", "feImage"))
    if refusal is None:
        return None
    if element == "a":
        return Refusal(f"it links to '{shorten(address)}'", "remove the link")
    return refusal.of(f"its <{element}>" if element else "an animation")


def _check_animation(attributes: dict[str, str]) -> Refusal | None:
    """Why an animation isn't harmless, or None: it may set only what the picture might hold itself."""
    target = attributes.get("attributeName", "").rpartition(":")[2].strip()
    if target == "href":
        return Refusal("it has an animation that changes an address ('href')")
    for key in _ANIMATED_VALUES.intersection(attributes):
        # Browsers take a list apart at its semicolons first, even within quotation marks.
        for value in attributes[key].split(";"):
            refusal = _check_attribute("", target, value)
            if refusal:
                return refusal
    return None
