"""When a call outgrows the context, its old part is folded: in large steps, by code, and never too much."""

from __future__ import annotations

from itertools import pairwise

import pytest

from roleplay.actors.fold import fold, summed_up
from roleplay.actors.prompt import Prompter
from roleplay.actors.spoken import Exchange
from roleplay.conversation.turns import LinePart
from roleplay.llm.chat import Chat
from roleplay.llm.tokens import counter_for
from tests.actors.staging import SHIPPED, cue_for, further, script_of

COUNT = counter_for("").count


def exchanges(number: int) -> list[Exchange]:
    return [
        Exchange(f"This is reply {each}. I am on it.", f"And line {each} says that exit {each} is closed. It rains.")
        for each in range(number)
    ]


def size(chat: Chat) -> int:
    return sum(COUNT(message.content) for message in chat)


def requests(name: str, turns: int, room: int) -> list[Chat]:
    """The requests of a call with so many turns."""
    prompter = Prompter(COUNT)
    cue = cue_for(name, parts=[LinePart("reaction", "Hm.")], said=())
    made = [prompter.build(cue, room)]
    for number in range(1, turns):
        line = f"Line {number}: the truck with the number {number} went by and I did not like the look of it at all."
        reply = f"Reply {number}: I am sending somebody out to exit {number} and I stay on the line until then."
        cue = further(cue, line, reply, [LinePart("reaction", "Hm.")])
        made.append(prompter.build(cue, room))
    return made


def test_nothing_is_folded_as_long_as_everything_fits() -> None:
    assert fold(exchanges(20), fixed=1000, now=300, beside=300, room=10_000, count=COUNT).exchanges == 0


def test_what_is_folded_frees_half_of_the_room() -> None:
    gone = [
        fold(exchanges(number), fixed=500, now=300, beside=300, room=2000, count=COUNT).exchanges
        for number in range(200)
    ]
    steps = [after - before for before, after in pairwise(gone) if after != before]
    assert gone == sorted(gone)
    assert len(steps) >= 5
    assert min(steps) >= 10


def test_a_summary_quotes_both_sides_in_order_and_keeps_numbers_and_names() -> None:
    said = [Exchange("Okay then.", "I'm at exit 31, by Tannery Road. So."), Exchange("Is it Dana?", "It is. It rains.")]
    text = summed_up(said, 200, COUNT)
    assert text.index("You said: “I'm at exit 31, by Tannery Road.”") < text.index("They said: “Is it Dana?”")
    assert COUNT(summed_up(exchanges(500), 300, COUNT)) <= 310
    assert summed_up(exchanges(5), 10, COUNT) == ""


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("room", [1800, 3000, 6000])
def test_a_long_call_fits_and_keeps_the_opening_and_the_reply(name: str, room: int) -> None:
    opening = next(each.moments[0].says for each in (*script_of(name).persona.scenes, script_of(name).persona))
    for number, chat in enumerate(requests(name, 120, room)):
        assert size(chat) <= room
        assert chat[2].content == opening
        assert chat[-1].content.count(f"Reply {number}:" if number else "I see.") == 1
        assert [message.role for message in chat[1:]] == ["user", "assistant"] * (len(chat) // 2 - 1) + ["user"]


def test_between_two_folds_the_requests_begin_alike() -> None:
    made = requests("stranded-driver", 200, 6000)
    broken = sum(now[: len(before) - 1] != before[:-1] for before, now in pairwise(made))
    assert 3 <= broken <= 10
    assert "(What the two of you said in between, in short:" in made[-1][3].content


def test_a_long_reply_is_never_cut() -> None:
    reply = "word " * 800
    cue = cue_for("stranded-driver", parts=[LinePart("reaction", "Hm.")], reply=reply, said=[("Well.", "So.")] * 40)
    assert reply.strip() in Prompter(COUNT).build(cue, 3000)[-1].content
