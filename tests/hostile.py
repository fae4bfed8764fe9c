"""What a stranger's card file might try: as the text of notes, and as HTML that no note should ever produce."""

from __future__ import annotations

MARK = "hostile"
"""The title that a page gets if one of these succeeds."""

_ACT = f"document.title='{MARK}';alert('{MARK}')"
HTML = [
    f"<script>{_ACT}</script>",
    f"</script><script>{_ACT}</script>",
    f'<img src="x" onerror="{_ACT}">',
    f'<svg xmlns="http://www.w3.org/2000/svg" onload="{_ACT}"><script>{_ACT}</script></svg>',
    f'<a href="javascript:{_ACT}">press</a>',
    f'<a href=" JaVaScRiPt:{_ACT}">press</a>',
    f'<iframe srcdoc="<script>parent.{_ACT}</script>"></iframe>',
    f'<details open ontoggle="{_ACT}"><summary>press</summary></details>',
    f'<form action="javascript:{_ACT}"><button>press</button></form>',
    f'<math><mtext><table><mglyph><style><img src="x" onerror="{_ACT}"></style></mglyph></table></mtext></math>',
    "<style>:host, body, * { position: fixed !important; inset: 0 !important; background: red !important }</style>",
    '<div style="position: fixed; inset: 0; background: red">over all</div>',
    '<link rel="stylesheet" href="https://hostile.test/x.css">',
    '<link rel="preconnect" href="https://hostile.test/">',
    '<meta http-equiv="refresh" content="0; url=https://hostile.test/">',
    '<img src="https://hostile.test/x.png">',
    '<img src="file:///etc/hostname">',
    '<video src="https://hostile.test/x.mp4" autoplay></video>',
    '<object data="https://hostile.test/x"></object>',
    '<base href="https://hostile.test/">',
    "<!-- never closed",
]
TEXTS = [
    *HTML,
    "{{Question}} {{FrontSide}} {{#Why}}",
    "\\(</script><script>1\\)",
    "[sound:x.mp3] [latex]\\input{x}[/latex]",
]
