"""Two paths of one call side by side: what was said on each from where they part, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec
from msgspec.structs import replace

from roleplay.conversation.judging import Standing
from roleplay.conversation.said import SaidLine, story_of
from roleplay.conversation.turns import EndedBy, Transcript
from roleplay.errors import BadInput
from roleplay.persona.fields import Outcome
from roleplay.persona.message import Message
from roleplay.persona.names import short_name
from roleplay.persona.scenes import scene_of, speaker_of
from roleplay.practice.debrief import states_of
from roleplay.practice.difference import Felt, Mind, in_a_sentence
from roleplay.practice.needs import needs_of
from roleplay.practice.tries import path_name
from roleplay.scoring.assessment import Assessment


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """One turn on one path: the reply with what counts of it, what it was answered, and how it left who heard it.

    `gesture` is what was done with it; `judged`: what became of a judge's verdict, empty if there is none.
    """

    turn: int
    reply: str
    gesture: str
    assessment: Assessment
    judged: Standing | Literal[""]
    answers: tuple[Message, ...]
    felt: Felt


class End(msgspec.Struct, frozen=True):
    """How a path ended, and what came of it."""

    by: EndedBy
    outcome: Outcome
    epilogue: str


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two paths, from where they part. `end` is None while it waits to be gone on with.

    `told`, `met` and `moments` are what came on this path only: what was told, needs in words, and the lines with which
    moments came that the other path has not come to.
    """

    branch: int
    practice: bool
    given: tuple[Given, ...]
    end: End | None
    told: tuple[str, ...]
    met: tuple[str, ...]
    moments: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return path_name(self.branch, practice=self.practice)

    @property
    def title(self) -> str:
        """What stands over it."""
        return f"{self.name[:1].upper()}{self.name[1:]}"


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two paths of the call of that id. They part at `turn`, where both answer what was `answered`, from `before` on.

    `sentence` says what the difference came to. `replies` is how many each has from there to where the customer's mind
    is compared: as many as the shorter has that waits; None where both have ended, so that the ends are compared.
    """

    session: str
    name: str
    title: str
    turn: int
    answered: tuple[Message, ...]
    before: Felt
    sides: tuple[Side, Side]
    replies: int | None
    sentence: str

    @property
    def turns(self) -> range:
        """The turns that at least one of the two has a reply to, from where they part."""
        return range(self.turn, self.turn + max(len(side.given) for side in self.sides))


def compared(one: Transcript, other: Transcript) -> Comparison:
    """How `other` went beside `one`, two transcripts along different branches of the same call.

    Raises `BadInput` for the same branch twice.
    """
    if one.branch == other.branch:
        raise BadInput("These are the same path.", mend="Compare a try with the first path, or with another try.")
    turn = 1 + sum(left.place == right.place for left, right in zip(one.replies, other.replies, strict=False))
    paths = _Path(one, turn), _Path(other, turn)
    waits = any(path.transcript.ending is None for path in paths)
    replies = min(len(path.given) for path in paths) if waits else None
    minds = tuple(path.mind(replies) for path in paths)
    left, right = (path.side(mine, rest) for path, mine, rest in zip(paths, minds, minds[::-1], strict=True))
    persona = one.session.script.persona
    return Comparison(
        session=one.session.id,
        name=persona.short_name,
        title=one.session.script.listed[1],
        turn=turn,
        answered=tuple(paths[0].lines.get(turn, ())),
        before=paths[0].felt[turn - 1],
        sides=(left, right),
        replies=replies,
        sentence=next((f"Nothing was said on {side.name} yet." for side in (left, right) if not side.given), "")
        or in_a_sentence((left.name, right.name), minds, replies),
    )


class _Path:
    """A transcript from `turn` on, at which it parts from another."""

    def __init__(self, transcript: Transcript, turn: int) -> None:
        self.transcript, self._turn = transcript, turn
        self.lines: dict[int, list[Message]] = {}
        """What was said to its end to open each turn."""
        for told in story_of(replace(transcript, earlier=())):
            if isinstance(told, SaidLine) and not told.line.broken_off:
                self.lines.setdefault(told.line.turn, []).append(Message("customer", told.line.text, told.speaker))
        self.felt: dict[int, Felt] = {}
        """How each reply left whoever heard it, by its turn; 0 is the beginning."""
        for at in states_of(transcript):
            self.felt.setdefault(at.turn, Felt(at.trust, at.distress, at.speaker))  # a second one is of a new scene
        self.given = tuple(self._given())

    def side(self, mine: Mind, rest: Mind) -> Side:
        """What this path is beside another one with the mind `rest`."""
        ending = self.transcript.ending
        known = {*rest.moments, *mine.told}
        return Side(
            branch=self.transcript.branch,
            practice=self.transcript.practice,
            given=self.given,
            end=End(ending.by, ending.outcome, ending.epilogue) if ending else None,
            told=tuple(told.text for ident, told in mine.told.items() if ident not in rest.told),
            met=tuple(need for need in mine.met if need not in rest.met),
            moments=tuple(line for ident, line in mine.moments.items() if line and ident not in known),
        )

    def mind(self, replies: int | None) -> Mind:
        """The customer's mind after so many replies, or at the end."""
        given = self.given[:replies]
        last = given[-1].turn if given else self._turn - 1
        until = self.transcript if replies is None else _until(self.transcript, last)
        persona, disclosed = until.session.script.persona, until.state.disclosed
        came = {each.moment: each.turn for each in reversed(until.replies[self._turn - 1 :])}
        came.setdefault(until.state.moment, last + 1)  # it waits for a reply
        return Mind(
            felt=self.felt[last],
            told={
                each.id: Message("customer", each.says, _teller(until, each.scene))
                for each in persona.disclosures
                if each.id in disclosed
            },
            met=needs_of(until)[0],
            moments={ident: self._came_with(turn) for ident, turn in came.items() if persona.beat(ident).offers},
            outcome=until.ending.outcome if until.ending else None,
            replies=tuple((each.reply, each.gesture) for each in given),
            answers=tuple(line for each in given for line in each.answers),
        )

    def _given(self) -> Iterator[Given]:
        transcript = self.transcript
        does = {gesture.id: gesture.does for gesture in transcript.session.script.persona.gestures}
        for reply in transcript.replies[self._turn - 1 :]:
            verdict = transcript.verdict_on(reply)
            yield Given(
                turn=reply.turn,
                reply=reply.text,
                gesture=does.get(reply.gesture or "", ""),
                assessment=transcript.counted(reply),
                judged=verdict.standing if verdict else "",
                answers=tuple(self.lines.get(reply.turn + 1, ())),
                felt=self.felt[reply.turn],
            )

    def _came_with(self, turn: int) -> str:
        said = self.lines.get(turn, ())
        return said[-1].text if said else ""


def _until(transcript: Transcript, turn: int) -> Transcript:
    """`transcript` up to the line that answered the reply to `turn`, as if it went on from there."""
    replies = tuple(reply for reply in transcript.replies if reply.turn <= turn)
    lines = tuple(line for line in transcript.lines if line.turn <= turn + 1)
    return replace(transcript, replies=replies, lines=lines, ending=None)


def _teller(transcript: Transcript, scene: str | None) -> str:
    """Who tells what can be told in `scene`; without one the customer does."""
    persona = transcript.session.script.persona
    return short_name((speaker_of(scene_of(persona, scene)) if scene else "") or persona.name)
