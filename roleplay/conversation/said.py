"""Everything said in a call, in order, with who said it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from roleplay.conversation.scenes import begins
from roleplay.conversation.turns import KeptLine, KeptReply, SceneBegins, StageDirection, Transcript
from roleplay.persona.message import Message


class SaidLine(msgspec.Struct, frozen=True):
    """A line of the customer's side. `speaker`: the cast member who says it; empty: the customer."""

    line: KeptLine
    speaker: str


class SaidReply(msgspec.Struct, frozen=True):
    """A reply. `attempt` counts the tries at its turn from 1. `stands`: it was not taken back."""

    reply: KeptReply
    attempt: int
    stands: bool


Told = SceneBegins | SaidLine | SaidReply


def story_of(transcript: Transcript) -> Iterator[Told]:
    """All of `transcript` in order: each scene as it begins, all lines, broken-off ones too, and all replies.

    Replies that were taken back stand before the one that was given in their place.
    """
    lines: dict[int, list[KeptLine]] = {}
    for line in transcript.lines:
        lines.setdefault(line.turn, []).append(line)
    tries, standing = tries_of(transcript), {reply.turn: reply for reply in transcript.replies}
    scenes = transcript.session.script.persona.scenes
    begun = begins(scenes[0]) if scenes else None
    direction: StageDirection | None = transcript.opening.direction
    for turn in range(1, max([0, *lines, *tries]) + 1):
        if direction:
            yield from _lines(lines.get(turn, []), direction, begun)
        for attempt, reply in enumerate(tries.get(turn, ()), 1):
            yield SaidReply(reply, attempt, reply is standing.get(turn))
        direction, begun = standing[turn].direction if turn in standing else None, None


def _lines(lines: list[KeptLine], direction: StageDirection, begun: SceneBegins | None) -> Iterator[Told]:
    """The `lines` said by `direction`, each scene before the first line of it; `begun` is one that begins with them."""
    speaker, follows = direction.speaker, direction.scene
    for line in lines:
        if not line.text:  # broken off before the first word
            continue
        if begun:
            yield begun
            speaker, begun = begun.speaker, None
        yield SaidLine(line, speaker)
        if not line.broken_off:
            begun, follows = follows, None


def tries_of(transcript: Transcript) -> dict[int, tuple[KeptReply, ...]]:
    """The replies to each turn, the first one given first: it is the one that counts."""
    tries: dict[int, tuple[KeptReply, ...]] = {}
    for reply in (*transcript.earlier, *transcript.replies):
        tries[reply.turn] = (*tries.get(reply.turn, ()), reply)
    return dict(sorted(tries.items()))


def whole_lines(transcript: Transcript, turn: int) -> list[KeptLine]:
    """The lines that open `turn` and were said to their end, in order."""
    return [line for line in transcript.lines if line.turn == turn and not line.broken_off]


def retold(transcript: Transcript) -> Iterator[SceneBegins | Message]:
    """What was said on the branch of `transcript`, and each scene as it begins, in order.

    A broken-off line is left out, unless it was never said whole.
    """
    broken: Message | None = None
    for told in story_of(transcript):
        if isinstance(told, SaidLine):
            said = Message("customer", told.line.text, told.speaker)
            broken = said if told.line.broken_off else None
            if not broken:
                yield said
        elif isinstance(told, SceneBegins):
            yield told
        elif told.stands:
            yield Message("trainee", told.reply.text)
    if broken:
        yield broken


def history_of(transcript: Transcript) -> tuple[Message, ...]:
    """Everything said on the branch of `transcript`, as it is `retold`."""
    return tuple(told for told in retold(transcript) if isinstance(told, Message))


def history_before(transcript: Transcript, turn: int) -> tuple[Message, ...]:
    """Everything said before the reply to `turn` on the branch of `transcript`."""
    replies = tuple(reply for reply in transcript.replies if reply.turn < turn)
    lines = tuple(line for line in transcript.lines if line.turn <= turn)
    return history_of(replace(transcript, replies=replies, lines=lines, earlier=()))
