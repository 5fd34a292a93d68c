"""A five-minute call as it is played: it is not padded, it ends by itself, and by what was only a matter of time."""

from __future__ import annotations

from pathlib import Path

from roleplay.actors.scripted import ScriptedActor
from roleplay.conversation.scripts import script_for
from roleplay.conversation.session import Session
from roleplay.conversation.turns import SessionRecord, Transcript
from roleplay.persona.model import Persona
from roleplay.store.transcripts import Transcripts
from tests.conversation.builders import ByFirstWord
from tests.persona.samples import persona

LONG_DAY = """\
name: Ada Reed
title: A parcel
trainee: {role: Clerk}
customer:
  opening: "A parcel, please."
  backstory: She has carried it here.
  temperament: {trust: 4, distress: 5, patience: 10}
needs:
  post: {kind: spoken, need: The parcel sent.}
  gone: {kind: unspoken, need: Not to be alone with his things.}
moments:
  - {id: opening, feeling: tired, spoken: post, unspoken: gone}
MOMENTSdisclosures:
  - {id: died, says: "He died in May.", trust: 10, topics: [whose is it], tells: gone}
endings:
  - {id: closes, when: turn >= 30, says: "You are closing, I see."}
  - {id: hangs-up, when: patience <= 0, says: "No."}
"""


def moments(number: int) -> str:
    """So many moments beside the opening: m0, m1 …"""
    lines = (f'  - {{id: m{each}, says: "Line {each}.", feeling: x, unspoken: gone}}\n' for each in range(number))
    return "".join(lines)


async def played(folder: Path, story: Persona, reply: str, *, short: bool, most: int = 40) -> Transcript:
    """The call with the same `reply` again and again."""
    script = script_for(story, short=short)
    record = SessionRecord(id="call", script=script, seed="1", exam=False, actor="scripted", trainee="s", started="t")
    with Transcripts(folder / "calls.db") as store:
        parts = {"scorer": ByFirstWord(), "actor": ScriptedActor(), "clock": lambda: "t"}
        session = await Session.begin(record, store=store, **parts)  # type: ignore[arg-type]
        await session.speak()
        while not session.ended and len(session.transcript.replies) < most:
            await session.reply(reply)
        return store.load("call")


ADA = persona(LONG_DAY.replace("MOMENTS", moments(3)))


async def test_it_is_not_padded_and_ends_by_what_was_only_a_matter_of_time(tmp_path: Path) -> None:
    call = await played(tmp_path, ADA, "Miss", short=True)
    assert call.ending and call.ending.ending == "closes" and len(call.replies) == 5
    kinds = [part.kind for reply in call.replies for part in reply.direction.parts]
    assert kinds.count("moment") == 3 and kinds.count("nudge") == 1


async def test_the_whole_call_goes_on_for_longer_and_winds_down(tmp_path: Path) -> None:
    call = await played(tmp_path, ADA, "Miss", short=False)
    assert call.ending and call.ending.ending == "winds-down" and len(call.replies) > 8


async def test_it_ends_after_eight_replies_though_there_is_more_to_say(tmp_path: Path) -> None:
    mark = f"short: {{key: died, trust: 4, moments: [{', '.join(f'm{each}' for each in range(8))}]}}\n"
    story = persona(LONG_DAY.replace("MOMENTS", moments(8)) + mark)
    call = await played(tmp_path, story, "Miss", short=True)
    assert call.ending and call.ending.ending == "closes" and len(call.replies) == 8
    assert "m7" not in call.state.said


async def test_a_goodbye_winds_it_down_at_once(tmp_path: Path) -> None:
    call = await played(tmp_path, ADA, "Goodbye.", short=True)
    assert call.ending and call.ending.ending == "winds-down" and len(call.replies) == 1
