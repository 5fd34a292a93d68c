"""What there is of a call to answer again, in printed lines: its turns with how they were heard, and its tries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roleplay.conversation.said import whole_lines
from roleplay.conversation.turns import Transcript
from roleplay.practice import tries
from roleplay.practice.wording import last_words, verdict
from roleplay.store.transcripts import Try
from roleplay.text import one_line, quote


def turns_of(transcript: Transcript, begun: Sequence[Try]) -> Iterator[str]:
    """The turns of `transcript`, a line each, and the tries that were `begun`; then what to type."""
    ident = transcript.session.id
    path = tries.path_name(transcript.branch, practice=transcript.practice)
    yield f"{one_line(transcript.session.script.listed[1])}, call {ident}: {path}"
    for reply in transcript.replies:
        said = whole_lines(transcript, reply.turn)
        line = f" to {last_words(said[-1].text)}" if said else ""
        words = quote(reply.text, 100) if reply.text.strip() else "(silence)"
        yield f"Turn {reply.turn}, {verdict(transcript.counted(reply))}: {words}{line}"
    yield from tries_of(begun)
    branch = f" --branch {transcript.branch}" if transcript.practice else ""
    yield f"To answer again: roleplay rewind {ident} TURN{branch}"
    if tries.waiting(begun):
        yield f"To go on with a try that waits: roleplay rewind {ident} --resume --branch TRY"
    if any(each.own for each in begun):
        yield f"To compare: roleplay transcripts compare {ident} [TRY] [TRY]"


def tries_of(begun: Sequence[Try]) -> Iterator[str]:
    """The tries of a call, a line each, and that they count nowhere; nothing if there is none."""
    yield from (tries.in_words(each, begun) for each in begun)
    if begun:
        yield tries.FIRST_PATH_STAYS
