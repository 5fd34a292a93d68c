"""What a written page holds, as a parser sees it; and strings that try to be more than text."""

from __future__ import annotations

import random
from html.parser import HTMLParser

ELEMENTS = frozenset(
    """html head meta title style body main h1 h2 h3 p dl div dt dd section svg desc line text polyline circle rect path
    table caption thead tbody tr th td ul li span br""".split()
)
ATTRIBUTES = frozenset(
    """lang charset http-equiv content name id class viewbox role aria-labelledby x y x1 x2 y1 y2 cx cy r d points width
    height text-anchor scope data-label""".split()
)
_VOID = frozenset({"meta", "br", "line", "polyline", "circle", "rect", "path"})

_PIECES = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title><script>", "</style><script>x</script>"),
    *("</desc></svg><iframe src=//evil.example>", "<!--", "-->", "<![CDATA[", "]]>", "<base href=//evil.example>"),
    *('" onmouseover="alert(1)', "' style='background:url(//evil.example)'", "&lt;b&gt;", "&#x3c;script&#x3e;", "&"),
    *("javascript:alert(1)", "=cmd|' /C calc'!A0", "@SUM(1+1)", "\x1b]52;c;ZXZpbA==\x07", "\x1b[31m", "\x9b2J"),
    *("\u202eevil\u202c", "\u2066", "\x00", "\x7f", "\ud800", "\U000e0041", "\n", "\r\n", "\t", "`${1}`", "{{7*7}}"),
    *("<svg/onload=alert(1)>", "<style>@import '//evil.example'</style>", "<link rel=stylesheet href=//e>", "%s {0}"),
    *("<a href=//evil.example>", "<meta http-equiv=refresh content=0>", "\u2028", "مرحبا", "日本", "Ana", "  ", "é"),
]


def hostile(count: int) -> list[str]:
    """So many strings, each one piece by itself at first, then several."""
    chance = random.Random("pages")
    mixed = ("".join(chance.choices(_PIECES, k=chance.randint(2, 5))) for _ in range(count))
    return [*_PIECES, *mixed][:count]


class Page(HTMLParser):
    """A parsed page: every element with its attributes, and all words between tags."""

    def __init__(self, written: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.others: list[str] = []
        self._open: list[str] = []
        self.feed(written)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    @property
    def is_inert(self) -> bool:
        """Whether it holds only what pages are made of."""
        names = {name for _, attributes in self.elements for name in attributes}
        return not self.others and {tag for tag, _ in self.elements} <= ELEMENTS and names <= ATTRIBUTES
