"""Builds the request for one line of the customer: head, history, and the stage direction last.

Within a scene the head is fixed byte for byte and the history only grows, so each request begins with the one before up
to its stage direction. Nothing that was not told yet is in it: no undisclosed words, needs, notes, moments or endings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from roleplay.actors.checks.particulars import kept_words
from roleplay.actors.fold import MESSAGE, Count, fold
from roleplay.actors.marker import code_of, neutral
from roleplay.actors.spoken import Exchange, spoken
from roleplay.actors.unopened import story_at, telltale_of
from roleplay.actors.words import table
from roleplay.conversation.actor import Cue
from roleplay.conversation.turns import Script, StageDirection
from roleplay.english import words
from roleplay.llm.chat import Chat, ChatMessage
from roleplay.persona.lines import Answer, MoodLine
from roleplay.persona.model import Persona
from roleplay.persona.scenes import in_scene
from roleplay.prompts import prompt
from roleplay.text import one_line

DIRECTION = 600
"""Tokens that a stage direction takes, at most but for rare ones."""


class Length(NamedTuple):
    """How many words a line is to have, about, and how many at most."""

    about: int
    most: int


class Prompter:
    """Builds requests, and remembers the heads of the scenes in which it did."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._heads: dict[tuple[str, str, int], str] = {}

    def build(self, cue: Cue, room: int, faults: Sequence[str] = ()) -> Chat:
        """The request for the line at `cue`, in `room` tokens as far as they can be counted and the reply allows.

        `faults` are what was wrong with the words tried before. The same cue makes the same request.
        """
        code, count = code_of(cue.transcript.session.id), self._count
        said = spoken(cue, code)
        opening, exchanges = said.exchanges[:1], said.exchanges[1:]
        head = self._head(cue, room // 2)
        now = "\n\n".join(part for part in (said.reply, direction_text(cue, faults)) if part)
        fixed = count(head) + sum(count(heard) + count(line) for heard, line in opening) + 4 * MESSAGE
        asked = max(count(now), count(said.reply) + DIRECTION)
        folded = fold(exchanges, fixed=fixed, now=asked, beside=DIRECTION, room=room, count=count)
        kept = exchanges[folded.exchanges :]
        if folded.summary and kept:
            kept = (Exchange(f"{folded.summary}\n{kept[0].heard}", kept[0].said), *kept[1:])
        elif folded.summary:
            now = f"{folded.summary}\n{now}"
        history = [
            message
            for heard, line in (*opening, *kept)
            for message in (ChatMessage("user", heard), ChatMessage("assistant", line))
        ]
        return (ChatMessage("system", head), *history, ChatMessage("user", now))

    def _head(self, cue: Cue, room: int) -> str:
        """The head for the scene of `cue`, with as many answers as leave it within `room` tokens."""
        place = (cue.transcript.session.id, cue.scene, room)
        if place not in self._heads:
            head = head_text(cue)
            if self._count(head) > room:
                left, number = room - self._count(head_text(cue, answers=0)), 0
                for fact in facts_of(cue):
                    left -= self._count(fact) + 1
                    number += left >= 0
                head = head_text(cue, answers=number)
            self._heads[place] = head
        return self._heads[place]


def head_text(cue: Cue, *, answers: int | None = None) -> str:
    """The head of the requests in the scene of `cue`; with only so many `answers`, if a number is given."""
    transcript = cue.transcript
    persona = persona_at(cue)
    script = transcript.session.script
    channel, code = table("actor_channels"), code_of(transcript.session.id)
    telltale = telltale_of(story_at(script, cue.scene))
    who, role = table("actor_who"), "cast" if cue.direction.speaker and not script.queue else "customer"
    facts = facts_of(cue)[:answers]

    def own(text: str) -> str:
        return neutral(one_line(telltale.left_out(text)), code)

    told = [f"“{line}”" for each in _told_before(script) if (line := own(each))]
    before = "\n" + prompt("actor_before", told=" ".join(told)).strip() if told else ""

    return prompt(
        "actor_head",
        speaker=own(persona.name),
        channel=channel[persona.channel],
        role=own(persona.trainee.role),
        who=who[role],
        hard=who[f"{role} hard"],
        work=who[f"{role} work"],
        backstory=own(persona.customer.backstory) + before,
        voice=own(persona.customer.voice),
        manner=channel[f"{persona.channel} manner"],
        code=code,
        answers="\n" + prompt("actor_answers", facts="\n".join(facts)) if facts else "",
    ).strip()


def direction_text(cue: Cue, faults: Sequence[str] = ()) -> str:
    """The stage direction of `cue`, between its two marker lines. Of what is not said now, nothing stands in it."""
    transcript, direction = cue.transcript, cue.direction
    code = code_of(transcript.session.id)
    persona = persona_at(cue)
    parts = [
        table("actor_parts", text=neutral(part.text, code))[part.kind]
        for part in direction.parts
        if part.kind != "opening"
    ]
    length = length_of(direction)
    again = table("actor_again")
    told = table(
        "actor_direction_words",
        words=neutral(", ".join(kept_words(direction, persona)), code),
        about=str(length.about),
        most=str(length.most),
        why=" ".join(again[fault] for fault in dict.fromkeys(faults) if fault in again),
    )
    gone = direction.ending or (direction.scene and transcript.session.script.queue)
    last = "last" if gone else "scene ends" if direction.scene else "goes on"
    moods = table("actor_moods")
    return prompt(
        "actor_direction",
        code=code,
        speaker=neutral(persona.name, code),
        mood=moods.get(direction.mood, direction.mood),
        heard=table("actor_heard")[direction.heard],
        parts="\n".join(parts) or told["nothing"],
        keep=told["keep"] if kept_words(direction, persona) else "",
        length=told["length"],
        last=told[last],
        again=f"\n{told['again']}" if faults else "",
    )


def length_of(direction: StageDirection) -> Length:
    """How long the line is to be: by the scripted one, with room for other words."""
    about = max(8, len(words(direction.line)))
    return Length(about, about * 8 // 5 + 10)


def persona_at(cue: Cue) -> Persona:
    """The persona as the one who speaks at `cue`."""
    return in_scene(cue.transcript.session.script.persona, cue.scene)


def facts_of(cue: Cue) -> list[str]:
    """The answers that the speaker at `cue` gives whatever has been told, a line each, in file order.

    One that is another once something was disclosed has to do with that, and is left out with all that gives it away.
    """
    session = cue.transcript.session
    code, telltale = code_of(session.id), telltale_of(story_at(session.script, cue.scene))
    found = []
    for answer in persona_at(cue).answers:
        line = next((line for line in answer.lines if not isinstance(line, MoodLine)), None)
        if line and not _is_about_a_secret(answer) and not telltale.is_in(" . ".join((line, *answer.asks))):
            found.append(neutral(f"- {one_line(answer.asks[0])}: “{one_line(line)}”", code))
    return found


def _told_before(script: Script) -> list[str]:
    """What the customer told on earlier visits."""
    return [line for visit in script.visiting.remembered for line in visit.told] if script.visiting else []


def _is_about_a_secret(answer: Answer) -> bool:
    conditions = (line.condition for line in answer.lines if isinstance(line, MoodLine))
    return any(fact == "disclosed" for condition in conditions for fact, _ in condition.mentions())
