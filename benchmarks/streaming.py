"""What a word of the customer's costs while it streams in: below 1,000 messages, against below 10."""

from __future__ import annotations

import asyncio
from statistics import median
from time import process_time

from textual.app import App, ComposeResult

from roleplay.tui.widgets.conversation import Conversation, Entry
from roleplay.tui.widgets.reply_box import ReplyBox

FEW, MANY = 10, 1_000
ROUNDS, WORDS = 5, 150
EVERY = 0.01
"""Seconds between two words: 100 words a second, as fast as a model that is fast."""
_SAID = "The wipers stopped halfway up the glass and I am looking at them because the mirror is worse. "


class _Call(App[None]):
    """A conversation over a reply box, as in a call."""

    CSS = "Conversation { height: 1fr; } ReplyBox { height: 3; }"

    def compose(self) -> ComposeResult:
        yield Conversation()
        yield ReplyBox()


def run() -> dict[str, float]:
    """Milliseconds of processor time a word, wrapping, painting and the app's own ticking included."""
    return asyncio.run(_run())


async def _run() -> dict[str, float]:
    few, many, ratios = [], [], []
    for _ in range(ROUNDS):
        few.append(await _milliseconds_a_word(FEW))
        many.append(await _milliseconds_a_word(MANY))
        ratios.append(many[-1] / few[-1])
    return {
        "few_ms": round(median(few), 2),
        "many_ms": round(median(many), 2),
        "many_times_few": round(median(ratios), 2),
    }


async def _milliseconds_a_word(above: int) -> float:
    words = (_SAID * (1 + WORDS // len(_SAID.split()))).split()[:WORDS]
    app = _Call()
    async with app.run_test(size=(100, 30)) as pilot:
        said = app.query_one(Conversation)
        said.add(*(Entry(("customer", "trainee")[number % 2], _SAID, "Dana") for number in range(above)))
        line = said.add(Entry("customer", "", "Dana"))
        await pilot.pause()
        began = process_time()
        for word in words:
            said.extend(line, f"{word} ")
            await asyncio.sleep(EVERY)
        return 1000 * (process_time() - began) / WORDS
