"""The frame of every HTML page that is written, and the only way in which words get onto one.

A page is one file: its style is inside, and it holds no script, no link and nothing that is loaded from elsewhere; the
policy in its head forbids a browser all of that as well. It reads in light and dark, on a narrow screen and on paper.

How to write one: build the body as a string of tags of your own, with every word in it, whoever wrote it, put through
`text` (between tags) or `attribute` (the whole value of an attribute, with its quotation marks); hand it to `page`::

    body = f"<h1>{text(title)}</h1><p title={attribute(note)}>{text(words)}</p>"
    page(title, body, style="h1 { margin-top: 0 }")

Only use colours by their names in `FRAME`, so that they suit both light and dark.
"""

from __future__ import annotations

from html import escape

from roleplay.text import sanitise

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The content security policy of every page: nothing is loaded and nothing runs."""

FRAME = """
:root {
  color-scheme: light dark;
  --ground: #ffffff; --ink: #1b1f24; --quiet: #57606a; --line: #d0d7de; --panel: #f3f5f7;
  --good: #1a7f5a; --middling: #8a5c00; --bad: #b3261e; --accent: #0b5cad; --mark: #fff3bf;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --ink: #e4e8ec; --quiet: #a3adb8; --line: #3b434c; --panel: #1e2329;
    --good: #4cc38a; --middling: #e0a83a; --bad: #ff8a80; --accent: #7ab7ff; --mark: #5a4a00;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 60rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3 { line-height: 1.25; margin: 2rem 0 0.5rem; break-after: avoid; }
h1 { font-size: 1.6rem; margin-top: 0; }
h2 { font-size: 1.25rem; }
h3 { font-size: 1.05rem; }
p { margin: 0.5rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); padding-bottom: 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; }
.quiet { color: var(--quiet); }
@page { size: A4; margin: 16mm; }
@media print {
  :root {
    color-scheme: light;
    --ground: #ffffff; --ink: #000000; --quiet: #444444; --line: #b0b0b0; --panel: #f3f5f7;
    --good: #14653f; --middling: #7a5200; --bad: #9c1f18; --accent: #0b4a8f; --mark: #fff3bf;
  }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  svg, figure, tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""
"""The style that all pages share. The colours: `--ground`, `--ink` and `--quiet` for paper and print, `--line` and
`--panel` for rules and boxes, `--good`, `--middling` and `--bad` for what was met, partly met and missed, `--accent`
for a plot, `--mark` under marked words. All that print letters have a contrast of 4.5:1 or more on ground and panel."""


def page(title: str, body: str, style: str = "") -> str:
    """A whole HTML page around `body`, which is HTML; `title` is words, and `style` further rules of CSS."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title)}</title>\n<style>{FRAME}{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def text(words: str) -> str:
    """`words` as they may stand between two tags: nothing in them is a tag, and controls are shown as symbols."""
    return escape(sanitise(words))


def attribute(words: str) -> str:
    """`words` as the value of an attribute, between quotation marks: `f"<p title={attribute(note)}>"`."""
    return f'"{text(words)}"'
