"""A page is one file that loads nothing and runs nothing, and words on it are words."""

from __future__ import annotations

import re

import pytest

from roleplay.export.page import FRAME, POLICY, attribute, page, text
from roleplay.text import sanitise
from tests.export.pages import Page, hostile


def test_a_page_says_its_language_and_forbids_all_loading() -> None:
    parsed = Page(page("A title", "<p>Body</p>"))
    assert parsed.elements[0] == ("html", {"lang": "en"})
    policy = next(a for tag, a in parsed.elements if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == POLICY == "default-src 'none'; style-src 'unsafe-inline'"
    assert "A title" in parsed.words and "Body" in parsed.words
    assert parsed.is_inert


def test_words_come_back_as_they_were_and_nothing_of_them_is_markup() -> None:
    for words in hostile(300):
        parsed = Page(page(words, f"<p>{text(words)}</p><section class={attribute(words)}></section>"))
        assert parsed.is_inert, words
        assert ("section", {"class": sanitise(words)}) in parsed.elements
        shown = "".join(parsed.words)
        assert shown.count(sanitise(words)) >= 2, words


def test_controls_are_shown_as_symbols() -> None:
    assert text("\x1b[31m\u202e<b>") == "␛[31m\ufffd&lt;b&gt;"
    assert attribute('say "hi"') == '"say &quot;hi&quot;"'


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))


def _light(colour: str) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", range(3))
def test_letters_stand_out_in_light_and_dark_and_on_paper(scheme: int) -> None:
    colours = _colours(re.findall(r":root \{(.*?)\}", FRAME, re.DOTALL)[scheme])
    for on in ("ground", "panel"):
        for letters in ("ink", "quiet", "good", "middling", "bad", "accent"):
            high, low = sorted((_light(colours[on]), _light(colours[letters])), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (scheme, on, letters)
