"""The quiet bar that offers a language model: what was found, what it would mean, and three ways to answer."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from roleplay.tui.literal import literal_line

ANSWERS = {"use_model": ("F6", "Use it"), "not_now": ("F7", "Not now"), "never": ("F8", "Never ask again")}
"""By the action of the screen that takes it: the key of an answer, and its words."""


class Answer(Static):
    """One answer, for the mouse; the keys are the screen's."""

    def __init__(self, action: str) -> None:
        key, words = ANSWERS[action]
        super().__init__(Content.assemble((key, "bold $text-accent"), f" {words}"), markup=False)
        self._action = action

    async def on_click(self) -> None:
        await self.run_action(f"screen.{self._action}")


class OfferBar(Vertical):
    """Hidden as long as there is nothing to offer."""

    DEFAULT_CSS = """
    OfferBar {
        height: auto;
        display: none;
        padding: 0 2 0 3;
        margin-bottom: 1;
        .sentence { height: auto; max-height: 4; }
        Horizontal { height: 1; }
        Answer { width: auto; margin-right: 3; }
        Answer:hover { background: $surface; text-style: underline; }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="offer")
        self._sentence = Static(classes="sentence", markup=False)

    def compose(self) -> ComposeResult:
        yield self._sentence
        with Horizontal():
            yield from self._answers()

    def _answers(self) -> Iterator[Answer]:
        yield from map(Answer, ANSWERS)

    def show(self, sentence: str) -> None:
        """Offer with `sentence`; without one, offer nothing."""
        self.display = bool(sentence)
        self._sentence.update(literal_line(sentence, "italic"))
