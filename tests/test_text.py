"""The boundary for words from outside: nothing that passes it can steer a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.text import has_controls, one_line, quote, sanitise


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\x00b\x7f", "a␀b␡"),
        ("\x9b31m", "\ufffd31m"),
        ("pay \u202egnp.exe", "pay \ufffdgnp.exe"),
        ("a\r\nb\rc\x0bd\u2028e", "a\nb\nc\nd\ne"),
        ("tab\tstays", "tab\tstays"),
        ("half \ud83d a pair", "half \ufffd a pair"),
        ("cafe\u0301", "café"),
        ("tag \U000e0041", "tag \ufffd"),
        ("plain – “quoted” 😀 कि", "plain – “quoted” 😀 कि"),
    ],
)
def test_dangerous_characters_are_made_visible(given: str, shown: str) -> None:
    assert sanitise(given) == shown


@given(st.text())
def test_sanitising_leaves_nothing_live_and_is_done_once(text: str) -> None:
    safe = sanitise(text)
    assert sanitise(safe) == safe and not has_controls(safe)
    assert all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t" for c in safe)
    safe.encode("utf-8")


def test_one_line_and_quote_fold_and_cut() -> None:
    assert one_line(" a\n\n b\tc ") == "a b c"
    assert quote("a\nb\x1b") == "“a b␛”"
    assert quote("x" * 200, 10) == "“" + "x" * 9 + "…”"
