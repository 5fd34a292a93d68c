"""Words as cells of a spreadsheet, none of which is taken for a formula.

A spreadsheet computes what begins with = + - @ or a tab, on opening a file, whoever wrote it: a `'` before it makes it
words (https://owasp.org/www-community/attacks/CSV_Injection). Where lists are separated by semicolons, as in half of
Europe, or by tabs, a spreadsheet may begin a new cell within one of ours; what would begin it is made words alike.
"""

from __future__ import annotations

import re

_ACTIVE = "=+\\-@＝＋－＠\t\r\n"
_BEGINS = re.compile(f"(^|[;\t\r\n])(\"*)('*)(?=[{_ACTIVE}])")
_GUARDED = re.compile(f"(^|[;\t\r\n])(\"*)'('*)(?=[{_ACTIVE}])")


def cell(words: str) -> str:
    """`words` with a `'` wherever a spreadsheet might begin a formula."""
    return _BEGINS.sub(r"\1\2'\3", words)


def words_of(written: str) -> str:
    """The words of which `cell` made what is `written`."""
    return _GUARDED.sub(r"\1\2\3", written)
